"""Tokens of a site, to read its figures or to write at its desk: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select, update

from cloud.registry.tables import people, tokens

READ, DESK = "read", "desk"
"""Kinds of tokens; each opens its own routes and no others."""
_FORM = re.compile(r"sy1\.(t-[0-9a-f]{12})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Token:
    """A token without its secret: the site it opens, whose it is (pseudonym, and name where asked for).

    made_at, revoked_at: UTC ns.
    """

    id: str
    site: str
    person: str
    holder: str | None
    made_at: int
    revoked_at: int | None
    kind: str = READ


class Tokens:
    """The tokens of one cloud."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, site: str, person: str, kind: str = READ) -> tuple[str, str]:
        """(id, token) of a new token of a site for a pseudonym; nobody can show the token again."""
        name, secret = f"t-{secrets.token_hex(6)}", secrets.token_hex(32)
        row = {
            "id": name, "site": site, "person": person, "hash": _hash(secret), "made_at": time.time_ns(), "kind": kind,
        }  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(insert(tokens), [row])
        return name, f"sy1.{name}.{secret}"

    def check(self, text: str, kind: str = READ) -> Token | None:
        """The token that a text is, if it is one of that kind that was made here and not revoked."""
        form = _FORM.fullmatch(text)
        if form is None:
            return None
        with self._engine.begin() as connection:
            row = connection.execute(select(tokens).where(tokens.c.id == form[1])).one_or_none()
        kept = row.hash if row is not None else "0" * 64
        if not hmac.compare_digest(_hash(form[2]), kept) or row is None or row.revoked_at is not None:
            return None
        return (
            Token(row.id, row.site, row.person, None, row.made_at, None, row.kind)
            if row.kind == kind
            else None
        )

    def revoke(self, name: str) -> bool:
        """Take a token back; False when there is none of that id that is valid."""
        live = (tokens.c.id == name) & tokens.c.revoked_at.is_(None)
        with self._engine.begin() as connection:
            return bool(
                connection.execute(update(tokens).where(live).values(revoked_at=time.time_ns())).rowcount
            )

    def all(self, site: str) -> list[Token]:
        """Every token of a site, oldest first, with the name of its holder."""
        asked = (
            select(tokens, people.c.name)
            .join(people, people.c.pseudonym == tokens.c.person, isouter=True)
            .where(tokens.c.site == site)
            .order_by(tokens.c.made_at)
        )
        with self._engine.begin() as connection:
            found = connection.execute(asked).all()
        return [
            Token(row.id, row.site, row.person, row.name, row.made_at, row.revoked_at, row.kind)
            for row in found
        ]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
