"""Comparison with the permit (docs/methods.md, Permit)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from verify.figures.figure import Answers, Figure, Ground
from verify.figures.water import flows, intervals, load, rows_at
from verify.formats.calendar import day_of_text, written
from verify.formats.numbers import number, upto
from verify.formats.quantities import LEVELS, converted
from verify.formats.shape import listed, members, text
from verify.reasons.amounts.messages import QuantityOfPoint
from verify.reasons.permits.messages import NoRows, NoSuchPoint, NothingMeasuresIt, RowInTwoPeriods
from verify.reasons.reason import InsufficientData
from verify.statements.imported import Row

MEASURED = ("cod", "nh3n", "ph")
LIMIT = "point parameter limit limit_low unit statistic"


@dataclass(frozen=True)
class Limit:
    """limit, low in the unit in which the parameter counts; unit: as in the statement."""

    point: str
    parameter: str
    statistic: str
    limit: Fraction
    low: Fraction | None
    unit: str
    document: str
    example: bool
    first: date
    last: date | None


@dataclass(frozen=True)
class Span:
    """One statistic period: its day, and beginning and end in UTC ns."""

    day: date
    from_: int
    to: int


def limits(ground: Ground) -> list[Limit]:
    """Every limit of every permit, in the order of the ledger; raises Bad."""
    made = []
    for permit in ground.declared.permits.values():
        document = text(permit["document"], "permit")
        where = f"permit {document[:80]}"
        first = day_of_text(permit["valid_from"], where)
        last = None if permit["valid_to"] is None else day_of_text(permit["valid_to"], where)
        for item in listed(permit["limits"], where):
            members(item, where, LIMIT.replace("limit_low ", ""), "limit_low")
            parameter, unit = text(item["parameter"], where), text(item["unit"], where)
            base = LEVELS.get(parameter, "mg/L")
            low = item.get("limit_low")
            made.append(
                Limit(
                    text(item["point"], where), parameter, text(item["statistic"], where),
                    converted(number(item["limit"], where), unit, base, where),
                    None if low is None else converted(number(low, where), unit, base, where),
                    unit, document, permit["example"] is True, first, last,
                )
            )  # fmt: skip
    return made


def permits(ground: Ground, answers: Answers) -> None:
    """Each parameter at each point that has rows or a limit, by each statistic of its limits."""
    found = limits(ground)
    asked = {(limit.point, limit.parameter) for limit in found}
    asked |= {(point, code) for code in MEASURED for point in ground.points.with_rows(code)}
    for point, parameter in sorted(asked):
        mine = [limit for limit in found if (limit.point, limit.parameter) == (point, parameter)]
        for statistic in sorted({limit.statistic for limit in mine}) or ["day"]:
            chosen = [limit for limit in mine if limit.statistic == statistic]
            kind = f"permit_{parameter}_{statistic}"
            answers.take(
                kind, point,
                lambda kind=kind, point=point, parameter=parameter, statistic=statistic, chosen=chosen: _Judged(
                    ground, point, parameter, statistic, chosen
                ).figure(kind),
            )  # fmt: skip


def spans(ground: Ground, statistic: str) -> list[Span]:
    """The statistic periods of the period."""
    day, last, made = date.fromisoformat(ground.from_), date.fromisoformat(ground.to), []
    while day < last:
        following = day + timedelta(days=1)
        if statistic == "day":
            made.append(Span(day, ground.days.begin(day), ground.days.begin(following)))
        else:
            made += [Span(day, begin, end) for begin, end in ground.days.hours(day)]
        day = following
    return made


class _Judged:
    """Means of a parameter at a point, judged against limits."""

    def __init__(
        self, ground: Ground, point: str, parameter: str, statistic: str, limits_: list[Limit]
    ) -> None:
        if parameter not in MEASURED:
            raise InsufficientData(NothingMeasuresIt(parameter))
        if point not in ground.points.all:
            raise InsufficientData(NoSuchPoint(parameter, point))
        self.ground, self.point, self.parameter, self.limits = ground, point, parameter, limits_
        self.spans = spans(ground, statistic)
        self.statistic = statistic
        self.rows = rows_at(ground, point, parameter)
        if not self.rows:
            raise InsufficientData(NoRows(parameter, point))
        self.used: set[bytes] = set()
        self.carriers: list[Row] = []
        self.weighting = self._weighting()

    def _weighting(self) -> str:
        levels = intervals(self.rows, self.parameter, self.point)
        if self.parameter != "ph" and levels:
            self.carriers = flows(self.ground, self.point)
        if not levels:
            return "samples"
        self.rows = levels
        if self.carriers:
            load(
                levels, self.carriers
            )  # a pair that cannot be weighed refuses before a row in two periods does
        return "flow" if self.carriers else "time"

    def _mean(self, rows: list[Row]) -> Fraction | None:
        """The mean of the rows of one statistic period; None where there is none."""
        if not rows:
            return None
        if self.weighting == "samples":
            self.used |= {row.block for row in rows}
            return sum((row.value for row in rows), Fraction(0)) / len(rows)
        if self.weighting == "time":
            self.used |= {row.block for row in rows}
            times = [(row.to or 0) - row.from_ for row in rows]
            return sum((row.value * t for row, t in zip(rows, times, strict=True)), Fraction(0)) / sum(times)
        found = load(rows, self.carriers)
        self.used |= found.rows
        return found.mass / found.volume if found.volume else None

    def _by_span(self) -> list[list[Row]]:
        """The rows of each statistic period; raises InsufficientData when one lies in none."""
        made: list[list[Row]] = [[] for _ in self.spans]
        at = 0
        for row in self.rows:
            while self.spans[at].to <= row.from_:
                at += 1
            if (row.to or row.from_) > self.spans[at].to:
                what = QuantityOfPoint(self.parameter, self.point)
                raise InsufficientData(RowInTwoPeriods(what, written(row.from_)))
            made[at].append(row)
        return made

    def figure(self, kind: str) -> Figure:
        means = [(span, self._mean(rows)) for span, rows in zip(self.spans, self._by_span(), strict=True)]
        found = [(span, mean) for span, mean in means if mean is not None]
        if not found:
            raise InsufficientData(NoRows(self.parameter, self.point))
        judged, over, last, documents = 0, 0, _Force(None, None, []), {}
        for span, mean in found:
            force = self._force(span.day)
            if force.limits:
                judged, last = judged + 1, force
                over += force.over(mean)
                documents.update({limit.document: limit.example for limit in force.limits})
        unit = last.limits[-1].unit if last.limits else LEVELS[self.parameter]
        base = LEVELS[self.parameter]

        def rounded(value: Fraction | None) -> str | None:
            return None if value is None else upto(converted(value, base, unit, kind), 3)

        verdict = "over" if over else "within" if judged else "no limit on record"
        more: dict[str, Any] = {
            "lowest": rounded(min(mean for _, mean in found)), "limit": rounded(last.limit),
            "limit_low": rounded(last.low),
            "statistic": self.statistic, "weighting": self.weighting, "periods": judged, "over": over,
            "verdict": verdict, "documents": sorted(documents), "example": any(documents.values()),
        }  # fmt: skip
        citations = {
            name + (" (example, not a legal limit)" if example else "") for name, example in documents.items()
        }
        highest = rounded(max(mean for _, mean in found))
        return self.ground.figure(
            kind, self.point, highest or "", unit, "steelyard/permit/1", Fraction(len(found), len(self.spans)),
            Fraction(0), self.used, [], citations=citations, more=more,
        )  # fmt: skip

    def _force(self, day: date) -> _Force:
        """The limits in force on a day: the strictest of each side."""
        found = [
            limit for limit in self.limits if limit.first <= day and (limit.last is None or day <= limit.last)
        ]
        lows = [limit.low for limit in found if limit.low is not None]
        return _Force(min((limit.limit for limit in found), default=None), max(lows, default=None), found)


@dataclass(frozen=True)
class _Force:
    limit: Fraction | None
    low: Fraction | None
    limits: list[Limit]

    def over(self, mean: Fraction) -> bool:
        return (self.limit is not None and mean > self.limit) or (self.low is not None and mean < self.low)
