"""Why somebody may not read or write, or what he sends is no request."""

from __future__ import annotations

from contract.message import Message


class DeskTokenNeeded(Message, text="a desk token is needed: Authorization: Bearer TOKEN"):
    """A request from elsewhere than this machine, without a token."""


class NoDeskToken(Message, text="this is no valid desk token"):
    """A token that is none, is over, or is a regulator's."""


class TokenNeeded(Message, text="a valid token is needed: Authorization: Bearer TOKEN"):
    """A regulator's route without a regulator's token."""


class TokenOfOtherSite(Message, text="the token opens another site"):
    """A valid token, and a path of another site."""


class ForeignPage(Message, text="only a page of this cloud may ask this; from elsewhere use a desk token"):
    """A page of another origin asks."""


class NotForRegulators(Message, text="this path is not for regulators"):
    """A route that asks for a regulator outside of the regulators' router."""


class NobodyChecked(Message, text="nobody has checked who asks"):
    """A regulator's route that does not ask who reads."""


class BodyNotOfJson(Message, text="the body must be application/json"):
    """A body of another content type."""


class BodyTooLarge(Message, text="at most {most} bytes are taken"):
    """A body above the limit of its route."""

    most: int


class NoJson(Message, text="no JSON: {why}"):
    """A body that is not JSON. why: of the parser."""

    why: Message


class BodyNoObject(Message, text="the body must be a JSON object"):
    """JSON that is a list, a text or a number."""
