"""The cursor: receipted blocks, heads, and the last row of each group, in one file beside the journal.

It carries its own SHA-256: damage must never mark a block as receipted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from edge.last_accepted import LastAccepted
from edge.stored_block import JournalHead
from journal.files import Files

log = structlog.get_logger()
FILE = "cursor.json"

Receipted = dict[str, dict[str, int]]
"""Stream, incarnation (16 hex digits): the highest seq that a receipt has freed."""


@dataclass
class Cursor:
    """freed: as receipted, and unchanged when blocks are offered again to a cloud that lost them.

    refused: seqs of the pages of schemas that the cloud refused, by stream and incarnation (16 hex digits).
    mark: position up to which the rows of the journal are in *last*.
    """

    heads: dict[str, JournalHead] = field(default_factory=dict)
    receipted: Receipted = field(default_factory=dict)
    freed: Receipted = field(default_factory=dict)
    refused: dict[str, dict[str, list[int]]] = field(default_factory=dict)
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
            "refused": self.refused,
            "groups": self.last.groups,
            "tags": self.last.tags,
            "recorded": self.last.recorded,
            "mark": self.mark,
        }
        files.replace(folder / FILE, json.dumps({"state": state, "sha256": _sum(state)}).encode())

    def prune(self, live: set[tuple[str, str]]) -> None:
        """Forget the receipts of other chains than these, by stream and incarnation (16 hex digits)."""
        by_streams: list[dict[str, Any]] = [self.receipted, self.freed, self.refused]
        for by_stream in by_streams:
            for stream, done in by_stream.items():
                by_stream[stream] = {name: item for name, item in done.items() if (stream, name) in live}


def load(folder: Path, files: Files) -> Cursor:
    """The cursor of a journal; an empty one when there is none or it is damaged."""
    path = folder / FILE
    if not files.exists(path):
        return Cursor()
    try:
        state = _state(files.read(path))
        heads = {s: _head(*item) for s, item in state["heads"].items()}
        tags = {name: tuple(item) for name, item in state["tags"].items()}
        last = LastAccepted(dict(state["groups"]), tags, dict(state.get("recorded", {})))
        done = dict(state["receipted"])
        freed, refused = dict(state.get("freed", done)), dict(state.get("refused", {}))
        return Cursor(heads, done, freed, refused, last, int(state.get("mark", 0)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.error("cursor unreadable; every block in the journal is offered again", why=repr(error))
        return Cursor()


def receipted(path: Path) -> Receipted:
    """The receipted blocks in a cursor's file, read beside a running edge; {} when it is absent or damaged."""
    try:
        state: Receipted = _state(path.read_bytes())["receipted"]
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return state


def _state(data: bytes) -> dict[str, Any]:
    """The state in a cursor's bytes; raises ValueError when its sum differs. Older files have no sum."""
    loaded: dict[str, Any] = json.loads(data)
    if "heads" in loaded:
        return loaded
    state: dict[str, Any] = loaded["state"]
    if _sum(state) != loaded["sha256"]:
        raise ValueError("the SHA-256 of the cursor differs")
    return state


def _sum(state: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _head(incarnation: str, seq: int, digest: str, row_last: int, position: int) -> JournalHead:
    return JournalHead(int(incarnation, 16), seq, bytes.fromhex(digest), row_last, position)
