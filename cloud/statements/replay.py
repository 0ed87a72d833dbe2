"""Statements of a site's desk and of the accounts up to some position of the ledger, read from its blocks alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts.inputs.inputs import Declared, Imported, Noted, Replaced
from accounts.metering import facts
from accounts.metering.facts import Facts
from cloud import ledger
from cloud.ledger import Decoded, Decoder
from cloud.ledger.tag_catalogue import Catalogue
from cloud.settings import Settings
from cloud.statements.messages import NoSuchSite
from contract import block, declared
from contract.errors import BadInput, Malformed
from contract.imported import Files, Part, Row
from contract.remarks import Correction, Note, Withdrawal, withdrawn
from contract.replacements import Replacement
from contract.sites import Factors, Permit, Points, Project, Savings, Site, Tariff
from contract.statement import DESK_KINDS, Statement

ACCOUNTS = "accounts"


@dataclass(frozen=True)
class SiteStatements:
    """declared: with the hour facts as sealed. size: how many blocks were read; end: ledger position behind them."""

    site: str
    declared: Declared
    catalogue: Catalogue
    size: int
    end: int


class UnknownSite(BadInput):
    """A site that no desk has declared and cloud.yaml does not have."""


def replay(settings: Settings, site: str, end: int | None = None) -> SiteStatements:
    """The statements before a position of the ledger, by default all that are there. Raises UnknownSite."""
    return Listener(settings, site).replay(end)


class Listener:
    """Reads the ledger, each call from where the last one ended. What it has returned does not change any more."""

    def __init__(self, settings: Settings, site: str) -> None:
        self._settings, self._site = settings, site
        self._collector, self._decoder, self._catalogue = _Collector(site), Decoder(), Catalogue()
        self._counting, self._counted, self._given = _Counting(), 0, False
        self._size = self._end = 0

    def replay(self, end: int | None = None) -> SiteStatements:
        """The statements before a position, by default all that are there. Raises UnknownSite."""
        for record in ledger.read(self._settings.ledger_folder, self._end):
            if end is not None and record.position >= end:
                break
            self._end = record.next
            try:
                self._take(self._decoder.skim(record.data))
            except Malformed:
                self._size += _is_block(record.data)  # it declares nothing; `steelyard-cloud blocks` names it
        if len(self._collector.collected) > self._counted:
            self._counting, self._counted = self._collector.in_force(), len(self._collector.collected)
        self._given = True
        site = _site(self._settings, self._site, self._counting.site)
        effective = self._counting.declared(site, tuple(self._collector.facts.values()))
        return SiteStatements(self._site, effective, self._catalogue, self._size, self._end)

    def _take(self, decoded: Decoded) -> None:
        self._size += 1
        if decoded.statement is None:
            return
        if self._given:
            self._catalogue, self._given = self._catalogue.copy(), False
        self._catalogue.learn(decoded)
        self._collector.replay(decoded, decoded.statement)


@dataclass(frozen=True)
class _Collected:
    """A statement of the desk: its block's hash, incarnation and time of sealing, and what it declares."""

    block: bytes
    incarnation: int
    sealed: int
    declaration: declared.Declaration

    @property
    def what(self) -> declared.Content:
        """Its content."""
        return self.declaration.what


@dataclass
class _Collector:
    """Takes in the statements about one site, in the order of the ledger."""

    name: str
    collected: list[_Collected] = field(default_factory=list)
    facts: dict[tuple[str, str, date], Facts] = field(default_factory=dict)

    def replay(self, decoded: Decoded, statement: Statement) -> None:
        """Take in a statement if it is about the site and of a node that may say it."""
        if statement.fields.get("site") != self.name:
            return
        try:
            if statement.kind in DESK_KINDS and decoded.header.node == f"desk-{self.name}":
                head = decoded.header
                self.collected.append(
                    _Collected(decoded.hash, head.incarnation, head.sealed_at, declared.parse(statement))
                )
            elif statement.kind == "hours" and decoded.header.node == ACCOUNTS:
                found = facts.parse(statement)
                self.facts[found.key] = found
        except Malformed:
            return  # a statement that can't be read counts for nothing

    def in_force(self) -> _Counting:
        """What of it counts."""
        named = [
            (item.block, item.what.statement if isinstance(item.what, Withdrawal) else None)
            for item in self.collected
        ]
        gone, found = withdrawn(named), _Counting()
        for item in self.collected:
            if item.block not in gone:
                found.take(item)
        return found


@dataclass
class _Counting:
    """What counts of a desk's statements, taken one by one without those that were withdrawn."""

    site: Site | None = None
    points: Points | None = None
    factors: Factors | None = None
    tariffs: dict[date, Tariff] = field(default_factory=dict)
    permits: dict[str, Permit] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    replacements: dict[str, Replaced] = field(default_factory=dict)
    rows: dict[tuple[str, str, int, int | None], Imported] = field(default_factory=dict)
    notes: list[Noted] = field(default_factory=list)
    sealed: dict[bytes, int] = field(default_factory=dict)
    corrected: set[bytes] = field(default_factory=set)
    _files: Files = field(default_factory=Files)
    _blocks: dict[tuple[int, str, int], bytes] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def declared(self, site: Site, facts_: tuple[Facts, ...]) -> Declared:
        """All of it. The energy of a replacement is a project of its own, unless a savings project has its id."""
        tariffs = tuple(self.tariffs[day] for day in sorted(self.tariffs))
        replaced = tuple(self.replacements[name] for name in sorted(self.replacements))
        own = {project.id for project in self.projects}
        more = [
            one.declaration.energy
            for one in replaced
            if one.declaration.energy is not None and one.declaration.id not in own
        ]
        return Declared(
            site, self.points, self.factors, tariffs, tuple(self.permits.values()), (*self.projects, *more),
            tuple(self.rows.values()), facts_, replaced, tuple(self.notes), self.sealed, frozenset(self.corrected),
        )  # fmt: skip

    def take(self, item: _Collected) -> None:
        """Take in one statement."""
        what = item.what
        match what:
            case Site():
                self.site = what
            case Points():
                self.points = what
            case Factors():
                self.factors = what
            case Tariff():
                self.tariffs[what.valid_from] = what
            case Permit():
                self.permits[what.document] = what
            case Savings():
                self.projects = what.projects
            case Replacement():
                self.replacements[what.id] = Replaced(what, item.block)
            case Part():
                self._part(item, what)
            case Note():
                self.notes.append(Noted(what.about, item.sealed, item.block))
            case Correction():
                self._correction(item, what)

    def _correction(self, item: _Collected, what: Correction) -> None:
        """Keep the reason, and the row where there is one to correct."""
        self.notes.append(Noted(item.declaration.note, item.sealed, item.block))
        if _key(what.row) in self.rows:
            self.rows[_key(what.row)] = Imported(what.row, item.block)
            self.sealed[item.block] = item.sealed
            self.corrected.add(item.block)

    def _part(self, item: _Collected, part: Part) -> None:
        """Keep a part; the rows count once the last part of their file is there."""
        self._blocks[item.incarnation, part.file, part.part] = item.block
        self.sealed[item.block] = item.sealed
        parts = self._files.add(item.incarnation, part)
        if not parts or part.file in self._done:
            return
        self._done.add(part.file)
        for one in parts:
            digest = self._blocks[item.incarnation, one.file, one.part]
            for row in one.rows:
                self.rows.setdefault(_key(row), Imported(row, digest))


def _key(row: Row) -> tuple[str, str, int, int | None]:
    return row.point, row.quantity, row.from_, row.to


def _site(settings: Settings, name: str, site: Site | None) -> Site:
    """The site as declared, else as cloud.yaml has it."""
    if site is not None:
        return site
    given = settings.site(name)
    if given is None:
        raise UnknownSite(NoSuchSite(name))
    return Site(given.id, given.name_zh, given.name_en, given.tz, given.province, 0)


def _is_block(data: bytes) -> bool:
    try:
        block.parse(data)
    except Malformed:
        return False
    return True
