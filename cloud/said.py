"""What a site's desk and the accounts have said up to some place of the ledger, heard from its blocks alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts import facts
from accounts.facts import Facts
from accounts.inputs import Declared, Imported
from cloud import ledger
from cloud.catalogue import Catalogue
from cloud.ledger import Decoded, Decoder
from cloud.settings import Settings
from contract import block, declared
from contract.errors import BadInput, Malformed
from contract.imported import Files, Part
from contract.sites import Factors, Permit, Points, Project, Savings, Site, Tariff
from contract.statement import DESK_KINDS, Statement

ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Said:
    """declared: with the hour facts as sealed. size: how many blocks were heard; end: ledger position behind them."""

    site: str
    declared: Declared
    catalogue: Catalogue
    size: int
    end: int


class UnknownSite(BadInput):
    """Neither a desk nor cloud.yaml knows the site."""


def hear(settings: Settings, site: str, end: int | None = None) -> Said:
    """Hear the ledger before a position, by default all that is there. Raises UnknownSite."""
    ear, decoder, catalogue = _Ear(site), Decoder(), Catalogue()
    size = last = 0
    for record in ledger.read(settings.ledger_folder):
        if end is not None and record.position >= end:
            break
        last = record.next
        try:
            decoded = decoder.skim(record.data)
        except Malformed:
            size += _is_block(record.data)  # it declares nothing; `steelyard-cloud blocks` names it
            continue
        size += 1
        catalogue.learn(decoded)
        if decoded.statement is not None:
            ear.hear(decoded, decoded.statement)
    return Said(site, ear.all_said(_site(settings, site, ear.site)), catalogue, size, last)


@dataclass
class _Ear:
    """Takes in the statements about one site, in the order of the ledger."""

    name: str
    site: Site | None = None
    points: Points | None = None
    factors: Factors | None = None
    tariffs: dict[date, Tariff] = field(default_factory=dict)
    permits: dict[str, Permit] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    rows: list[Imported] = field(default_factory=list)
    facts: dict[tuple[str, str, date], Facts] = field(default_factory=dict)
    _files: Files = field(default_factory=Files)
    _blocks: dict[tuple[int, str, int], bytes] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def hear(self, decoded: Decoded, said: Statement) -> None:
        """Take in a statement if it is about the site and of a node that may say it."""
        if said.fields.get("site") != self.name:
            return
        try:
            if said.kind in DESK_KINDS and decoded.header.node == f"desk-{self.name}":
                self._declare(decoded, declared.parse(said).what)
            elif said.kind == "hours" and decoded.header.node == ACCOUNTS:
                found = facts.parse(said)
                self.facts[found.key] = found
        except Malformed:
            return  # a statement that nobody can read says nothing

    def all_said(self, site: Site) -> Declared:
        """All of it."""
        tariffs = tuple(self.tariffs[day] for day in sorted(self.tariffs))
        return Declared(
            site, self.points, self.factors, tariffs, tuple(self.permits.values()), self.projects, tuple(self.rows),
            tuple(self.facts.values()),
        )  # fmt: skip

    def _declare(self, decoded: Decoded, what: declared.Content) -> None:
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
            case Part():
                self._part(decoded, what)

    def _part(self, decoded: Decoded, part: Part) -> None:
        """Keep a part; the rows count once the last part of their file is there."""
        incarnation = decoded.header.incarnation
        self._blocks[incarnation, part.file, part.part] = decoded.hash
        parts = self._files.add(incarnation, part)
        if not parts or part.file in self._done:
            return
        self._done.add(part.file)
        for item in parts:
            digest = self._blocks[incarnation, item.file, item.part]
            self.rows += [Imported(row, digest) for row in item.rows]


def _site(settings: Settings, name: str, said: Site | None) -> Site:
    """The site as declared, else as cloud.yaml has it."""
    if said is not None:
        return said
    given = settings.site(name)
    if given is None:
        raise UnknownSite(f"no site {name!r}; `steelyard-cloud declare` makes one")
    return Site(given.id, given.name_zh, given.name_en, given.tz, given.province, 0)


def _is_block(data: bytes) -> bool:
    try:
        block.parse(data)
    except Malformed:
        return False
    return True
