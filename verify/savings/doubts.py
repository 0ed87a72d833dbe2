"""The warnings of a saving: what its reader must know (docs/methods-savings.md, Warnings)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

from verify.formats.message import Message
from verify.reasons.reason import rounded
from verify.reasons.savings.criteria_messages import (
    AshraeRule,
    CriterionFailed,
    Determination,
    IpmvpRule,
    OpeneemeterRule,
    RelativeError,
    RelativeUncertainty,
    TValueOf,
)
from verify.reasons.savings.messages import (
    Backcast,
    BelowRounding,
    ExactFit,
    Extrapolation,
    FewEffectiveRows,
    FewRows,
    LeftOutConstant,
    MoreUsed,
    NotInOrder,
    NotSignificant,
    PartCycle,
    RhoNegative,
    RhoUnknown,
    Selection,
    ShortBaseline,
    WeeklyPattern,
)
from verify.savings.distributions import t_quantile
from verify.savings.project_rows import Project
from verify.savings.regress import Fit, Model, neighbours

YEAR, WEEK, FEW, SIGNIFICANT = 12, 7, 60, 1.96


def doubts(model: Model, project: Project) -> tuple[Message, ...]:
    """All of them in their order, but for gaps of the baseline and subsets of drivers that had no fit."""
    return (
        *_of_periods(project), *_of_ranges(model), *_of_residuals(model.fit, not project.monthly),
        *_of_claim(model), *_of_choice(model), *_of_rules(model, not project.monthly),
    )  # fmt: skip


def _of_periods(project: Project) -> Iterator[Message]:
    first, last = project.baseline
    after = last + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month - (after.day < first.day)
    if months < YEAR:
        yield ShortBaseline(f"{first}..{last}", months, YEAR)
    elif months % YEAR:
        yield PartCycle(f"{first}..{last}")
    if project.reporting[0] < first:
        yield from (NotInOrder(), Backcast())


def _of_ranges(model: Model) -> Iterator[Message]:
    """Single reporting rows outside of what the baseline has seen."""
    for name in model.names:
        before, after = model.fit.base.drivers[name], model.fit.report.drivers[name]
        low, high = float(before.min()), float(before.max())
        out = [float(value) for value in after if not low <= value <= high]
        if out:
            shown = ", ".join(f"{value:g}" for value in out[:5]) + (" ..." if len(out) > 5 else "")
            yield Extrapolation(name, len(out), f"{low:g}", f"{high:g}", shown)


def _of_residuals(fit: Fit, daily: bool) -> Iterator[Message]:
    """What the interval takes for granted and the residuals contradict."""
    if fit.exact:
        yield ExactFit()
        return
    yield from _of_neighbours(fit)
    if fit.n < FEW:
        yield FewRows(fit.n)
    if daily and fit.n > 2 * WEEK:
        weekly = neighbours(fit.base.order, fit.residuals, WEEK)
        if weekly is not None and weekly - max(fit.rho or 0.0, 0.0) ** WEEK > SIGNIFICANT / math.sqrt(fit.n):
            yield WeeklyPattern(rounded(weekly, ".2f"))


def _of_neighbours(fit: Fit) -> Iterator[Message]:
    if fit.rho is None:
        yield RhoUnknown()
    elif abs(fit.rho) > SIGNIFICANT / math.sqrt(fit.n):
        rows = fit.n * (1 - fit.rho) / (1 + fit.rho) if fit.rho > -1 else math.inf
        if fit.rho < 0:
            yield RhoNegative(rounded(fit.rho, ".3f"))
        elif rows <= fit.p + 1:
            yield FewEffectiveRows(rounded(fit.rho, ".3f"), rounded(rows, ".1f"), fit.p)


def _of_claim(model: Model) -> Iterator[Message]:
    """Why an accepted model may still claim nothing."""
    if abs(model.avoided) <= 1e-9 * abs(model.fit.adjusted):
        yield BelowRounding()
    elif model.high < 0:
        yield MoreUsed(rounded(-model.avoided))
    elif model.low <= 0:
        yield NotSignificant()


def _of_choice(model: Model) -> Iterator[Message]:
    if model.tried:
        yield Selection(model.names, model.tried)
        yield from (LeftOutConstant(name, f"{value:g}") for name, value in model.constant.items())


def _of_rules(model: Model, daily: bool) -> Iterator[Message]:
    """Rules of other bodies, which warn only."""
    fit, cv = model.fit, model.fit.cv
    if not fit.r2 > 0.75:
        yield CriterionFailed(Determination(), rounded(fit.r2), "> 0.75", IpmvpRule())
    if not 0 <= cv < 0.20:
        yield CriterionFailed(RelativeError(), rounded(cv), "< 0.20", IpmvpRule())
    if daily and not 0 <= cv <= 1:
        yield CriterionFailed(RelativeError(), rounded(cv), "<= 1", OpeneemeterRule())
    for name, t in zip(model.names, fit.ts, strict=True):
        if not abs(t) > 2:
            yield CriterionFailed(TValueOf(name), rounded(abs(t)), "> 2", IpmvpRule())
    half = t_quantile(0.68, fit.n - fit.p) * fit.spread
    part = half / model.avoided if model.avoided > 0 else math.inf
    if not part < 0.5:
        yield CriterionFailed(RelativeUncertainty(), rounded(part), "< 0.5", AshraeRule())
