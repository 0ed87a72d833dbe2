"""What is to be known of the imported rows behind means: which share is late, corrected, missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.figure.calendar import HOUR
from accounts.figure.rounding import share
from accounts.inputs.inputs import Declared
from accounts.permits.permits import Judged

LATE = 24 * HOUR
"""A row that is sealed more than this after its end (a sample: after its moment) is late, ns."""


@dataclass(frozen=True)
class Flags:
    """Shares of the time of the rows behind some means, of samples of their number.

    missing: of the time of the means' periods, what no row covers; None for samples, which have no time. late: None
    when the time of sealing is not known of a row. Imported rows carry no class, so none is known to be estimated or
    invalid.
    """

    missing: Fraction | None
    late: Fraction | None
    corrected: Fraction

    def fields(self) -> dict[str, Any]:
        """As JSON."""
        known = {"late": self.late, "corrected": self.corrected, "missing": self.missing}
        shares = {name: None if part is None else share(part) for name, part in known.items()}
        return {"estimated": None, "invalid": None, **shares}


def known_since(declared: Declared, one: Judged) -> int | None:
    """When the last row of a mean was sealed, UTC ns; None where that is not known of every row."""
    blocks = {block for part in (one.mean.shares if one.mean else ()) for block in part.inputs}
    times = [declared.sealed.get(block) for block in blocks]
    known = [sealed for sealed in times if sealed is not None]
    return max(known) if known and len(known) == len(times) else None


def first_known(declared: Declared, one: Judged) -> int:
    """When the first row of a mean was sealed, UTC ns; its period's beginning where that is not known of any row."""
    blocks = {block for part in (one.mean.shares if one.mean else ()) for block in part.inputs}
    return min(
        (declared.sealed[block] for block in blocks if block in declared.sealed), default=one.span.start
    )


def flags(declared: Declared, means: Sequence[Judged]) -> Flags:
    """Late, corrected and missing parts of the rows behind some means."""
    parts = [part for one in means if one.mean is not None for part in one.mean.shares]
    samples = any(one.weighting == "samples" for one in means)
    weights = [1 if samples else part.time for part in parts]
    when = [[declared.sealed.get(block) for block in part.inputs] for part in parts]
    known = all(sealed is not None for each in when for sealed in each)
    late = [
        max(sealed or 0 for sealed in each) - part.to > LATE for each, part in zip(when, parts, strict=True)
    ]
    corrected = [not declared.corrected.isdisjoint(part.inputs) for part in parts]
    whole = sum(one.span.end - one.span.start for one in means)
    return Flags(
        None if samples else 1 - Fraction(sum(weights), whole),
        _part(late, weights) if known else None,
        _part(corrected, weights),
    )


def _part(chosen: Sequence[bool], weights: Sequence[int]) -> Fraction:
    """The weight of what is chosen by the weight of all."""
    return Fraction(sum(weight for weight, one in zip(weights, chosen, strict=True) if one), sum(weights))
