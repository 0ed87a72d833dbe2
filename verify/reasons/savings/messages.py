"""What the reader of a saving must know (accounts.savings of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class Selection(
    Message,
    code="accounts.savings.selection",
    text=(
        "selection: {drivers} chosen out of {count} models by AICc; the interval does not cover the choice"
    ),
):
    """The price of having looked for the model in the same data."""

    drivers: tuple[str, ...]
    count: int


class ShortBaseline(
    Message,
    code="accounts.savings.short_baseline",
    text="short baseline: {period} holds {count} whole months, at least {least} are usual",
    one="short baseline: {period} holds {count} whole month, at least {least} are usual",
):
    """A baseline of less than a year."""

    period: str
    count: int
    least: int


class PartCycle(
    Message,
    code="accounts.savings.part_cycle",
    text="part cycle: {period} is not whole years, some seasons weigh more than others",
):
    """A baseline of no whole years."""

    period: str


class NotInOrder(
    Message,
    code="accounts.savings.not_in_order",
    text="order: the rows are not in order of time; they were sorted",
):
    """Rows as somebody exported them."""


class Backcast(
    Message, code="accounts.savings.backcast", text="backcast: the reporting period lies before the baseline"
):
    """Periods the other way round."""


class Extrapolation(
    Message,
    code="accounts.savings.extrapolation",
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
    code="accounts.savings.exact_fit",
    text="exact: the model fits every baseline row to the last digit; is the energy measured?",
):
    """A fit without residuals."""


class RhoUnknown(
    Message,
    code="accounts.savings.rho_unknown",
    text="autocorrelation: too few rows follow each other directly; rho is unknown, not corrected",
):
    """Too few neighbours."""


class RhoNegative(
    Message,
    code="accounts.savings.rho_negative",
    text="autocorrelation: rho {rho} is negative; the interval is not narrowed for it",
):
    """Residuals that alternate."""

    rho: str


class FewEffectiveRows(
    Message,
    code="accounts.savings.few_effective_rows",
    text="autocorrelation: rho {rho} leaves {rows} effective rows for {parameters} parameters",
):
    """Too few independent rows."""

    rho: str
    rows: str
    parameters: int


class FewRows(
    Message,
    code="accounts.savings.few_rows",
    text=(
        "few rows: {count} rows show autocorrelation too rarely; where it is there the interval is too narrow"
    ),
):
    """A short baseline hides autocorrelation."""

    count: int


class WeeklyPattern(
    Message,
    code="accounts.savings.weekly_pattern",
    text=(
        "weekly pattern: residuals seven days apart correlate by {rho}, which the interval does "
        "not cover; a driver for the day of the week is missing"
    ),
):
    """A pattern that no driver explains."""

    rho: str


class MoreUsed(
    Message,
    code="accounts.savings.more_used",
    text="more used: use rose by {amount}; the interval lies below 0",
):
    """A saving below zero; the amount is in the unit of the energy."""

    amount: str


class BelowRounding(
    Message,
    code="accounts.savings.below_rounding",
    text="not significant: the saving is below a billionth of the use, which is rounding",
):
    """A difference of equal sums."""


class NotSignificant(
    Message,
    code="accounts.savings.not_significant",
    text="not significant: the interval holds 0, so the saving cannot be told from chance",
):
    """An interval that holds zero."""


class LeftOutConstant(
    Message,
    code="accounts.savings.left_out_constant",
    text="left out: driver {driver!r} is {value} in every baseline row",
):
    """A column that can be no driver."""

    driver: str
    value: str
