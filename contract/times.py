"""Times as texts of interfaces."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(at: int) -> str:
    """UTC ns as RFC 3339 with nine decimals and Z."""
    seconds, rest = divmod(at, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
