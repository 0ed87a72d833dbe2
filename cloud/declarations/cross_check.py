"""What a declaration names must exist; and what the registry holds already needs no other statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts import replacement
from accounts.figure.factors import USABLE
from cloud.declarations.declare_messages import (
    CorrectionNeedsNote,
    IsSavingsProject,
    NoFactor,
    NoImportedRow,
    NoPointDeclared,
    NoStatement,
)
from cloud.reference import factors
from cloud.registry import Registry
from contract.declared import (
    Content,
    Correction,
    Factors,
    Note,
    Permit,
    Points,
    Project,
    Replacement,
    Savings,
    Tariff,
    Withdrawal,
)
from contract.fields import Path as Where
from settings import suggest
from settings.tree import Tree


@dataclass(frozen=True)
class Wish:
    """One statement to be: its kind, the fields, where they stand in the file, and what they mean."""

    kind: str
    fields: dict[str, Any]
    at: Where
    what: Content


def cross(tree: Tree, wishes: list[Wish], registry: Registry, site: str) -> None:
    """Note what is named and not there: points, factors, statements; and parts that no figure could be made from."""
    own = next((wish.what for wish in wishes if isinstance(wish.what, Points)), None)
    points_of = own or registry.points(site)
    points = {point.id for point in points_of.points} if points_of is not None else set()
    own_savings = next((wish.what for wish in wishes if isinstance(wish.what, Savings)), None)
    saved = own_savings or registry.savings(site)
    savings = {project.id for project in saved.projects} if saved is not None else set()
    for wish in wishes:
        what = wish.what
        if isinstance(what, Permit):
            for number, limit in enumerate(what.limits):
                if limit.point not in points:
                    _unknown(tree, (*wish.at, "limits", number, "point"), limit.point, points)
        elif isinstance(what, Savings):
            for number, project in enumerate(what.projects):
                _points(tree, (*wish.at, number), project, points)
        elif isinstance(what, Replacement):
            _replacement(tree, wish, what, points)
            if what.id in savings:
                tree.add((*wish.at, "id"), IsSavingsProject(what.id))
        elif isinstance(what, Withdrawal) and what.statement.hex() not in registry.hashes(site):
            tree.add((*wish.at, "statement"), NoStatement(what.statement.hex()[:12]))
        elif isinstance(what, Correction):
            if not registry.has(site, what.row):
                tree.add(wish.at, NoImportedRow())
            if not tree.value.get("note"):
                tree.add(wish.at, CorrectionNeedsNote())
        elif isinstance(what, Factors):
            known = {"province", "national", *(factor.id for factor in factors.shipped())}
            if what.grid not in known:
                tree.add((*wish.at, "grid"), suggest(NoFactor(what.grid), what.grid, known))


def _replacement(tree: Tree, wish: Wish, what: Replacement, points: set[str]) -> None:
    """Its points, and its parts as accounts.replacement reads them."""
    if what.energy is not None:
        _points(tree, (*wish.at, "energy"), what.energy, points)
    known = {factor.id for factor in factors.shipped() if factor.trust in USABLE}
    for path, why in replacement.read_parts(what.name_en, what.parts, known)[1]:
        tree.add((*wish.at, *path), why)


def _points(tree: Tree, at: Where, project: Project, points: set[str]) -> None:
    for number, name in enumerate(project.points or ()):
        if name not in points:
            _unknown(tree, (*at, "points", number), name, points)


def _unknown(tree: Tree, at: Where, name: str, points: set[str]) -> None:
    tree.add(at, suggest(NoPointDeclared(name), name, points))


def is_so(wish: Wish, registry: Registry, site: str) -> bool:
    """Whether the registry holds exactly this already."""
    what = wish.what
    if isinstance(what, Note):
        return False
    if isinstance(what, Tariff):
        return what in registry.tariffs(site)
    if isinstance(what, Permit):
        return what in registry.permits(site)
    if isinstance(what, Replacement):
        return what in registry.replacements(site)
    if isinstance(what, Withdrawal):
        return what.statement.hex() in registry.withdrawn(site)
    if isinstance(what, Correction):
        return registry.has(site, what.row, exactly=True)
    now = {
        "site": registry.site, "points": registry.points, "factors": registry.factors, "savings": registry.savings
    }  # fmt: skip
    return bool(now[wish.kind](site) == what)
