"""A figure as it should stand in a summary, and the ground on which figures are made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.figures.amounts import Amounts, hashed
from verify.figures.compare import Near
from verify.figures.factors import Factors
from verify.formats import canonical_json
from verify.formats.calendar import Days
from verify.formats.message import Message
from verify.formats.numbers import share
from verify.reasons.reason import InsufficientData
from verify.statements.declared import Declared
from verify.statements.points import Points


@dataclass(frozen=True)
class Figure:
    """One figure, in the members of the summary. near: numbers of floating point that stand behind texts of members.

    warned: what its reader must know, where that is worked out.
    """

    members: dict[str, Any]
    near: dict[str, Near] = field(default_factory=dict)
    warned: list[Message] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.members["kind"], self.members["point"] or ""


@dataclass(frozen=True)
class RefusedFigure:
    """A figure that cannot be made. whys: as of InsufficientData."""

    kind: str
    point: str | None
    whys: tuple[Message, ...]


Answer = Figure | RefusedFigure


@dataclass
class Ground:
    """What figures are made from. from_, to: the dates of the period as texts."""

    site: str
    from_: str
    to: str
    days: Days
    declared: Declared
    points: Points
    amounts: Amounts
    factors: Factors

    def figure(
        self,
        kind: str,
        point: str | None,
        value: str,
        unit: str,
        method: str,
        completeness: Fraction,
        substituted: Fraction,
        inputs: Iterable[bytes],
        parts: list[dict[str, Any]],
        used: Iterable[str] = (),
        citations: Iterable[str] = (),
        more: dict[str, Any] | None = None,
        period: tuple[str, str] | None = None,
    ) -> Figure:
        """A figure with its id; `used` are ids of factor records, whose citations are added."""
        from_, to = period or (self.from_, self.to)
        name = identified(self.site, kind, point, from_, to, method)
        ids = sorted(set(used))
        cited = set(citations) | {self.factors.citation(id_) for id_ in ids}
        return Figure(
            {
                "id": name, "kind": kind, "point": point, "from": from_, "to": to,
                "value": value, "unit": unit, "completeness": share(completeness), "substituted": share(substituted),
                "factors": ids, "citations": sorted(cited), "method": method, "inputs": hashed(inputs),
                "parts": sorted(parts, key=_order), **(more or {}),
            }
        )  # fmt: skip


def identified(*named: str | None) -> str:
    """The id of a figure: site, kind, point, from, to, method."""
    return hashlib.sha256(canonical_json.dump(list(named))).hexdigest()[:16]


def _order(part: dict[str, Any]) -> tuple[Any, ...]:
    """By point, quantity, year, then the rest."""
    rest = sorted((key, str(value)) for key, value in part.items())
    return part["point"] or "", part["quantity"], part.get("year", 0), rest


@dataclass
class Answers:
    """Collects figures and refusals."""

    made: list[Figure] = field(default_factory=list)
    refused: list[RefusedFigure] = field(default_factory=list)

    def take(self, kind: str, point: str | None, make: Any) -> None:
        """The figure that make() returns, or its refusal."""
        try:
            self.made.append(make())
        except InsufficientData as error:
            self.refused.append(RefusedFigure(kind, point, error.whys))
