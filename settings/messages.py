"""What can be wrong with a settings file: its bytes, its YAML, the form of its values."""

from __future__ import annotations

from contract.message import Message


class Problems(Message, text="{problems:lines}"):
    """All that is wrong with a file, a line each."""

    problems: tuple[Message, ...]


class AtKey(Message, text="{file}:{line}: {path}: {why}"):
    """What is wrong at a key."""

    file: str
    line: int
    path: str
    why: Message


class AtLine(Message, text="{file}:{line}: {why}"):
    """What is wrong at a line."""

    file: str
    line: int
    why: Message


class DidYouMean(Message, text="{why} (did you mean {word!r}?)"):
    """A word that is not known but looks like one."""

    why: Message
    word: str


class ItIs(Message, text="{why} (it is {text})"):
    """A value of another form; text: as Python writes it."""

    why: Message
    text: str


class NoFile(Message, text="no such file"):
    """A path where nothing is."""


class IsFolder(Message, text="this is a folder, not a file"):
    """A path of a folder."""


class NotReadable(Message, text="can't be read: {text}"):
    """What the operating system said."""

    text: str


class FileTooLong(Message, text="the file is over {most} bytes long; no settings file is"):
    """A file that is not read."""

    most: int


class NotUtf8(Message, text="not UTF-8: byte 0x{byte} at offset {offset}"):
    """A file in another encoding."""

    byte: str
    offset: int


class TabIndents(Message, text="a tab character in the indentation; indent by spaces"):
    """YAML takes no tabs there."""


class FileEmpty(Message, text="the file is empty"):
    """A file without values."""


class FileNotMapping(Message, text="the file must be a mapping of keys to values"):
    """A file that holds a list or a word."""


class Alias(Message, text="alias *{name}: write the value out instead"):
    """YAML beyond plain values."""

    name: str


class Anchor(Message, text="anchor &{name}: write the value out where it is used instead"):
    """YAML beyond plain values."""

    name: str


class Tag(Message, text="tag {name}: only plain values are taken"):
    """YAML beyond plain values."""

    name: str


class SecondDocument(Message, text="a second document (---)"):
    """YAML beyond plain values."""


class TooDeep(Message, text="nested deeper than {most}"):
    """Lists and mappings in each other."""

    most: int


class NotYaml(Message, text="not YAML: {text}"):
    """What the reader of YAML said."""

    text: str


class KeyNotWord(Message, text="a key must be a word, not a list or mapping"):
    """YAML beyond plain values."""


class MergeKey(Message, text="merge key <<: write the keys out instead"):
    """YAML beyond plain values."""


class KeyTwice(Message, text="this key stands twice, first in line {first}"):
    """Two values for one key."""

    first: int


class UnknownKey(Message, text="unknown key"):
    """A key that looks like a known one."""


class UnknownKeyHere(Message, text="unknown key; known here: {codes}"):
    """A key that looks like none of the known ones."""

    codes: tuple[str, ...]


class MustBeOf(Message, text="must be {words}, not {text}"):
    """Another word than the known ones, which stand quoted with `or` between them."""

    words: str
    text: str


class MustBeQuoted(Message, text="must be text; put it in quotes"):
    """No text."""


class MustBeInteger(Message, text="must be a whole number, without quotes"):
    """No integer."""


class MustBeNumber(Message, text="must be a number, without quotes"):
    """No number."""


class MustBeTrueOrFalse(Message, text="must be true or false"):
    """No truth value."""


class MustBeListed(Message, text="must be a list"):
    """No list."""


class MustBeFinite(Message, text="must be a finite number"):
    """Infinite, or no number at all."""


class MustBeAbove(Message, text="must be greater than {bound}"):
    """A number out of bounds."""

    bound: str


class MustBeAtLeast(Message, text="must be greater than or equal to {bound}"):
    """A number out of bounds."""

    bound: str


class MustBeBelow(Message, text="must be less than {bound}"):
    """A number out of bounds."""

    bound: str


class MustBeAtMost(Message, text="must be less than or equal to {bound}"):
    """A number out of bounds."""

    bound: str


class MustMatch(Message, text="must match pattern {pattern!r}"):
    """A text of another form."""

    pattern: str


class TooShort(
    Message, text="must have at least {count} characters", one="must have at least {count} character"
):
    """A text too short."""

    count: int


class TooLong(
    Message, text="must have at most {count} characters", one="must have at most {count} character"
):
    """A text too long."""

    count: int


class TooFew(Message, text="must have at least {count} items", one="must have at least {count} item"):
    """A list too short."""

    count: int


class TooMany(Message, text="must have at most {count} items", one="must have at most {count} item"):
    """A list too long."""

    count: int


class PasswordNeedsUser(Message, text="a password needs a user"):
    """A broker with a password and no user."""


class UnknownZone(Message, text="unknown time zone {zone!r}"):
    """No IANA zone."""

    zone: str


class SiteTwice(Message, text="site {site!r} stands twice"):
    """Two sites of one id."""

    site: str
