"""What can be wrong with a statement, a receipt or a hello: JSON, and what it means."""

from __future__ import annotations

from contract.message import Message


class JsonTooLong(Message, text="{count} bytes of JSON are over the limit of {most}"):
    """JSON that is not read."""

    count: int
    most: int


class NotJson(Message, text="not JSON: {text}"):
    """Bytes that are no JSON."""

    text: str


class NotCanonical(Message, text="the JSON is not in canonical form (RFC 8785)"):
    """JSON that encodes to other bytes."""


class StatementTooLong(Message, text="a {kind} statement of {count} bytes; at most {most} can be read"):
    """A statement that is not sealed."""

    kind: str
    count: int
    most: int


class UnknownStatement(Message, text="not a statement of a known kind"):
    """JSON that is no statement."""


class JsonTooDeep(Message, text="JSON is nested deeper than {most}"):
    """JSON that is not read."""

    most: int


class KeyNotAsciiText(Message, text="key {key!r} is not ASCII text"):
    """A key whose order would not be plain."""

    key: str


class LoneSurrogate(Message, text="text with a lone surrogate"):
    """Text that has no UTF-8."""


class IntegerTooLarge(Message, text="an integer outside ±2**53; write it as text"):
    """A number that JSON readers round."""


class NoPlaceInStatement(Message, text="{type} has no place in a statement"):
    """A value such as a float."""

    type: str


class NotSchema(Message, text="not a schema statement: {text!r}"):
    """Fields of another shape; text: what the reader of the fields said."""

    text: str


class GroupTwice(Message, text="not a schema statement: a group id stands twice"):
    """Two groups of one id."""


class NotSchemaPage(Message, text="not a schema page: {text!r}"):
    """Fields of another shape; text: what the reader of the fields said."""

    text: str


class PageAbsent(
    Message, text="page {number} of the schema, block {incarnation}/{seq} of its stream, is not there"
):
    """A page that a schema lists and that does not stand before it; number counts from 1."""

    number: int
    incarnation: str
    seq: int


class PageOfOtherHash(
    Message, text="page {number} of the schema, block {incarnation}/{seq} of its stream, has another hash"
):
    """A page that is not the one that the schema lists; number counts from 1."""

    number: int
    incarnation: str
    seq: int


class PageTwice(Message, text="page {number} of the schema is listed twice"):
    """A page that stands twice in the list; number counts from 1."""

    number: int


class PartOutOfOrder(
    Message, text="page {number} of the schema goes on with group {group} at tag {first}; {due} is expected"
):
    """Parts of a group that do not follow each other; number counts from 1, tags from 0."""

    number: int
    group: str
    first: int
    due: int


class PartOfOtherGroup(
    Message, text="page {number} of the schema describes group {group} otherwise than the page before"
):
    """Parts of a group with other fields; number counts from 1."""

    number: int
    group: str


class GroupOnTwoPages(Message, text="group {group} stands twice on the pages of the schema"):
    """Two groups of one id."""

    group: str


class TagOnTwoPages(Message, text="tag {tag} stands twice on the pages of the schema"):
    """Two tags of one name."""

    tag: str


class TooManyPages(Message, text="a schema of {count} pages; at most {most} can be read"):
    """A schema above a limit."""

    count: int
    most: int


class TooManyGroups(Message, text="a schema of {count} groups; at most {most} can be read"):
    """A schema above a limit."""

    count: int
    most: int


class TooManyTags(Message, text="a schema of {count} tags; at most {most} can be read"):
    """A schema above a limit."""

    count: int
    most: int


class TooManyTagsOfGroup(
    Message, text="group {group} has {count} tags on all pages; at most {most} can be read"
):
    """A group above the limit."""

    group: str
    count: int
    most: int


class NotDownlink(Message, text="not a receipt or hello: {text!r}"):
    """Fields of another shape; text: what the reader of the fields said."""

    text: str


class NotAnIncarnation(Message, text="{text!r} is not an incarnation"):
    """No 16 hex digits."""

    text: str


class NotAnEnvelope(Message, text="not an envelope"):
    """JSON of another shape."""


class UntrustedKey(Message, text="signed by a key that is not in the trust folder"):
    """A stranger, or a key that is not installed."""


class SignatureNotHex(Message, text="the signature is not 128 hex digits"):
    """A text that is no signature."""


class SignatureOfOther(Message, text="the signature does not fit the message"):
    """Another message, or another key."""


class GapFields(Message, text="a hole with the fields {names}"):
    """A `hole` statement of another shape."""

    names: str


class GapIncarnation(Message, text="a hole in an incarnation that is not 16 hex digits"):
    """A `hole` statement of another shape."""


class GapRange(Message, text="a hole whose first and last block are no range"):
    """A `hole` statement of another shape."""


class GapHash(Message, text="a hole whose hash is not 64 hex digits"):
    """A `hole` statement of another shape."""


class GapCause(Message, text="a hole without a cause"):
    """A `hole` statement of another shape."""
