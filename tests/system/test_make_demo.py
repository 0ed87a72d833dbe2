"""What `make demo` makes of its variables; the command itself is tested with its flags."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ([], ""),
        (["RESET=1"], "--reset"),
        (["RESET=0"], ""),
        (["RESET=1", "DEMO_ARGS=--port 8010"], "--reset --port 8010"),
    ],
)
def test_reset_and_flags_reach_the_command(variables: list[str], flags: str) -> None:
    words = ["make", "--no-print-directory", "-o", "install", "-n", "demo", *variables]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["exec", ".venv/bin/steelyard-demo", *flags.split()]
