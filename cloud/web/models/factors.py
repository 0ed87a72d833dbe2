"""Emission factors and coefficients, each with its document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cloud.web.models.base import Decimal, Model

Trust = Annotated[str, Field(description="V: read in its document; R: from a reference; R1: from one source")]
Url = Annotated[str | None, Field(description="where the document is")]
Unit = Annotated[str, Field(examples=["kg{CO2}/kW.h"])]


class GridFactor(Model):
    """The emission factor of a grid and year."""

    id: str = Field(examples=["cn-grid-2023-zhejiang"])
    value: Decimal
    unit: Unit
    year: int
    level: str = Field(description="national, region or province")
    place: str
    citation: str | None
    document: str = Field(description="title of the document")
    issuer: str
    date: str
    url: Url
    trust: Trust
    single_source: bool


class Proof(Model):
    """Where a record stands."""

    document: str | None = Field(description="id of the document")
    title: str | None
    issuer: str | None
    date: str | None
    url: Url
    clause: str | None
    trust: Trust
    citation: str | None


class Record(Proof):
    """The emission factor of a grid and year, as a signed file carries it."""

    id: str
    table: Literal["grid"]
    value: Decimal
    unit: Unit
    year: int
    level: str
    place: str


class Coefficient(Proof):
    """A coefficient of another table: a value, or for a fuel that is burnt its terms ncv, per, cc and of."""

    id: str
    table: Literal["coal", "combustion", "heat"]
    quantity: str
    value: Decimal | None = None
    ncv: Decimal | None = Field(None, description="net calorific value in GJ for each `per` of the unit")
    per: Decimal | None = None
    cc: Decimal | None = Field(None, description="t of carbon for each GJ")
    of: Decimal | None = Field(None, description="share that is oxidised")
    unit: Unit
    from_year: int | None
    to_year: int | None


class Factors(Model):
    """Every factor and coefficient that ships with the program."""

    factors: list[GridFactor]
    coefficients: list[Coefficient]
