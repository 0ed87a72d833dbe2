"""What figures are made of: amounts and means with their proof, and what the site has declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from accounts.metering.facts import Facts
from contract.imported import Row
from contract.replacements import Replacement
from contract.sites import Factors, Permit, Points, Project, Site, Tariff


@dataclass(frozen=True, slots=True)
class Amount:
    """What flowed at a point in an interval (UTC ns), in the unit of its quantity.

    completeness: covered share of the interval; class_: the label of a meter's hour, or ``imported``; inputs: hashes
    (32 bytes) of what it was made from.
    """

    point: str
    quantity: str
    from_: int
    to: int
    value: Fraction
    completeness: Fraction
    class_: str
    inputs: tuple[bytes, ...]

    @property
    def covered(self) -> Fraction:
        """Covered time in ns; an invalid hour has none."""
        return (
            Fraction(0) if self.class_.startswith("invalid") else self.completeness * (self.to - self.from_)
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """A row that counts, and the hash (32 bytes) of the block that holds it."""

    row: Row
    block: bytes


@dataclass(frozen=True, slots=True)
class Replaced:
    """A machine replacement that counts, and the hash (32 bytes) of the block that declares it."""

    declaration: Replacement
    block: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """A note or a correction that counts. about: of a correction its reason; sealed: UTC ns."""

    about: str
    sealed: int
    block: bytes


@dataclass(frozen=True)
class Declared:
    """What a site's desk has declared, and what was imported for it, up to some size of the ledger.

    Absent is None or empty. tariffs in order of valid_from; projects: with the energy of each replacement; facts: the
    hour facts by node, tag and day; replacements by id; notes in the order of the ledger; sealed: by the hash of a
    block with rows that count, when it was sealed, UTC ns; corrected: the blocks of corrections among them.
    """

    site: Site
    points: Points | None = None
    factors: Factors | None = None
    tariffs: tuple[Tariff, ...] = ()
    permits: tuple[Permit, ...] = ()
    projects: tuple[Project, ...] = ()
    rows: tuple[Imported, ...] = ()
    facts: tuple[Facts, ...] = field(default=())
    replacements: tuple[Replaced, ...] = ()
    notes: tuple[Noted, ...] = ()
    sealed: Mapping[bytes, int] = field(default_factory=dict)
    corrected: frozenset[bytes] = frozenset()
