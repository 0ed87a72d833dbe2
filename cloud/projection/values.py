"""Latest values and series of a site's tags. Age comes from the row's time, never from arrival."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np

from accounts.figure.rounding import plain
from cloud.ledger.columns import values
from cloud.ledger.tag_catalogue import Known, SiteNode
from cloud.projection.counter_bins import FLUSH
from cloud.projection.hour_chunk import HOUR, Values
from cloud.projection.messages import SeveralNodes, TooManyPoints, TooManyValues
from cloud.projection.state import State
from cloud.settings import Site
from cloud.store import Store
from cloud.store.base import How
from contract.errors import BadInput
from contract.quality import Quality
from contract.tags import Layout, Tag, from_bits
from contract.times import rfc3339

Json = dict[str, Any]
LATE = 5 * 10**9
"""How much later than 2 * every + seal_after a row may be before its tag is stale, ns."""
POINTS = 1_000
"""Points that a series has when nobody says how many."""
MAX_POINTS = 50_000


def latest(state: State, site: Site, now: int) -> Json:
    """The answer of GET /sites/{site}/latest: every tag that the site's nodes read now. now: UTC ns."""
    with state.lock:
        rows = [
            _latest(state, place, known, now)
            for place in state.catalogue.places(site.id)
            for known in state.catalogue.tags(place).values()
            if known.current
        ]
    return {"site": site.id, "tz": site.tz, "now": rfc3339(now), "rows": rows}


def series(
    state: State, store: Store, site: Site, tag: str, node: str | None, from_: int, to: int, step: int | None
) -> Json | None:
    """The answer of GET /sites/{site}/series; times and step in ns; None for a tag that the site does not have.

    Raises BadInput when it would be too long, StoreDown when the store can't be asked.
    """
    with state.lock:
        found = [
            (place, state.catalogue.tags(place)[tag])
            for place in state.catalogue.places(site.id)
            if tag in state.catalogue.tags(place) and node in (None, place.node)
        ]
    if not found:
        return None
    if len(found) > 1:
        raise BadInput(SeveralNodes(tag, tuple(place.node for place, _ in found)))
    (place, known), width = found[0], step if step is not None else _step(found[0][1], to - from_)
    if width and (to - from_) / width > MAX_POINTS:
        raise BadInput(TooManyPoints(MAX_POINTS))
    how: How = "mean" if known.tag.kind == "gauge" else "last"
    table = store.series(site.id, [tag], from_, to, width, how)
    rows = [(row["time"], row["value"]) for row in table.to_pylist() if row["node"] == place.node]
    if len(rows) > MAX_POINTS:
        raise BadInput(TooManyValues(MAX_POINTS))
    with state.lock:
        points = _with_gaps(rows, _patience(known, width), state, place, known)
    return {"site": site.id, "node": place.node, "tag": tag, "unit": known.tag.unit, "step": width / 10**9,
            "points": [[time // 10**6, value] for time, value in points]}  # fmt: skip


def history(state: State, site: Site, seconds: int, now: int) -> dict[str, list[list[float | None]]]:
    """Points of each meter's gauge in the last seconds, from memory: {meter: [[UTC s, value or None], ...]}."""
    found: dict[str, list[list[float | None]]] = {}
    with state.lock:
        for place in state.catalogue.places(site.id):
            for known in state.catalogue.tags(place).values():
                if known.current and known.tag.meter is not None and known.tag.kind == "gauge":
                    rows = _recent(state, place, known.tag, now - seconds * 10**9)
                    points = _with_gaps(_numbers(known.tag, rows), _patience(known, 0), state, place, known)
                    found[known.tag.meter] = [[time / 10**9, value] for time, value in points]
    return found


def number(tag: Tag, bits: Values) -> tuple[str, str]:
    """Value in the tag's unit and raw value as text: exact decimals for integers, repr for floats."""
    raw = from_bits(np.ascontiguousarray(bits), tag.dtype)[0].item()
    if isinstance(raw, int):
        return plain(Decimal(raw) * Decimal(tag.scale) + Decimal(tag.offset)), str(raw)
    return repr(next(values(tag, [raw]))), repr(raw)


def _latest(state: State, place: SiteNode, known: Known, now: int) -> Json:
    tag, group = known.tag, known.group
    row = state.latest.values.get((place, tag.name))
    fields = {
        "tag": tag.name, "node": place.node, "device": group.device, "meter": tag.meter, "kind": tag.kind,
        "carrier": tag.carrier, "title": {"zh": tag.zh, "en": tag.en}, "unit": tag.unit, "every": group.every / 10**9,
    }  # fmt: skip
    if row is None:
        nothing = dict.fromkeys(("time", "age_s", "value", "raw", "stale_since"))
        return fields | nothing | {"quality": Quality.MISSING.label, "stale": True}
    time, (value, raw) = int(row["time"][0]), number(tag, row["bits"])
    seen = max(time, state.latest.alive.get((place, group.id), time))
    stale = now - seen > 2 * group.every + known.seal_after + LATE
    return fields | {
        "time": rfc3339(time), "age_s": round((now - seen) / 10**9, 3), "value": value, "raw": raw,
        "quality": Quality(int(row["status"][0])).label, "stale": stale,
        "stale_since": rfc3339(seen) if stale else None,
    }  # fmt: skip


def _step(known: Known, length: int) -> int:
    """A step in whole seconds that gives about POINTS points; 0 where the tag has no more than that."""
    if known.group.every and length // known.group.every <= POINTS:
        return 0
    return max(math.ceil(length / POINTS / 10**9), 1) * 10**9


def _patience(known: Known, step: int) -> int | None:
    """How far apart two points may be before something is missing between them, ns; None: however far."""
    if known.group.layout is Layout.EVENTS or (known.group.every == 0 and not step):
        return None
    return max(2 * known.group.every + FLUSH, step * 3 // 2)


def _with_gaps(
    rows: list[tuple[int, float | None]], patience: int | None, state: State, place: SiteNode, known: Known
) -> list[tuple[int, float | None]]:
    """The points, with a None between two where values are missing."""
    if len(rows) < 2:
        return rows
    times = np.array([time for time, _ in rows], np.int64)
    a, b, gaps = times[:-1], times[1:], state.catalogue.gaps(place, known.group.id)
    if patience is None:
        breaks = (gaps.missing(a, b) > 0) | gaps.broken(a, b)
    else:
        breaks = b - a > patience
    out: list[tuple[int, float | None]] = []
    for i, row in enumerate(rows):
        out.append(row)
        if i < len(breaks) and breaks[i]:
            out.append((int(a[i] + (b[i] - a[i]) // 2), None))
    return out


def _recent(state: State, place: SiteNode, tag: Tag, since: int) -> Values | None:
    newest = state.latest.values.get((place, tag.name))
    if newest is None:
        return None
    last = int(newest["time"][0])
    hours = range((min(since, last) - 1) // HOUR, (last - 1) // HOUR + 1)
    chunks = state.chunks.get(place, {})
    parts = [
        chunks[h].values[tag.name].array() for h in hours[-2:] if h in chunks and tag.name in chunks[h].values
    ]
    if not parts:
        return newest
    rows = np.concatenate(parts)
    return rows[rows["time"] >= since]


def _numbers(tag: Tag, rows: Values | None) -> list[tuple[int, float | None]]:
    if rows is None:
        return []
    raws = from_bits(np.ascontiguousarray(rows["bits"]), tag.dtype).tolist()
    found = [value if math.isfinite(value) else None for value in values(tag, raws)]
    return list(zip(rows["time"].tolist(), found, strict=True))
