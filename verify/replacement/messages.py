"""Replacement: what can be wrong with a certificate and with the declaration of its project."""

from __future__ import annotations

from verify.formats.message import Message


class CertificateAbsent(Message, text="a replacement that reports in the period, without its certificate"):
    """The certificates of a pack."""


class CertificatesUnordered(Message, text="do not stand in the order of their projects, each once"):
    """The certificates of a pack."""


class CertificatesHold(Message, text="{count} computed again"):
    """The certificates of a pack."""

    count: int


class NoCertificate(Message, text="neither type certificate nor format steelyard-certificate/1"):
    """The certificates of a pack."""


class OtherThanSummary(Message, text="its {member} is not that of the summary"):
    """The certificates of a pack."""

    member: str


class ProjectWithdrawn(Message, text="{project} was withdrawn"):
    """The certificates of a pack."""

    project: str


class ProjectUndeclared(Message, text="{project} was never declared"):
    """The certificates of a pack."""

    project: str


class OtherStatement(Message, text="is not the block that declares the project last"):
    """The certificates of a pack."""


class OtherPeriod(Message, text="the period is not that in which the project reports"):
    """The certificates of a pack."""


class DeclaredDiffers(Message, text="is {shown}, but {due} was declared"):
    """The certificates of a pack."""

    shown: str
    due: str


class DeclaredAbsent(Message, text="is absent, but {due} was declared"):
    """The certificates of a pack."""

    due: str


class DeclaredTooMany(Message, text="is {shown}, but nothing was declared"):
    """The certificates of a pack."""

    shown: str


class FactorUnused(Message, text="no figure uses it, or its citation is not its document's"):
    """The certificates of a pack."""


class OtherRecord(Message, text="is another record than that of the summary"):
    """The certificates of a pack."""


class FollowsFromNothing(Message, text="it follows from nothing that was declared"):
    """The certificates of a pack."""


class FiguresUnordered(Message, text="do not stand in the order of their kind, each once"):
    """The certificates of a pack."""


class RateTooLow(Message, text="a rate that is not above -100 %"):
    """The money of a project."""


class FlowCount(Message, text="fewer or more cash flows than a project has"):
    """The money of a project."""


class NotYears(Message, text="not a number of years that can be counted"):
    """The money of a project."""


class UnknownOutput(Message, text="at no output that the page knows"):
    """The money of a project."""


class NoCost(Message, text="no cost"):
    """The money of a project."""
