"""What the cloud counts, and the report that GET /api/v1/health gives."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Protocol

from accounts.figure.rounding import share
from cloud.ingest.backfill import Filling
from cloud.ledger import Decoded
from cloud.ledger.heads import Heads
from cloud.settings import Settings
from contract.times import rfc3339

DAY = 86_400 * 10**9
"""Nanoseconds of a day."""


class Progress(Protocol):
    """What a projector tells of itself: blocks not yet in the store, values in it, and whether these are of now."""

    lag_blocks: int
    values: int

    @property
    def counted(self) -> bool: ...


class IngestCounters:
    """Counts of one cloud since its start, and what its ledger holds."""

    def __init__(self) -> None:
        self.blocks = self.bytes = self.damage = 0
        self.duplicates = self.unlinked = self.forks = self.refused = self.unknown_keys = self.dropped = 0
        self.first_received: int | None = None
        self.last_received: int | None = None
        self.heads = Heads()
        self.keys: Mapping[str, object] = {}
        self.declared = 0
        """Statements of desks that are durable in the ledger."""
        self._fillings: dict[str, Filling] = {}
        self._sites: dict[str, str] = {}
        self._desks: set[str] = set()
        self._last_contact: dict[str, int] = {}

    def block(self, received_at: int, data: bytes, decoded: Decoded) -> None:
        """Count a block that is in the ledger; received_at in UTC ns."""
        self.blocks += 1
        self.bytes += len(data)
        self.first_received = received_at if self.first_received is None else self.first_received
        self.last_received = received_at
        self.note_contact(decoded.header.node, received_at)
        of = self._sites.get(decoded.header.node)
        if of is not None:
            self._fillings.setdefault(of, Filling()).see(decoded.header)
        statement = decoded.statement
        site = None if statement is None else statement.fields.get("site")
        if statement is None or not isinstance(site, str) or not site:
            return  # accounts serve every site and name none
        if statement.kind == "open":
            self._sites[decoded.header.node] = site
        elif statement.kind == "site" and decoded.header.node == f"desk-{site}":
            self._desks.add(site)

    def note_contact(self, node: str, received_at: int) -> None:
        """Note that a message of a node came at *received_at*, UTC ns."""
        self._last_contact[node] = received_at

    def unknown_sites(self, settings: Settings) -> list[str]:
        """Sites that nodes name and neither cloud.yaml nor a desk makes known, sorted."""
        named = set(self._sites.copy().values()) - self._desks
        return sorted(site for site in named if settings.site(site) is None)

    def history(self) -> dict[str, dict[str, Any]]:
        """Per site with recorded rows: from and to when they are here, until when they are due, number, share."""
        return {
            site: {
                "from": rfc3339(found.first),
                "to": rfc3339(found.last),
                "until": None if found.live is None else rfc3339(found.live),
                "rows": found.rows,
                "share": share(found.share),
            }
            for site, found in sorted(self._fillings.copy().items())
            if found.first is not None and found.last is not None
        }

    def nodes(self) -> list[dict[str, Any]]:
        """Every node that the ledger knows: its site, its key, when its last message came, how far its streams are."""
        found: dict[str, dict[str, Any]] = {}
        for node, at in sorted(self._last_contact.copy().items()):
            known = {"node": node, "site": self._sites.get(node), "trusted": node in self.keys}
            found[node] = {**known, "last_received": rfc3339(at), "streams": []}
        for key in self.heads.latest():
            if key[0] in found:
                has = self.heads.of(key)
                stream = {
                    "stream": key[1],
                    "incarnation": f"{key[2]:016x}",
                    "last": has.last,
                    "have": has.have,
                }
                found[key[0]]["streams"].append(stream)
        return list(found.values())


def report(
    settings: Settings,
    counters: IngestCounters,
    overflowed: int,
    progress: Progress | None,
    problem: str | None,
) -> dict[str, Any]:
    """The health of a cloud. Times are RFC 3339 UTC, sizes bytes.

    overflowed: messages that the inbox had no room for. problem: why the cloud is not well, if it is not.
    """
    return {
        "status": "ok" if problem is None else problem,
        "version": version("steelyard"),
        "time": rfc3339(time.time_ns()),
        "ledger": _ledger(settings, counters),
        "projector": {
            "lag_blocks": progress.lag_blocks if progress is not None else None,
            "values": progress.values if progress is not None else None,
            "counted": progress is not None and progress.counted,
        },
        "refused": counters.refused,
        "unknown_keys": counters.unknown_keys,
        "forks": counters.forks,
        "unlinked": counters.unlinked,
        "duplicates": counters.duplicates,
        "dropped": counters.dropped,
        "overflowed": overflowed,
        "unknown_sites": len(counters.unknown_sites(settings)),
        "last_received": None if counters.last_received is None else rfc3339(counters.last_received),
        "history": counters.history(),
        "nodes": counters.nodes(),
    }


def _ledger(settings: Settings, counters: IngestCounters) -> dict[str, Any]:
    """Size of the ledger, what a day adds, and how many days the disk has room for; null before it can be known."""
    a_day = days = None
    free = shutil.disk_usage(settings.ledger_folder).free
    if counters.first_received is not None and counters.last_received is not None:
        span = max(counters.last_received - counters.first_received, 10**9)
        a_day = counters.bytes * DAY // span
        days = round(free / a_day, 1) if a_day else None
    size = {"blocks": counters.blocks, "bytes": counters.bytes, "damage": counters.damage}
    return {**size, "bytes_per_day": a_day, "free_bytes": free, "days_to_full": days}
