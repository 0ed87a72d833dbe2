"""Machine replacements (机器换人) that a desk declares: machines out and in, and the parts that its figures need.

The parts ``money``, ``labour``, ``oee``, ``per_unit`` and ``emissions`` are kept as they were declared: mappings whose
leaves are text, numbers with their unit. accounts.replacement reads them. ``energy`` says where the site's own figures
come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from contract.declared_messages import MustBeDriver, MustBeginAfterBaseline, OnlyNames
from contract.fields import ID, Fields
from contract.fields import Path as Where
from contract.form_messages import (
    IdOfLetters,
    KeyNotAscii,
    MustBeAboveZero,
    MustBeMapping,
    MustBeName,
    MustBeQuantityText,
)
from contract.sites import Project
from contract.spans import confidence, names, span

PARTS = ("money", "labour", "oee", "per_unit", "emissions")
MOST = 200
"""Machines, products, and items of a list of a part."""


@dataclass(frozen=True)
class Machine:
    """A machine that went or came. power_kw: of its nameplate; nameplate: what else stands on it."""

    name: str
    power_kw: Decimal | None
    nameplate: str | None


@dataclass(frozen=True)
class Replacement:
    """A project. on: day of commissioning; parts: as declared; energy: what the avoided energy is worked out from."""

    id: str
    name_zh: str
    name_en: str
    on: date
    machines_out: tuple[Machine, ...]
    machines_in: tuple[Machine, ...]
    products: tuple[str, ...]
    parts: dict[str, Any] = field(hash=False)
    energy: Project | None = None


def replacement(look: Fields) -> Replacement:
    """Read the fields of a replacement statement; faults are noted."""
    name = look.text("id", ID, IdOfLetters())
    zh, en, on = look.text("name_zh"), look.text("name_en"), look.day("date")
    gone, come = _machines(look, "machines_out"), _machines(look, "machines_in")
    products = [] if look.get("products", required=False) is None else look.items("products", 0, MOST)
    for number, item in enumerate(products):
        if not isinstance(item, str) or not 0 < len(item) <= 200 or item in products[:number]:
            look.faults.append(((*look.at, "products", number), MustBeName()))
    parts = {key: found for key in PARTS if (found := look.get(key, required=False)) is not None}
    for key, found in parts.items():
        if not isinstance(found, dict):
            look.fault(key, MustBeMapping())
        else:
            _plain(look, (*look.at, key), found)
    energy = _energy(look, name, parts.get("emissions"))
    _output(look, parts.get("per_unit"), energy)
    if energy is None and not set(parts) - {"emissions"}:
        look.fault("id", OnlyNames(PARTS))
    return Replacement(name, zh, en, on, gone, come, tuple(map(str, products)), parts, energy)


def _machines(look: Fields, key: str) -> tuple[Machine, ...]:
    if look.get(key, required=False) is None:
        return ()
    found: list[Machine] = []
    for item in look.objects(key, 0, MOST):
        power = item.number("power_kw") if item.get("power_kw", required=False) is not None else None
        if power is not None and power <= 0:
            item.fault("power_kw", MustBeAboveZero())
        found.append(Machine(item.text("name"), power, item.maybe("nameplate")))
    return tuple(found)


def _plain(look: Fields, at: Where, value: object) -> None:
    """Text, null, lists and mappings of them."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not str(key).isascii():
                look.faults.append(((*at, key), KeyNotAscii()))
            _plain(look, (*at, key), item)
    elif isinstance(value, list) and len(value) <= MOST:
        for number, item in enumerate(value):
            _plain(look, (*at, number), item)
    elif value is not None and not (isinstance(value, str) and len(value) <= 200):
        look.faults.append((at, MustBeQuantityText()))


def _output(look: Fields, each: object, energy: Project | None) -> None:
    """An output that is named is one of the drivers where those are named too."""
    column = each.get("output") if isinstance(each, dict) else None
    named = None if energy is None else energy.drivers
    if isinstance(column, str) and named is not None and column not in named:
        look.faults.append(((*look.at, "per_unit", "output"), MustBeDriver(named)))


def _energy(look: Fields, name: str, emissions: object) -> Project | None:
    """The energy of both periods; electricity, by day or month."""
    found = look.get("energy", required=False)
    if found is None:
        return None
    if not isinstance(found, dict):
        look.fault("energy", MustBeMapping())
        return None
    item = Fields(found, look.faults, (*look.at, "energy"))
    quantity, points, drivers = (
        item.choice("quantity", ("electricity",)),
        names(item, "points"),
        names(item, "drivers"),
    )
    interval = item.choice("interval", ("day", "month"))
    baseline, reporting = span(item, "baseline"), span(item, "reporting")
    if reporting[0] <= baseline[1]:
        item.fault("reporting", MustBeginAfterBaseline())
    share = confidence(item, True)
    item.close()
    factor = emissions.get("factor") if isinstance(emissions, dict) else None
    return Project(
        name, quantity, points, drivers, interval, baseline, reporting, share,
        factor if isinstance(factor, str) else None,
    )  # fmt: skip
