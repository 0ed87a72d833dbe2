"""What the reader of a saving must know."""

from __future__ import annotations

from contract.message import Message


class ReportingGap(
    Message,
    text="gap: the reporting period lacks {what}; nothing is claimed over missing rows",
):
    """Missing reporting rows refuse."""

    what: Message


class BaselineGap(Message, text="gap: the baseline lacks {what}; the model is of the rows that are there"):
    """Missing baseline rows."""

    what: Message


class MissingRows(Message, text="{lacking} of {expected} {interval}s: {spans}"):
    """Rows that a period lacks; spans: their dates."""

    lacking: int
    expected: int
    interval: str
    spans: str


class MissingRowsAndMore(
    Message,
    text="{lacking} of {expected} {interval}s: {spans} and {count} more gaps",
    one="{lacking} of {expected} {interval}s: {spans} and {count} more gap",
):
    """The same where not all gaps are named."""

    lacking: int
    expected: int
    interval: str
    spans: str
    count: int


class Selection(
    Message,
    text=(
        "selection: {drivers} chosen out of {count} models by AICc; the interval does not cover the choice"
    ),
):
    """The price of having looked for the model in the same data."""

    drivers: tuple[str, ...]
    count: int


class ShortBaseline(
    Message,
    text="short baseline: {period} holds {count} whole months, at least {least} are usual",
    one="short baseline: {period} holds {count} whole month, at least {least} are usual",
):
    """A baseline of less than a year."""

    period: str
    count: int
    least: int


class PartCycle(
    Message,
    text="part cycle: {period} is not whole years, some seasons weigh more than others",
):
    """A baseline of no whole years."""

    period: str


class NotInOrder(Message, text="order: the rows are not in order of time; they were sorted"):
    """Rows as somebody exported them."""


class OutsidePeriods(
    Message,
    text="outside: {count} rows lie in neither period and were not used",
    one="outside: {count} row lies in neither period and was not used",
):
    """Rows that no period holds."""

    count: int


class Backcast(Message, text="backcast: the reporting period lies before the baseline"):
    """Periods the other way round."""


class Extrapolation(
    Message,
    text="extrapolation: {driver} of {count} reporting rows outside {low}..{high}: {values}",
    one="extrapolation: {driver} of {count} reporting row outside {low}..{high}: {values}",
):
    """Single rows outside of what the baseline has seen."""

    driver: str
    count: int
    low: str
    high: str
    values: str


class ExactFit(
    Message,
    text="exact: the model fits every baseline row to the last digit; is the energy measured?",
):
    """A fit without residuals."""


class RhoUnknown(
    Message,
    text="autocorrelation: too few rows follow each other directly; rho is unknown, not corrected",
):
    """Too few neighbours."""


class RhoNegative(
    Message,
    text="autocorrelation: rho {rho} is negative; the interval is not narrowed for it",
):
    """Residuals that alternate."""

    rho: str


class FewEffectiveRows(
    Message,
    text="autocorrelation: rho {rho} leaves {rows} effective rows for {parameters} parameters",
):
    """Too few independent rows."""

    rho: str
    rows: str
    parameters: int


class FewRows(
    Message,
    text=(
        "few rows: {count} rows show autocorrelation too rarely; where it is there the interval is too narrow"
    ),
):
    """A short baseline hides autocorrelation."""

    count: int


class WeeklyPattern(
    Message,
    text=(
        "weekly pattern: residuals seven days apart correlate by {rho}, which the interval does "
        "not cover; a driver for the day of the week is missing"
    ),
):
    """A pattern that no driver explains."""

    rho: str


class MoreUsed(Message, text="more used: use rose by {amount}; the interval lies below 0"):
    """A saving below zero; the amount is in the unit of the energy."""

    amount: str


class BelowRounding(
    Message,
    text="not significant: the saving is below a billionth of the use, which is rounding",
):
    """A difference of equal sums."""


class NotSignificant(
    Message,
    text="not significant: the interval holds 0, so the saving cannot be told from chance",
):
    """An interval that holds zero."""
