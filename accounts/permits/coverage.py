"""How much of the time of statistic periods the rows behind their means cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from accounts.figure.calendar import HOUR
from accounts.permits.permits import Judged


@dataclass(frozen=True)
class Coverage:
    """covered, length: hours; covered is None for samples, which have no time."""

    covered: Fraction | None
    length: Fraction

    @property
    def share(self) -> Fraction:
        """The part of the time that rows cover; all of it for samples."""
        return Fraction(1) if self.covered is None else self.covered / self.length


def coverage(periods: Sequence[Judged]) -> Coverage:
    """The coverage of some statistic periods, at least one; one without a mean has no rows."""
    means = [one.mean for one in periods if one.mean is not None]
    length = Fraction(sum(one.span.end - one.span.start for one in periods), HOUR)
    if any(one.weighting == "samples" for one in periods):
        return Coverage(None, length)
    return Coverage(Fraction(sum(part.time for mean in means for part in mean.shares), HOUR), length)
