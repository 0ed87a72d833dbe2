"""What a SIGKILL hit: the disk as the commands of edge and cloud read it, before the restart changes it."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from demo.process import Process, signal_group, start, tool

PATIENCE = 10.0  # s; an inspection that takes longer counts nothing


@dataclass
class Hits:
    """How many kills found an unsealed tail, an unreceipted block, a ledger not yet projected."""

    tail: int = 0
    unreceipted: int = 0
    unprojected: int = 0

    def add(self, found: Mapping[str, int]) -> None:
        """Count one kill for each kind of which it found any."""
        self.tail += found.get("tail", 0) > 0
        self.unreceipted += found.get("unreceipted", 0) > 0
        self.unprojected += found.get("unprojected", 0) > 0


@dataclass(frozen=True)
class InspectionSpec:
    """A command that prints one JSON object, and what is read from it."""

    command: Sequence[str]
    read: Callable[[Mapping[str, Any]], dict[str, int]]


def specs(workdir: str) -> dict[str, list[InspectionSpec]]:
    """Per killed program; for a killed broker that of the edge's journal."""
    edge = [tool("steelyard-edge"), "journal", "list", workdir, "--json"]
    cloud = [tool("steelyard-cloud"), "blocks", "--workdir", workdir, "--json"]
    return {
        "edge": [InspectionSpec(edge, _journal)],
        "broker": [InspectionSpec(edge, _unreceipted)],
        "cloud": [InspectionSpec(cloud, _ledger)],
    }


def _journal(answer: Mapping[str, Any]) -> dict[str, int]:
    return {"tail": sum(part["rows"] for part in answer["tail"])} | _unreceipted(answer)


def _unreceipted(answer: Mapping[str, Any]) -> dict[str, int]:
    return {"unreceipted": sum(stream["unreceipted"] for stream in answer["streams"])}


def _ledger(answer: Mapping[str, Any]) -> dict[str, int]:
    return {"unprojected": answer["unprojected"]}


@dataclass
class _Running:
    spec: InspectionSpec
    process: Process
    output: IO[bytes]


@dataclass
class Inspection:
    """The commands of one inspection, running; `done` polls them."""

    specs: Sequence[InspectionSpec]
    _running: list[_Running] = field(init=False)
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + PATIENCE
        self._running = []
        for spec in self.specs:
            output = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the command has ended
            with tempfile.TemporaryFile() as ignored:
                self._running.append(_Running(spec, start(spec.command, output, ignored), output))

    def done(self, hits: Hits) -> bool:
        """Whether all have ended or may take no longer; what they found is then in `hits`."""
        if time.monotonic() < self._end and any(part.process.poll() is None for part in self._running):
            return False
        found: dict[str, int] = {}
        for part in self._running:
            found |= _found(part)
        self.cancel()
        hits.add(found)
        return True

    def cancel(self) -> None:
        """End what still runs."""
        for part in self._running:
            if part.process.poll() is None:
                signal_group(part.process, signal.SIGKILL)
                part.process.wait()
            part.output.close()
        self._running = []


def _found(part: _Running) -> dict[str, int]:
    """What an inspection read; {} for a command that failed or was cut off."""
    if part.process.poll() not in (0, 1):
        return {}
    part.output.seek(0)
    try:
        return part.spec.read(json.load(part.output))
    except (json.JSONDecodeError, KeyError, TypeError):
        return {}
