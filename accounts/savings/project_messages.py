"""Why a project, an expectation or a ratio of a site can not be given."""

from __future__ import annotations

from contract.message import Message


class NoEnergyFactor(Message, text="the saving of {quantity} has no factor of one kWh"):
    """An energy other than electricity."""

    quantity: str


class NoSuchGridFactor(Message, text="no usable grid factor has the id {factor!r}"):
    """A choice of a factor that is not there."""

    factor: str


class NoWholePeriod(Message, text="no whole {interval} of {quantity} in the periods of the project"):
    """An energy without a whole day or month."""

    interval: str
    quantity: str


class NoWholePair(Message, text="no {interval} has whole {quantity} and {driver}"):
    """Energy and output that are never both whole."""

    interval: str
    quantity: str
    driver: str


class NoDriverOfEnergy(Message, text="{driver} is no driver of the energy"):
    """A column that the energy does not have."""

    driver: str


class NoAmount(Message, text="{driver} is no amount that the site counts"):
    """A driver that does not add up."""

    driver: str


class OtherUnit(Message, text="the site counts {driver} in {units}, not in {unit}"):
    """A product in another unit."""

    driver: str
    units: str
    unit: str


class NoWholeMonths(Message, text="by month, but {first} to {last} are no whole months"):
    """Days that are no months."""

    first: str
    last: str


class NoPointOfProject(Message, text="project {project!r} names point {point!r}, which is not there"):
    """A point that is not declared."""

    project: str
    point: str


class NoRowsOf(Message, text="no rows of {quantity}"):
    """A quantity that the site does not carry."""

    quantity: str


class NotWhole(Message, text="not whole"):
    """A day or month that lacks rows."""


class Refused(Message, text="{reasons}"):
    """All that refuses a saving."""

    reasons: tuple[Message, ...]


class NoProduction(
    Message,
    text="no production is imported, so that nobody can say what it should have used",
):
    """Nothing to expect a use by."""


class TooFewDays(
    Message,
    text=("only {count} whole days since {first} have electricity and production; {least} are needed"),
    one="only {count} whole day since {first} has electricity and production; {least} are needed",
):
    """A past that is too short."""

    count: int
    first: str
    least: int


class DaysNotWhole(
    Message,
    text="{count} of {days} days lack whole electricity or production",
    one="{count} of {days} days lacks whole electricity or production",
):
    """Days that can not be compared."""

    count: int
    days: int


class NoPrice(Message, text="the electricity of these days has no price: declare a tariff"):
    """Nothing to price the use by."""


class NoModelOfDays(Message, text="the days before give no model: {why}"):
    """A past that gives no fit."""

    why: Message


class WeakModel(Message, text="production explains {share} of the electricity (R2); 0.5 is needed"):
    """A past that explains too little."""

    share: str


class NoOutput(Message, text="the output is not above zero"):
    """Nothing to divide by."""


class TooFewPairs(Message, text="an interval takes {least} rows at least, there are {count}"):
    """Rows that give no interval."""

    least: int
    count: int


class TooFewEffectivePairs(
    Message,
    text="an interval takes {least} effective rows at least, there are {rows} (rho {rho})",
):
    """Rows that say too little each."""

    least: int
    rows: str
    rho: str
