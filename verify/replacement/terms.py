"""Figures of a project while they are made: each has its method, or is refused for what is not given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.figures.compare import Near
from verify.formats.message import Message, Text
from verify.formats.numbers import digits, fixed, upto
from verify.reasons.reason import InsufficientData

Number = Fraction | None
"""None: nobody gave it, or it was refused."""


@dataclass(frozen=True)
class Term:
    """A figure of a certificate. near: numbers of floating point behind texts of members."""

    kind: str
    members: dict[str, Any]
    near: dict[str, Near] = field(default_factory=dict)


@dataclass
class Terms:
    """Collects them; refused: why, by kind."""

    made: dict[str, Term] = field(default_factory=dict)
    refused: dict[str, Message] = field(default_factory=dict)

    def take(
        self,
        kind: str,
        method: str,
        unit: str,
        write: Callable[[Fraction], str],
        make: Callable[..., Fraction],
        *inputs: Any,
        factors: tuple[str, ...] = (),
        more: Callable[[Fraction], dict[str, Any]] | None = None,
        loose: bool = False,
    ) -> Number:
        """make(*inputs) as a figure, or a refusal; loose: it follows from a number that is narrowed, not exact."""
        if any(item is None for item in inputs):
            self.refused[kind] = Text("an input is not given, or the figure that it follows from is refused")
            return None
        try:
            value = make(*inputs)
        except InsufficientData as refused:
            self.refused[kind] = refused.why
            return None
        members = {
            "kind": kind, "value": write(value), "unit": unit, "method": f"steelyard/{method}/1",
            "factors": sorted(set(factors)), **(more(value) if more else {}),
        }  # fmt: skip
        self.made[kind] = Term(kind, members, {"value": Near(write, [value])} if loose else {})
        return value

    def widen(
        self, kind: str, ends: Sequence[Number], write: Callable[[Fraction], str], loose: bool = False
    ) -> None:
        """Add an interval to a figure that was made; None: an end that does not exist."""
        term = self.made.get(kind)
        if term is not None:
            term.members["interval"] = [None if end is None else write(end) for end in ends]
            if loose:
                term.near["interval"] = Near(write, ends)


def six(value: Fraction) -> str:
    """A ratio, a rate or a time."""
    return digits(value, 6)


def money(value: Fraction) -> str:
    """An amount of money; zeros at the end stay."""
    return fixed(value, 2)


def counted(value: Fraction) -> str:
    """A number of things."""
    return upto(value, 0) if value.denominator == 1 else six(value)
