"""What form a declared value must have, whatever it is of. A value that is shown is quoted as Python writes it."""

from __future__ import annotations

from contract.message import Message


class Required(Message, text="is required"):
    """A key that is absent."""


class UnknownKey(Message, text="unknown key; known here: {codes}"):
    """A key that means nothing here."""

    codes: tuple[str, ...]


class MustBe(Message, text="must be {what}, not {text}"):
    """A text of another form; what: the form, one of the messages below."""

    what: Message
    text: str


class OneLine(Message, text="one line of text"):
    """A form."""


class IdOfLetters(Message, text="an id of a-z, 0-9 and -"):
    """A form."""


class IdOfPoint(Message, text="the id of a point"):
    """A form."""


class IdOfSite(Message, text="the id of a site"):
    """A form."""


class IdOfNode(Message, text="the id of a node"):
    """A form."""


class TagName(Message, text="a tag's name"):
    """A form."""


class PointName(Message, text="a name of letters, digits and . _ - / : without spaces"):
    """A form."""


class Pseudonym(Message, text="a pseudonym"):
    """A form."""


class UtcNanoseconds(Message, text="UTC ns as text"):
    """A form."""


class Hash(Message, text="64 hex digits"):
    """A form."""


class HashOfBlock(Message, text="the hash of a block, 64 hex digits"):
    """A form."""


class ShareOfConfidence(Message, text="at least 50 % and below 100 %, such as 90 %"):
    """A form."""


class MustBeOneOf(Message, text="must be one of {codes}, not {text}"):
    """Another word than the known ones."""

    codes: tuple[str, ...]
    text: str


class MustBeOneOfOrNull(Message, text="must be one of {codes} or null, not {text!r}"):
    """Another word than the known ones, where none may be given."""

    codes: tuple[str, ...]
    text: str


class MustBeTruth(Message, text="must be true or false, not {text}"):
    """No truth value."""

    text: str


class MustBeDecimal(Message, text="must be a decimal number, not {text}"):
    """No decimal number as text."""

    text: str


class MustBeWholeNumber(Message, text="must be a whole number of at least {least}, not {text}"):
    """No count."""

    least: int
    text: str


class MustBeDate(Message, text="must be a date such as 2025-01-31, not {text}"):
    """No date."""

    text: str


class MustBeClock(Message, text="must be a time such as 08:00, not {text}"):
    """No time of the day."""

    text: str


class MustBeList(Message, text="must be a list, not {text}"):
    """No list."""

    text: str


class MustHaveItems(Message, text="must have {least} to {most} items, not {count}"):
    """A list too short or too long."""

    least: int
    most: int
    count: int


class MustBeObject(Message, text="must be an object, not {text}"):
    """No object."""

    text: str


class MustBeMapping(Message, text="must be a mapping of keys to values"):
    """No mapping."""


class MustBeName(Message, text="must be a name, and stand once"):
    """An item of a list of names."""


class MustBeText(Message, text="must be text of at most {most} characters"):
    """No text, or one too long."""

    most: int


class MustBeSomeText(Message, text="must be text of 1 to {most} characters"):
    """No text, an empty one, or one too long."""

    most: int


class TooLong(Message, text="must have at most {most} characters, not {count}"):
    """A text too long."""

    most: int
    count: int


class MustNotBeNegative(Message, text="must not be below zero"):
    """A number below zero."""


class MustBeAboveZero(Message, text="must be above zero; null where nobody knows it"):
    """A number that may be unknown but not zero."""


class MustBeFirstAndLast(
    Message, text="must be the first and the last day, such as [2024-01-01, 2024-12-31]"
):
    """No two days in order."""


class MustBeQuantityText(Message, text="must be text of a number and its unit, such as 1200000 CNY"):
    """A leaf of a part of a replacement."""


class KeyNotAscii(Message, text="a key is of ASCII letters, digits and signs"):
    """A key that canonical JSON does not take."""
