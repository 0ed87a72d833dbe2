"""The certificates of a pack: whose they are, and every figure of them made again (docs/pack-format.md, check 7)."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from verify.evidence.envelope import opened
from verify.figures.compare import Compared, differs, interval
from verify.figures.factors import Factors
from verify.figures.figure import Ground
from verify.figures.messages import CannotBeMade, NotPublished, RefusedForNothing, ShouldBeRefused
from verify.formats import canonical_json
from verify.formats.findings import Bad, Findings
from verify.formats.message import Message, Text, shown
from verify.formats.messages import At, NotAnObject
from verify.formats.shape import listed, members, text
from verify.reasons.reason import Reason, limits, reason, unlike
from verify.reasons.savings.project_messages import Refused
from verify.replacement.messages import (
    CertificateAbsent,
    CertificatesHold,
    CertificatesUnordered,
    DeclaredAbsent,
    DeclaredDiffers,
    DeclaredTooMany,
    FactorUnused,
    FiguresUnordered,
    FollowsFromNothing,
    NoCertificate,
    OtherPeriod,
    OtherRecord,
    OtherStatement,
    OtherThanSummary,
    ProjectUndeclared,
    ProjectWithdrawn,
)
from verify.replacement.replaced import Published, period, replaced
from verify.replacement.terms import Terms
from verify.statements.declared import Replacement
from verify.statements.effective import HEAD

SHARED = ("site", "names", "tz", "day_start", "as_of", "tree", "signer")
FIELDS = "project statement from to declared figures refused factors conformity not_proven"
CHECK = "certificates"
PEOPLE = ("conformity", "not_proven")  # words, which the page does not fix


def check(
    files: dict[str, Any], summary: dict[str, Any], ground: Ground, findings: Findings
) -> list[dict[str, Any]]:
    """Compare every certificate; those that a pack should have and has not are faults as well."""
    found, seen = [], []
    for name, envelope in files.items():
        try:
            body = _opened(envelope, summary, name, findings)
            seen.append(text(body["project"], name))
            found.append(_one(body, summary, ground, findings, name))
        except Bad as bad:
            findings.bad(CHECK, bad.where or name, bad.why)
    due = sorted(
        name
        for name, item in ground.declared.replacements.items()
        if (span := period(item.statement)) and ground.from_ <= span[0] and span[1] <= ground.to
    )
    for name in due:
        if name not in seen:
            findings.bad(CHECK, name, CertificateAbsent())
    if seen != sorted(set(seen)):
        findings.bad(CHECK, "certificates", CertificatesUnordered())
    if files or due:
        findings.settle(CHECK, CertificatesHold(len(found)))
    return found


def _opened(envelope: Any, summary: dict[str, Any], name: str, findings: Findings) -> dict[str, Any]:
    """The body, once its form holds; raises Bad. A false signature is noted: what was changed is still to be named."""
    try:
        found = opened(envelope, summary, name)
    except Bad as bad:
        if bad.where != f"{name}: sig":
            raise
        findings.bad(CHECK, bad.where, bad.why)
        found = envelope["body"]
    body = members(found, f"{name}: body", f"type format {' '.join(SHARED)} {FIELDS}")
    if (body["type"], body["format"]) != ("certificate", "steelyard-certificate/1"):
        raise Bad(NoCertificate(), f"{name}: body")
    for key in SHARED:
        if body[key] != summary[key]:
            raise Bad(OtherThanSummary(key), f"{name}: body.{key}")
    for key in PEOPLE:
        for each in members(body[key], f"{name}: body.{key}", "zh en").values():
            text(each, f"{name}: body.{key}")
    return body


def _one(
    body: dict[str, Any], summary: dict[str, Any], ground: Ground, findings: Findings, name: str
) -> dict[str, Any]:
    """One certificate beside what is made again; raises Bad where there is nothing to make it from."""
    project = body["project"]
    item = ground.declared.replacements.get(project)
    if item is None:
        gone = project in ground.declared.withdrawn_replacements
        raise Bad((ProjectWithdrawn if gone else ProjectUndeclared)(str(project)), f"{name}: body.project")
    if body["statement"] != item.entry.block.hash.hex():
        findings.bad(CHECK, f"{name}: body.statement", OtherStatement())
    _declared(body["declared"], item, findings, name)
    if [body["from"], body["to"]] != list(period(item.statement) or ()):
        findings.bad(CHECK, f"{name}: body.from", OtherPeriod())
    factors = Factors(body["factors"], None, "", set())
    terms = replaced(item.statement, ground, factors, item.entry.name, _avoided(body))
    compared = _figures(body, terms, findings, name)
    _refused(body, terms, findings, name)
    used = {id_ for term in terms.made.values() for id_ in term.members["factors"]}
    for id_, record in factors.records.items():
        if id_ not in used or record["citation"] != factors.citation(id_):
            findings.bad(CHECK, f"{name}: {id_}", FactorUnused())
        if ground.factors.records.get(id_, record) != record:
            findings.bad(CHECK, f"{name}: {id_}", OtherRecord())
    return {
        "project": project,
        "from": body["from"],
        "to": body["to"],
        "figures": [one.json() for one in compared],
        "refused": body["refused"],
        "factors": list(factors.records.values()),
    }


def _avoided(body: dict[str, Any]) -> Published | None:
    """The avoided energy and both ends of its interval as they are published; None where they are not all texts."""
    for item in body["figures"] if isinstance(body["figures"], list) else []:
        if (
            isinstance(item, dict)
            and item.get("kind") == "avoided"
            and isinstance(item.get("interval"), list)
        ):
            texts = [item.get("value"), *item["interval"]]
            if len(texts) == 3 and all(isinstance(one, str) for one in texts):
                return texts[0], texts[1], texts[2]
    return None


def _declared(declared: Any, item: Replacement, findings: Findings, name: str) -> None:
    """The declaration that the certificate shows is the sealed one, key by key."""
    sealed = {key: value for key, value in item.statement.items() if key not in HEAD.split()}
    for path, stands, should in _unlike(declared, sealed, "declared"):
        findings.bad(CHECK, f"{name}: body.{path}", _other(stands, should))


def _unlike(one: Any, other: Any, path: str) -> list[tuple[str, Any, Any]]:
    """Where two values differ, as deep as both are objects."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return [found for key in keys for found in _unlike(one.get(key), other.get(key), f"{path}.{key}")]
    return [] if canonical_json.dump([one]) == canonical_json.dump([other]) else [(path, one, other)]


def _other(stands: Any, due: Any) -> Message:
    """That a member of the declaration stands there as it was not declared; None where it is absent."""
    if stands is None:
        return DeclaredAbsent(shown(due, 80))
    if due is None:
        return DeclaredTooMany(shown(stands, 80))
    return DeclaredDiffers(shown(stands, 80), shown(due, 80))


def _figures(body: dict[str, Any], terms: Terms, findings: Findings, name: str) -> list[Compared]:
    """Each figure beside its twin."""
    compared, order, left = [], [], dict(terms.made)
    for index, item in enumerate(listed(body["figures"], f"{name}: figures")):
        where = f"{name}: figures[{index}]"
        if not isinstance(item, dict):
            raise Bad(NotAnObject(), where)
        kind = text(item.get("kind"), where)
        twin = left.pop(kind, None)
        order.append(kind)
        if twin is None:
            why: Message | None = CannotBeMade(terms.refused.get(kind, FollowsFromNothing()))
        else:
            why = differs(item, twin.members, twin.near)
        again = None if twin is None else str(twin.members["value"])
        both = interval(item), None if twin is None else interval(twin.members)
        value, unit = str(item.get("value"))[:80], str(item.get("unit"))
        compared.append(Compared("", kind, body["project"], value, again, unit, why, both))
    for kind, twin in left.items():
        figure, none = twin.members, NotPublished()
        one = Compared(
            "", kind, body["project"], None, figure["value"], figure["unit"], none, (None, interval(figure))
        )
        compared.append(one)
    if order != sorted(set(order)):
        findings.bad(CHECK, f"{name}: figures", FiguresUnordered())
    for one in compared:
        if one.why is not None:
            findings.bad(CHECK, f"{name}: {one.kind}", one.why)
    return compared


def _refused(body: dict[str, Any], terms: Terms, findings: Findings, name: str) -> None:
    """The same kinds are refused; the reasons are compared where both sides have a code."""
    found: dict[str, list[Reason]] = {}
    for index, item in enumerate(listed(body["refused"], f"{name}: refused")):
        where = f"{name}: refused[{index}]"
        published = reason(item, where, "kind")
        found.setdefault(text(item["kind"], where), []).append(published)
    for kind in found.keys() - terms.refused.keys():
        findings.bad(CHECK, f"{name}: {kind}", RefusedForNothing())
    pairs: list[tuple[str, Reason, list[Message]]] = []
    for kind, why in terms.refused.items():
        wrong = _reasons(found.get(kind, []), why)
        pairs += [(kind, published, [why]) for published in found.get(kind, [])]
        if wrong is not None:
            findings.bad(CHECK, f"{name}: {kind}", wrong)
    for limit in limits(pairs):
        findings.good(CHECK, At(name, limit))


def _reasons(published: list[Reason], why: Message) -> Message | None:
    """How the reasons of a kind differ from what is found here: a saving that several tests refuse has one for each."""
    if not published:
        return ShouldBeRefused(why)
    if isinstance(why, Text) or any(one.code == "" for one in published):
        return None
    due = sorted(why.reasons, key=lambda each: (each.CODE, str(each))) if isinstance(why, Refused) else [why]
    for one, mine in zip_longest(sorted(published, key=lambda each: (each.code, each.message)), due):
        if one is None:
            return ShouldBeRefused(mine)
        if mine is None:
            return RefusedForNothing()
        if wrong := unlike(one, [mine]):
            return wrong
    return None
