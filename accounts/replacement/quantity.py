"""A number with its unit as a person writes it, exact; and how figures are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from accounts.replacement.declared_messages import NoQuantity, NoUnitOfOutput, OtherUnit
from accounts.replacement.messages import NoCitationOf, NotGiven
from contract import quantities, units
from contract.errors import BadInput
from contract.fields import quoted
from contract.message import Message

DIGITS = 6
"""Significant digits of a ratio, a rate or a time."""
ANY = "?"
"""Stands for a part of a unit that could not be read: every part fits it."""
_FORM = re.compile(r"(-?(?:0|[1-9]\d{0,17})(?:\.\d{1,12})?) ([^\s]{1,40})", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_CALENDAR = {"a": 365, "d": 1}
_WORDS = {"person": "{person}", "人": "{person}", "年": "a", "元": "CNY"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number and its unit: UCUM codes, an ISO 4217 currency, ``a`` (365 d), ``{person}``, joined by /."""

    value: Decimal
    unit: str

    @classmethod
    def parse(cls, text: object) -> Quantity:
        """``1200000 CNY``, ``0.5 min/t``. Raises BadInput."""
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise BadInput(NoQuantity(quoted(text)))
        return cls(Decimal(found[1]), "/".join(_code(part) for part in found[2].split("/")))

    def to(self, unit: str) -> Fraction:
        """The exact value in another unit of the same kind. Raises BadInput."""
        have, want = self.unit.split("/"), unit.split("/")
        if len(have) != len(want):
            raise BadInput(OtherUnit(unit, self.unit))
        value = Fraction(self.value)
        for place, (a, b) in enumerate(zip(have, want, strict=True)):
            ratio = self._ratio(a, b, unit)
            value = value / ratio if place else value * ratio
        return value

    def _ratio(self, have: str, want: str, unit: str) -> Fraction:
        if want in (have, ANY):
            return Fraction(1)
        if have in _CALENDAR and want in _CALENDAR:
            return Fraction(_CALENDAR[have], _CALENDAR[want])
        if units.known(have) and units.known(want) and units.dimension(have) == units.dimension(want):
            return units.factor(have, want)
        raise BadInput(OtherUnit(unit, self.unit))


@dataclass(frozen=True)
class Missing:
    """An input that was not declared, by the path of its key: figures that need it are refused, no default is taken."""

    path: str

    @property
    def why(self) -> Message:
        """The reason of a refusal."""
        return NotGiven(self.path)


class Uncited(Missing):
    """A factor that no document proves; path is its id."""

    @property
    def why(self) -> Message:
        """The reason of a refusal."""
        return NoCitationOf(self.path)


Known = Fraction | Missing
"""An input in the unit of its name, or that it is missing."""


def lacking(values: Iterable[object]) -> list[Missing]:
    """The inputs among *values* that are missing, each once, in order."""
    return list(dict.fromkeys(value for value in values if isinstance(value, Missing)))


def significant(value: Fraction, digits: int = DIGITS) -> str:
    """A number with so many significant digits, half-even, without an exponent."""
    if value == 0:
        return "0"
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    found = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    whole = digits - 1 - found.adjusted()
    return f"{found.quantize(Decimal(1).scaleb(-whole)):f}" if whole > 0 else f"{found:f}"


def counted(value: Fraction) -> str:
    """A number of things: whole where it is whole."""
    return str(value.numerator) if value.denominator == 1 else significant(value)


def is_currency(code: str) -> bool:
    """Whether a code has the form of an ISO 4217 currency."""
    return _CURRENCY.fullmatch(code) is not None


def product_unit(text: str) -> str:
    """The UCUM code of a unit in which output is counted. Raises BadInput."""
    code = quantities.unit(text)
    if units.dimension(code) not in ("mass", "length", "volume", "count"):
        raise BadInput(NoUnitOfOutput(text))
    return code


def _code(part: str) -> str:
    code = _WORDS.get(part, part)
    if code in _CALENDAR or code == "{person}" or is_currency(code):
        return code
    return quantities.unit(code)
