"""Whole demos, each in a folder of its own."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from demo.process import tool
from tests.demo.conftest import Demo, _wait_for


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """`demo(*arguments)` starts a run."""
    started: list[Demo] = []

    def run(*arguments: str) -> Demo:
        started.append(Demo(tmp_path / "demo", *arguments))
        return started[-1]

    yield run
    for one in started:
        one.end()


@pytest.fixture
def wait_for() -> Callable[..., bool]:
    """`wait_for(what, seconds=10.0)`."""
    return _wait_for


@dataclass(frozen=True)
class Finished:
    """A demo that has run and was judged: its folder and the object it printed."""

    folder: Path
    verdict: dict[str, Any]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    """Six seconds of the whole demo."""
    run = Demo(tmp_path_factory.mktemp("system") / "demo", "--seconds", "6", "--check")
    try:
        verdict = run.answer(90)
        assert verdict["exit"] == 0, verdict
        yield Finished(run.folder, verdict)
    finally:
        run.end()


def command(name: str, *arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run one of the project's commands to its end."""
    words = [tool(name), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, **options)


def served(folder: Path, tag: str) -> list[datetime]:
    """When the plant served a tag, by its own account."""
    with (folder / "plant" / "account.csv").open(encoding="utf-8", newline="") as file:
        return [datetime.fromisoformat(row["time"]) for row in csv.DictReader(file) if row["tag"] == tag]
