"""The statements of an edge as the block format has them. Pure."""

from __future__ import annotations

from importlib.metadata import version

from contract.message import Message
from contract.sequence_gaps import DAMAGED, FREED
from contract.statement import Statement
from contract.tags import Group
from edge.gap import DataGap
from edge.messages import JournalDamaged, LedgerLost
from edge.stored_block import Head, previous_fields

LOST: dict[str, Message] = {DAMAGED: JournalDamaged(), FREED: LedgerLost()}
"""Cause of the data gap that goes with a sequence gap, by the cause of the latter."""


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


def gap(group: Group, stated: DataGap) -> Statement:
    """`gap` of a group. cause is the English text; code and params are the same as data, for other languages."""
    from_, to = (None if t is None else str(t) for t in (stated.from_, stated.to))
    cause = stated.cause
    why = {"cause": str(cause), "code": cause.CODE, "params": cause.params}
    return Statement("gap", {"group": group.id, "device": group.device, "from": from_, "to": to, **why})
