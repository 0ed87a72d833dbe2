"""The whole demo where there is no network but loopback, and nothing in it tries to reach one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.process import tool

pytestmark = [pytest.mark.long, pytest.mark.timeout(150), pytest.mark.needs("iproute2")]

REACH_OUT = """
import socket
for family, kind, address in ((socket.AF_INET, socket.SOCK_STREAM, "192.0.2.1"), (socket.AF_INET, socket.SOCK_DGRAM,
                              "192.0.2.1"), (socket.AF_INET6, socket.SOCK_STREAM, "2001:db8::1")):
    with socket.socket(family, kind) as probe:
        try:
            probe.connect((address, 53))
        except OSError:
            continue
        raise SystemExit("it reached the outside")
"""


@pytest.fixture
def alone() -> Iterator[list[str]]:
    """Words before a command that run it in a network namespace with loopback and nothing else."""
    if os.geteuid() != 0:
        pytest.skip("needs root to make a network namespace")
    name = f"sy-alone-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        yield ["ip", "netns", "exec", name]
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def tried(alone: list[str]) -> int:
    """How many packets or connections the namespace's kernel had no way out for."""
    words = [*alone, "cat", "/proc/net/snmp", "/proc/net/snmp6"]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    names, numbers = (line.split() for line in lines if line.startswith("Ip:"))
    six = next(line.split()[1] for line in lines if line.startswith("Ip6OutNoRoutes"))
    return int(numbers[names.index("OutNoRoutes")]) + int(six)


def test_the_demo_agrees_and_nothing_tries_to_leave(alone: list[str], tmp_path: Path) -> None:
    links = subprocess.run([*alone, "ip", "-j", "link"], capture_output=True, text=True, check=True).stdout
    assert [link["ifname"] for link in json.loads(links) if "UP" in link["flags"]] == ["lo"]
    demo = [
        tool("steelyard-demo"),
        "--workdir",
        str(tmp_path / "demo"),
        "--seconds",
        "8",
        "--check",
        "--json",
    ]
    before = tried(alone)
    done = subprocess.run([*alone, *demo], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["served"] == found["accepted"] == found["ledger"] == found["stored"] > 200
    assert (found["verdict"], found["energy_error"], found["restarts"]) == ("agree", "0.00", 0)
    assert tried(alone) == before
    subprocess.run([*alone, sys.executable, "-c", REACH_OUT], check=True)
    assert tried(alone) >= before + 3, "an attempt would have been seen"
