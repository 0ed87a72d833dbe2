"""Statements of a desk about earlier ones: notes, corrections of imported values, withdrawals of statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contract.fields import Fields
from contract.form_messages import HashOfBlock, MustBeSomeText
from contract.imported import Row, row

_HASH = re.compile(r"[0-9a-f]{64}")
MOST_TEXT = 2000


@dataclass(frozen=True)
class Note:
    """A remark for people. about: what it is about, one line such as a kind of figure, a point, a day."""

    about: str
    text: str


@dataclass(frozen=True)
class Correction:
    """An imported row of the same point, quantity, from and to has this value and unit instead. The note says why."""

    row: Row


@dataclass(frozen=True)
class Withdrawal:
    """The statement of a block of the same desk (hash, 32 bytes) counts no more: what was before it counts again."""

    statement: bytes
    why: str


def note(look: Fields) -> Note:
    """Read the fields of a note; faults are noted."""
    about, text = look.text("about"), look.get("text")
    if "text" in look.value and not (isinstance(text, str) and 0 < len(text) <= MOST_TEXT):
        look.fault("text", MustBeSomeText(MOST_TEXT))
    return Note(about, str(text))


def correction(look: Fields) -> Correction:
    """Read the fields of a correction; faults are noted."""
    keys = ("from", "to", "point", "quantity", "value", "unit")
    cells = [look.get(key, "") for key in keys]
    found = row(look, look.at, cells)
    return Correction(found if found is not None else Row(0, None, "", "", Decimal(0), ""))


def withdrawal(look: Fields) -> Withdrawal:
    """Read the fields of a withdrawal; faults are noted."""
    name = look.text("statement", _HASH, HashOfBlock())
    return Withdrawal(bytes.fromhex(name), look.text("why"))


def withdrawn(statements: Sequence[tuple[bytes, bytes | None]]) -> set[bytes]:
    """The hashes of statements that count no more.

    statements: of each statement of one desk, in the order of the ledger, its block's hash and, of a withdrawal, the
    hash that it names. A withdrawal reaches only what stands before it, so the last are decided first; one that is
    withdrawn withdraws nothing.
    """
    place = {name: at for at, (name, _) in enumerate(statements)}
    gone: set[bytes] = set()
    for at in range(len(statements) - 1, -1, -1):
        name, target = statements[at]
        if target is not None and name not in gone and place.get(target, at) < at:
            gone.add(target)
    return gone
