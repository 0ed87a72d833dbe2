"""What the pages of a certificate show in one language, from its signed body alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cloud.figures.certificate_figures import is_declared
from cloud.messages.certificate_words import CARDS, LABELS, PAIRS, SECTIONS, UNITS
from cloud.messages.display_names import WHEN, in_language, kind_name, unit_name
from cloud.messages.place_words import word
from cloud.messages.words import LABELS as COMMON
from cloud.messages.words import LANGUAGES
from cloud.reports import pdf, view
from cloud.reports.envelope import digest
from cloud.reports.view import number

Json = dict[str, Any]
TEMPLATE = "certificate.html"


def render(data: bytes, body: Json, pack_name: str, languages: Sequence[str] = tuple(LANGUAGES)) -> bytes:
    """The PDF of a certificate's file; the same file, languages and fonts give the same bytes. Raises CannotBeDone."""
    mark = digest(data)
    pages = [page(body, mark, pack_name, language) for language in languages]
    return pdf.printed(pdf.filled(TEMPLATE, pages), mark, languages)


def page(body: Json, mark: str, pack_name: str, language: str) -> Json:
    """The context of the template. mark: hash of the certificate's file."""
    label = {name: in_language(text, language) for name, text in {**COMMON, **LABELS}.items()}
    declared = body["declared"]
    rows = {item["kind"]: _row(item, declared, label, language) for item in body["figures"]}
    return {
        "label": label, "language": language, "body": body, "hash": mark,
        "name": body["names"][language], "project": declared[f"name_{language}"], "declared": declared,
        "as_of": view.moment(body["as_of"], body["tz"]),
        "periods": _periods(declared),
        "keys": view.keys({"signer": body["signer"], "keys": {}}, label["signer"]),
        "command": f"steelyard-verify {pack_name} --trust {view.fingerprint(body['signer'])}",
        "cards": [rows[kind] for kind in CARDS if kind in rows],
        "people": _people(rows),
        "sections": list(_sections(rows, language)),
        "pairs": list(_pairs(rows, language)),
        "machines": {key: [_machine(item) for item in declared.get(key) or []]
                     for key in ("machines_out", "machines_in")},
        "products": declared.get("products") or [],
        "inputs": list(_inputs({key: declared.get(key) for key in INPUTS})),
        "refused": [{"what": kind_name(item["kind"], language), "why": item} for item in body["refused"]],
        "factors": [view.factor_row(record, label) for record in body["factors"]],
        "conformity": body["conformity"][language], "not_proven": body["not_proven"][language],
    }  # fmt: skip


INPUTS = ("money", "labour", "oee", "per_unit", "emissions")
"""Parts of a declaration whose numbers stand on the page as they were given."""


def _row(item: Json, declared: Json, label: dict[str, str], language: str) -> Json:
    drivers = _drivers(item.get("drivers") or [], label["drivers"], language)
    return {
        "name": kind_name(item["kind"], language),
        "value": number(item["value"]),
        "unit": _unit(item["unit"], language),
        "interval": " … ".join(
            label["no_end"] if end is None else number(end) for end in item.get("interval") or ()
        ),
        "confidence": _confidence(item, declared),
        "declared": label["declared"] if _is_declared(item["kind"], declared) else "",
        "method": item["method"],
        "note": label["above_one"] if item.get("above_one") else drivers,
    }


def _confidence(item: Json, declared: Json) -> str:
    """That of the figure's interval: its own, or the project's."""
    own = view.share(item.get("confidence"))
    return own or (
        str((declared.get("energy") or {}).get("confidence") or "") if item.get("interval") else ""
    )


def _is_declared(kind: str, declared: Json) -> bool:
    cost = ((declared.get("money") or {}).get("costs") or {}).get("energy") or {}
    return is_declared(
        kind, (declared.get("per_unit") or {}).get("output"), cost.get("at") == "avoided-energy"
    )


def _unit(unit: str, language: str) -> str:
    """A unit of one or two parts; `CNY/a` is so much a year."""
    top, slash, below = unit.partition("/")
    return "/".join(_part(part, language) for part in (top, f"/{below}" if slash else "") if part)


def _part(part: str, language: str) -> str:
    bare = part.removeprefix("/")
    word = UNITS.get(part) or UNITS.get(bare)
    return unit_name("", bare, language) if word is None else in_language(word, language)


def _drivers(names: Sequence[str], label: str, language: str) -> str:
    """The drivers of a model, those that are quantities by their names in Chinese."""
    if not names:
        return ""
    if language == "zh":
        return f"{label}：{'、'.join(word('driver', name) or name for name in names)}"
    return f"{label}: {', '.join(names)}"


def _people(rows: dict[str, Json]) -> str:
    """`12 → 5`, where both were declared."""
    found = [rows.get(f"labour.{when}.operators") for when in WHEN]
    return " → ".join(row["value"] for row in found if row) if all(found) else ""


def _sections(rows: dict[str, Json], language: str) -> Iterator[Json]:
    for title, kinds in SECTIONS:
        lines = [rows[kind] for kind in kinds if kind in rows]
        if lines:
            yield {"title": in_language(title, language), "rows": lines}


def _pairs(rows: dict[str, Json], language: str) -> Iterator[Json]:
    """Figures before and after, one line each."""
    for pattern, name in PAIRS.items():
        found = [rows.get(pattern.format(when)) for when in WHEN]
        known = [row for row in found if row]
        if known:
            note = next((row["note"] for row in known if row["note"]), "")
            yield {
                "name": in_language(name, language),
                "cells": found,
                "unit": known[0]["unit"],
                "note": note,
            }


def _machine(item: Json) -> str:
    """A machine's name, its power, and what else stands on its nameplate."""
    power = f"{number(item['power_kw'])} kW" if item.get("power_kw") else ""
    return ", ".join(str(part) for part in (item["name"], power, item.get("nameplate")) if part)


def _inputs(declared: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every number that was declared, by the path of its key."""
    if isinstance(declared, dict):
        for key, value in declared.items():
            yield from _inputs(value, f"{path}.{key}" if path else key)
    elif isinstance(declared, list):
        yield path, "; ".join(str(item) for item in declared)
    elif declared is not None:
        yield path, str(declared)


def _periods(declared: Json) -> dict[str, str]:
    """Baseline and reporting period as first and last day; empty without energy."""
    energy = declared.get("energy") or {}
    return {key: " – ".join(energy[key]) if energy.get(key) else "" for key in ("baseline", "reporting")}
