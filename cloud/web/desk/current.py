"""Statements as forms are filled with them: an earlier one as a template, or the one in force where one is complete."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cloud.auth.running import Running
from cloud.read_models.read_model import ReadModel
from cloud.registry.log import Entry
from cloud.web.desk.submit import WHOLE
from cloud.web.desk.summary import summary
from contract.fields import as_utc
from contract.sites import Site
from contract.times import rfc3339

Json = dict[str, Any]
_NS = 1_000_000_000


def listed(item: Entry) -> Json:
    """A statement of the log."""
    return {
        "hash": item.hash, "kind": item.kind, "at": rfc3339(item.at), "by": item.by, "note": item.note,
        "withdrawn": item.withdrawn, "summary": summary(item.kind, item.fields),
    }  # fmt: skip


def template(service: Running, site: str, name: str) -> Json | None:
    """A statement with its fields as its form takes them; None where the site's desk has none of this hash."""
    item = service.registry.caught_up().entry(site, name)
    if item is None:
        return None
    chosen = service.registry.site(site)
    fields = item.fields
    if item.kind == "correction" and chosen is not None:
        fields = {
            **fields,
            **{key: _local(fields[key], chosen.zone) for key in ("from", "to") if fields.get(key)},
        }
    return {**listed(item), "fields": fields}


def now(service: Running, read_model: ReadModel, site: str, kind: str) -> Json:
    """The statement of a kind that counts, {hash, fields}; without one hash is null, fields what holds without it."""
    assert kind in WHOLE
    item = service.registry.caught_up().latest(site, kind)
    if item is not None:
        return {"kind": kind, "hash": item.hash, "fields": item.fields}
    return {"kind": kind, "hash": None, "fields": _undeclared(read_model, site, kind)}


def _undeclared(read_model: ReadModel, site: str, kind: str) -> Json | None:
    if kind == "site":
        return _site(read_model.declared(site).site)
    found = [asdict(point) for point in read_model.tree(site).points.values()]
    return {"points": found} if kind == "points" and found else None


def _site(site: Site) -> Json:
    clock = f"{site.day_start // 60:02d}:{site.day_start % 60:02d}"
    return {**asdict(site), "day_start": clock}


def _local(text: str, zone: ZoneInfo) -> str:
    """A time of a statement as it is typed at the site; one that is no whole minute stays as it is."""
    at = as_utc(text)
    if at is None or at % (60 * _NS):
        return text
    local = datetime.fromtimestamp(at // _NS, UTC).astimezone(zone)
    return f"{local:%Y-%m-%d}" if f"{local:%H:%M}" == "00:00" else f"{local:%Y-%m-%d %H:%M}"
