"""The container files, read as text: no engine builds them here, so this is all that is claimed of them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "docker").glob("Dockerfile.*"))


def instructions(path: Path) -> list[tuple[str, str]]:
    """(instruction, arguments) with continuation lines joined and comments left out."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        (word.upper(), rest)
        for word, _, rest in (line.partition(" ") for line in joined.splitlines())
        if word
    ]


def test_both_programs_have_one() -> None:
    assert [path.name for path in FILES] == ["Dockerfile.cloud", "Dockerfile.edge"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_last_stage_runs_as_a_user_that_is_not_root(path: Path) -> None:
    steps = instructions(path)
    last = max(i for i, (word, _) in enumerate(steps) if word == "FROM")
    users = [rest for word, rest in steps[last:] if word == "USER"]
    assert users and users[-1] not in ("root", "0")
    words = [word for word, _ in steps[last:]]
    assert words.index("USER") < words.index("ENTRYPOINT")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_nothing_is_fetched_but_by_locked_package_clients(path: Path) -> None:
    for word, rest in instructions(path):
        assert word != "ADD"
        assert "://" not in rest
        assert not re.search(r"\b(curl|wget|git clone)\b", rest)
        for command in re.split(r"\s*&&\s*", rest) if word == "RUN" else ():
            if " install " in command and "/pip" in command:
                assert "--require-hashes" in command or "--no-index" in command, command
            if command.startswith("npm "):
                assert command.startswith("npm ci --ignore-scripts")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_copied_files_exist(path: Path) -> None:
    for word, rest in instructions(path):
        if word == "COPY" and not rest.startswith("--from="):
            for source in shlex.split(rest)[:-1]:
                assert (ROOT / source).exists(), source


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_it_starts_the_command_of_its_name(path: Path) -> None:
    steps = dict(instructions(path))
    program = Path(json.loads(steps["ENTRYPOINT"])[0]).name
    assert program == f"steelyard-{path.suffix[1:]}"
    assert json.loads(steps["CMD"])[-1] == f"/data/{path.suffix[1:]}.yaml"
