"""The two commands of a newcomer, in a clone in a folder of its own with a .venv of its own."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
from pathlib import Path

import pytest

from tests.project.clone import GIT, ROOT, needed

pytestmark = [pytest.mark.long, pytest.mark.needs("git"), pytest.mark.timeout(560)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in the clone, without what the running tests put into the environment.

    pip compiles no package that is never imported.
    """
    ours = ("PYTEST", "MAKE", "MFLAGS", "VIRTUAL_ENV")
    env = {k: v for k, v in os.environ.items() if not k.startswith(ours)} | {"PIP_COMPILE": "0"}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=clone, env=env, capture_output=True, text=True, check=False, timeout=540
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what is committed."""
    needed()
    folder = tmp_path_factory.mktemp("fresh") / "steelyard"
    server = shlex.join([*GIT, "upload-pack"])
    subprocess.run([*GIT, "clone", "--quiet", "--upload-pack", server, ROOT, folder], check=True)
    return folder


def test_the_demo_runs_and_its_counts_agree(clone: Path) -> None:
    arguments = f"--seconds 10 --check --json --port {free_port()}"
    done = make(clone, "demo", f"DEMO_ARGS={arguments}")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "install 2/4" in done.stdout
    verdict = json.loads(done.stdout[done.stdout.index("\n{") :])
    assert verdict["served"] == verdict["accepted"] == verdict["ledger"] == verdict["stored"] > 0
    assert (verdict["lost"], verdict["duplicated"], verdict["different"]) == (0, 0, 0)
    assert verdict["energy_error"] == "0.00"


def test_the_test_command_runs_and_installs_nothing_twice(clone: Path) -> None:
    done = make(clone, "test", "PYTEST_ARGS=tests/settings tests/cython_ext")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "install 2/4" not in done.stdout
    assert " passed" in done.stdout
    status = subprocess.run(
        ["git", "status", "--short"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""
