"""What can be wrong with the name of a site."""

from __future__ import annotations

from contract.message import Message


class NoSuchSite(Message, text="no site {site!r}; `steelyard-cloud declare` makes one"):
    """A site that nobody has declared and that the settings do not name."""

    site: str
