"""A clone that a user may not write, whole or in part, is told in one line by every command that installs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.users import as_nobody

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone() -> Iterator[Path]:
    """A folder that everybody may write, with the Makefile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        shutil.copy2(ROOT / "Makefile", folder)
        yield folder


@pytest.mark.parametrize("place", [".", "build", ".venv", ".pytest_cache"])
def test_what_may_not_be_written_is_named(clone: Path, place: str) -> None:
    (clone / place).mkdir(exist_ok=True)
    (clone / place).chmod(0o555)
    words = ["make", "--no-print-directory", "install"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        words, cwd=clone, env=env, capture_output=True, text=True, check=False, **as_nobody()
    )
    (clone / place).chmod(0o755)
    first, *rest = done.stderr.splitlines()
    assert done.returncode != 0 and f"may not write {place}; chown it, or clone anew" in first
    assert len(rest) == 1 and rest[0].startswith("make: ***")
