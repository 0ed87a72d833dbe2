"""Why no factor can be taken."""

from __future__ import annotations

from contract.message import Message


class NoFactorDeclared(Message, text="no factor declared"):
    """The energy carrier has no factor."""


class FactorOfOtherUnit(Message, text="factor {factor} is in {unit}, an emission twin needs {needed}"):
    """A factor that is not for electricity."""

    factor: str
    unit: str
    needed: str


class FactorWithoutCitation(Message, text="factor {factor} has no citation"):
    """A record without a document."""

    factor: str


class FactorNotUsable(Message, text="factor {factor} is marked {trust} and may not be used"):
    """A record whose trust mark forbids it."""

    factor: str
    trust: str


class NoFactorOfTable(Message, text="no {table} factor for {quantity} in {year}"):
    """A table without a record for the year."""

    table: str
    quantity: str
    year: str


class UnknownFactor(Message, text="the site names factor {factor!r}, which is not known"):
    """The choice of the site names no record."""

    factor: str


class NoProvince(Message, text="the site has no province and names no factor"):
    """Nothing tells which grid it is."""


class NationalGrid(Message, text="national grid"):
    """The place of the national factor."""


class NoGridFactor(Message, text="no published grid factor for {place}"):
    """A place without any record."""

    place: str | Message


class NoGridFactorYet(
    Message, text="no published grid factor for {place} for {year}: the first is for {first}"
):
    """A year before the first record of the place."""

    place: str | Message
    year: str
    first: str
