"""Why no factor can be taken (accounts.figure of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class FactorWithoutCitation(
    Message, code="accounts.figure.factor_without_citation", text="factor {factor} has no citation"
):
    """A record without a document."""

    factor: str


class FactorNotUsable(
    Message,
    code="accounts.figure.factor_not_usable",
    text="factor {factor} is marked {trust} and may not be used",
):
    """A record whose trust mark forbids it."""

    factor: str
    trust: str


class NoFactorOfTable(
    Message, code="accounts.figure.no_factor_of_table", text="no {table} factor for {quantity} in {year}"
):
    """A table without a record for the year."""

    table: str
    quantity: str
    year: str


class UnknownFactor(
    Message,
    code="accounts.figure.unknown_factor",
    text="the site names factor {factor!r}, which is not known",
):
    """The choice of the site names no record."""

    factor: str


class NoProvince(
    Message, code="accounts.figure.no_province", text="the site has no province and names no factor"
):
    """Nothing tells which grid it is."""


class NationalGrid(Message, code="accounts.figure.national_grid", text="national grid"):
    """The place of the national factor."""


class NoGridFactor(
    Message, code="accounts.figure.no_grid_factor", text="no published grid factor for {place}"
):
    """A place without any record."""

    place: str | Message


class NoGridFactorYet(
    Message,
    code="accounts.figure.no_grid_factor_yet",
    text="no published grid factor for {place} for {year}: the first is for {first}",
):
    """A year before the first record of the place."""

    place: str | Message
    year: str
    first: str
