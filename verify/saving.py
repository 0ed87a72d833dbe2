"""Savings of a site's projects (docs/methods.md, Saving)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from verify.amounts import Amount, Amounts, Refused
from verify.calendar import day_of_text
from verify.factors import value as factor_value
from verify.findings import Bad
from verify.made import Answers, Ground, Made
from verify.numbers import fixed, significant
from verify.quantities import AMOUNTS, LEVELS, PRODUCTION, SUFFIX
from verify.regress import Model, Table, chosen, fit
from verify.shape import listed, members, text

PROJECT = "id quantity points drivers interval baseline reporting"
MOST_DAYS = 4000


@dataclass(frozen=True)
class Project:
    """quantity: as in the statement; spans: first and last day, both included."""

    id: str
    quantity: str
    points: list[str] | None
    drivers: list[str] | None
    monthly: bool
    baseline: tuple[date, date]
    reporting: tuple[date, date]


def _span(value: Any, where: str) -> tuple[date, date]:
    days = [day_of_text(item, where) for item in listed(value, where)]
    if len(days) != 2 or not 0 <= (days[1] - days[0]).days <= MOST_DAYS:
        raise Bad("not a first and a last day", where)
    return days[0], days[1]


def _names(value: Any, where: str) -> list[str] | None:
    return None if value is None else [text(item, where) for item in listed(value, where)]


def _project(item: Any, where: str) -> Project:
    members(item, where, "id quantity interval baseline reporting", "points drivers")
    return Project(
        text(item["id"], where), text(item["quantity"], where), _names(item.get("points"), where),
        _names(item.get("drivers"), where), item["interval"] == "month", _span(item["baseline"], where),
        _span(item["reporting"], where),
    )  # fmt: skip


def savings(ground: Ground, answers: Answers) -> None:
    """The saving of each project whose reporting period lies in the period, and its twin in emissions."""
    from_, to = date.fromisoformat(ground.from_), date.fromisoformat(ground.to)
    for index, item in enumerate(
        listed((ground.declared.savings or {"projects": []})["projects"], "savings")
    ):
        project = _project(item, f"savings: projects[{index}]")
        first, last = project.reporting
        if last < from_ or first >= to:
            continue
        code = _code(ground, project.quantity)
        unit = SUFFIX.get(AMOUNTS.get(code, ""), code.removeprefix("production_"))
        work = _Work(ground, project)
        answers.take(f"saving_{unit}", project.id, lambda unit=unit, work=work: work.saving(f"saving_{unit}"))
        if work.model is not None and code == "electricity":
            answers.take("saving_tco2", project.id, work.twin)


def _code(ground: Ground, quantity: str) -> str:
    """Production is the one of its three that the site carries."""
    if quantity != "production":
        return quantity
    carried = [code for code in AMOUNTS if code.startswith("production_") and ground.points.carrying(code)]
    return carried[0] if carried else "production_t"


class _Work:
    def __init__(self, ground: Ground, project: Project) -> None:
        self.ground, self.project = ground, project
        self.model: Model | None = None
        self.kept: list[Amount] = []
        self.energy_code = _code(ground, project.quantity)
        self.inputs: set[bytes] = set()

    def _rows(self, span: tuple[date, date]) -> list[tuple[int, int, int]]:
        """(number, beginning, end) of each day or calendar month of the span."""
        begin, made, at = self.ground.days.begin, [], span[0]
        if self.project.monthly:
            at = at if at.day == 1 else _next_month(at)
        while at <= span[1]:
            after = _next_month(at) if self.project.monthly else at + timedelta(days=1)
            number = at.year * 12 + at.month if self.project.monthly else at.toordinal()
            made.append((number, begin(at), begin(after)))
            at = after
        return made

    def _amount(self, amounts: Amounts, code: str, points: list[str] | None) -> tuple[Fraction, list[Amount]]:
        """The amount of a row; raises Refused where it is not whole."""
        known = self.ground.points
        if points is None:
            found = [amounts.at(point, code) for point in known.top(code)]
        else:
            if any(name not in known.all for name in points):
                raise Refused("a point that is not declared")
            found = [amounts.at(known.all[name], code) for name in points]
        if not found or any(amount.completeness < 1 for amount in found):
            raise Refused(f"{code} is not whole")
        return sum((amount.value for amount in found), Fraction(0)), found

    def _level(self, amounts: Amounts, code: str) -> tuple[Fraction, set[bytes]]:
        """The mean by time over the interval rows of all points."""
        weighted, time, used = Fraction(0), 0, set()
        for (_, quantity), rows in amounts.rows.items():
            for row in rows:
                if quantity != code or row.to is None or row.to <= amounts.from_ or row.from_ >= amounts.to:
                    continue
                if row.from_ < amounts.from_ or row.to > amounts.to:
                    raise Refused(f"a row of {code} lies in the row only in part")
                weighted, time = weighted + row.value * (row.to - row.from_), time + row.to - row.from_
                used.add(row.block)
        if not time:
            raise Refused(f"nothing of {code}")
        return weighted / time, used

    def table(self, span: tuple[date, date], drivers: list[str]) -> tuple[Table, int, list[Amount]]:
        """The whole rows of a span, how many were left out, and the amounts of energy."""
        order, energy, values, kept = [], [], {name: [] for name in drivers}, []  # type: ignore[var-annotated]
        asked = self._rows(span)
        for number, begin, end in asked:
            amounts = self.ground.amounts.within(begin, end)
            try:
                used, found = self._amount(amounts, self.energy_code, self.project.points)
                cells, inputs = {}, set()
                for name in drivers:
                    if name in LEVELS:
                        cells[name], more = self._level(amounts, name)
                    else:
                        code = _code(self.ground, name)
                        cells[name], parts = self._amount(amounts, code, None)
                        more = {one for part in parts for one in part.inputs}
                    inputs |= more
            except Refused:
                continue
            self.inputs |= inputs | {one for amount in found for one in amount.inputs}
            order.append(number)
            energy.append(float(used))
            kept += found
            for name in drivers:
                values[name].append(float(cells[name]))
        columns = {name: np.array(column) for name, column in values.items()}
        return Table(order, np.array(energy), columns), len(asked) - len(order), kept

    def _model(self) -> Model:
        """The baseline model; raises Refused."""
        first, last = self.project.reporting
        if first < date.fromisoformat(self.ground.from_) or last >= date.fromisoformat(self.ground.to):
            raise Refused("its reporting period lies in the period only in part")
        drivers = self.project.drivers
        named = drivers if drivers is not None else self._all_drivers()
        base, _, _ = self.table(self.project.baseline, named)
        report, lacking, self.kept = self.table(self.project.reporting, named)
        if lacking:
            raise Refused(f"{lacking} rows of the reporting period are lacking")
        if not len(base.energy):
            raise Refused("no row in the baseline")
        made = chosen(base, report) if drivers is None else fit(base, report, tuple(drivers))
        if made.why:
            raise Refused("; ".join(made.why))
        return made

    def _all_drivers(self) -> list[str]:
        known = {code for point in self.ground.points.all.values() for code in point.carries}
        return sorted(
            {"production" if code in PRODUCTION.values() else code for code in known - {self.energy_code}}
        )

    def _figure(
        self, kind: str, value: str, unit: str, more: dict[str, Any], near: dict[str, list[Fraction]],
        used: tuple[str, ...] = (),
    ) -> Made:  # fmt: skip
        first, last = self.project.reporting
        made = self.ground.figure(
            kind, self.project.id, value, unit, "steelyard/saving/1",
            min((amount.completeness for amount in self.kept), default=Fraction(1)),
            max((amount.substituted for amount in self.kept), default=Fraction(0)), self.inputs, [], used,
            more={**more, "project": self.project.id},
            period=(first.isoformat(), (last + timedelta(days=1)).isoformat()),
        )  # fmt: skip
        made.near.update(near)
        return made

    def saving(self, kind: str) -> Made:
        """The avoided use with its interval; raises Refused."""
        model = self._model()
        exact = [Fraction(number) for number in (model.avoided, model.low, model.high)]
        texts = [significant(number, 6) for number in exact]
        more = {"interval": texts[1:], "confidence": "0.9", "form": "ols-ac", "drivers": list(model.names)}
        made = self._figure(
            kind, texts[0], AMOUNTS[self.energy_code], more, {"value": exact[:1], "interval": exact[1:]}
        )
        self.model = model
        return made

    def twin(self) -> Made:
        """The saving in emissions, by the factor of the last reporting year for both periods."""
        assert self.model is not None
        record = self.ground.factors.grid(
            self.ground.days.year(self.ground.days.begin(self.project.reporting[1]))
        )
        exact = Fraction(self.model.avoided) * factor_value(record) / 1000
        return self._figure(
            "saving_tco2", fixed(exact, 3), "t{CO2}", {}, {"value": [exact]}, (str(record["id"]),)
        )


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
