"""Amounts, the balance of the meter tree, coal equivalent, scope 1 and scope 2 of a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from accounts.energy.messages import (
    NoFactorsChosen,
    NoRowsAtPoint,
    NoTerms,
    NothingOf,
    NotOneOf,
    SteamWithoutEnthalpy,
)
from accounts.figure import carbon
from accounts.figure.calendar import Period
from accounts.figure.factors import NATIONAL, Coefficient, Record, Tables, select
from accounts.figure.figure import Draft, InsufficientData
from accounts.figure.messages import UnknownFactor
from accounts.inputs.amounts import Flow, flow, flows, highest, inputs, lowest, some, split
from accounts.inputs.messages import AnyOf
from accounts.inputs.tree import Tree, unit_of
from contract import units
from contract.message import Message
from contract.sites import Point

FUELS = ("natural_gas", "diesel", "gasoline", "fuel_oil", "lpg", "raw_coal", "washed_coal", "coke")
ENERGY = ("electricity", "heat", *FUELS)
HEAT = "cn-heat-default"
AMOUNT_DIGITS = 6
PER = {"electricity": "kW.h", "heat": "MJ", "natural_gas": "m3"}
"""Unit that a coal-equivalent coefficient is for; kg where none is named."""

Choice = Callable[[str, int], Record]
"""The record for a quantity and a year; raises InsufficientData."""


def amount(tree: Tree, point: Point, quantity: str, period: Period) -> Draft:
    """How much of a quantity there was at a point."""
    found = flow(tree, point, quantity, period)
    if not found.amounts:
        raise InsufficientData(NoRowsAtPoint(quantity, point.id))
    return _sum([found], quantity)


def total(tree: Tree, quantity: str, period: Period) -> Draft:
    """How much of a quantity the site had, over its top points."""
    return _sum(some(flows(tree, quantity, period), quantity), quantity)


def balance(tree: Tree, point: Point, quantity: str, period: Period) -> Draft:
    """What a point measured less what the points below it did."""
    above = flow(tree, point, quantity, period)
    below = [flow(tree, item, quantity, period) for item in tree.below(point, quantity)]
    some([above, *below], quantity)
    value = above.value - sum((item.value for item in below), Fraction(0))
    return _draft(value, unit_of(quantity), AMOUNT_DIGITS, False, [above, *below])


def coal_equivalent(tree: Tree, period: Period, tables: Tables) -> Draft:
    """t of coal equivalent of all energy that came in."""
    steam = tree.steam()
    if steam:
        raise InsufficientData(SteamWithoutEnthalpy(steam[0].id))
    return _weighed(tree, period, ENERGY, _coefficients(tree, tables, "coal"), _tce, "t{ce}")


def scope1(tree: Tree, period: Period, tables: Tables) -> Draft:
    """t of CO2 of the fuels that were burnt."""
    return _weighed(tree, period, FUELS, _coefficients(tree, tables, "combustion"), _burnt, carbon.UNIT)


def scope2(tree: Tree, period: Period, tables: Tables) -> Draft:
    """t of CO2 of purchased electricity and heat, by the site's choice of factors."""
    return _weighed(tree, period, ("electricity", "heat"), grid_choice(tree, tables), _emitted, carbon.UNIT)


def grid_choice(tree: Tree, tables: Tables) -> Choice:
    """The record for electricity and that for heat. Raises InsufficientData without a statement of factors."""
    factors, site = tree.declared.factors, tree.declared.site
    if factors is None:
        raise InsufficientData(NoFactorsChosen())

    def choose(quantity: str, year: int) -> Record:
        if quantity == "heat":
            return _of(tables.coefficient("heat", "heat", factors.heat or HEAT, year), factors.heat, "heat")
        named = {"province": None, "national": NATIONAL}.get(factors.grid, factors.grid)
        found = select(tables.grid, named, site.province, year)
        if isinstance(found, Message):
            raise InsufficientData(found)
        return found

    return choose


def carried(tree: Tree, quantities: Sequence[str]) -> list[str]:
    """Which of the quantities any point or row of the site carries."""
    return [q for q in quantities if tree.carrying(q) or tree.strays(q)]


def _coefficients(tree: Tree, tables: Tables, table: str) -> Choice:
    named = dict(tree.declared.factors.named) if tree.declared.factors is not None else {}

    def choose(quantity: str, year: int) -> Record:
        name = named.get(quantity)
        if name is not None and not tables.knows(name):
            raise InsufficientData(UnknownFactor(name))
        return _of(tables.coefficient(table, quantity, name, year), None, quantity)

    return choose


def _of(found: Coefficient | Message, named: str | None, quantity: str) -> Coefficient:
    if isinstance(found, Message):
        raise InsufficientData(found)
    if named is not None and found.id != named:
        raise InsufficientData(NotOneOf(named, quantity))
    return found


def _weighed(
    tree: Tree,
    period: Period,
    quantities: Sequence[str],
    choose: Choice,
    weigh: Callable[[Flow, Record], Fraction],
    unit: str,
) -> Draft:
    """A sum over top points, quantities and years, each with its record."""
    mine = carried(tree, quantities)
    if not mine:
        raise InsufficientData(NothingOf(tuple(quantities)))
    found = [item for quantity in mine for item in flows(tree, quantity, period)]
    some(found, AnyOf(tuple(mine)))
    value, records, parts = Fraction(0), dict[str, Record](), list[dict[str, Any]]()
    for item in found:
        pieces = split(item, period, partial(_id, choose, item.quantity))
        for year, piece in pieces:
            record = choose(item.quantity, year)
            value += weigh(piece, record)
            records[record.id] = record
            parts.append(piece.part(year=year, factor=record.id))
    return _draft(value, unit, carbon.DIGITS, True, found, parts, tuple(records.values()))


def _id(choose: Choice, quantity: str, year: int) -> str:
    return choose(quantity, year).id


def _tce(piece: Flow, record: Record) -> Fraction:
    per = PER.get(piece.quantity, "kg")
    return piece.value * units.factor(unit_of(piece.quantity), per) * Fraction(record.value) / 1000


def _burnt(piece: Flow, record: Record) -> Fraction:
    terms = record.terms if isinstance(record, Coefficient) else None
    if terms is None or record.unit != unit_of(piece.quantity):
        raise InsufficientData(NoTerms(record.id, unit_of(piece.quantity), piece.quantity))
    return _emitted(piece, record)


def _emitted(piece: Flow, record: Record) -> Fraction:
    return carbon.tonnes(piece.value, record)


def _sum(found: Sequence[Flow], quantity: str) -> Draft:
    value = sum((item.value for item in found), Fraction(0))
    return _draft(value, unit_of(quantity), AMOUNT_DIGITS, False, found)


def _draft(
    value: Fraction,
    unit: str,
    digits: int,
    fixed: bool,
    found: Sequence[Flow],
    parts: Sequence[dict[str, Any]] | None = None,
    records: tuple[Record, ...] = (),
) -> Draft:
    listed = [item.part() for item in found] if parts is None else parts
    return Draft(
        value, unit, digits, fixed, lowest(found), highest(found), inputs(found), records, (), tuple(listed)
    )
