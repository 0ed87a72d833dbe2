"""How scripts/settings_table.py reads a settings model, and that the page holds what the programs have."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from scripts.markdown import cell
from scripts.settings_table import setting_rows

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "interfaces.md"


class Tag(BaseModel):
    name: str = Field(description="Name.")
    scale: Decimal = Field(Decimal("1"), description="Factor.")


class Group(BaseModel):
    tags: tuple[Tag, ...] = Field(description="What is read.")


class Broker(BaseModel):
    port: int = Field(1883, gt=0, le=65535, description="TCP port.")


class Example(BaseModel):
    kind: Literal["a", "b"] = Field("a", description="Which.")
    broker: Broker = Field(default_factory=lambda: Broker(port=1883), description="Where.")
    groups: list[Group] = Field(description="Groups.")
    user: str | None = Field(None, description="Who.")
    silent: bool = False


def test_every_key_has_its_row_nested_ones_too() -> None:
    rows = {key.strip("`"): rest for key, *rest in setting_rows(Example)}
    assert rows == {
        "kind": ["`a`, `b`", '`"a"`', "Which."],
        "broker": ["keys below", "", "Where."],
        "broker.port": ["whole number", "`1883`", "TCP port. (> 0, ≤ 65535)"],
        "groups": ["list of keys below", "required", "Groups."],
        "groups[].tags": ["list of keys below", "required", "What is read."],
        "groups[].tags[].name": ["text", "required", "Name."],
        "groups[].tags[].scale": ["decimal number as text", '`"1"`', "Factor."],
        "user": ["text or null", "`null`", "Who."],
        "silent": ["true or false", "`false`", ""],
    }


def test_a_cell_can_not_break_its_table() -> None:
    assert cell("a | b\nc") == "a \\| b c"


@pytest.mark.parametrize("room", ["edge", "cloud", "plant", "demo"])
def test_every_flag_that_a_program_shows_stands_on_the_page(room: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    program = Path(sys.executable).with_name(f"steelyard-{room}")
    sections = [line[4:] for line in page.splitlines() if line.startswith(f"### {program.name}")]
    assert sections
    seen = 0
    for section in sections:
        command = [str(program), *section.split()[1:], "--help"]
        env = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
        shown = subprocess.run(
            command, env=env, capture_output=True, text=True, check=True, timeout=60
        ).stdout
        flags = set(re.findall(r"^│[ *]+(--[a-z-]+)", shown, flags=re.M)) - {"--help"}
        seen += len(flags)
        text = page.split(f"### {section}\n")[1].split("\n### ")[0]
        assert not [flag for flag in flags if f"`{flag}`" not in text], section
    assert seen >= 5
