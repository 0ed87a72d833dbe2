"""Emission factors as cited records, and which one fits a site and a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NATIONAL = "national"
"""What a site writes as its factor to use the national average of each year."""

USABLE = ("V", "R", "R1")
"""Trust marks that may be used: read in the document, two public sources agree, one public source."""


@dataclass(frozen=True)
class Document:
    """The document that fixes a factor. date: ISO date of issue. url: where it is published, if known."""

    id: str
    title: str
    issuer: str
    date: str
    url: str | None = None


@dataclass(frozen=True)
class Factor:
    """One factor: kg of CO2 for each kWh. value: decimal string; year: the year it holds for.

    level: national, region or province; place: its name as published. clause: table or clause of the document,
    where it is known.
    """

    id: str
    value: str
    unit: str
    year: int
    level: str
    place: str
    document: Document
    trust: str
    clause: str | None = None

    @property
    def single_source(self) -> bool:
        """Whether only one public source has the value; shown beside each figure."""
        return self.trust == "R1"

    @property
    def citation(self) -> str:
        """The document in one line, with what a reader must know about the source."""
        parts = [self.document.issuer, self.document.title, self.clause, self.document.date]
        text = ", ".join(part for part in parts if part)
        return f"{text} (single source)" if self.single_source else text


def select(factors: Sequence[Factor], named: str | None, province: str | None, year: int) -> Factor | str:
    """The factor for data of *year*, or a sentence that says what is missing.

    *named* is the site's own choice: an id, used for every year, or ``national``. Otherwise the province
    counts. Of several years the newest not later than *year* is taken; another place is never a substitute.
    """
    usable = [factor for factor in factors if factor.trust in USABLE]
    if named is not None and named != NATIONAL:
        found = [factor for factor in usable if factor.id == named]
        return found[0] if found else f"the site names factor {named!r}, which is not known"
    if named != NATIONAL and not province:
        return "the site has no province and names no factor"
    level, place = (NATIONAL, "national grid") if named == NATIONAL else ("province", str(province))
    fitting = [f for f in usable if f.level == level and (level == NATIONAL or f.place == place)]
    if not fitting:
        return f"no published grid factor for {place}"
    known = [factor for factor in fitting if factor.year <= year]
    if not known:
        first = min(factor.year for factor in fitting)
        return f"no published grid factor for {place} for {year}: the first is for {first}"
    return max(known, key=lambda factor: factor.year)
