"""An edge of many tags before a real ledger: its schema takes pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from contract import block, seal
from contract import statement as statement_codec
from contract.block import SALT, Header
from contract.schema import Schema
from contract.statement import Statement
from contract.tags import Group, Layout, Rows, Tag
from edge.edge_store import EdgeStore
from edge.node import Node
from journal.files import Files
from tests.edge.damaged import CLOUD_KEY, NODE_KEY, SECOND, Clock, Cloud, answer

JOURNAL = Path("/journal")
METER = Tag(
    "line0.kwh", "uint32", "kW.h", "counter", "0.01", max_rate="50", meter="line0", carrier="electricity"
)


def group(number: int, tags: int, unit: str = "kW") -> Group:
    """A group of tags; the first one of group 0 is a meter."""
    every = [Tag(f"line{number}.v{i}", "int16", unit, en=f"Value {i} of line {number}") for i in range(tags)]
    if number == 0:
        every[0] = METER
    return Group(
        f"line{number}", f"line{number}", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", tuple(every)
    )


def plant(groups: int, tags: int) -> Schema:
    return Schema("0" * 64, 0, tuple(group(number, tags) for number in range(groups)))


def changed(schema: Schema, *numbers: int, unit: str = "V", config: str = "1") -> Schema:
    """The schema with other groups at some places."""
    groups = list(schema.groups)
    for number in numbers:
        groups[number] = group(number, len(groups[number].tags), unit)
    return replace(schema, config=config * 64, groups=tuple(groups))


def start(
    schema: Schema, files: Files, keep: int = 64 << 20, folder: Path = JOURNAL, site: str = "s"
) -> EdgeStore:
    """An edge store that has begun."""
    trust = {"cloud": CLOUD_KEY.public_key()}
    store = EdgeStore(folder, Node("n", site, NODE_KEY), schema, trust, 1 << 22, files, keep=keep)
    store.begin()
    return store


def add(store: EdgeStore, number: int, at: int, value: int) -> None:
    """Accept one row of a group, all of its tags of one value; at: UTC ns."""
    stream = store.streams["account"]
    line = stream.schema.groups[number]
    stream.add(Rows(line, np.array([at], np.int64), np.array([(value,) * len(line.tags)], line.row)))
    stream.sync()


def deliver(store: EdgeStore, cloud: Cloud, machine: Clock, most: int = 100) -> None:
    """Connect and go on until every block has a receipt."""
    store.connected(cloud.publish)
    for _ in range(most):
        machine.now += SECOND
        store.step([])
        answer(store, cloud)
        if store.unreceipted() == 0:
            return
    raise AssertionError(f"{store.unreceipted()} blocks wait: {store.counts}")


def statements(data: list[bytes]) -> list[tuple[Header, Statement]]:
    """The statements among blocks."""
    found = []
    for item in data:
        header, body = seal.verify(item, NODE_KEY.public_key())
        if header.kind == block.STATEMENT:
            found.append((header, statement_codec.load(body[SALT:])))
    return found


def kinds(data: list[bytes]) -> list[list[str]]:
    """The kinds of the statements of each incarnation, in the order in which they began."""
    by_chain: dict[int, list[str]] = {}
    for header, statement in statements(data):
        by_chain.setdefault(header.incarnation, []).append(statement.kind)
    return list(by_chain.values())
