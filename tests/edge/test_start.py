"""How long a start takes over a large journal."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from contract.schema import Schema
from contract.tags import Group, Layout, Rows, Tag
from edge.edge_store import EdgeStore
from edge.node import Node
from journal.files import REAL
from tests.edge.damaged import CLOUD_KEY, NODE_KEY, SECOND

ROWS = 170
GROUP = Group(
    "m", "m", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge",
    tuple(Tag(f"m.t{i}", "float64", "kW") for i in range(40)),
)  # fmt: skip


def store(folder: Path) -> EdgeStore:
    trust = {"cloud": CLOUD_KEY.public_key()}
    return EdgeStore(folder, Node("n", "s", NODE_KEY), Schema("0" * 64, 0, (GROUP,)), trust, 1 << 20, REAL)


def fill(folder: Path, count: int, closed: bool) -> int:
    """A journal of *count* blocks of noise, none of it receipted; its bytes."""
    sut, chance = store(folder), np.random.default_rng(0)
    sut.begin()
    stream, at = sut.streams["account"], 10**18
    for _ in range(count):
        data = np.zeros(ROWS, GROUP.row)
        for name in data.dtype.names or ():
            data[name] = chance.random(ROWS)
        stream.add(Rows(GROUP, np.arange(at, at + ROWS * SECOND, SECOND), data))
        stream.sync()
        stream.seal()
        at += ROWS * SECOND
    if closed:
        sut.close()
    return sum(path.stat().st_size for path in folder.iterdir())


@pytest.mark.long
@pytest.mark.parametrize("closed", [True, False])
def test_a_start_over_a_large_journal_takes_at_most_two_seconds(
    tmp_path: Path, closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """closed: after a stop. Otherwise all of it came after the last write of the cursor, and is decoded anew.

    Processor time: on a busy machine the wall's says more about its neighbours.
    """
    with monkeypatch.context() as fast:
        fast.setattr(os, "fdatasync", lambda fd: None)
        size = fill(tmp_path, 6000 if closed else 800, closed)
    assert size > (250 << 20 if closed else 30 << 20)
    begun = time.process_time()
    sut = store(tmp_path)
    sut.begin()
    assert time.process_time() - begun < 2.0
    assert sut.unreceipted() > (6000 if closed else 800)
    sut.close()
