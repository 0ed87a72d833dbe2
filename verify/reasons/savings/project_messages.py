"""Why a saving has no model, or a ratio no interval (accounts.savings of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class TooFewRows(
    Message,
    code="accounts.savings.too_few_rows",
    text=("{count} baseline rows are too few for {parameters} parameters; at least {least} are needed"),
    one="{count} baseline row is too few for {parameters} parameters; at least {least} are needed",
):
    """Fewer rows than a fit takes."""

    count: int
    parameters: int
    least: int


class Refused(Message, code="accounts.savings.refused", text="{reasons}"):
    """All that refuses a saving."""

    reasons: tuple[Message, ...]


class NoWholeMonths(
    Message,
    code="accounts.savings.no_whole_months",
    text="by month, but {first} to {last} are no whole months",
):
    """Days that are no months."""

    first: str
    last: str


class NoWholePeriod(
    Message,
    code="accounts.savings.no_whole_period",
    text="no whole {interval} of {quantity} in the periods of the project",
):
    """An energy without a whole day or month."""

    interval: str
    quantity: str


class TooFewPairs(
    Message,
    code="accounts.savings.too_few_pairs",
    text="an interval takes {least} rows at least, there are {count}",
):
    """Rows that give no interval."""

    least: int
    count: int


class TooFewEffectivePairs(
    Message,
    code="accounts.savings.too_few_effective_pairs",
    text="an interval takes {least} effective rows at least, there are {rows} (rho {rho})",
):
    """Rows that say too little each."""

    least: int
    rows: str
    rho: str


class NoOutput(Message, code="accounts.savings.no_output", text="the output is not above zero"):
    """Nothing to divide by."""


class OneRow(
    Message,
    code="accounts.savings.one_row",
    text="one row says nothing of its interval; give daily or monthly rows",
):
    """A table of one row."""


class NoDrivers(
    Message,
    code="accounts.savings.no_drivers",
    text="there is no driver: the table has no column beside time and energy, or none is named",
):
    """Nothing explains the energy."""
