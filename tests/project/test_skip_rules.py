"""The rules of tests/conftest.py, tried on small projects of their own in a second pytest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

ABSENT = """
import pytest

@pytest.mark.needs("no-such-package")
def test_by_marker(): pass

def test_by_fixture(needs): needs("no-such-package")
"""
UNLISTED = """
def test_it(needs): needs("not-listed")
"""
LEAVES_ONE = """
import subprocess

def test_it():
    subprocess.run("setsid sleep 60 >/dev/null 2>&1 & sleep 1", shell=True, check=True)
"""
DATA = """
def test_it(steelyard_data): assert (steelyard_data / "here").exists()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with our conftest, our pytest settings and a list of one absent package."""
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "packages.apt").write_text("# comment\nno-such-package\n", encoding="utf-8")
    return tmp_path


def run(project: Path, text: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `text` as the only test file of `project`."""
    (project / "tests" / "test_sample.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs"]
    clean = {k: v for k, v in os.environ.items() if k not in ("CI", "STEELYARD_DATA", "PYTEST_ADDOPTS")}
    return subprocess.run(
        command, cwd=project, env=clean | env, capture_output=True, text=True, check=False, timeout=60
    )


def test_an_absent_package_skips_with_its_name(project: Path) -> None:
    done = run(project, ABSENT)
    assert done.returncode == 0
    assert "2 skipped" in done.stdout
    assert "needs the Debian package no-such-package" in done.stdout


def test_in_ci_an_absent_listed_package_fails(project: Path) -> None:
    done = run(project, ABSENT, CI="true")
    assert done.returncode == 1
    assert "skipped" not in done.stdout
    assert "no-such-package is in packages.apt but not installed" in done.stdout


def test_a_package_that_is_not_listed_is_an_error(project: Path) -> None:
    done = run(project, UNLISTED)
    assert done.returncode == 1
    assert "not-listed is not in packages.apt" in done.stdout


def test_a_process_that_outlives_its_file_fails_and_is_ended(project: Path) -> None:
    done = run(project, LEAVES_ONE)
    assert done.returncode == 1
    assert "left running: " in done.stdout
    found = re.search(r"left running: (\d+) sleep", done.stdout)
    assert found
    assert not psutil.pid_exists(int(found[1])) or psutil.Process(int(found[1])).status() == "zombie"


def test_recorded_data_is_found_by_variable_and_else_skipped(project: Path) -> None:
    assert "1 skipped" in run(project, DATA).stdout
    (project / "here").touch()
    assert "1 passed" in run(project, DATA, STEELYARD_DATA=str(project)).stdout


def test_a_stale_kernel_stops_the_run(project: Path) -> None:
    folder = project / "cython_ext"
    folder.mkdir()
    (folder / "kernel.pyx").touch()
    done = run(project, DATA)
    assert done.returncode == 3
    assert "kernel.pyx" in done.stdout + done.stderr
