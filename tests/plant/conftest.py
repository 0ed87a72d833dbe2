"""A plant as a process, raw Modbus over a socket, and the account as rows: nothing of this uses the plant's code."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORMATS = {
    "int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "uint64": ">Q", "float32": ">f", "float64": ">d",
}  # fmt: skip


@dataclass
class Plant:
    """steelyard-plant in one work folder."""

    workdir: Path
    process: subprocess.Popen[bytes] | None = None
    began: list[subprocess.Popen[bytes]] = field(default_factory=list)
    listings: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.workdir / "plant"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        line = [sys.executable, "-m", "plant.main", *words, "--workdir", str(self.workdir)]
        return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    def listed(self, *words: str) -> dict[str, Any]:
        """What --list --json says, asked once."""
        if words in self.listings:
            return self.listings[words]
        done = self.command("--list", "--json", *words)
        assert done.returncode == 0, done.stderr
        self.listings[words] = json.loads(done.stdout)
        return self.listings[words]

    def start(self, *words: str) -> None:
        """Run it and wait for the ready line."""
        log = self.workdir / "plant.log"
        line = [sys.executable, "-m", "plant.main", "run", "--workdir", str(self.workdir), *words]
        at = log.stat().st_size if log.exists() else 0
        with log.open("ab") as err:
            self.process = subprocess.Popen(line, cwd=ROOT, stderr=err, stdout=subprocess.DEVNULL)
        self.began.append(self.process)
        deadline = time.monotonic() + 20
        while b"event=ready" not in log.read_bytes()[at:]:
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "not ready within 20 s"
            time.sleep(0.05)

    def signal(self, number: int) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(10)

    def kill(self) -> None:
        assert self.signal(signal.SIGKILL) == -signal.SIGKILL

    def term(self) -> None:
        assert self.signal(signal.SIGTERM) == 0

    def port(self, device: str) -> int:
        ports: dict[str, int] = json.loads((self.folder / "ports.json").read_text())
        return ports[device]

    def rows(self, device: str = "") -> list[dict[str, str]]:
        """The account's rows, of one device or all."""
        text = (self.folder / "account.csv").read_text(encoding="utf-8")
        return [row for row in csv.DictReader(text.splitlines()) if row["device"] == device or not device]

    def connect(self, device: str) -> Wire:
        return Wire(socket.create_connection(("127.0.0.1", self.port(device)), 5))


class Wire:
    """Raw Modbus TCP on one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.transaction = 0

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def request(self, unit: int, pdu: bytes) -> bytes:
        """Send one PDU; the PDU of its answer."""
        self.transaction = (self.transaction + 1) & 0xFFFF
        self.sock.sendall(struct.pack(">HHHB", self.transaction, 0, len(pdu) + 1, unit) + pdu)
        return self.answer(self.transaction, unit)

    def answer(self, transaction: int, unit: int) -> bytes:
        head = self.exactly(7)
        got, protocol, length, of_unit = struct.unpack(">HHHB", head)
        assert (got, protocol, of_unit) == (transaction, 0, unit)
        return self.exactly(length - 1)

    def registers(self, unit: int, table: str, address: int, count: int) -> bytes:
        """The bytes of registers that are read."""
        function = {"holding": 3, "input": 4}[table]
        pdu = self.request(unit, struct.pack(">BHH", function, address, count))
        assert pdu[:2] == bytes([function, 2 * count]), pdu.hex()
        return pdu[2:]

    def exactly(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            more = self.sock.recv(count - len(got))
            if not more:
                raise ConnectionError("closed by the plant")
            got += more
        return got


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    """A plant that is not running yet; whatever it started is ended."""
    made = Plant(tmp_path)
    yield made
    _end(made)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """One running plant for the tests of a file that do it no harm."""
    made = Plant(tmp_path_factory.mktemp("mill"))
    made.start("--seed", "7")
    yield made
    _end(made)


def _end(made: Plant) -> None:
    for process in made.began:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture(scope="session")
def decoded() -> Callable[[bytes, str, str], float]:
    """Turn bytes on the wire into a number by reordering letters: ABCD, CDAB, BADC, DCBA and their kin."""

    def decode(wire: bytes, type_: str, order: str) -> float:
        letters = dict(zip(order, wire, strict=True))
        number: float = struct.unpack(FORMATS[type_], bytes(letters[k] for k in sorted(order)))[0]
        return number

    return decode
