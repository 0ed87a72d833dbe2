"""The folder of an edge, read while it runs or after: `journal list` and `status`. Changes nothing."""

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
from edge.messages import ChainOfBlocks, NoJournal, RowsInLog, TimeAgo
from edge.words import STATUS, VALUES, word
from edge.write_ahead_log import left_in
from journal.records import Record
from journal.segments import Segments
from languages.render import plain

TIMES = ("written", "started", "last_receipt")
"""Keys of the status that are moments, UTC ns."""
_UNKNOWN = dict.fromkeys(("last_receipt", "refused", "unknown_keys", "forks"))
"""Keys of the status that are null before the program has written any."""


def find(folder: Path) -> Path:
    """The journal in a folder that a person names: a demo's, an edge's, or the journal itself."""
    for inner in (folder / "edge" / "journal", folder / "journal"):
        if inner.is_dir():
            return inner
    return folder


def journal(folder: Path) -> dict[str, Any]:
    """Streams of a journal with their unreceipted blocks, and rows in the write-ahead logs that no block holds."""
    if not folder.is_dir():
        raise BadInput(NoJournal(str(folder)))
    receipted = cursor.receipted(folder / cursor.FILE)
    streams = _listing(Segments.read(folder), receipted)
    sealed: dict[str, int] = {}
    for row in streams:
        sealed[row["stream"]] = max(row["row_last"], sealed.get(row["stream"], 0))
    names = sorted({path.name.split("-")[1] for path in folder.glob("tail-*-[ab]")})
    tail = [{"stream": name, "rows": left_in(folder, name, sealed.get(name, 0))} for name in names]
    return {"streams": streams, "tail": tail}


def status(folder: Path) -> dict[str, Any]:
    """The status that the program wrote last, and the state of the disk."""
    written = _json(folder / "status.json")
    size = sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) if folder.is_dir() else 0
    streams = journal(folder)["streams"] if folder.is_dir() else []
    running = _is_locked(folder)
    return {
        "version": version("steelyard"),
        "running": running,
        **_UNKNOWN,
        **written,
        "connected": running and bool(written.get("connected")),
        "journal_bytes": size,
        "days_to_full": _days_to_full(folder, written),
        "unreceipted": sum(row["unreceipted"] for row in streams),
    }


def status_text(found: dict[str, Any], language: str) -> str:
    """The status for people, in zh or en: one line a key, times as RFC 3339 with their age."""
    return "\n".join(_status_line(key, value, language) for key, value in found.items())


def _status_line(key: str, value: Any, language: str) -> str:
    name = word(STATUS, key, language).replace("_", " ")
    return name + ("：" if language == "zh" else ": ") + _status_value(key, value, language)


def _status_value(key: str, value: Any, language: str) -> str:
    if value is None or value == {}:
        return word(VALUES, "none", language)
    if isinstance(value, bool):
        return word(VALUES, "yes" if value else "no", language)
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return _moment(int(value), language) if key in TIMES else str(value)


def _moment(at: int, language: str) -> str:
    text = f"{datetime.fromtimestamp(at / 1e9, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return plain(TimeAgo(text, f"{(time.time_ns() - at) / 1e9:.0f}").json(), language)


def journal_text(found: dict[str, Any], language: str) -> str:
    """The streams of a journal for people, in zh or en: one line a chain, one a write-ahead log."""
    lines = [ChainOfBlocks(**row) for row in found["streams"]]
    logs = [RowsInLog(**row) for row in found["tail"]]
    return "\n".join(plain(line.json(), language) for line in (*lines, *logs))


def _listing(records: Iterable[Record], receipted: cursor.Receipted) -> list[dict[str, Any]]:
    """Streams and incarnations of a journal with the number of their blocks that have no receipt."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for record in records:
        try:
            header, _, _ = block.parse(record.data)
        except Malformed:
            continue  # `journal list` counts blocks; `blocks --verify` names damage
        name = f"{header.incarnation:016x}"
        row = rows.setdefault(
            (header.stream, header.incarnation),
            {"stream": header.stream, "incarnation": name, "first": header.seq, "unreceipted": 0},
        )
        row.update(last=header.seq, row_last=header.row_last)
        row["unreceipted"] += header.seq > receipted.get(header.stream, {}).get(name, -1)
    return list(rows.values())


def _days_to_full(folder: Path, written: dict[str, Any]) -> str | None:
    """Days until the disk is full if no receipt came any more, at the rate of this run; None when unknown."""
    started, sealed = written.get("started"), written.get("sealed_bytes")
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
