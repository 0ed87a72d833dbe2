"""Every figure of a declared replacement, made again from its statement and the site's hour facts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from verify.figures.amounts import hashed
from verify.figures.compare import Near
from verify.figures.factors import Factors
from verify.figures.factors import value as factor_value
from verify.figures.figure import Ground
from verify.figures.measures import given
from verify.formats.message import Text
from verify.formats.numbers import number, short, tonnes
from verify.formats.shape import part, text
from verify.reasons.reason import InsufficientData
from verify.replacement.cash_flow import evaluate
from verify.replacement.interval_bounds import Avoided
from verify.replacement.labour_oee import labour, oee
from verify.replacement.metered import Metered
from verify.replacement.per_unit import Weight, per_unit
from verify.replacement.terms import Term, Terms
from verify.savings.saving import Work, project_of

ONE = timedelta(days=1)
Published = tuple[str, str, str]
PARTS = ("money", "labour", "oee", "per_unit", "emissions", "energy")


def replaced(
    statement: dict[str, Any],
    ground: Ground,
    factors: Factors,
    where: str,
    published: Published | None = None,
) -> Terms:
    """The figures of a project and what is refused; raises Bad where the statement can't be read.

    factors: the records of the certificate, which the statement chooses from by their ids. published: texts of the
    avoided energy and of the ends of its interval, as the certificate has them; the money follows from these.
    """
    terms = Terms()
    parts = {name: part(statement, name, where) for name in PARTS}
    for key, name in (parts["emissions"] or {}).items():
        if name is not None:
            text(name, f"{where}: emissions.{key}")

    def weight(name: str) -> Fraction:
        return factor_value(factors.named(name, "grid"))

    metered, avoided, confidence = None, None, None
    if parts["energy"] is not None:
        at = f"{where}: energy"
        confidence = given(parts["energy"], "confidence", "%", at)
        work = Work(ground, project_of(statement["id"], parts["energy"], at), float((confidence or 0) / 100))
        column = (parts["per_unit"] or {}).get("output")
        work.more = () if column is None else (text(column, f"{where}: per_unit.output"),)
        avoided = _energy(
            work, confidence, (parts["emissions"] or {}).get("factor"), weight, terms, published
        )
        metered = Metered(work)
    if parts["money"] is not None:
        evaluate(parts["money"], terms, f"{where}: money", avoided)
    if parts["labour"] is not None:
        labour(parts["labour"], terms, f"{where}: labour")
    if parts["oee"] is not None:
        oee(parts["oee"], terms, f"{where}: oee")
    if parts["per_unit"] is not None:
        share = None if confidence is None else confidence / 100
        per_unit(parts["per_unit"], parts["emissions"], weight, terms, f"{where}: per_unit", metered, share)
    return terms


def period(statement: dict[str, Any]) -> tuple[str, str] | None:
    """The local dates in which a project reports, half-open: its reporting period, else the day of its machines."""
    spans = (statement.get("energy") or {}).get("reporting") or [statement.get("date")] * 2
    try:
        first, last = (date.fromisoformat(day) for day in spans)
    except (TypeError, ValueError):
        return None
    return first.isoformat(), (last + ONE).isoformat()


def _energy(
    work: Work,
    percent: Fraction | None,
    factor: str | None,
    weight: Weight,
    terms: Terms,
    published: Published | None,
) -> Avoided | None:
    """The avoided energy with its interval in kW.h, and its twin in CO2 where a factor is named."""
    if percent is None:
        terms.refused["avoided"] = Text("no energy.confidence is given")
        return None
    try:
        model = work.fitted()
    except InsufficientData as refused:
        terms.refused["avoided"] = refused.why
        return None
    exact = [Fraction(number) for number in (model.avoided, model.low, model.high)]
    texts = [short(one) for one in exact]
    terms.made["avoided"] = Term("avoided", {
        "kind": "avoided", "value": texts[0], "unit": "kW.h", "method": "steelyard/avoided-energy/1", "factors": [],
        "interval": texts[1:], "form": "ols-ac", "confidence": f"{float(percent / 100)}",
        "drivers": list(model.names), "inputs": hashed(work.inputs), "figure": work.name_of("saving_kwh"),
    }, {"value": Near(short, exact[:1]), "interval": Near(short, exact[1:])})  # fmt: skip
    _twin(exact, factor, weight, terms)
    if published is not None and Near(short, exact).fits(list(published)):
        texts = list(published)
    first, last = work.project.reporting
    value, low, high = (number(each, "avoided") for each in texts)
    return Avoided(value, low, high, (last - first + ONE).days)


def _twin(exact: list[Fraction], factor: str | None, weight: Weight, terms: Terms) -> None:
    if factor is None:
        terms.refused["avoided_tco2"] = Text("no emissions.factor is given")
        return
    try:
        twins = [kwh * weight(factor) / 1000 for kwh in exact]
    except InsufficientData as refused:
        terms.refused["avoided_tco2"] = refused.why
        return
    terms.made["avoided_tco2"] = Term("avoided_tco2", {
        "kind": "avoided_tco2", "value": tonnes(twins[0]), "unit": "t{CO2}", "method": "steelyard/avoided-carbon/1",
        "factors": [factor], "interval": [tonnes(twin) for twin in twins[1:]],
    }, {"value": Near(tonnes, twins[:1]), "interval": Near(tonnes, twins[1:])})  # fmt: skip
