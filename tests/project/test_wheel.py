"""The sdist and the wheel, built from a copy of the tree and used from another folder without the source."""

from __future__ import annotations

import json
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.project.building import VENDOR, copied, environment, install, run
from tests.project.clone import ROOT

HEAVY = ("fastapi", "duckdb", "pandas", "scipy", "pyarrow", "sqlalchemy", "weasyprint")

pytestmark = [pytest.mark.long, pytest.mark.needs("git"), pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the sdist and the wheel that was built from it."""
    tree, out = copied(tmp_path_factory.mktemp("source")), tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, cwd=tree)
    return out


@pytest.fixture(scope="module")
def edge_python(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a fresh venv with the locked packages of the edge and, offline, the wheel and its extra."""
    python = environment(tmp_path_factory.mktemp("edge"), "edge")
    (wheel,) = dist.glob("*.whl")
    install(python, f"steelyard[edge] @ {wheel.as_uri()}")
    return python


def test_the_sdist_holds_the_sources_of_the_kernels(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kernels = {p.relative_to(ROOT).as_posix() for p in (ROOT / "cython_ext").glob("*.pyx")}
    assert kernels
    assert kernels | {name.replace(".pyx", ".pyi") for name in kernels} <= names
    assert {p.relative_to(ROOT).as_posix() for p in (ROOT / "cython_ext" / "core").glob("*.h")} <= names
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
