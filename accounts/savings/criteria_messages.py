"""Tests of a model that refuse or warn, and the rule sets they come from."""

from __future__ import annotations

from contract.message import Message


class CriterionFailed(Message, text="{name}: {value}, required {bound} ({rule})"):
    """A test of the model that fails."""

    name: Message
    value: str
    bound: str | Message
    rule: Message


class SepRule(Message, text="LBNL EnPI Lite / US DOE SEP valid model requirements"):
    """A rule set of docs/methods-savings.md."""


class IpmvpRule(Message, text="IPMVP rule of thumb (single source)"):
    """A rule set of docs/methods-savings.md."""


class AshraeRule(Message, text="ASHRAE Guideline 14 result"):
    """A rule set of docs/methods-savings.md."""


class OpeneemeterRule(Message, text="openeemeter default for daily models"):
    """A rule set of docs/methods-savings.md."""


class OwnRule(Message, text="Steelyard"):
    """A rule of our own, docs/methods-savings.md."""


class InRange(Message, text="in {low}..{high}"):
    """A bound at both ends."""

    low: str
    high: str


class SignOf(Message, text="sign of {driver} ({kind})"):
    """The sign of a coefficient."""

    driver: str
    kind: str


class FTest(Message, text="F-test p"):
    """The p of the whole model."""


class PValueOf(Message, text="p of {driver}"):
    """The p of a coefficient."""

    driver: str


class SmallestPValue(Message, text="smallest p of a driver"):
    """The best p of all coefficients."""


class TValueOf(Message, text="t of {driver}"):
    """The t of a coefficient."""

    driver: str


class Determination(Message, text="R2"):
    """The share of the variance that the model explains."""


class RelativeError(Message, text="CV(RMSE)"):
    """The root mean square error by the mean."""


class RelativeUncertainty(Message, text="uncertainty at 68 % / saving"):
    """The half width at 68 % by the saving."""


class ReportingMean(Message, text="reporting mean of {driver}"):
    """The mean of a driver in the reporting period."""

    driver: str
