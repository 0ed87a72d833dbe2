"""The strictest limits that the permits of a site set for a mean on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from accounts.inputs.tree import Tree
from contract import units
from contract.sites import Limit, Permit

PARAMETERS = {"cod": "mg/L", "nh3n": "mg/L", "ph": "[pH]"}
"""Parameters whose rows can be compared, and the unit of a mean without a limit."""


@dataclass(frozen=True)
class Bound:
    """The strictest limits of a day, in the parameter's own unit.

    limit: the one that gives *high*. permits: every document in force; of, of_low: those that give *high* and
    *low*, of several a real one.
    """

    high: Fraction
    low: Fraction | None
    limit: Limit
    permits: tuple[Permit, ...]
    of: Permit
    of_low: Permit | None

    @property
    def example(self) -> bool:
        """Whether a limit that binds is an example's; another document in force beside it does not make it one."""
        return self.of.example or (self.of_low is not None and self.of_low.example)


def bound(tree: Tree, point: str, parameter: str, statistic: str, day: date) -> Bound | None:
    """The limits in force on a day; None where there is none."""
    found: list[tuple[Permit, Limit]] = [
        (permit, limit)
        for permit in tree.declared.permits
        if permit.valid_from <= day and (permit.valid_to is None or day <= permit.valid_to)
        for limit in permit.limits
        if (limit.point, limit.parameter, limit.statistic) == (point, parameter, statistic)
    ]
    if not found:
        return None
    own = PARAMETERS[parameter]
    highs = [
        (Fraction(limit.limit) * units.factor(limit.unit, own), limit, permit) for permit, limit in found
    ]
    lows = [
        (Fraction(limit.low) * units.factor(limit.unit, own), permit)
        for permit, limit in found
        if limit.low is not None
    ]
    high, limit, _ = min(highs, key=lambda item: item[0])
    low = max((value for value, _ in lows), default=None)
    of = min((permit for value, _, permit in highs if value == high), key=lambda permit: permit.example)
    of_low = min(
        (permit for value, permit in lows if value == low), key=lambda one: one.example, default=None
    )
    return Bound(high, low, limit, tuple(permit for permit, _ in found), of, of_low)
