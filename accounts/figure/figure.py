"""A published figure or the reason against it, and their JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from accounts.figure.calendar import Period
from accounts.figure.factors import Record
from accounts.figure.rounding import plain, rounded, share
from contract.errors import SteelyardError
from contract.message import Message
from contract.statement import canonical

MAX_DIGITS = 12


class InsufficientData(SteelyardError):
    """A figure can't be made; the message says what is missing."""


@dataclass(frozen=True)
class RefusedFigure:
    """No figure of a kind at a point (None: the site), and why."""

    kind: str
    point: str | None
    why: Message

    def fields(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": self.kind, "point": self.point, **self.why.json()}


@dataclass(frozen=True)
class Figure:
    """A figure as docs/methods.md has it. from_, to: local dates of the site. more: fields of the kind."""

    site: str
    kind: str
    point: str | None
    from_: str
    to: str
    value: str
    unit: str
    completeness: str
    substituted: str
    method: str
    records: tuple[Record, ...] = ()
    sources: tuple[str, ...] = ()
    inputs: str = ""
    parts: tuple[dict[str, Any], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Names the figure: same question, same method, same id."""
        identity = [self.site, self.kind, self.point, self.from_, self.to, self.method]
        return hashlib.sha256(canonical(identity)).hexdigest()[:16]

    def fields(self) -> dict[str, Any]:
        """As JSON."""
        citations = {*self.sources, *(record.citation for record in self.records)}
        return {
            "id": self.id, "kind": self.kind, "point": self.point, "from": self.from_, "to": self.to,
            "value": self.value, "unit": self.unit, "completeness": self.completeness,
            "substituted": self.substituted, "factors": sorted({record.id for record in self.records}),
            "citations": sorted(citations), "method": self.method, "inputs": self.inputs,
            "parts": list(self.parts), **self.more,
        }  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What a figure is before it gets its period and site: an exact value and what it rests on."""

    value: Fraction
    unit: str
    digits: int
    fixed: bool
    completeness: Fraction
    substituted: Fraction
    inputs: frozenset[bytes]
    records: tuple[Record, ...] = ()
    sources: tuple[str, ...] = ()
    parts: tuple[dict[str, Any], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def publish(self, site: str, kind: str, point: str | None, period: Period, method: str) -> Figure:
        """The figure: rounded once."""
        text = fixed(self.value, self.digits) if self.fixed else short(self.value, self.digits)
        return Figure(
            site, kind, point, period.first.isoformat(), period.after.isoformat(), text, self.unit,
            share(self.completeness), share(self.substituted), method, self.records, self.sources,
            digest(self.inputs), tuple(sorted(self.parts, key=_order)), self.more,
        )  # fmt: skip


def _order(part: dict[str, Any]) -> tuple[str, str, int, list[tuple[str, str]]]:
    """By point, quantity, year, then the rest."""
    rest = sorted((key, str(value)) for key, value in part.items())
    return part["point"], part["quantity"], part.get("year", 0), rest


def fixed(value: Fraction, digits: int) -> str:
    """A decimal with that many digits after the point."""
    return plain(rounded(value, digits))


def short(value: Fraction, digits: int = MAX_DIGITS) -> str:
    """A decimal with at most that many digits after the point, none of them a needless zero."""
    text = plain(rounded(value, digits))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def digest(inputs: Iterable[bytes]) -> str:
    """The hash over 32-byte inputs, whatever their order."""
    return hashlib.sha256(b"".join(sorted(set(inputs)))).hexdigest()


def exact(value: Decimal) -> Fraction:
    """A decimal as a fraction."""
    return Fraction(value)
