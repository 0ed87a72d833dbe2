"""Reading an edge's folder while the edge runs or after: journal list and status. Changes nothing."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contract import block
from contract.errors import BadInput, Malformed
from edge import cursor
from edge.write_ahead_log import left_in
from journal.records import Record
from journal.segments import Segments

_UNSAID = dict.fromkeys(("last_receipt", "refused", "unknown_keys", "forks"))
"""What the status says before the program has said anything."""


def find(folder: Path) -> Path:
    """The journal in a folder that a person names: a demo's, an edge's, or the journal itself."""
    for inner in (folder / "edge" / "journal", folder / "journal"):
        if inner.is_dir():
            return inner
    return folder


def journal(folder: Path) -> dict[str, Any]:
    """Streams of a journal with their unreceipted blocks, and rows in the tails that no block holds."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: no journal here")
    receipted = cursor.receipted(folder / cursor.FILE)
    streams = _listing(Segments.read(folder), receipted)
    sealed: dict[str, int] = {}
    for row in streams:
        sealed[row["stream"]] = max(row["row_last"], sealed.get(row["stream"], 0))
    names = sorted({path.name.split("-")[1] for path in folder.glob("tail-*-[ab]")})
    tail = [{"stream": name, "rows": left_in(folder, name, sealed.get(name, 0))} for name in names]
    return {"streams": streams, "tail": tail}


def status(folder: Path) -> dict[str, Any]:
    """What the running program last said of itself, and what the disk holds."""
    said = _json(folder / "status.json")
    size = sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) if folder.is_dir() else 0
    held = journal(folder)["streams"] if folder.is_dir() else []
    running = _is_locked(folder)
    return {
        "version": version("steelyard"),
        "running": running,
        **_UNSAID,
        **said,
        "connected": running and bool(said.get("connected")),
        "journal_bytes": size,
        "days_to_full": _days_to_full(folder, said),
        "unreceipted": sum(row["unreceipted"] for row in held),
    }


def as_text(found: dict[str, Any]) -> str:
    """The status for people: one line each, times as RFC 3339 with their age."""
    times = ("written", "started", "last_receipt")
    words = {True: "yes", False: "no", None: "none"}
    lines = []
    for key, value in found.items():
        if key in times and value is not None:
            at = datetime.fromtimestamp(int(value) / 1e9, UTC)
            age = (time.time_ns() - int(value)) / 1e9
            shown = f"{at:%Y-%m-%dT%H:%M:%SZ} ({age:.0f} s ago)"
        elif isinstance(value, dict):
            shown = ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
        else:
            shown = words[value] if value is None or isinstance(value, bool) else str(value)
        lines.append(f"{key.replace('_', ' ')}: {shown}")
    return "\n".join(lines)


def _listing(records: Iterable[Record], receipted: cursor.Receipted) -> list[dict[str, Any]]:
    """Streams and incarnations of a journal with the number of their blocks that have no receipt."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for record in records:
        try:
            header, _, _ = block.parse(record.data)
        except Malformed:
            continue  # `journal list` counts blocks; `blocks --verify` names damage
        name = f"{header.incarnation:016x}"
        row = found.setdefault(
            (header.stream, header.incarnation),
            {"stream": header.stream, "incarnation": name, "first": header.seq, "unreceipted": 0},
        )
        row.update(last=header.seq, row_last=header.row_last)
        row["unreceipted"] += header.seq > receipted.get(header.stream, {}).get(name, -1)
    return list(found.values())


def _days_to_full(folder: Path, said: dict[str, Any]) -> str | None:
    """Days until the disk is full if no receipt came any more, at the rate of this run; None when unknown."""
    started, sealed = said.get("started"), said.get("sealed_bytes")
    if not folder.is_dir() or started is None or not sealed:
        return None
    seconds = max(1e-9, (time.time_ns() - int(started)) / 1e9)
    free = os.statvfs(folder)
    return f"{free.f_bavail * free.f_frsize / (sealed / seconds) / 86400:.1f}"


def _is_locked(folder: Path) -> bool:
    try:
        fd = os.open(folder / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}  # not written yet
    return loaded if isinstance(loaded, dict) else {}
