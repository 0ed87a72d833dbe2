"""Energy of a site's meters by hour, day or month, with emissions: decimal strings, sums exact."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from accounts.figure.carbon import Carbon, carbon
from accounts.figure.factors import Document, Factor, select
from accounts.figure.rounding import energy, plain, share
from accounts.metering.hours import Bins, Class, HourFacts, join
from cloud.figures.messages import EmptyPeriod
from cloud.ledger.tag_catalogue import Known, SiteNode
from cloud.projection import periods
from cloud.projection.counter_bins import is_register, register
from cloud.projection.hour_chunk import HOUR, hour_of
from cloud.projection.periods import By
from cloud.projection.state import State
from cloud.reference import factors
from cloud.settings import Site
from contract.errors import BadInput
from contract.message import Message

Json = dict[str, Any]
_WIDE: dict[By, int] = {"hour": 2 * HOUR, "day": 50 * HOUR, "month": 64 * 24 * HOUR}
"""More than a period and the one before it last, ns."""
_MANY = 4_000
"""Most hours that are looked up one by one."""
PROVINCE = "province"
"""The choice of the factor of the site's province."""
Choose = Callable[[int], Factor | Message]
"""The factor for data of a year, or why there is none."""


def answer(
    state: State, site: Site, from_: str | None, to: str | None, by: By, now: int | None = None
) -> Json:
    """The answer of GET /sites/{site}/energy; from_ and to are half-open, by default the current local day.

    now: UTC ns. Raises BadInput for times that can't be used.
    """
    now = time.time_ns() if now is None else now
    begin = periods.start_of_day(now, site.zone) if from_ is None else periods.parse("from", from_, site.zone)
    end = periods.next_day(max(now, begin), site.zone) if to is None else periods.parse("to", to, site.zone)
    if end <= begin:
        raise BadInput(EmptyPeriod())
    with state.lock:
        meters = [item for item in state.counters(site.id) if item[1].tag.meter is not None]
        found = [(*item, _facts(state, site, *item, begin, end, by, now)) for item in meters]
    choose = chooser(site)
    rows = [
        _row(site, place, known, facts, i, choose, now)
        for place, known, facts in found
        if facts is not None
        for i in np.flatnonzero(facts.class_ != Class.UNKNOWN).tolist()
    ]
    refused = [_refusal(known) for _, known in meters if not is_register(known.tag)]
    return {"site": site.id, "tz": site.tz, "by": by, "rows": rows, "refused": refused}


def describe(factor: Factor) -> Json:
    """A factor as JSON, with its document."""
    document = factor.document or Document("", "", "", "")
    return {
        "id": factor.id, "value": factor.value, "unit": factor.unit, "year": factor.year, "level": factor.level,
        "place": factor.place, "citation": factor.citation, "document": document.title, "issuer": document.issuer,
        "date": document.date, "url": document.url, "trust": factor.trust, "single_source": factor.single_source,
    }  # fmt: skip


def _facts(
    state: State, site: Site, place: SiteNode, known: Known, begin: int, end: int, by: By, now: int
) -> HourFacts | None:
    tag, group = known.tag, known.group
    head = state.latest.head(place, group.stream)
    if head is None or not is_register(tag):
        return None
    bins = _around(state, place, tag.name, begin, end, by, head)
    read = bins["first"][bins["readings"] > 0]
    first = int(read[0]) if len(read) else end
    edges = periods.edges(site.zone, begin, end, by, max(now, head)) if first < end else []
    if len(edges) < 2:
        return None
    return join(bins, register(tag, group), np.array(edges), state.catalogue.gaps(place, group.id), head)


def _around(state: State, place: SiteNode, tag: str, begin: int, end: int, by: By, head: int) -> Bins:
    """The bins that matter for the periods from *begin* to *end*: those in and around them, or all."""
    chunks = state.chunks.get(place, {})
    back, on = begin - _WIDE[by], min(end + _WIDE[by], head)
    first, last = hour_of(back), hour_of(on)
    if last - first < _MANY:
        return state.hours.around(place, tag, chunks, state.catalogue, first, last)
    return state.hours.bins(place, tag, chunks, state.catalogue)


def _row(
    site: Site, place: SiteNode, known: Known, facts: HourFacts, i: int, choose: Choose, now: int
) -> Json:
    tag, start, end = known.tag, int(facts.start[i]), int(facts.end[i])
    amount = energy(int(facts.steps[i]), tag.scale, tag.unit)
    emitted = carbon(amount, tag.carrier, choose(periods.year_of(start, site.zone)))
    return {
        "meter": tag.meter,
        "node": place.node,
        "tag": tag.name,
        "carrier": tag.carrier,
        "from": periods.local(start, site.zone),
        "to": periods.local(end, site.zone),
        "value": plain(amount.value),
        "unit": amount.unit,
        "completeness": share(facts.completeness(i)),
        "completeness_so_far": share(facts.completeness_until(i, now)),
        "class": Class(facts.class_[i]).label,
        "tco2": _carbon(emitted, site.factor is None)
        if isinstance(emitted, Carbon)
        else {"refused": emitted.why.json()},
    }


def _carbon(emitted: Carbon, by_default: bool) -> Json:
    """by_default: the site chooses no factor, so that the one of its province was taken."""
    return {
        "value": plain(emitted.value), "unit": emitted.unit, "factor": describe(emitted.factor),
        "by_default": by_default,
    }  # fmt: skip


def chooser(site: Site) -> Choose:
    """The factor of a year by the choice of the site; without one that of its province."""
    named = None if site.factor == PROVINCE else site.factor
    known: dict[int, Factor | Message] = {}

    def choose(year: int) -> Factor | Message:
        if year not in known:
            known[year] = select(factors.shipped(), named, site.province, year)
        return known[year]

    return choose


def _refusal(known: Known) -> Json:
    return {
        "meter": known.tag.meter,
        "tag": known.tag.name,
        "why": f"a counter of type {known.tag.type} has no steps",
    }
