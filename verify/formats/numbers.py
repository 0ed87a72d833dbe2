"""Exact numbers: decimal texts to fractions and back, rounded once, half to even."""

from __future__ import annotations

import re
from fractions import Fraction

from verify.formats.findings import Bad
from verify.formats.messages import NotADecimal

DECIMAL = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,2})?\Z")


def number(text: object, where: str) -> Fraction:
    """The number that a decimal text says exactly; raises Bad."""
    if not isinstance(text, str) or not DECIMAL.match(text):
        raise Bad(NotADecimal(), where)
    return Fraction(text)


def _whole(value: Fraction) -> int:
    """The nearest integer, half to even."""
    low, rest = divmod(value.numerator, value.denominator)
    twice = 2 * rest - value.denominator
    return low + (1 if twice > 0 or (twice == 0 and low & 1) else 0)


def _text(units: int, digits: int) -> str:
    sign, units = ("-", -units) if units < 0 else ("", units)
    if not digits:
        return f"{sign}{units}"
    return f"{sign}{units // 10**digits}.{units % 10**digits:0{digits}d}"


def fixed(value: Fraction, digits: int) -> str:
    """Rounded to so many digits after the point, zeros at the end kept."""
    return _text(_whole(value * 10**digits), digits)


def upto(value: Fraction, digits: int) -> str:
    """Rounded to at most so many digits after the point, zeros at the end dropped."""
    text = fixed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: Fraction) -> str:
    """Rounded down to four digits."""
    return _text(value.numerator * 10**4 // value.denominator, 4)


def significant(value: Fraction, digits: int) -> str:
    """Rounded to so many significant digits, without exponent, zeros behind the point dropped."""
    if value == 0:
        return "0"
    size = abs(value)
    power = len(str(size.numerator)) - len(str(size.denominator))
    power += 1 if size >= Fraction(10) ** power else 0
    places = digits - power
    rounded = _whole(value * Fraction(10) ** places)
    if places <= 0:
        return str(rounded * 10**-places)
    return upto(Fraction(rounded, 10**places), places)


def short(value: Fraction) -> str:
    """Rounded to 6 significant digits, zeros behind the point dropped: energy of a regression."""
    return significant(value, 6)


def tonnes(value: Fraction) -> str:
    """Rounded to 3 digits after the point: an amount of CO2."""
    return fixed(value, 3)


def digits(value: Fraction, count: int) -> str:
    """Rounded to so many significant digits, without exponent, zeros at the end kept."""
    text = significant(value, count)
    if value == 0:
        return text
    whole, _, rest = text.lstrip("-").partition(".")
    have = len(whole) + len(rest) if whole != "0" else len(rest.lstrip("0"))
    lacking = max(0, count - have)
    return text + ("" if rest or not lacking else ".") + "0" * lacking
