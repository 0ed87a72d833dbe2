"""Wheels are built from a copy of the clone and installed in fresh environments, so that nothing of the clone helps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.project.clone import ROOT, listed

VENDOR = Path("cloud/web/static/vendor")
OURS = ("PYTHONPATH", "VIRTUAL_ENV", "CI")
"""Variables of the running tests that a program outside must not see."""


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    """Standard output of a command that must succeed; the test fails with what it said."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=clean | env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def copied(tree: Path) -> Path:
    """The folder `tree` with a copy of what is committed or could be, and of the page's scripts."""
    for name in listed("--cached", "--others", "--exclude-standard"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)
    shutil.copytree(ROOT / VENDOR, tree / VENDOR)
    return tree


def built(folder: Path) -> Path:
    """The wheel of a folder with a pyproject.toml, made in its dist/."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def environment(folder: Path, lock: str) -> Path:
    """Python of a fresh environment in the folder, with the locked packages of requirements/`lock`.txt alone."""
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    locked = ROOT / "requirements" / f"{lock}.txt"
    pip(python, "install", "--quiet", "--require-hashes", "--no-deps", "-r", locked)
    return python


def pip(python: Path, *words: str | Path, **env: str) -> str:
    """What the clone's pip says when it works on another environment, which needs none."""
    return run(sys.executable, "-m", "pip", "--python", python, *words, cwd=python.parent, **env)


def install(python: Path, *what: str | Path, **env: str) -> None:
    """Install wheels offline."""
    pip(python, "install", "--quiet", "--no-index", *what, **env)
