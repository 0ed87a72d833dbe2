"""From a table and two periods to a saving with its interval, or to the reasons against it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from accounts.savings import criteria, doubts
from accounts.savings.choose import Candidate, choose
from accounts.savings.criteria import Check, Effect
from accounts.savings.fit import Fit, design, fit
from accounts.savings.model_messages import ConfidenceOutside, DriverTwice, NoDrivers, UnknownDriver
from accounts.savings.normal import normalised
from accounts.savings.parts import Part, Parts, split
from accounts.savings.periods import Interval, Period
from accounts.savings.result import Result
from accounts.savings.table import Floats, Table
from accounts.savings.uncertainty import OLS, Band, band
from contract.errors import BadInput
from contract.message import Message


def evaluate(
    table: Table,
    baseline: Period,
    reporting: Period,
    drivers: Sequence[str] | None = None,
    normal: Mapping[str, Floats] | None = None,
    confidence: float = 0.9,
) -> Result:
    """The avoided energy of *reporting* against a model of *baseline*.

    drivers: columns of the table; None tries all subsets. normal: drivers at fixed conditions, for the normalised
    saving. BadInput names what is wrong in the data or the question.
    """
    if not 0.0 < confidence < 1.0:
        raise BadInput(ConfidenceOutside(f"{confidence:g}"))
    names = _named(table, drivers)
    data = split(table, baseline, reporting, names)
    tried, left = ([], []) if drivers is not None else _tried(data, names)
    model = tried[0].fit if tried else None
    if model is None:
        model = fit(data.base.energy, data.base.of(names), names, data.base.follows)
    avoided, x = _avoided(model, data.report)
    adjusted = math.fsum(x @ model.b)
    interval = band(model, x, avoided, confidence)
    checks = _checks(model, data, band(model, x, avoided, 0.68).half, avoided)
    fixed, doubtful = normalised(model, data.report, normal)
    return Result(
        adjusted=adjusted,
        measured=math.fsum(data.report.energy),
        band=interval,
        ols=band(model, x, avoided, confidence, OLS),
        confidence=confidence,
        m=len(x),
        interval=data.on.interval.value,
        baseline=str(baseline),
        reporting=str(reporting),
        fit=model,
        checks=tuple(checks),
        refused=(*criteria.failed(checks, Effect.REFUSE), *doubts.of_gaps(data.report)),
        warnings=(
            *_doubts(model, data, interval, avoided, adjusted, tried),
            *left,
            *_warned(checks),
            *doubtful,
        ),
        normalised=fixed,
        candidates=tuple(tried),
    )


def _tried(data: Parts, names: Sequence[str]) -> tuple[list[Candidate], list[Message]]:
    inputs = {name: data.base.columns[name] for name in names}
    return choose(data.base.energy, inputs, data.report.columns, data.base.follows)


def _avoided(model: Fit, report: Part) -> tuple[float, Floats]:
    """The adjusted baseline less the measured energy, and the reporting rows of X."""
    x = design(report.of(model.drivers), len(report.energy))
    return math.fsum(x @ model.b) - math.fsum(report.energy), x


def _checks(model: Fit, data: Parts, half_68: float, avoided: float) -> list[Check]:
    return [
        *criteria.model(model),
        *criteria.ranges(model, data.base.of(model.drivers), data.report.of(model.drivers)),
        *criteria.signs(model),
        *criteria.advice(model, half_68, avoided, data.on.interval is Interval.DAY),
    ]


def _doubts(
    model: Fit, data: Parts, interval: Band, avoided: float, adjusted: float, tried: Sequence[Candidate]
) -> list[Message]:
    return [
        *doubts.of_data(data),
        *doubts.of_ranges(model, data.base.columns, data.report.columns),
        *doubts.of_model(model, data.base.follows, data.on),
        *doubts.of_claim(interval, avoided, adjusted),
        *doubts.of_selection(tried),
    ]


def _warned(checks: list[Check]) -> list[Message]:
    return criteria.failed(checks, Effect.WARN)


def _named(table: Table, drivers: Sequence[str] | None) -> tuple[str, ...]:
    names = table.drivers if drivers is None else tuple(drivers)
    if not names:
        raise BadInput(NoDrivers())
    for name in names:
        if name not in table.drivers:
            known = ", ".join(map(repr, table.drivers)) or "none"
            raise BadInput(UnknownDriver(name, known))
        if names.count(name) > 1:
            raise BadInput(DriverTwice(name))
    return names
