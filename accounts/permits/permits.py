"""Means of a parameter against the limits of the permits in force."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from accounts.figure.calendar import Period
from accounts.figure.figure import Draft, InsufficientData, short
from accounts.inputs.messages import QuantityOfPoint
from accounts.inputs.tree import Tree, in_unit
from accounts.permits.limits_in_force import PARAMETERS, Bound, bound
from accounts.permits.load import FLOW, POLLUTANTS, VOLUME, commons, end, intervals, samples
from accounts.permits.messages import NoRows, NoSuchPoint, NothingMeasuresIt, RowInTwoPeriods
from contract import units
from contract.fields import write_utc
from contract.message import Message

NO_LIMIT = "no limit on record"
EXAMPLE = "example, not a legal limit"
DIGITS = 3


@dataclass(frozen=True)
class Mean:
    """The mean of one statistic period (start: UTC ns), in the parameter's own unit, and what it was made from."""

    day: date
    start: int
    value: Fraction
    inputs: frozenset[bytes]
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Span:
    """A period for which a limit's mean is taken, UTC ns, and the site's day it lies in."""

    day: date
    start: int
    end: int


@dataclass(frozen=True)
class Share:
    """What a row adds to a mean: value times weight, and the weight.

    from_, to: the row's interval; time: what of it counts, ns (a sample has none).
    """

    from_: int
    to: int
    product: Fraction
    weight: Fraction
    inputs: tuple[bytes, ...]
    time: int


def asked(tree: Tree) -> list[tuple[str, str, str]]:
    """(point, parameter, statistic) of every comparison: of each limit, and of each parameter with rows without one."""
    found = {
        (limit.point, limit.parameter, limit.statistic)
        for permit in tree.declared.permits
        for limit in permit.limits
    }
    limited = {(point, parameter) for point, parameter, _ in found}
    free = {(point, of, "day") for point, of in tree.rows if of in PARAMETERS and (point, of) not in limited}
    return sorted(found | free)


@dataclass(frozen=True)
class Judged:
    """A statistic period with its mean and the limits in force on its day; None where there is none of them."""

    span: Span
    mean: Mean | None
    bound: Bound | None
    weighting: str

    @property
    def beyond(self) -> Fraction:
        """How far the mean is outside of a limit, in the parameter's own unit; zero or less: it is not."""
        if self.mean is None or self.bound is None:
            return Fraction(0)
        above, low = self.mean.value - self.bound.high, self.bound.low
        return above if low is None else max(above, low - self.mean.value)

    def running(self, now: int) -> bool:
        """Whether the period is not over at a moment (UTC ns): its mean is provisional."""
        return self.span.end > now


def days_means(tree: Tree, point: str, parameter: str, statistic: str, day: Period) -> list[Judged]:
    """Every statistic period of one day, judged as the figure of that day alone is. Raises as `compare` does."""
    _measurable(tree, point, parameter)
    periods, weighting = spans(day, statistic), _weighting(tree, point, parameter, day)
    shares = _shares(tree, point, parameter, day, weighting)
    found = _means(periods, shares, QuantityOfPoint(parameter, point))
    known, limits = {mean.start: mean for mean in found}, bound(tree, point, parameter, statistic, day.first)
    return [Judged(span, known.get(span.start), limits, weighting) for span in periods]


def compare(tree: Tree, point: str, parameter: str, statistic: str, period: Period) -> Draft:
    """The means of the statistic periods and how they stand to the limits. Raises InsufficientData."""
    _measurable(tree, point, parameter)
    periods, weighting = spans(period, statistic), _weighting(tree, point, parameter, period)
    shares = _shares(tree, point, parameter, period, weighting)
    means = _means(periods, shares, QuantityOfPoint(parameter, point))
    if not means:
        raise InsufficientData(NoRows(parameter, point))
    found = [
        Judged(periods[0], mean, bound(tree, point, parameter, statistic, mean.day), weighting)
        for mean in means
    ]
    return draft(parameter, statistic, found, len(periods))


def draft(parameter: str, statistic: str, found: Sequence[Judged], periods: int) -> Draft:
    """The figure of some means, among them at least one, of that many statistic periods."""
    means = [one.mean for one in found if one.mean is not None]
    bounds = [one.bound for one in found if one.mean is not None and one.bound is not None]
    last, over = bounds[-1] if bounds else None, sum(one.beyond > 0 for one in found)
    permits = {permit.document: permit for bound in bounds for permit in bound.permits}
    unit = last.limit.unit if last else PARAMETERS[parameter]
    per = units.factor(PARAMETERS[parameter], unit)
    values = [mean.value for mean in means]
    more = {
        "lowest": short(min(values) * per, DIGITS),
        "limit": short(last.high * per) if last else None,
        "limit_low": short(last.low * per) if last and last.low is not None else None,
        "statistic": statistic, "weighting": found[0].weighting, "periods": len(bounds), "over": over,
        "verdict": "over" if over else "within" if bounds else NO_LIMIT,
        "documents": sorted(permits), "example": any(permit.example for permit in permits.values()),
    }  # fmt: skip
    sources = tuple(f"{p.document} ({EXAMPLE})" if p.example else p.document for p in permits.values())
    proof = frozenset(one for mean in means for one in mean.inputs)
    share = Fraction(len(means), periods)
    return Draft(
        max(values) * per, unit, DIGITS, False, share, Fraction(0), proof, sources=sources, more=more
    )


def _measurable(tree: Tree, point: str, parameter: str) -> None:
    if parameter not in PARAMETERS:
        raise InsufficientData(NothingMeasuresIt(parameter))
    if point not in tree.points:
        raise InsufficientData(NoSuchPoint(parameter, point))


def spans(period: Period, statistic: str) -> list[Span]:
    """The statistic periods of a period, in order."""
    found: list[Span] = []
    for day in period.calendar.days(period.first, period.after):
        edges = period.calendar.hours(day)
        starts = edges[:1] if statistic == "day" else edges[:-1]
        found += [Span(day, a, b) for a, b in zip(starts, [*starts[1:], edges[-1]], strict=True)]
    return found


def _means(periods: Sequence[Span], shares: Sequence[Share], what: Message) -> list[Mean]:
    """The weighted mean of each statistic period that has a weight. A share in two of them: InsufficientData."""
    starts, held = [span.start for span in periods], dict[int, list[Share]]()
    for share in shares:
        at = bisect_right(starts, share.from_) - 1
        if share.to > periods[at].end:
            raise InsufficientData(RowInTwoPeriods(what, write_utc(share.from_)))
        held.setdefault(at, []).append(share)
    found = []
    for at, mine in sorted(held.items()):
        weight = sum((share.weight for share in mine), Fraction(0))
        if weight:
            total = sum((share.product for share in mine), Fraction(0))
            proof = frozenset(one for share in mine for one in share.inputs)
            found.append(Mean(periods[at].day, periods[at].start, total / weight, proof, tuple(mine)))
    return found


def _shares(tree: Tree, point: str, parameter: str, period: Period, weighting: str) -> list[Share]:
    """Values with their weights: litres, nanoseconds, or 1 for each sample."""
    own = PARAMETERS[parameter]
    if weighting == "flow":
        return [
            Share(c.level[0], c.level[1], c.mass, c.volume, c.inputs, c.to - c.from_)
            for c in commons(tree, point, parameter, period)
        ]
    if weighting == "samples":
        found = samples(tree, point, parameter, period)
        return [Share(i.row.from_, i.row.from_, in_unit(i, own), Fraction(1), (i.block,), 0) for i in found]
    rows = [(item, end(item) - item.row.from_) for item in intervals(tree, point, parameter, period)]
    return [Share(i.row.from_, end(i), in_unit(i, own) * n, Fraction(n), (i.block,), n) for i, n in rows]


def _weighting(tree: Tree, point: str, parameter: str, period: Period) -> str:
    if not intervals(tree, point, parameter, period):
        return "samples"
    flowing = intervals(tree, point, FLOW, period) or intervals(tree, point, VOLUME, period)
    return "flow" if parameter in POLLUTANTS and flowing else "time"
