"""People: a statement names a pseudonym, and only the registry knows whose it is."""

from __future__ import annotations

import secrets
import time

from sqlalchemy import Engine, insert, select

from cloud.registry.messages import NoPersonName
from cloud.registry.tables import people
from contract.errors import BadInput
from contract.fields import LINE


class People:
    """Pseudonyms and names."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a person, made when the name is new. Raises BadInput for what is no name."""
        name = name.strip()
        if not LINE.fullmatch(name):
            raise BadInput(NoPersonName(name[:60]))
        with self._engine.begin() as connection:
            known = connection.execute(select(people.c.pseudonym).where(people.c.name == name)).scalar()
            if known is not None:
                return str(known)
            made = f"p-{secrets.token_hex(6)}"
            row = {"pseudonym": made, "name": name, "made_at": time.time_ns()}
            connection.execute(insert(people), [row])
            return made

    def name(self, pseudonym: str) -> str | None:
        """Whose pseudonym it is; None for one that is not known."""
        with self._engine.begin() as connection:
            asked = select(people.c.name).where(people.c.pseudonym == pseudonym)
            return connection.execute(asked).scalar()
