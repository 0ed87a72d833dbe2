"""Savings: what can be wrong with the declaration of a project's periods."""

from __future__ import annotations

from verify.formats.message import Message


class NotASpan(Message, text="not a first and a last day"):
    """A period."""
