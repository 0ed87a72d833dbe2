"""Why there is no model of a saving, and what its choice left out."""

from __future__ import annotations

from contract.message import Message


class LeftOutConstant(Message, text="left out: driver {driver!r} is {value} in every baseline row"):
    """A column that can be no driver."""

    driver: str
    value: str


class LeftOut(Message, text="left out: {why}"):
    """A subset of the drivers without a fit."""

    why: Message


class NothingVaries(
    Message,
    text="no column beside time and energy varies in the baseline: there is no driver to try",
):
    """No driver to choose from."""


class TooManyColumns(
    Message,
    text="{count} columns are too many to try every subset (at most {most}); name the drivers",
):
    """More columns than all subsets of are tried."""

    count: int
    most: int


class ConfidenceOutside(Message, text="the confidence is {value}; it must be between 0 and 1, such as 0.9"):
    """A confidence that is none."""

    value: str


class NoDrivers(
    Message,
    text="there is no driver: the table has no column beside time and energy, or none is named",
):
    """Nothing explains the energy."""


class UnknownDriver(Message, text="there is no driver {driver!r}; the columns are {columns}"):
    """A name that no column has."""

    driver: str
    columns: str


class DriverTwice(Message, text="driver {driver!r} is named twice"):
    """One name twice."""

    driver: str


class TooFewRows(
    Message,
    text=("{count} baseline rows are too few for {parameters} parameters; at least {least} are needed"),
    one="{count} baseline row is too few for {parameters} parameters; at least {least} are needed",
):
    """Fewer rows than a fit takes."""

    count: int
    parameters: int
    least: int


class ConstantEnergy(
    Message,
    text="the energy is {value} in every baseline row: there is nothing to explain",
):
    """An energy that does not vary."""

    value: str


class Collinear(Message, text="drivers {drivers} are collinear in the baseline; leave one out"):
    """Drivers that say the same."""

    drivers: str


class ConstantDriver(
    Message,
    text="driver {driver!r} is {value} in every baseline row: it explains nothing",
):
    """A driver that does not vary."""

    driver: str
    value: str


class NoNormalInterval(Message, text="normalised: no interval is stated for the normalised saving"):
    """What the normalised saving lacks."""


class NoNormalColumn(Message, text="the normal conditions have no column {column!r}"):
    """A driver without a normal condition."""

    column: str


class NormalModelFails(Message, text="normalised: model of the reporting period: {why}"):
    """A test of the second model that fails."""

    why: Message


class NoNormalModel(Message, text="normalised: the reporting period carries no model of its own: {why}"):
    """A reporting period that gives no fit."""

    why: Message


class NoLine(Message, text="no line for {period}: {why}"):
    """A period in which the energy has no regression on one driver."""

    period: str
    why: Message
