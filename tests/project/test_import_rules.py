"""The import rules bite: a module outside the rooms, an upward import and a circle each fail `lint-imports`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "contract", "cython_ext", "journal", "drivers", "accounts", "edge", "cloud", "verify", "plant", "demo",
    "firmware_configs", "settings", "languages", "mqtt",
)  # fmt: skip
FIRST = "from __future__ import annotations\n"
PLANTED = {
    "a loose module of the cloud": ("cloud/loose.py", "", "cloud.loose"),
    "a loose module of accounts": ("accounts/loose.py", "", "accounts.loose"),
    "a loose module of the verifier": ("verify/loose.py", "", "verify.loose"),
    "the ledger knows a page": ("cloud/ledger/tree.py", "from cloud.web import frame\n", "cloud.web"),
    "a circle": ("contract/errors.py", "from contract import units\n", "No cycles are allowed in contract"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms and their rules in a folder of their own."""
    folder = tmp_path_factory.mktemp("rooms")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "vendor", "*.c")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_named(copy: Path, fault: str) -> None:
    file, line, name = PLANTED[fault]
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    text = before or '"""Nothing."""\n'
    path.write_text(
        text.replace(
            "from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}", 1
        )
    )
    try:
        done = lint(copy)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    assert done.returncode == 1 and name in done.stdout, done.stdout[-2000:]
