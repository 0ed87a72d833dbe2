"""Emission factors and coefficients as cited records, and which one fits a site and a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from accounts.figure.messages import (
    FactorNotUsable,
    FactorWithoutCitation,
    NationalGrid,
    NoFactorOfTable,
    NoGridFactor,
    NoGridFactorYet,
    NoProvince,
    UnknownFactor,
)
from contract.message import Message

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
    """A grid factor: kg of CO2 for each kWh. value: decimal string; year: the year it holds for.

    level: national, region or province; place: its name as published. clause: table or clause of the document,
    where it is known. document: None where the record names none; no figure is made with it then.
    """

    id: str
    value: str
    unit: str
    year: int
    level: str
    place: str
    document: Document | None
    trust: str
    clause: str | None = None

    @property
    def single_source(self) -> bool:
        """Whether only one public source has the value; shown beside each figure."""
        return self.trust == "R1"

    @property
    def citation(self) -> str:
        """The document in one line, with what a reader must know about the source; empty where there is none."""
        return _citation(self.document, self.clause, self.single_source)

    def record(self) -> dict[str, Any]:
        """The whole record, as a summary carries it."""
        return {
            "id": self.id, "table": "grid", "value": self.value, "unit": self.unit, "year": self.year,
            "level": self.level, "place": self.place, **_proof(self),
        }  # fmt: skip


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of a table other than the grid's. Numbers are decimal strings.

    table: ``coal`` (value in kg{ce} for each kW.h, MJ, m3 or kg), ``heat`` (value in t{CO2}/GJ) or
    ``combustion`` (terms instead of a value). quantity: code of what it is for. from_year, to_year: years of data
    that it holds for, None is open.
    """

    id: str
    table: str
    quantity: str
    value: str
    unit: str
    document: Document | None
    trust: str
    clause: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    terms: Terms | None = None

    @property
    def single_source(self) -> bool:
        """Whether only one public source has the value."""
        return self.trust == "R1"

    @property
    def citation(self) -> str:
        """The document in one line; empty where there is none."""
        return _citation(self.document, self.clause, self.single_source)

    def holds(self, year: int) -> bool:
        """Whether it is meant for data of a year."""
        return (self.from_year or year) <= year <= (self.to_year or year)

    def record(self) -> dict[str, Any]:
        """The whole record, as a summary carries it."""
        value_fields = {"value": self.value} if self.terms is None else self.terms.record()
        return {
            "id": self.id, "table": self.table, "quantity": self.quantity, **value_fields, "unit": self.unit,
            "from_year": self.from_year, "to_year": self.to_year, **_proof(self),
        }  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What a fuel's CO2 is made of: amount / per * ncv * cc * of * 44/12 tonnes.

    ncv: GJ for each *per* of the record's unit; cc: t of carbon for each GJ; of: share that is oxidised.
    """

    ncv: str
    per: str
    cc: str
    of: str

    def record(self) -> dict[str, str]:
        """The terms as JSON."""
        return {"ncv": self.ncv, "per": self.per, "cc": self.cc, "of": self.of}


Record = Factor | Coefficient
_R = TypeVar("_R", Factor, Coefficient)


@dataclass(frozen=True)
class Tables:
    """Every record at hand."""

    grid: tuple[Factor, ...]
    coefficients: tuple[Coefficient, ...]

    def coefficient(self, table: str, quantity: str, named: str | None, year: int) -> Coefficient | Message:
        """The record of a table for a quantity and a year, or what is missing.

        named: the site's own choice of an id; one of another table is no choice here.
        """
        mine = [item for item in self.coefficients if item.table == table]
        chosen = next((item for item in mine if item.id == named), None)
        if chosen is not None and chosen.trust not in USABLE:
            return FactorNotUsable(chosen.id, chosen.trust)
        fitting = [
            item for item in mine if item.trust in USABLE and item.quantity == quantity and item.holds(year)
        ]
        if chosen is None and not fitting:
            return NoFactorOfTable(table, quantity, str(year))
        return cited(chosen or fitting[0])

    def knows(self, name: str) -> bool:
        """Whether a record has this id."""
        return any(item.id == name for item in self.grid) or any(
            item.id == name for item in self.coefficients
        )


def cited(record: _R) -> _R | Message:
    """The record, or that it has no citation."""
    return record if record.citation else FactorWithoutCitation(record.id)


def _citation(document: Document | None, clause: str | None, single: bool) -> str:
    if document is None or not (document.issuer and document.title and document.date):
        return ""
    text = ", ".join(part for part in (document.issuer, document.title, clause, document.date) if part)
    return f"{text} (single source)" if single else text


def _proof(record: Record) -> dict[str, Any]:
    document = record.document
    keys = ("id", "title", "issuer", "date", "url")
    id_, title, issuer, day, url = (getattr(document, key, None) for key in keys)
    return {
        "document": id_, "title": title, "issuer": issuer, "date": day, "url": url, "clause": record.clause,
        "trust": record.trust, "citation": record.citation,
    }  # fmt: skip


def select(factors: Sequence[Factor], named: str | None, province: str | None, year: int) -> Factor | Message:
    """The factor for data of *year*, or what is missing.

    *named* is the site's own choice: an id, used for every year, or ``national``. Otherwise the province
    counts. Of several years the newest not later than *year* is taken; another place is never a substitute.
    """
    usable = [factor for factor in factors if factor.trust in USABLE]
    if named is not None and named != NATIONAL:
        found = [factor for factor in usable if factor.id == named]
        return cited(found[0]) if found else UnknownFactor(named)
    if named != NATIONAL and not province:
        return NoProvince()
    national = named == NATIONAL
    level, place = (NATIONAL, NationalGrid()) if national else ("province", str(province))
    fitting = [f for f in usable if f.level == level and (level == NATIONAL or f.place == place)]
    if not fitting:
        return NoGridFactor(place)
    known = [factor for factor in fitting if factor.year <= year]
    if not known:
        first = min(factor.year for factor in fitting)
        return NoGridFactorYet(place, str(year), str(first))
    return cited(max(known, key=lambda factor: factor.year))
