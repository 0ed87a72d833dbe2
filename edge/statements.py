"""The statements of an edge as the block format has them. Pure."""

from __future__ import annotations

from contract.message import Message
from contract.sequence_gaps import DAMAGED, FREED
from contract.statement import Statement
from contract.tags import Group
from edge.gap import DataGap
from edge.messages import JournalDamaged, LedgerLost

LOST: dict[str, Message] = {DAMAGED: JournalDamaged(), FREED: LedgerLost()}
"""Cause of the data gap that goes with a sequence gap, by the cause of the latter."""


def gap(group: Group, stated: DataGap) -> Statement:
    """`gap` of a group. cause is the English text; code and params are the same as data, for other languages."""
    from_, to = (None if t is None else str(t) for t in (stated.from_, stated.to))
    cause = stated.cause
    why = {"cause": str(cause), "code": cause.CODE, "params": cause.params}
    return Statement("gap", {"group": group.id, "device": group.device, "from": from_, "to": to, **why})
