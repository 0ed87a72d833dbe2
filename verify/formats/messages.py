"""Formats: what can be wrong with bytes, texts, numbers and times."""

from __future__ import annotations

from verify.formats.message import Message


class MoreOfTheSame(Message, text="more of the same"):
    """The findings."""


class At(Message, text="{place}: {why}"):
    """The findings."""

    place: str
    why: Message


class UnknownFileName(Message, text="a file name that a pack does not have: {name!r}"):
    """A zip file."""

    name: str


class EncryptedFile(Message, text="{name} is encrypted, or compressed in a way that a pack is not"):
    """A zip file."""

    name: str


class GrowsTooMuch(Message, text="{name} says it grows more than {times} times"):
    """A zip file."""

    name: str
    times: int


class AnotherSize(Message, text="{name} has another size than the archive says"):
    """A zip file."""

    name: str


class ArchiveComment(Message, text="a comment"):
    """A zip file."""


class CompressedFile(Message, text="is compressed; a pack stores"):
    """A zip file."""


class UnusualEntry(Message, text="has a comment, extra fields or another date than 1980-01-01"):
    """A zip file."""


class BytesBefore(Message, text="bytes stand before it that belong to no entry"):
    """A zip file."""


class BytesBehind(Message, text="bytes behind the last entry that belong to none"):
    """A zip file."""


class TooLarge(Message, text="more or larger files than a pack has"):
    """A zip file."""


class FileNameTwice(Message, text="a file name that stands twice"):
    """A zip file."""


class NoZip(Message, text="no zip that can be read: {why}"):
    """A zip file."""

    why: str


class NotADate(Message, text="not a date"):
    """Dates and times."""


class FarDate(Message, text="a date far from any reading"):
    """Dates and times."""


class NotATimeOfDay(Message, text="not a time of day HH:MM"):
    """Dates and times."""


class NotAMoment(Message, text="not a time in UTC"):
    """Dates and times."""


class NotAZone(Message, text="not a time zone"):
    """Dates and times."""


class UnknownZone(Message, text="a time zone of which this computer knows nothing: {zone}"):
    """Dates and times."""

    zone: str


class KeyTwice(Message, text="a key stands twice in one object"):
    """Canonical JSON."""


class NotAnInteger(Message, text="a number with a fraction or exponent: {text}"):
    """Canonical JSON."""

    text: str


class IntegerTooLarge(Message, text="an integer of 2^53 or more: {text}"):
    """Canonical JSON."""

    text: str


class TooDeep(Message, text="nested more than {most} deep"):
    """Canonical JSON."""

    most: int


class KeyNotAscii(Message, text="a key that is not ASCII"):
    """Canonical JSON."""


class NotUnicode(Message, text="text that is not Unicode"):
    """Canonical JSON."""


class NoJson(Message, text="no JSON: {why}"):
    """Canonical JSON."""

    why: str


class NotCanonical(Message, text="JSON that is not in canonical form"):
    """Canonical JSON."""


class NotAnObject(Message, text="not an object"):
    """Typed values in JSON."""


class Lacks(Message, text="without {members}"):
    """Typed values in JSON."""

    members: tuple[str, ...]


class UnknownMembers(Message, text="with members that the page does not know: {members}"):
    """Typed values in JSON."""

    members: str


class NotAList(Message, text="not a list"):
    """Typed values in JSON."""


class NotAText(Message, text="not a text"):
    """Typed values in JSON."""


class NotAWholeNumber(Message, text="not a whole number that can be"):
    """Typed values in JSON."""


class NotADigest(Message, text="not 64 hex digits"):
    """Typed values in JSON."""


class NotNanoseconds(Message, text="not nanoseconds in a text"):
    """Typed values in JSON."""


class NotAnIncarnation(Message, text="not 16 hex digits"):
    """Typed values in JSON."""


class NotADecimal(Message, text="not a decimal number in a text"):
    """Typed values in JSON."""


class UnitUnfit(Message, text="unit {unit!r} does not fit {wanted}"):
    """Quantities and their units."""

    unit: str
    wanted: str


class ProductionUnitUnfit(Message, text="production has no unit {unit!r}"):
    """Quantities and their units."""

    unit: str


class UnknownQuantity(Message, text="unknown quantity {quantity!r}"):
    """Quantities and their units."""

    quantity: str
