"""Tests of a model that refuse or warn (accounts.savings of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class CriterionFailed(
    Message, code="accounts.savings.criterion_failed", text="{name}: {value}, required {bound} ({rule})"
):
    """A test of the model that fails."""

    name: Message
    value: str
    bound: str | Message
    rule: Message


class SepRule(
    Message, code="accounts.savings.sep_rule", text="LBNL EnPI Lite / US DOE SEP valid model requirements"
):
    """A rule set of docs/methods-savings.md."""


class IpmvpRule(Message, code="accounts.savings.ipmvp_rule", text="IPMVP rule of thumb (single source)"):
    """A rule set of docs/methods-savings.md."""


class AshraeRule(Message, code="accounts.savings.ashrae_rule", text="ASHRAE Guideline 14 result"):
    """A rule set of docs/methods-savings.md."""


class OpeneemeterRule(
    Message, code="accounts.savings.openeemeter_rule", text="openeemeter default for daily models"
):
    """A rule set of docs/methods-savings.md."""


class OwnRule(Message, code="accounts.savings.own_rule", text="Steelyard"):
    """A rule of our own, docs/methods-savings.md."""


class InRange(Message, code="accounts.savings.in_range", text="in {low}..{high}"):
    """A bound at both ends."""

    low: str
    high: str


class SignOf(Message, code="accounts.savings.sign_of", text="sign of {driver} ({kind})"):
    """The sign of a coefficient."""

    driver: str
    kind: str


class FTest(Message, code="accounts.savings.ftest", text="F-test p"):
    """The p of the whole model."""


class PValueOf(Message, code="accounts.savings.pvalue_of", text="p of {driver}"):
    """The p of a coefficient."""

    driver: str


class SmallestPValue(Message, code="accounts.savings.smallest_pvalue", text="smallest p of a driver"):
    """The best p of all coefficients."""


class TValueOf(Message, code="accounts.savings.tvalue_of", text="t of {driver}"):
    """The t of a coefficient."""

    driver: str


class Determination(Message, code="accounts.savings.determination", text="R2"):
    """The share of the variance that the model explains."""


class RelativeError(Message, code="accounts.savings.relative_error", text="CV(RMSE)"):
    """The root mean square error by the mean."""


class RelativeUncertainty(
    Message, code="accounts.savings.relative_uncertainty", text="uncertainty at 68 % / saving"
):
    """The half width at 68 % by the saving."""


class ReportingMean(Message, code="accounts.savings.reporting_mean", text="reporting mean of {driver}"):
    """The mean of a driver in the reporting period."""

    driver: str
