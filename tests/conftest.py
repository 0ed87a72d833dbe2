"""Rules for all tests: what may be absent and how that is said; no process outlives its test file."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import psutil
import pytest
import structlog

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")

# Every process that a test starts inherits this mark, also when it has left its parent and its session.
MARK = "STEELYARD_TEST_RUN"
RUN_ID = uuid.uuid4().hex
os.environ[MARK] = RUN_ID
GRACE_S = 5.0


@cache
def listed_packages() -> frozenset[str]:
    """Names in packages.apt."""
    lines = (ROOT / "packages.apt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line.strip() and not line.startswith("#"))


@cache
def package_installed(package: str) -> bool:
    """True when Debian's package database says so, or, elsewhere, when a command of that name exists."""
    if shutil.which("dpkg-query") is None:
        return shutil.which(package) is not None
    query = ["dpkg-query", "-W", "-f", "${Status}", package]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    return "ok installed" in done.stdout


def require_package(package: str) -> None:
    """Skip with the package's name when it is absent; in CI a listed package must be there.

    Raises: LookupError for a name that packages.apt does not list.
    """
    if package not in listed_packages():
        raise LookupError(f"{package} is not in packages.apt")
    if package_installed(package):
        return
    if IN_CI:
        pytest.fail(f"{package} is in packages.apt but not installed: run `make deps`", pytrace=False)
    pytest.skip(f"needs the Debian package {package}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that may take longest go first, by the time that they ask for: no worker is left with one at the end."""
    limits: dict[Path, float] = {}
    sizes = Counter(item.path for item in items)
    for item in items:
        asked = item.get_closest_marker("timeout")
        limits[item.path] = max(limits.get(item.path, 0), asked.args[0] if asked else 0)
    items.sort(key=lambda item: (-limits[item.path], -sizes[item.path]))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Honour `@pytest.mark.needs("package")`."""
    for marker in item.iter_markers("needs"):
        for package in marker.args:
            require_package(package)


@pytest.fixture(scope="session")
def needs() -> Callable[[str], None]:
    """`needs("mosquitto")` inside a test or fixture: the same rule as the marker."""
    return require_package


@pytest.fixture(scope="session")
def influxd() -> Path:
    """The real InfluxDB 2.7 built by `make servers`; absent only where Go or Rust is."""
    binary = ROOT / ".servers" / "influxd"
    if binary.exists():
        return binary
    buildable = shutil.which("go") is not None and shutil.which("cargo") is not None
    if IN_CI and buildable:
        pytest.fail("no .servers/influxd although Go and Rust are here: run `make servers`", pytrace=False)
    pytest.skip("needs .servers/influxd: `make servers` builds it where Go and Rust are at hand")


@pytest.fixture(scope="session")
def steelyard_data() -> Path:
    """Folder of recorded data: $STEELYARD_DATA, by default ../shared/data beside the project."""
    folder = Path(os.environ.get("STEELYARD_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("needs recorded data: no folder $STEELYARD_DATA, nor ../shared/data")
    return folder.resolve()


def _left_over() -> list[psutil.Process]:
    """Live processes with the mark of this test run, other than the run itself."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.environ().get(MARK) != RUN_ID:
                continue
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if "multiprocessing.resource_tracker" in " ".join(process.cmdline()):
                continue  # Python keeps it until the interpreter ends
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        found.append(process)
    return found


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    """Fail when a test file leaves a process running, and end that process."""
    before = {process.pid for process in _left_over()}
    yield
    deadline = time.monotonic() + GRACE_S
    while left := [process for process in _left_over() if process.pid not in before]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    names = [f"{process.pid} {process.name()}" for process in left if process.is_running()]
    for process in left:
        process.kill()
    assert not names, "left running: " + ", ".join(names)


@pytest.fixture(autouse=True)
def no_log_kept() -> Iterator[None]:
    """A program that is run inside a test sends its log to that test's stderr, which is closed afterwards."""
    yield
    structlog.reset_defaults()


def pytest_sessionstart() -> None:
    """Refuse stale kernels: a green run must be about the source that is there."""
    headers = max((path.stat().st_mtime for path in (ROOT / "cython_ext" / "core").glob("*.h")), default=0.0)
    stale = [
        source.name
        for source in (ROOT / "cython_ext").glob("*.pyx")
        if not any(
            built.stat().st_mtime >= max(source.stat().st_mtime, headers)
            for built in source.parent.glob(f"{source.stem}.*.so")
        )
    ]
    if stale:
        pytest.exit(f"compiled modules older than their source: {', '.join(stale)}; run `make kernels`", 3)
