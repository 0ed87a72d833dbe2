"""A small site in a few lines, for tests of its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from accounts.book import figures
from accounts.figure.calendar import Calendar, Period
from accounts.figure.factors import Tables
from accounts.figure.figure import Figure, RefusedFigure
from accounts.inputs.inputs import Declared, Imported
from accounts.metering.facts import Facts
from cloud.reference import factors
from contract.imported import Row
from contract.sites import Band, Factors, Point, Points, Site, Tariff

HOUR = 3_600 * 10**9
SITE = Site("mill", "厂", "Mill", "Asia/Shanghai", "浙江", 0)


def ns(text: str) -> int:
    """UTC ns of a local time in Shanghai, or of one with an offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = datetime.fromisoformat(f"{at.isoformat()}+08:00")
    return int(at.timestamp()) * 10**9


def row(from_: str, to: str | None, point: str, quantity: str, value: str, unit: str) -> Imported:
    """An imported row; its block's hash follows from what it says."""
    end = None if to is None else ns(to)
    digest = sha256(repr((from_, to, point, quantity, value)).encode()).digest()
    return Imported(Row(ns(from_), end, point, quantity, Decimal(value), unit), digest)


def point(name: str, carrier: str | None = None, parent: str | None = None, meter: bool = False) -> Point:
    """A point; with a meter it is the tag NAME of node edge."""
    return Point(name, carrier, parent, "edge" if meter else None, name if meter else None, name, name)


def day(tag: str, on: date, steps: list[int], class_: str = "measured", share: str = "1.0000", scale: str = "0.01",
        unit: str = "kW.h") -> Facts:  # fmt: skip
    """Facts of a whole day of 24 hours."""
    start = Calendar.of(SITE).begin(on)
    inputs = tuple(sha256(f"{tag} {on} {i}".encode()).hexdigest() for i in range(24))
    return Facts("mill", "edge", tag, tag, "electricity", on, start, start + 24 * HOUR, tuple(steps), scale, unit,
                 (class_,) * 24, (share,) * 24, inputs)  # fmt: skip


def tariff(
    *bands: tuple[str, int, int, str], since: date = date(2020, 1, 1), source: str = "tariff"
) -> Tariff:
    """A tariff of bands (name, from and to in hours, price)."""
    return Tariff("CNY", source, since, tuple(Band(n, a * 60, b * 60, Decimal(p)) for n, a, b, p in bands))


def site(*rows: Imported, points: list[Point] | None = None, **more: Any) -> Declared:
    """A site with a national factor and these rows."""
    tree = None if points is None else Points(tuple(points))
    return replace(Declared(SITE, tree, Factors("national", None, ()), rows=rows), **more)


def ask(
    declared: Declared, first: str = "2023-01-01", after: str = "2024-01-01", tables: Tables | None = None
) -> tuple[dict[tuple[str, str | None], Figure], dict[tuple[str, str | None], RefusedFigure]]:
    """Figures and refusals by (kind, point)."""
    period = Period(Calendar.of(declared.site), date.fromisoformat(first), date.fromisoformat(after))
    made, refused = figures(declared, factors.tables() if tables is None else tables, period)
    assert len({(item.kind, item.point) for item in made}) == len(made)
    return {(i.kind, i.point): i for i in made}, {(i.kind, i.point): i for i in refused}


def year(point_: str, quantity: str, value: str, unit: str, of: int = 2023) -> Imported:
    """A row of a whole year."""
    return row(f"{of}-01-01", f"{of + 1}-01-01", point_, quantity, value, unit)


def days(first: str, count: int) -> list[date]:
    """Some days from one on."""
    return [date.fromisoformat(first) + timedelta(days=i) for i in range(count)]
