"""The cursor: what the receipts said, the heads, and the last row of each group, in one file beside the journal.

It carries its own SHA-256: a damaged cursor must never pass for a receipt.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from edge.last_accepted import LastAccepted
from edge.stored_block import Head
from journal.files import Files

log = structlog.get_logger()
FILE = "cursor.json"

Receipted = dict[str, dict[str, int]]
"""Stream, incarnation (16 hex digits): the highest seq that a receipt has freed."""


@dataclass
class Cursor:
    """freed: like receipted, but it stays when blocks are offered again to a cloud that lost them.

    mark: position up to which the rows of the journal are in *last*.
    """

    heads: dict[str, Head] = field(default_factory=dict)
    receipted: Receipted = field(default_factory=dict)
    freed: Receipted = field(default_factory=dict)
    last: LastAccepted = field(default_factory=LastAccepted)
    mark: int = 0

    def save(self, folder: Path, files: Files) -> None:
        """Write the file, durable when this returns. Raises OSError."""
        heads = {
            s: [f"{h.incarnation:016x}", h.seq, h.hash.hex(), h.row_last, h.position]
            for s, h in self.heads.items()
        }
        state = {
            "heads": heads,
            "receipted": self.receipted,
            "freed": self.freed,
            "groups": self.last.groups,
            "tags": self.last.tags,
            "recorded": self.last.recorded,
            "mark": self.mark,
        }
        files.replace(folder / FILE, json.dumps({"state": state, "sha256": _sum(state)}).encode())


def load(folder: Path, files: Files) -> Cursor:
    """The cursor of a journal; an empty one when there is none that can be believed."""
    path = folder / FILE
    if not files.exists(path):
        return Cursor()
    try:
        state = _state(files.read(path))
        heads = {s: _head(*item) for s, item in state["heads"].items()}
        tags = {name: tuple(item) for name, item in state["tags"].items()}
        last = LastAccepted(dict(state["groups"]), tags, dict(state.get("recorded", {})))
        done = dict(state["receipted"])
        return Cursor(heads, done, dict(state.get("freed", done)), last, int(state.get("mark", 0)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.error("cursor unreadable; every block in the journal is offered again", why=repr(error))
        return Cursor()


def receipted(path: Path) -> Receipted:
    """What the receipts said, for readers beside a running edge; nothing when the file is not there or damaged."""
    try:
        found: Receipted = _state(path.read_bytes())["receipted"]
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return found


def _state(data: bytes) -> dict[str, Any]:
    """The state in a cursor's bytes; raises ValueError when its sum is another. Older ones had no sum."""
    loaded: dict[str, Any] = json.loads(data)
    if "heads" in loaded:
        return loaded
    state: dict[str, Any] = loaded["state"]
    if _sum(state) != loaded["sha256"]:
        raise ValueError("the cursor's sum is another")
    return state


def _sum(state: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _head(incarnation: str, seq: int, digest: str, row_last: int, position: int) -> Head:
    return Head(int(incarnation, 16), seq, bytes.fromhex(digest), row_last, position)
