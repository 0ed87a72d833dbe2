"""The factors that ship with the project, read once and checked. Figures refuse one whose citation is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

import settings
from accounts.figure.factors import Coefficient, Document, Factor, Tables, Terms
from cloud.reference.messages import Lacks, NoDate, RecordTwice
from contract.declared_messages import NoQuantity
from contract.quantities import QUANTITIES
from settings import Model, Root
from settings.model import Fault

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Text = Annotated[str, Field(min_length=2, max_length=200)]
Number = Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,9})?$")]
Trust = Literal["V", "R", "R1", "M", "X"]
Year = Annotated[int, Field(ge=1990, le=2100)]
GRID = "cn-grid.yaml"
COEFFICIENTS = ("cn-coal-equivalent.yaml", "cn-combustion.yaml", "cn-heat.yaml")


class _Document(Model):
    id: Id
    title: Text | None = None
    issuer: Text | None = None
    date: Annotated[str, Field(pattern=r"^\d{4}(-\d\d-\d\d)?$")] | None = None
    url: Text | None = None


class _Cited(Model):
    id: Id
    document: Id | None = None
    trust: Trust
    clause: Text | None = None


class _Factor(_Cited):
    level: Literal["national", "region", "province"]
    place: Text
    year: Year
    value: Annotated[str, Field(pattern=r"^\d\.\d{1,6}$")]


class _Coefficient(_Cited):
    quantity: str
    unit: Literal["kg{ce}/kW.h", "kg{ce}/MJ", "kg{ce}/m3", "kg{ce}/kg", "t{CO2}/GJ", "m3", "t"]
    value: Number | None = None
    ncv: Number | None = None
    per: Number | None = None
    cc: Number | None = None
    of: Number | None = None
    from_year: Year | None = None
    to_year: Year | None = None


class _File(Root):
    version: Literal[1]
    documents: tuple[_Document, ...] = ()

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """An id stands once; a date is one."""
        seen: set[object] = set()
        for number, item in enumerate(_mappings(data.get("factors"))):
            place = (item.get("level"), item.get("place"), item.get("year"))
            for key in (item.get("id"), place if "level" in item else None):
                if key is not None and key in seen:
                    yield ("factors", number), RecordTwice(str(key))
                seen.add(key)
        for number, item in enumerate(_mappings(data.get("documents"))):
            text = str(item.get("date", "2000"))
            try:
                date.fromisoformat(text if len(text) > 4 else f"{text}-01-01")
            except ValueError:
                yield ("documents", number, "date"), NoDate(str(item["date"]))


class _GridFile(_File):
    unit: Literal["kg{CO2}/kW.h"]
    factors: tuple[_Factor, ...]


class _CoefficientFile(_File):
    table: Literal["coal", "combustion", "heat"]
    factors: tuple[_Coefficient, ...]

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """A factor has what its table needs, for a quantity that is known."""
        yield from super().cross(data)
        burns = data.get("table") == "combustion"
        needed, other = ("ncv", "per", "cc", "of"), ("value",)
        for number, item in enumerate(_mappings(data.get("factors"))):
            for key in needed if burns else other:
                if item.get(key) is None:
                    yield ("factors", number), Lacks(str(item.get("id")), key)
            if item.get("quantity") not in QUANTITIES:
                yield ("factors", number, "quantity"), NoQuantity(str(item.get("quantity")))


def load(path: Path) -> tuple[Factor, ...]:
    """The grid factors of one file; raises SettingsError with every problem at its line."""
    found = settings.load(path, _GridFile)
    documents = _documents(found)
    return tuple(
        Factor(
            i.id, i.value, found.unit, i.year, i.level, i.place, documents.get(i.document or ""), i.trust, i.clause
        )
        for i in found.factors
    )  # fmt: skip


def load_coefficients(path: Path) -> tuple[Coefficient, ...]:
    """The records of one other table; raises SettingsError with every problem at its line."""
    found = settings.load(path, _CoefficientFile)
    documents = _documents(found)
    return tuple(
        Coefficient(
            i.id, found.table, i.quantity, i.value or "", i.unit, documents.get(i.document or ""), i.trust, i.clause,
            i.from_year, i.to_year, _terms(i),
        )
        for i in found.factors
    )  # fmt: skip


def tables_in(folder: Path) -> Tables:
    """All tables of a folder that has files of the shipped names. Raises SettingsError."""
    coefficients = [item for name in COEFFICIENTS for item in load_coefficients(folder / name)]
    return Tables(load(folder / GRID), tuple(coefficients))


@cache
def tables() -> Tables:
    """Every record that ships with the project."""
    with as_file(files("firmware_configs.factors")) as folder:
        return tables_in(folder)


def shipped() -> tuple[Factor, ...]:
    """Every grid factor that ships with the project."""
    return tables().grid


def _documents(found: _File) -> dict[str, Document]:
    """The documents by id; one without issuer, title or date is none that can be cited."""
    return {
        item.id: Document(item.id, item.title, item.issuer, item.date, item.url)
        for item in found.documents
        if item.title and item.issuer and item.date
    }


def _terms(item: _Coefficient) -> Terms | None:
    if item.ncv is None or item.per is None or item.cc is None or item.of is None:
        return None
    return Terms(item.ncv, item.per, item.cc, item.of)


def _mappings(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, tuple) else []
