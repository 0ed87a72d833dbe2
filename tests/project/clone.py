"""The clone that the tests stand in, and what git lists of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIT = ("git", "-c", f"safe.directory={ROOT}")
"""git that also reads a clone of somebody else, as root does in that of a user."""


def needed() -> None:
    """Skip where the tests stand in no clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: no .git")


def listed(*flags: str) -> list[str]:
    """Paths of the files that git lists and that are there, from the top folder."""
    needed()
    words = [*GIT, "ls-files", "-z", *flags]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
