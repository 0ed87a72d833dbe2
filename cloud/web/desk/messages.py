"""What is wrong with a form of the desk, beside what its statement's own room says."""

from __future__ import annotations

from contract.message import Message


class NotSealed(
    Message,
    text="nothing is sealed: {count} faults in the form",
    one="nothing is sealed: 1 fault in the form",
):
    """A form with faults, which stand beside it."""

    count: int


class NoKind(Message, text="no kind {kind!r}; known are {codes}"):
    """A kind of statement that has no form."""

    kind: str
    codes: tuple[str, ...]


class NoStatement(Message, text="no statement of this site's desk has the hash {hash}…"):
    """hash: its first digits."""

    hash: str


class Required(Message, text="is required"):
    """A field that is empty."""


class OfOtherToken(Message, text="the token is for the site {site!r}"):
    """A new site beside that of the token."""

    site: str


class SiteIsThere(Message, text="there is a site {site!r} already"):
    """A new site with the id of another."""

    site: str


class OtherId(Message, text="must be {site!r}: another id is another site"):
    """A site's form with the id of another."""

    site: str


class AloneRequired(Message, text="is required, and nothing else"):
    """A list that is not the one field of its form."""


class PersonRequired(Message, text="the name of the person is required, one line of at most 200 characters"):
    """Nobody says who writes."""


class BodyOfStatement(Message, text="the body has by, note and fields, an object"):
    """A body without fields."""


class KeysTooMany(Message, text="the body has by, note and fields, an object; not {names}"):
    """A body with other keys."""

    names: tuple[str, ...]


class BodyOfImport(Message, text="the body has by, name and csv, each text"):
    """A body that is no import."""


class ChangedMeanwhile(Message, text="somebody else has changed this meanwhile; begin anew"):
    """Another statement counts than the one that was changed."""


class NoDesk(Message, text="no site {site!r} that can have a desk"):
    """A site whose id is too long for the name of a node."""

    site: str


class NumberNeeded(Message, text="must be a number, 1234.5"):
    """In a form, the unit stands beside the number."""


class AboveZero(Message, text="must be above zero; empty where nobody knows it"):
    """In a form, what is not known is empty."""


class AtLeast(Message, text="must be at least {least}"):
    """A number below its least."""

    least: str


class OnlyNames(Message, text="only names are given; fill one of the parts below"):
    """A replacement without a part that a figure could be made from."""


class DaysInOrder(Message, text="must be the first and the last day, in this order"):
    """A period that ends before it begins, or lacks one."""


class FlowsOrCosts(Message, text="give the cash flows or what they follow from, not both"):
    """Both are given."""


class GatewayAndTag(Message, text="gateway and tag go together"):
    """One of the two is given."""


class WhyNeeded(Message, text="a correction says why"):
    """A correction without its reason."""
