"""What is declared of a site, as frozen types; contract/declared.py reads them from statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

DAY = 1440
"""Minutes of a day."""
SITES = "site"
"""In place of a factor's id: the one that the site's choice of factors gives."""


@dataclass(frozen=True)
class Site:
    """A site. tz: IANA zone; day_start: minutes after local midnight at which its day begins."""

    id: str
    name_zh: str
    name_en: str
    tz: str
    province: str
    day_start: int


@dataclass(frozen=True)
class Point:
    """A point of the balance: what a meter (node, tag) reads, or what is imported for it. parent: id of a point."""

    id: str
    carrier: str | None
    parent: str | None
    node: str | None
    tag: str | None
    zh: str
    en: str


@dataclass(frozen=True)
class Points:
    """The whole meter tree of a site, parents and children in the order they were written."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class Factors:
    """The choice of factors. grid: ``province``, ``national`` or a factor's id; named: id by quantity code."""

    grid: str
    heat: str | None
    named: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Band:
    """Hours of the day with one price. from_, to: minutes after midnight; to <= from_ goes on after midnight."""

    name: str
    from_: int
    to: int
    price: Decimal

    def minutes(self) -> list[int]:
        """The minutes of the day, 0 to 1439, that the band holds."""
        if self.to > self.from_:
            return list(range(self.from_, self.to))
        return [*range(self.from_, DAY), *range(self.to)]


@dataclass(frozen=True)
class Tariff:
    """A time-of-use tariff from a day on: yuan per kW.h; its bands cover the 24 hours exactly once."""

    currency: str
    source: str
    valid_from: date
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Limit:
    """A permit's limit of a parameter at a point. low: for a range, as of pH. statistic: mean of a day or an hour."""

    point: str
    parameter: str
    limit: Decimal
    low: Decimal | None
    unit: str
    statistic: str


@dataclass(frozen=True)
class Permit:
    """Limits of one document. example: not a legal limit, to be marked wherever it shows. valid_to: its last day."""

    document: str
    example: bool
    valid_from: date
    valid_to: date | None
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class Project:
    """A saving to be worked out. points: whose quantity is added up, None for all; drivers: None for a search.

    baseline, reporting: first and last day, both included. interval: ``day`` or ``month``. confidence: of the saving's
    interval, 0 to 1. factor: id of the grid factor of its emissions; None for none, SITES for the site's choice.
    """

    id: str
    quantity: str
    points: tuple[str, ...] | None
    drivers: tuple[str, ...] | None
    interval: str
    baseline: tuple[date, date]
    reporting: tuple[date, date]
    confidence: Decimal = Decimal("0.9")
    factor: str | None = SITES


@dataclass(frozen=True)
class Savings:
    """The savings projects of a site."""

    projects: tuple[Project, ...]


@dataclass(frozen=True)
class Access:
    """That somebody with a token asked for a path: who is the token's id, status the HTTP status."""

    who: str
    what: str
    status: int
