"""The tables of `figures` and `savings`. Numbers come as they are shown."""

from __future__ import annotations

from contract.message import Message


class Figure(Message, text="{row} complete {share}"):
    """A figure with the share of its time that has data."""

    row: str
    share: str


class RefusedFigure(Message, text="{row} refused: {why}"):
    """A figure that is not given."""

    row: str
    why: Message


class Avoided(
    Message,
    text="avoided    {avoided} (adjusted baseline {adjusted}, measured {measured}), in the unit of the energy column",
):
    """A saving."""

    avoided: str
    adjusted: str
    measured: str


class IntervalIs(Message, text="interval   {low} .. {high} at {percent} %, form {form}"):
    """Its interval."""

    low: str
    high: str
    percent: str
    form: str


class Statistics(
    Message, text="t {t} (df {df}), n {n}, n' {effective}, m {m}, p {p}, rho {rho}, s2 x {inflation}"
):
    """What the interval follows from."""

    t: str
    df: int
    n: int
    effective: str
    m: int
    p: int
    rho: Message
    inflation: str


class PlainInterval(Message, text="form ols   {low} .. {high} (takes residuals as independent)"):
    """The interval of another form."""

    low: str
    high: str


class Model(Message, text="model      energy = {terms}; R2 {r2}, CV(RMSE) {cv}, {interval} rows"):
    """The regression."""

    terms: str
    r2: str
    cv: str
    interval: str


class Normalised(Message, text="normalised {value}"):
    """The saving at normal conditions."""

    value: str


class NotNormalised(Message, text="normalised none: no normal conditions"):
    """A saving without normal conditions."""


class Claimed(Message, text="claimed    {value}"):
    """What may be claimed."""

    value: str


class NothingClaimed(Message, text="claimed    nothing"):
    """A model that is refused."""


class SavingRefused(Message, text="REFUSED    {why}"):
    """Why a model is refused."""

    why: Message


class SavingWarning(Message, text="warning    {why}"):
    """A doubt."""

    why: Message


class SixDigits(Message, text="numbers are rounded to six significant digits; --json has them in full"):
    """Below the table."""


class OfTable(Message, text="{name}: {why}"):
    """The saving of one table of several."""

    name: str
    why: Message


class AvoidedShort(Message, text="avoided {avoided} [{low}, {high}], claimed {claimed}"):
    """A saving in one line."""

    avoided: str
    low: str
    high: str
    claimed: str


class AvoidedUnclaimed(Message, text="avoided {avoided} [{low}, {high}], claimed nothing"):
    """A saving in one line, which may be none."""

    avoided: str
    low: str
    high: str


class AvoidedRefused(Message, text="avoided {avoided} [{low}, {high}], claimed nothing; REFUSED: {reasons}"):
    """A refused saving in one line."""

    avoided: str
    low: str
    high: str
    reasons: tuple[Message, ...]


class Unknown(Message, text="unknown"):
    """In place of a number."""


class BadTable(Message, text="bad: {why}"):
    """A table that can't be read."""

    why: Message
