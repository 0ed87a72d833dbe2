"""What a declaration names and what is not there, and what no statement can hold."""

from __future__ import annotations

from contract.message import Message


class NoPointDeclared(Message, text="no point {point!r} is declared"):
    """A point that nobody knows."""

    point: str


class NoStatement(Message, text="no statement of this site's desk has the hash {hash}…"):
    """A withdrawal of nothing."""

    hash: str


class IsSavingsProject(Message, text="{project!r} is a savings project already; give another id"):
    """One id for two things."""

    project: str


class NoImportedRow(Message, text="no imported row has this point, quantity, from and to; import it instead"):
    """A correction of nothing."""


class CorrectionNeedsNote(Message, text="a correction says why in the file's note"):
    """A correction without a reason."""


class NoFactor(Message, text="no factor {factor!r}; see GET /api/v1/factors"):
    """A factor that nobody knows."""

    factor: str


class StatementFull(Message, text="{count} bytes are more than a statement holds"):
    """Content that does not fit into a block."""

    count: int


class NumberInQuotes(Message, text="write this number in quotes, all its digits and no exponent"):
    """A number that YAML would round."""


class SiteRequired(Message, text="is required: the id of a site, or a new one with its names"):
    """A file of no site."""


class MustBeSite(Message, text="must be the id of a site, or a mapping with id, names, tz and province"):
    """A site of another form."""


class NoSiteYet(Message, text="no site {site!r}; declare it with id, name_zh, name_en, tz and province"):
    """A site that nobody knows."""

    site: str


class SiteIdTooLong(Message, text="a site with a desk has an id of at most {most} characters"):
    """An id that no desk can have."""

    most: int
