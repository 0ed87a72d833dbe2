"""What can be wrong with a replacement as a person wrote it, beyond the form of its values."""

from __future__ import annotations

from contract.message import Message


class NamedOnly(Message, text="nothing is declared but a name; give one of {parts}"):
    """A project of which nothing could be figured."""

    parts: tuple[str, ...]


class BesideOutput(Message, text="stands beside output; give the sums or the column that they follow from"):
    """Two sources of one ratio."""


class NoSuchColumn(Message, text="must be one of the columns {names}, not {text!r}"):
    """An output that is no column of the rows."""

    names: tuple[str, ...]
    text: str


class UnusableFactor(Message, text="no usable grid factor has the id {factor!r}"):
    """A factor that is not known, or that no document proves."""

    factor: str


class NoCurrency(Message, text="must be three capital letters such as CNY, not {currency!r}"):
    """No code of a currency."""

    currency: str


class RateBounds(Message, text="must be above -100 % and at most 1000 %"):
    """A discount rate that can't be."""


class YearsBounds(Message, text="must be a whole number of years from 1 to {most}"):
    """A time that is not counted."""

    most: int


class BesideFlows(Message, text="stands beside flows; give the cash flows or what they follow from"):
    """Two sources of one cash flow."""


class BesideAvoided(Message, text="stands beside at: {code}; give the price of the avoided energy alone"):
    """Two sources of one cost."""

    code: str


class CellsOfRow(Message, text="must be a list of {count} cells: {names}"):
    """A row of another width."""

    count: int
    names: tuple[str, ...]


class NoColumn(Message, text="no column {column!r}"):
    """A column that each table needs."""

    column: str


class NoDayOrMonth(Message, text="must be a day or a month such as 2024-01, not {text}"):
    """A time that is none."""

    text: str


class NoNumberOrNull(Message, text="{name}: must be a number or null, not {text}"):
    """A cell that is no number."""

    name: str
    text: str


class NoUnitOfEnergy(Message, text="{unit!r} is no unit of energy; write kW.h"):
    """A unit of another dimension."""

    unit: str


class DriverColumn(Message, text="must be one of the columns {names}, and stand once"):
    """A driver that is no column."""

    names: tuple[str, ...]


class ConfidenceBounds(Message, text="must be at least 50 % and below 100 %"):
    """A confidence that is not taken."""


class TooSmall(Message, text="must be at least {least} {unit}, not {value}"):
    """A quantity below its bound."""

    least: int
    unit: str
    value: str


class OtherUnit(Message, text="must be in {unit}, not in {other}"):
    """A quantity of another kind."""

    unit: str
    other: str


class NoQuantity(Message, text="must be a number, a space and its unit, such as 528000 CNY/a, not {text}"):
    """A text that is no quantity."""

    text: str


class NoUnitOfOutput(Message, text="{unit!r} is no unit of output; write t, kg, m, m3 or {{piece}}"):
    """A unit that counts no product."""

    unit: str
