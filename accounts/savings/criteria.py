"""Tests of a model: one that fails forbids its use (refuse) or is shown beside it (warn).

The rule sets and their trust marks stand in docs/methods-savings.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from accounts.savings.criteria_messages import (
    AshraeRule,
    CriterionFailed,
    Determination,
    FTest,
    InRange,
    IpmvpRule,
    OpeneemeterRule,
    OwnRule,
    PValueOf,
    RelativeError,
    RelativeUncertainty,
    ReportingMean,
    SepRule,
    SignOf,
    SmallestPValue,
    TValueOf,
)
from accounts.savings.fit import Fit
from accounts.savings.table import Floats
from contract.message import Message

SEP, IPMVP, ASHRAE, OPENEEMETER, OWN = SepRule(), IpmvpRule(), AshraeRule(), OpeneemeterRule(), OwnRule()

PRODUCTION_WORDS = ("prod", "output", "tonnage", "tonnes", "产量", "产出")
DEGREE_WORDS = ("cdd", "hdd", "degree", "度日")


class Effect(Enum):
    """What a test that fails does."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True)
class Check:
    """One test: *value* against *limit* in words. mark: how far the source is trusted; `own` for a rule of ours."""

    name: Message
    rule: Message
    mark: str
    effect: Effect
    value: float
    limit: str | Message
    ok: bool

    @property
    def message(self) -> Message:
        """The message of a test that fails."""
        return CriterionFailed(self.name, f"{self.value:.6g}", self.limit, self.rule)


def has_sign(driver: str) -> str | None:
    """production or degree days, by the words in a column's name; None for a name with none of them."""
    name = driver.lower()
    if any(word in name for word in PRODUCTION_WORDS):
        return "production"
    return "degree days" if any(word in name for word in DEGREE_WORDS) else None


def signs(fit: Fit) -> list[Check]:
    """Production and degree days may not lower the use of energy."""
    return [
        Check(SignOf(name, kind), OWN, "own", Effect.REFUSE, float(b), ">= 0", bool(b >= 0))
        for name, b in zip(fit.drivers, fit.b[1:], strict=True)
        if (kind := has_sign(name))
    ]


def model(fit: Fit) -> list[Check]:
    """The valid model requirements on the fit itself."""
    ps = fit.p_values[1:]
    found = [Check(FTest(), SEP, "V", Effect.REFUSE, fit.f_p, "< 0.10", fit.f_p < 0.10)]
    found += [
        Check(PValueOf(name), SEP, "V", Effect.REFUSE, float(p), "< 0.20", bool(p < 0.20))
        for name, p in zip(fit.drivers, ps, strict=True)
    ]
    best = float(np.min(ps))
    found.append(Check(SmallestPValue(), SEP, "V", Effect.REFUSE, best, "< 0.10", best < 0.10))
    return [*found, Check(Determination(), SEP, "V", Effect.REFUSE, fit.r2, ">= 0.5", fit.r2 >= 0.5)]


def ranges(fit: Fit, base: list[Floats], report: list[Floats]) -> list[Check]:
    """The mean of each driver in the reporting period lies where the model was fitted, or within 3 sd of its mean."""
    found = []
    for name, before, after in zip(fit.drivers, base, report, strict=True):
        low, high = float(before.min()), float(before.max())
        middle, reach = float(before.mean()), 3.0 * float(before.std(ddof=1))
        value = float(after.mean())
        ok = low <= value <= high or abs(value - middle) <= reach
        bounds = InRange(f"{min(low, middle - reach):.6g}", f"{max(high, middle + reach):.6g}")
        found.append(Check(ReportingMean(name), SEP, "V", Effect.REFUSE, value, bounds, ok))
    return found


def advice(fit: Fit, half_68: float, avoided: float, daily: bool) -> list[Check]:
    """Rules of other bodies: they warn only."""
    warn = Effect.WARN
    found = [
        Check(Determination(), IPMVP, "R1", warn, fit.r2, "> 0.75", fit.r2 > 0.75),
        Check(RelativeError(), IPMVP, "R1", warn, fit.cv, "< 0.20", 0 <= fit.cv < 0.20),
    ]
    if daily:
        found.append(Check(RelativeError(), OPENEEMETER, "V", warn, fit.cv, "<= 1", 0 <= fit.cv <= 1))
    found += [
        Check(TValueOf(name), IPMVP, "R1", warn, abs(float(t)), "> 2", bool(abs(t) > 2))
        for name, t in zip(fit.drivers, fit.t[1:], strict=True)
    ]
    share = half_68 / avoided if avoided > 0 else float("inf")
    return [*found, Check(RelativeUncertainty(), ASHRAE, "R", warn, share, "< 0.5", share < 0.5)]


def failed(checks: list[Check], effect: Effect) -> list[Message]:
    """A message for each test that fails with that effect."""
    return [check.message for check in checks if not check.ok and check.effect is effect]
