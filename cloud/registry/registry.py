"""Asking the registry: what a site has declared, what was imported, who is who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Engine, func, select

from cloud.registry import database, log, projection
from cloud.registry.log import Entry
from cloud.registry.people import People
from cloud.registry.tables import declarations, imports, readings
from cloud.registry.tokens import Tokens
from cloud.settings import Settings
from contract import declared, statement
from contract.declared import Declaration, Factors, Permit, Points, Replacement, Savings, Site, Tariff
from contract.errors import CannotBeDone
from contract.imported import Row
from contract.statement import Statement
from journal.messages import PathError


@dataclass(frozen=True, slots=True)
class Reading:
    """An imported row that counts; hash: hex of the block whose statement holds it."""

    row: Row
    hash: str


class Registry:
    """The registry of one cloud. `catch_up` first; answers are as of then. Raises CannotBeDone.

    Any thread may ask; any process may have it open.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.ledger_folder
        settings.folder.mkdir(parents=True, exist_ok=True)
        self._engine: Engine = database.connect(settings.folder)
        self.people, self.tokens = People(self._engine), Tokens(self._engine)

    def catch_up(self) -> None:
        """Take in what the ledger has gained."""
        try:
            projection.catch_up(self._engine, self._folder)
        except OSError as error:
            raise CannotBeDone(PathError(str(self._folder), str(error.strerror))) from None

    def rebuild(self) -> dict[str, int]:
        """Make everything but people and tokens anew from the ledger; returns what is there now."""
        projection.forget(self._engine)
        self.catch_up()
        with self._engine.begin() as connection:
            counted = connection.execute(select(func.count()).select_from(declarations)).scalar() or 0
            rows = connection.execute(select(func.count()).select_from(readings)).scalar() or 0
        return {"declarations": counted, "readings": rows}

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def history(self, site: str, kind: str) -> list[tuple[str, Declaration]]:
        """(block hash in hex, declaration) of every statement of a kind, oldest first."""
        c = declarations.c
        asked = select(c.hash, c.body).where((c.site == site) & (c.kind == kind)).order_by(c.position)
        with self._engine.begin() as connection:
            found = connection.execute(asked).all()
        return [(row.hash, _read(kind, row.body)) for row in found]

    def withdrawn(self, site: str) -> set[str]:
        """Hashes in hex of the statements of the site's desk that count no more."""
        with self._engine.begin() as connection:
            return projection.gone(connection, site)

    def log(self, site: str, most: int) -> list[Entry]:
        """The newest statements of the site's desk, each with its person."""
        return log.entries(self._engine, site, most)

    def entry(self, site: str, name: str) -> Entry | None:
        """The statement of the site's desk whose block has this hash (hex), if there is one; no import."""
        return log.entry(self._engine, site, name)

    def latest(self, site: str, kind: str) -> Entry | None:
        """The newest statement of a kind that counts, as its author wrote it."""
        return log.latest(self._engine, site, kind)

    def hashes(self, site: str) -> set[str]:
        """Hashes in hex of every statement of the site's desk, imports among them."""
        with self._engine.begin() as connection:
            asked = (select(table.c.hash).where(table.c.site == site) for table in (declarations, imports))
            return {name for one in asked for name in connection.execute(one).scalars()}

    def sites(self) -> list[Site]:
        """Every site that was declared, by id."""
        c = declarations.c
        with self._engine.begin() as connection:
            names = connection.execute(select(c.site).where(c.kind == "site").distinct()).scalars().all()
        found = (self.site(name) for name in sorted(names))
        return [site for site in found if site is not None]

    def site(self, site: str) -> Site | None:
        """The site as it was declared last, or None where it never was."""
        found = self._latest(site, "site")
        return found if isinstance(found, Site) else None

    def points(self, site: str) -> Points | None:
        """The meter tree that counts."""
        found = self._latest(site, "points")
        return found if isinstance(found, Points) else None

    def factors(self, site: str) -> Factors | None:
        """The choice of factors that counts."""
        found = self._latest(site, "factors")
        return found if isinstance(found, Factors) else None

    def savings(self, site: str) -> Savings | None:
        """The savings projects that count."""
        found = self._latest(site, "savings")
        return found if isinstance(found, Savings) else None

    def tariffs(self, site: str) -> list[Tariff]:
        """The tariffs that count, one for each valid_from, by valid_from."""
        in_force = self._counting(site, "tariff")
        found = {what.valid_from: what for what in in_force if isinstance(what, Tariff)}
        return [found[day] for day in sorted(found)]

    def permits(self, site: str) -> list[Permit]:
        """The permits that count, one for each document, by valid_from."""
        in_force = self._counting(site, "permit")
        found = {what.document: what for what in in_force if isinstance(what, Permit)}
        return sorted(found.values(), key=lambda permit: (permit.valid_from, permit.document))

    def replacements(self, site: str) -> list[Replacement]:
        """The machine replacements that count, one for each id, by id."""
        in_force = self._counting(site, "replacement")
        found = {what.id: what for what in in_force if isinstance(what, Replacement)}
        return [found[name] for name in sorted(found)]

    def readings(
        self, site: str, from_: int | None = None, to: int | None = None, points: Sequence[str] | None = None
    ) -> list[Reading]:
        """Imported rows of a site that touch from_ <= t < to (UTC ns; None: open), by point, quantity, from."""
        c = readings.c
        asked = select(readings).where(c.site == site).order_by(c.point, c.quantity, c.from_ns)
        if from_ is not None:
            asked = asked.where(func.coalesce(c.to_ns, c.from_ns + 1) > from_)
        if to is not None:
            asked = asked.where(c.from_ns < to)
        if points is not None:
            asked = asked.where(c.point.in_(points))
        with self._engine.begin() as connection:
            found = connection.execute(asked).all()
        return [
            Reading(Row(r.from_ns, r.to_ns, r.point, r.quantity, Decimal(r.value), r.unit), r.hash)
            for r in found
        ]

    def has(self, site: str, row: Row, exactly: bool = False) -> bool:
        """Whether an imported row of this point, quantity, from and to counts; exactly: and has this value and unit."""
        found = (item.row for item in self.readings(site, row.from_, row.to or row.from_ + 1, [row.point]))
        return any(
            (one.quantity, one.from_, one.to) == (row.quantity, row.from_, row.to)
            and (not exactly or one == row)
            for one in found
        )

    def _counting(self, site: str, kind: str) -> list[declared.Content]:
        """What the statements of a kind say that were not withdrawn, oldest first."""
        gone = self.withdrawn(site)
        return [item.what for name, item in self.history(site, kind) if name not in gone]

    def _latest(self, site: str, kind: str) -> declared.Content | None:
        c = declarations.c
        asked = select(c.hash, c.body).where((c.site == site) & (c.kind == kind)).order_by(c.position.desc())
        with self._engine.begin() as connection:
            gone = projection.gone(connection, site)
            body = next((row.body for row in connection.execute(asked) if row.hash not in gone), None)
        return None if body is None else _read(kind, body).what


def _read(kind: str, body: str) -> Declaration:
    return declared.parse(Statement(kind, statement.parse(body.encode())))
