"""The command itself: what it refuses, with which exit code, and that --json is one object."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from demo import ports


def steelyard_demo(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from demo.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_busy_port_names_the_flag_that_moves_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = steelyard_demo("--workdir", tmp_path / "d", "--port", port, "--json")
    assert done.returncode == 3
    assert f"port {port} is busy" in done.stderr and "--port" in done.stderr
    error = json.loads(done.stdout)["error"]
    assert (error["code"], error["params"]) == ("demo.port_busy", {"port": port}) and "--port" in error[
        "message"
    ]
    assert not (tmp_path / "d").exists() and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--replay", "nothing.csv", "--column", "c"],
        ["--column", "c"],
        ["--speed", "max"],
        ["--speed", "0"],
        ["--speed", "fast"],
        ["--seconds", "-1"],
        ["--port", "99999"],
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], tmp_path: Path) -> None:
    done = steelyard_demo("--workdir", tmp_path / "d", *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("steelyard-demo: --") and done.stderr.count("\n") == 1
    assert not (tmp_path / "d").exists()


def test_reset_refuses_a_folder_without_manifest(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"1")
    done = steelyard_demo("--workdir", tmp_path, "--reset", "--port", ports.choose())
    assert done.returncode == 2 and "manifest.json" in done.stderr
    assert (tmp_path / "photo.jpg").exists()


def test_unknown_broker_leaves_no_process(tmp_path: Path) -> None:
    done = steelyard_demo("--workdir", tmp_path / "d", "--broker", "rabbit", "--port", ports.choose())
    assert done.returncode == 2 and "nats, mosquitto or HOST:PORT" in done.stderr
