"""The whole check of a pack: its findings, and the messages to the person who runs it."""

from __future__ import annotations

from verify.formats.message import Message


class NotCheckedToTheEnd(Message, text="could not be checked to its end: {error}: {why}"):
    """A check."""

    error: str
    why: str


class PeriodImpossible(Message, text="a period that is none"):
    """The figures of a summary."""


class OtherThanDeclared(Message, text="its {member} is not the one that the site declared"):
    """The figures of a summary."""

    member: str


class FigureTwice(Message, text="a figure that stands twice"):
    """The figures of a summary."""


class FigureFollowsFromNothing(
    Message, text="follows from nothing in the pack: its id, kind, point or period is none that can be"
):
    """The figures of a summary."""


class FiguresUnordered(Message, text="do not stand in the order of their kind and point"):
    """The figures of a summary."""


class FiguresHold(Message, text="{count} figures computed again"):
    """The figures of a summary."""

    count: int


class RefusalsUnordered(Message, text="do not stand in their order"):
    """The figures of a summary."""


class RefusalsHold(Message, text="{count} figures that cannot be made"):
    """The figures of a summary."""

    count: int


class FactorUnused(Message, text="no figure uses it"):
    """The figures of a summary."""


class OtherCitation(Message, text="its citation is not that of its document, clause and date"):
    """The figures of a summary."""


class FactorsHold(Message, text="{count} records, chosen by the site's rule, cited"):
    """The figures of a summary."""

    count: int


class OtherTitle(Message, text="a title that is not the one declared"):
    """The figures of a summary."""


class PointsUnordered(Message, text="do not stand sorted by id, each once"):
    """The figures of a summary."""


class Unreadable(Message, text="cannot be read: {why}"):
    """The command."""

    why: str


class LargerThanAPack(Message, text="larger than a pack may be"):
    """The command."""


class TrustUnusable(Message, text="--trust {why}"):
    """The command."""

    why: Message


class FactorsUnusable(Message, text="--factors {why}"):
    """The command."""

    why: Message


class FalseSummarySignature(Message, text="the signature is not that of the signer's key"):
    """The signature of a summary."""


class SummaryHolds(Message, text="form, key and signature"):
    """The signature of a summary."""


class FactorsAsCited(
    Message,
    text="Factors were taken as the pack cites them and compared with no list; --factors FILE compares them "
    "with those that you accept.",
):
    """The factors of a pack."""


class FactorsCompared(Message, text="Factors were compared with your list: {file} (SHA-256 {sha256})"):
    """The factors of a pack."""

    file: str
    sha256: str
