"""Every figure and refusal of a summary, made again and compared (docs/pack-format.md, check 6)."""

from __future__ import annotations

from typing import Any

from verify.evidence.ledger import Entry
from verify.figures import cost, energy, intensity, permit, water
from verify.figures.amounts import Amounts
from verify.figures.compare import Compared, differs, interval
from verify.figures.factors import Factors
from verify.figures.figure import Answers, Figure, Ground
from verify.figures.messages import CannotBeMade, NotPublished, RefusedForNothing, ShouldBeRefused
from verify.formats.calendar import Days, day_of_text
from verify.formats.findings import Bad, Findings
from verify.formats.message import Message
from verify.formats.messages import NotAnObject
from verify.formats.shape import listed, members, text
from verify.messages import (
    FactorsHold,
    FactorUnused,
    FigureFollowsFromNothing,
    FiguresHold,
    FiguresUnordered,
    FigureTwice,
    OtherCitation,
    OtherThanDeclared,
    OtherTitle,
    PeriodImpossible,
    PointsUnordered,
    RefusalsHold,
    RefusalsUnordered,
)
from verify.metering import facts
from verify.reasons import warning
from verify.reasons.messages import RefusedTwice
from verify.reasons.reason import Reason, limits, reason, unlike
from verify.replacement import certificate
from verify.savings import saving
from verify.statements.declared import Declared
from verify.statements.effective import collect
from verify.statements.points import Points

MAKERS = (
    energy.amounts, energy.balance, energy.totals, intensity.intensity, cost.cost, water.loads, permit.permits,
    saving.savings,
)  # fmt: skip


REFUSALS = "refusals"


def check(
    body: dict[str, Any], entries: list[Entry], depth: str, certificates: dict[str, Any], findings: Findings
) -> tuple[list[Compared], list[dict[str, Any]], list[dict[str, Any]]]:
    """Compare all figures; the second list has the factor records that they used, the third the certificates."""
    declared = collect(entries, body["site"], findings)
    ground = _ground(body, declared, findings)
    if depth == "full":
        facts.check(entries, ground, findings)
    answers = Answers()
    for maker in MAKERS:
        maker(ground, answers)
    compared = _compare(body, answers, findings)
    _refusals(body, answers, findings)
    warning.check(body["figures"], {made.members["id"]: made.warned for made in answers.made}, findings)
    _factors(ground, answers, findings)
    _titles(body, declared, findings)
    for item in compared:
        if item.why is not None:
            findings.bad("figures", f"{item.kind} {item.point or ''} {item.id}", item.why)
    findings.settle("figures", FiguresHold(len(compared)))
    shown = [_shown(ground, name) for name in sorted(ground.factors.records)]
    return compared, shown, certificate.check(certificates, body, ground, findings)


def _ground(body: dict[str, Any], declared: Declared, findings: Findings) -> Ground:
    where = "summary.json: body"
    from_, to = day_of_text(body["from"], f"{where}.from"), day_of_text(body["to"], f"{where}.to")
    if to <= from_ or (to - from_).days > 4000:
        raise Bad(PeriodImpossible(), where)
    days = Days.of(body["tz"], body["day_start"], where)
    names = members(body["names"], f"{where}.names", "zh en")
    for each in members(body["not_proven"], f"{where}.not_proven", "zh en").values():
        text(each, f"{where}.not_proven")
    site = declared.site or {}
    for shown, key in (
        (names["zh"], "name_zh"), (names["en"], "name_en"), (body["tz"], "tz"), (body["day_start"], "day_start"),
        (body["site"], "id"),
    ):  # fmt: skip
        if site and shown != site.get(key):
            findings.bad("figures", where, OtherThanDeclared(key))
    points = Points(declared)
    amounts = Amounts(declared, points, days.begin(from_), days.begin(to))
    refused = {str(item.get("kind")) for item in listed(body["refused"], "refused") if isinstance(item, dict)}
    factors = Factors(body["factors"], declared.factors, str(site.get("province", "")), refused)
    return Ground(body["site"], body["from"], body["to"], days, declared, points, amounts, factors)


def _compare(body: dict[str, Any], answers: Answers, findings: Findings) -> list[Compared]:
    """Each published figure beside its twin; each twin without a published figure."""
    twins: dict[str, Figure] = {}
    for made in answers.made:
        twins[made.members["id"]] = made
    found, order, seen = [], [], set()
    for index, item in enumerate(listed(body["figures"], "summary.json: figures")):
        where = f"summary.json: figures[{index}]"
        if not isinstance(item, dict):
            raise Bad(NotAnObject(), where)
        name, kind, point = text(item.get("id"), where), text(item.get("kind"), where), item.get("point")
        twin = twins.pop(name, None)
        order.append((kind, str(point or "")))
        if name in seen:
            findings.bad("figures", where, FigureTwice())
        seen.add(name)
        why = _differs(item, twin, answers)
        again = None if twin is None else str(twin.members["value"])
        published = str(item.get("value"))[:80]
        found.append(
            Compared(
                name,
                kind,
                None if point is None else str(point),
                published,
                again,
                str(item.get("unit")),
                why,
                (interval(item), None if twin is None else interval(twin.members)),
            )
        )
    if order != sorted(order):
        findings.bad("figures", "summary.json: figures", FiguresUnordered())
    for name, twin in twins.items():
        figure = twin.members
        found.append(
            Compared(
                name, figure["kind"], figure["point"], None, figure["value"], figure["unit"], NotPublished()
            )
        )
    return found


def _differs(item: dict[str, Any], twin: Figure | None, answers: Answers) -> Message | None:
    """In which members a published figure is not its twin; None when in none."""
    if twin is None:
        for refusal in answers.refused:
            if (refusal.kind, refusal.point) == (item.get("kind"), item.get("point")):
                return CannotBeMade(refusal.whys[0])
        return FigureFollowsFromNothing()
    return differs(item, twin.members, twin.near)


def _refusals(body: dict[str, Any], answers: Answers, findings: Findings) -> None:
    """The same kinds and points are refused, for the same reasons."""
    published = _published(body, findings)
    again = {(refusal.kind, refusal.point): refusal.whys for refusal in answers.refused}
    for key in published.keys() - again.keys():
        findings.bad(REFUSALS, _where(key), RefusedForNothing())
    for key, whys in again.items():
        wrong = unlike(published[key], whys) if key in published else ShouldBeRefused(whys[0])
        if wrong is not None:
            findings.bad(REFUSALS, _where(key), wrong)
    findings.settle(REFUSALS, RefusalsHold(len(again)))
    pairs = [(key[0], published[key], again[key]) for key in published.keys() & again.keys()]
    for limit in limits(pairs):
        findings.good(REFUSALS, limit)


def _published(body: dict[str, Any], findings: Findings) -> dict[tuple[str, str | None], Reason]:
    """The reasons of a summary by kind and point; raises Bad."""
    found: dict[tuple[str, str | None], Reason] = {}
    order = []
    for index, item in enumerate(listed(body["refused"], "summary.json: refused")):
        where = f"summary.json: refused[{index}]"
        why = reason(item, where, "kind point")
        kind, point = text(item["kind"], where), item["point"]
        key = kind, None if point is None else text(point, where)
        if key in found:
            findings.bad(REFUSALS, where, RefusedTwice())
        found[key] = why
        order.append((kind, point or "", why.code, why.message))
    if order != sorted(order):
        findings.bad(REFUSALS, "summary.json: refused", RefusalsUnordered())
    return found


def _where(key: tuple[str, str | None]) -> str:
    return f"{key[0]} {key[1] or ''}"


def _factors(ground: Ground, answers: Answers, findings: Findings) -> None:
    """The records are those that figures use, no more."""
    used = {name for made in answers.made for name in made.members["factors"]}
    for name, record in ground.factors.records.items():
        if name not in used:
            findings.bad("factors", name, FactorUnused())
        if record["citation"] != ground.factors.citation(name):
            findings.bad("factors", name, OtherCitation())
    findings.settle("factors", FactorsHold(len(ground.factors.records)))


def _titles(body: dict[str, Any], declared: Declared, findings: Findings) -> None:
    """Titles of points are those that were declared."""
    known = {item["id"]: item for item in (declared.points or {"points": []})["points"]}
    ids = []
    for index, item in enumerate(listed(body["points"], "summary.json: points")):
        where = f"summary.json: points[{index}]"
        members(item, where, "id zh en")
        ids.append(text(item["id"], where))
        if (declared_ := known.get(item["id"])) and (item["zh"], item["en"]) != (
            declared_["zh"],
            declared_["en"],
        ):
            findings.bad("figures", where, OtherTitle())
    if ids != sorted(set(ids)):
        findings.bad("figures", "summary.json: points", PointsUnordered())


def _shown(ground: Ground, name: str) -> dict[str, Any]:
    record = ground.factors.records[name]
    return dict(record)
