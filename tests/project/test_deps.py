"""scripts/deps names what is absent and what is skipped without it, where it may not install."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.users import as_nobody

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "# Two packages.\n\n# things of every machine\n{there}\n# tests of nothing\nno-such-package\nnor-this\n"
)


@pytest.fixture
def project() -> Iterator[Path]:
    """A folder, open to every user, with the script and its list."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "scripts").mkdir()
        shutil.copy2(ROOT / "scripts" / "deps", folder / "scripts")
        (folder / "packages.apt").write_text(PACKAGES.format(there="libc6"), encoding="utf-8")
        yield folder


def told(project: Path) -> list[str]:
    """What the script says to a user who is not root."""
    words = [str(project / "scripts" / "deps")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, **as_nobody())
    assert done.stderr == ""
    return list(done.stdout.splitlines())


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="needs Debian's list of packages")
def test_a_user_is_told_what_is_absent_and_what_is_skipped(project: Path) -> None:
    first, *rest = told(project)
    assert first.endswith("(as root on Debian: apt-get install no-such-package nor-this)")
    assert rest == ["  no-such-package: tests of nothing", "  nor-this: tests of nothing"]


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="needs Debian's list of packages")
def test_nothing_absent_is_said_in_one_line(project: Path) -> None:
    (project / "packages.apt").write_text("# things of every machine\nlibc6\n", encoding="utf-8")
    assert told(project) == ["deps: every package of packages.apt is installed"]


def test_every_package_says_what_is_skipped_without_it() -> None:
    lines = (ROOT / "packages.apt").read_text(encoding="utf-8").partition("\n\n")[2].splitlines()
    assert lines[0].startswith("# ") and not lines[-1].startswith("#")
    assert all(len(line.split()) == 1 for line in lines if not line.startswith("#"))
