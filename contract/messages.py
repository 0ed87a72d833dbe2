"""What can be wrong with units and with declared values."""

from __future__ import annotations

from contract.message import Message


class NoFactorBetweenUnits(
    Message, text="unit {unit!r} is {dimension}, {other!r} is {other_dimension}: no factor between them"
):
    """Two units of different dimensions."""

    unit: str
    dimension: str
    other: str
    other_dimension: str


class UnknownUnit(Message, text="unknown unit {unit!r}; known are {units}"):
    """A code that contract.units does not know."""

    unit: str
    units: tuple[str, ...]


class UnknownProvince(Message, text="unknown province {province!r}; known are {provinces}"):
    """A province that is not among contract.provinces."""

    province: str
    provinces: tuple[str, ...]


class UnknownUnitHere(Message, text="unknown unit {unit!r}"):
    """A unit as a person wrote it, whose code nobody knows."""

    unit: str


class UnknownQuantity(Message, text="unknown quantity {quantity!r}; known are {codes}"):
    """A code that contract.quantities does not know."""

    quantity: str
    codes: tuple[str, ...]
