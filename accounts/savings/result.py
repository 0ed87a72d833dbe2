"""The result of an evaluation, and its JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from accounts.savings.choose import Candidate
from accounts.savings.criteria import Check
from accounts.savings.fit import Fit
from accounts.savings.uncertainty import Band, effective_rows, rounding
from contract.message import Message

SHOWN = 20
"""At most so many candidates stand in the JSON."""


@dataclass(frozen=True)
class Normalised:
    """Both models at the same normal conditions, summed over *rows* intervals. saving: baseline less reporting."""

    baseline: float
    reporting: float
    rows: int
    fit: Fit

    @property
    def saving(self) -> float:
        return self.baseline - self.reporting


@dataclass(frozen=True)
class Result:
    """A saving in the unit of the energy column, positive when saved.

    band: the interval of the form in use. ols: the plain one. m: reporting rows. refused: why nothing may be
    claimed; empty when the model is accepted. candidates: what was tried when no drivers were named.
    """

    adjusted: float
    """the energy by the baseline model in the reporting period"""
    measured: float
    band: Band
    ols: Band
    confidence: float
    m: int
    interval: str
    baseline: str
    reporting: str
    fit: Fit
    checks: tuple[Check, ...]
    refused: tuple[Message, ...]
    warnings: tuple[Message, ...]
    normalised: Normalised | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def avoided(self) -> float:
        return self.adjusted - self.measured

    @property
    def claimed(self) -> float | None:
        """The avoided energy when the model is accepted and the whole interval is above 0, not by rounding alone."""
        distinct = self.band.low > 0 and not rounding(self.avoided, self.adjusted)
        return self.avoided if not self.refused and distinct else None

    def as_dict(self) -> dict[str, Any]:
        """JSON: numbers in full double precision, null for what is not finite or does not exist."""
        found = {
            "avoided": self.avoided,
            "normalised": self.normalised.saving if self.normalised else None,
            "interval": [self.band.low, self.band.high],
            "form": self.band.form,
            "confidence": self.confidence,
            "half_width": self.band.half,
            "t": self.band.t,
            "df": self.fit.df,
            "n": self.fit.n,
            "m": self.m,
            "p": self.fit.p,
            "rho": self.fit.rho,
            "n_effective": effective_rows(self.fit),
            "inflation": self.band.inflation,
            "ols": {"interval": [self.ols.low, self.ols.high], "half_width": self.ols.half},
            "adjusted_baseline": self.adjusted,
            "measured": self.measured,
            "saving_fraction": self.avoided / self.adjusted if self.adjusted else None,
            "baseline": self.baseline,
            "reporting": self.reporting,
            "rows": self.interval,
            "model": _model(self.fit),
            "candidates": [_candidate(c) for c in self.candidates[:SHOWN]],
            "candidates_tried": len(self.candidates),
            "normal": _normal(self.normalised),
            "tests": [_check(check) for check in self.checks],
            "refused": [one.json() for one in self.refused],
            "claimed": self.claimed,
            "warnings": [one.json() for one in self.warnings],
        }
        return {name: _finite(value) for name, value in found.items()}


def _model(fit: Fit) -> dict[str, Any]:
    by_name = {
        "coefficients": fit.b,
        "standard_errors": fit.se,
        "t": fit.t,
        "p_values": fit.p_values,
    }
    return {
        "drivers": list(fit.drivers),
        **{key: dict(zip(fit.names, map(float, array), strict=True)) for key, array in by_name.items()},
        "r2": fit.r2,
        "adjusted_r2": fit.adjusted_r2,
        "f": fit.f,
        "f_p": fit.f_p,
        "sse": fit.sse,
        "sst": fit.sst,
        "rmse": fit.rmse,
        "cv_rmse": fit.cv,
        "nmbe": fit.nmbe,
        "ndbe": fit.ndbe,
        "mean": fit.mean,
        "durbin_watson": fit.durbin_watson,
        "aicc": fit.aicc,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    fit = candidate.fit
    return {
        "drivers": list(candidate.drivers),
        "aicc": fit.aicc if fit else None,
        "adjusted_r2": fit.adjusted_r2 if fit else None,
        "refused": [one.json() for one in candidate.why],
    }


def _normal(normalised: Normalised | None) -> dict[str, Any] | None:
    if normalised is None:
        return None
    return {
        "baseline": normalised.baseline,
        "reporting": normalised.reporting,
        "rows": normalised.rows,
        "reporting_model": _model(normalised.fit),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": str(check.name),
        "rule": str(check.rule),
        "mark": check.mark,
        "effect": check.effect.value,
        "value": check.value,
        "limit": str(check.limit),
        "ok": check.ok,
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
