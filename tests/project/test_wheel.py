"""The sdist and the wheel, built from a copy of the tree and used from another folder without the source."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = Path("cloud/web/static/vendor")
HEAVY = ("fastapi", "duckdb", "pandas", "scipy", "pyarrow", "sqlalchemy", "weasyprint")

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    """Standard output of a command that must succeed; the test fails with what it said."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "CI")}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=clean | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the sdist and the wheel that was built from it."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: no .git")
    tree = tmp_path_factory.mktemp("source")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    shutil.copytree(ROOT / VENDOR, tree / VENDOR)
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, cwd=tree)
    return out


@pytest.fixture(scope="module")
def edge_python(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a fresh venv with the locked packages of the edge and, offline, the wheel and its extra."""
    folder = tmp_path_factory.mktemp("edge")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "--no-deps", "-r", ROOT / "requirements" / "edge.txt", cwd=folder)
    (wheel,) = dist.glob("*.whl")
    run(*pip, "--no-index", f"steelyard[edge] @ {wheel.as_uri()}", cwd=folder)
    return python


def test_the_sdist_holds_the_sources_of_the_kernels(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kernels = {p.relative_to(ROOT).as_posix() for p in (ROOT / "cython_ext").glob("*.pyx")}
    assert kernels
    assert kernels | {name.replace(".pyx", ".pyi") for name in kernels} <= names
    assert {"LICENSE", "pyproject.toml", "setup.py", "firmware_configs/__init__.py"} <= names
    assert not [name for name in names if name.startswith(("tests/", ".venv/")) or name.endswith(".so")]


def test_the_wheel_holds_rooms_kernels_and_their_data(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for kernel in (ROOT / "cython_ext").glob("*.pyx"):
        assert [n for n in names if n.startswith(f"cython_ext/{kernel.stem}.") and n.endswith(".so")]
        assert f"cython_ext/{kernel.stem}.pyi" in names
    assert {n.partition("/")[0] for n in names} >= {"contract", "edge", "cloud", "plant", "demo", "journal"}
    assert {f"{VENDOR}/htmx.min.js", f"{VENDOR}/uPlot.iife.min.js", f"{VENDOR}/uPlot.LICENSE"} <= set(names)
    data = [
        p.relative_to(ROOT).as_posix()
        for room in ("cloud", "firmware_configs", "plant")
        for p in (ROOT / room).rglob("*")
        if p.suffix in (".html", ".css", ".js", ".yaml", ".mo", ".svg")
    ]
    assert set(data) <= set(names)
    migrations = sorted((ROOT / "cloud/registry/migrations").rglob("*.py"))
    assert migrations and {path.relative_to(ROOT).as_posix() for path in migrations} <= set(names)
    assert not [n for n in names if n.startswith(("tests/", "scripts/", "docs/"))]


def test_the_verifier_runs_from_the_wheel_with_numpy_and_cryptography_alone(
    dist: Path, tmp_path: Path
) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--no-deps")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "verify.txt", cwd=tmp_path)
    (wheel,) = dist.glob("*.whl")
    run(*pip, "--no-index", wheel, cwd=tmp_path)
    shown = run(python.parent / "steelyard-verify", "--help", cwd=tmp_path)
    assert "--trust" in shown
    found = json.loads(run(python, "-m", "pip", "list", "--format", "json", cwd=tmp_path))
    there = {item["name"].lower() for item in found} - {"pip", "setuptools", "wheel"}
    assert there == {"steelyard", "numpy", "cryptography", "cffi", "pycparser"}


def test_the_edge_runs_from_the_wheel_without_the_source(edge_python: Path, tmp_path: Path) -> None:
    shown = run(edge_python.parent / "steelyard-edge", "--help", cwd=tmp_path, NO_COLOR="1")
    assert {"init", "run", "validate", "check", "status"} <= set(shown.split())
    code = (
        "import json, importlib.util as u, cython_ext, edge, contract, drivers\n"
        "import cython_ext.registers as kernel\n"
        "files = [m.__file__ for m in (cython_ext, edge, contract, drivers, kernel)]\n"
        f"print(json.dumps([files, [n for n in {HEAVY!r} if u.find_spec(n)]]))"
    )
    files, heavy = json.loads(run(edge_python, "-I", "-c", code, cwd=tmp_path))
    assert all(Path(file).is_relative_to(edge_python.parents[1]) for file in files)
    assert files[-1].endswith(".so")
    assert heavy == []
