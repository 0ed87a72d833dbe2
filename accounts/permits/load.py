"""Mass and mean of a pollutant: concentration times flow over the times that both rows have in common."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from accounts.figure.calendar import Period
from accounts.figure.figure import Draft, InsufficientData, short
from accounts.inputs.amounts import whole
from accounts.inputs.inputs import Imported
from accounts.inputs.messages import QuantityOfPoint, TwoQuantitiesOfPoint, UnknownPoint
from accounts.inputs.tree import Tree, in_unit
from accounts.permits.messages import (
    FlowAndVolume,
    NoFlowForTimes,
    NoRows,
    NothingFlowed,
    PartialOverlap,
    SamplesWithoutInterval,
)
from contract.fields import write_utc

DIGITS = 3
FLOW, VOLUME = "wastewater_flow", "wastewater_volume"
POLLUTANTS = ("cod", "nh3n")
SECOND = 10**9


@dataclass(frozen=True)
class Common:
    """What a concentration row and a flow row have in common: UTC ns, mass in mg, volume in L.

    level: the interval of the concentration row.
    """

    from_: int
    to: int
    mass: Fraction
    volume: Fraction
    inputs: tuple[bytes, bytes]
    level: tuple[int, int]


def mass(tree: Tree, point: str, parameter: str, period: Period) -> Draft:
    """kg of a pollutant at a point in a period. Raises InsufficientData."""
    found = _some(tree, point, parameter, period)
    kilograms = sum((item.mass for item in found), Fraction(0)) / 10**6
    return _draft(kilograms, "kg", found, point, period)


def mean(tree: Tree, point: str, parameter: str, period: Period) -> Draft:
    """Mean concentration of a pollutant, weighted by the flow, mg/L. Raises InsufficientData."""
    found = _some(tree, point, parameter, period)
    litres = sum((item.volume for item in found), Fraction(0))
    if not litres:
        raise InsufficientData(NothingFlowed(point, parameter))
    return _draft(sum((item.mass for item in found), Fraction(0)) / litres, "mg/L", found, point, period)


def commons(tree: Tree, point: str, parameter: str, period: Period) -> list[Common]:
    """Every pair of rows of a concentration and a flow that have time in common. Raises InsufficientData."""
    levels = intervals(tree, point, parameter, period)
    streams = intervals(tree, point, FLOW, period) + intervals(tree, point, VOLUME, period)
    streams.sort(key=lambda item: item.row.from_)
    for a, b in pairwise(streams):
        if b.row.from_ < end(a):
            at = write_utc(b.row.from_)
            raise InsufficientData(FlowAndVolume(point, at))
    return [_common(level, stream, point) for level, stream in overlapping(levels, streams)]


def intervals(tree: Tree, point: str, quantity: str, period: Period) -> list[Imported]:
    """Rows of a quantity with an interval in the period, in order of time. Raises InsufficientData."""
    rows = tree.touching(point, quantity, period.begin, period.end)
    whole(rows, period, QuantityOfPoint(quantity, point))
    return rows


def samples(tree: Tree, point: str, quantity: str, period: Period) -> list[Imported]:
    """Rows of a quantity without interval in the period, in order of time."""
    rows = tree.rows.get((point, quantity), [])
    first = bisect_left(rows, period.begin, key=_from)
    return [item for item in rows[first : bisect_left(rows, period.end, key=_from)] if item.row.to is None]


def overlapping(a: Sequence[Imported], b: Sequence[Imported]) -> Iterator[tuple[Imported, Imported]]:
    """Pairs that have time in common, of two lists in order of time in each of which none do."""
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i].row.from_ < end(b[j]) and b[j].row.from_ < end(a[i]):
            yield a[i], b[j]
        if end(a[i]) <= end(b[j]):
            i += 1
        else:
            j += 1


def _from(item: Imported) -> int:
    return item.row.from_


def end(item: Imported) -> int:
    """Where the interval of a row ends."""
    assert item.row.to is not None
    return item.row.to


def _some(tree: Tree, point: str, parameter: str, period: Period) -> list[Common]:
    if point not in tree.points:
        raise InsufficientData(UnknownPoint(parameter, point))
    found = commons(tree, point, parameter, period)
    if found:
        return found
    if not intervals(tree, point, parameter, period):
        number = len(samples(tree, point, parameter, period))
        raise InsufficientData(
            SamplesWithoutInterval(number, parameter, point) if number else NoRows(parameter, point)
        )
    raise InsufficientData(NoFlowForTimes(point, parameter))


def _common(level: Imported, stream: Imported, point: str) -> Common:
    from_, to = max(level.row.from_, stream.row.from_), min(end(level), end(stream))
    inside = _holds(level, stream) or (stream.row.quantity == FLOW and _holds(stream, level))
    if not inside:
        what = TwoQuantitiesOfPoint(level.row.quantity, stream.row.quantity, point)
        raise InsufficientData(PartialOverlap(what, write_utc(from_)))
    concentration = in_unit(level, "mg/L")
    litres = (
        in_unit(stream, "L/s") * (to - from_) / SECOND
        if stream.row.quantity == FLOW
        else in_unit(stream, "L")
    )
    return Common(
        from_, to, concentration * litres, litres, (level.block, stream.block),
        (level.row.from_, end(level)),
    )  # fmt: skip


def _holds(a: Imported, b: Imported) -> bool:
    return a.row.from_ <= b.row.from_ and end(b) <= end(a)


def covered(found: Iterable[Common], length: int) -> Fraction:
    """Common time by a length of time."""
    return Fraction(sum(item.to - item.from_ for item in found), length)


def _draft(value: Fraction, unit: str, found: Sequence[Common], point: str, period: Period) -> Draft:
    cubic = sum((item.volume for item in found), Fraction(0)) / 1000
    part = {"point": point, "quantity": VOLUME, "value": short(cubic), "unit": "m3"}
    proof = frozenset(one for item in found for one in item.inputs)
    return Draft(value, unit, DIGITS, False, covered(found, period.length), Fraction(0), proof, parts=(part,))
