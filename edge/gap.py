"""A data gap before it is stated."""

from __future__ import annotations

from dataclasses import dataclass

from contract.message import Message


@dataclass(frozen=True)
class DataGap:
    """Values of a group between two row times (UTC ns, inclusive; None = open) may be missing."""

    group: str
    from_: int | None
    to: int | None
    cause: Message
