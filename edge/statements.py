"""The statements of an edge as the block format has them. Pure."""

from __future__ import annotations

from importlib.metadata import version

from contract.holes import DAMAGED, FREED
from contract.statement import Statement
from contract.tags import Group
from edge.gap import DataGap
from edge.stored_block import Head, previous_fields

LOST = {
    DAMAGED: "journal-damaged",
    FREED: "ledger-lost",
}
"""Cause of the gap beside a hole, by the cause of the hole."""


def opened(
    node: str, site: str, previous: Head | None, cause: str, boot: bytes, clocks: tuple[int, int]
) -> Statement:
    """`open`. clocks: CLOCK_BOOTTIME and UTC of now, ns."""
    fields = {
        "node": node,
        "site": site,
        "previous": previous_fields(previous),
        "cause": cause,
        "boot": boot.hex(),
        "clock": {"boot_ns": str(clocks[0]), "utc_ns": str(clocks[1])},
        "version": version("steelyard"),
    }
    return Statement("open", fields)


def gap(group: Group, found: DataGap) -> Statement:
    """`gap` of a group."""
    from_, to = (None if t is None else str(t) for t in (found.from_, found.to))
    return Statement(
        "gap", {"group": group.id, "device": group.device, "from": from_, "to": to, "cause": found.cause}
    )
