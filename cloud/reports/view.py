"""What the pages of a summary show in one language, from its signed body alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cloud.reports.words import HEADLINE, KINDS, LABELS, OF_KIND, SECTIONS, UNITS, Text
from contract.quantities import QUANTITIES

Json = dict[str, Any]
FEET = 6
"""Fingerprints that the foot of each page has in full; of more keys it has the first 16 digits."""
SHORT = 16
MINUS = "\u2212"


def page(body: Json, summary_hash: str, pack_name: str, language: str) -> Json:
    """The context of the template in one language."""
    label = {name: _in(text, language) for name, text in LABELS.items()}
    titles = {point["id"]: str(point.get(language) or point["id"]) for point in body["points"]}
    rows = [_row(figure, titles, language) for figure in body["figures"]]
    refused = [
        {"what": kind_name(item["kind"], language), "point": _point(item, titles), "why": item["why"]}
        for item in body["refused"]
    ]
    return {
        "label": label,
        "language": language,
        "name": body["names"][language],
        "body": body,
        "as_of": _moment(body["as_of"], body["tz"]),
        "hash": summary_hash,
        "keys": keys(body, label["signer"]),
        "command": f"steelyard-verify {pack_name} --trust {fingerprint(body['signer'])}",
        "headline": [row for row in rows if row["kind"] in HEADLINE and row["whole"]][:6],
        "sections": _sections(rows, language),
        "refused": refused,
        "factors": [_factor(record, label) for record in body["factors"]],
        "not_proven": body["not_proven"][language],
    }


def keys(body: Json, signer: str) -> list[Json]:
    """Name and fingerprint of the signer and of each node, the signer first."""
    named = [(signer, body["signer"]), *sorted(body["keys"].items())]
    found = [{"name": name, "mark": fingerprint(raw)} for name, raw in named]
    whole = len(found) <= FEET
    return [{**item, "foot": item["mark"] if whole else item["mark"][:SHORT]} for item in found]


def fingerprint(raw: str) -> str:
    """The fingerprint of a raw public key in hex."""
    return hashlib.sha256(bytes.fromhex(raw)).hexdigest()


def kind_name(kind: str, language: str) -> str:
    """A figure's kind as a person reads it; one without a name keeps its code."""
    if kind in KINDS:
        return _in(KINDS[kind], language)
    for prefix, name in _PREFIXES.items():
        rest = kind.removeprefix(prefix)
        if rest != kind:
            code, _, unit = rest.rpartition("_")
            quantity = QUANTITIES.get(rest) or QUANTITIES.get(code)
            what = rest if quantity is None else _in(Text(quantity.zh, quantity.en), language)
            return _in(name, language).format(what=what, unit=unit)
    quantity = QUANTITIES.get(kind) or QUANTITIES.get(kind.rpartition("_")[0])
    return kind if quantity is None else _in(Text(quantity.zh, quantity.en), language)


_PREFIXES = {
    "intensity_": Text("单位产品：{what}", "per product: {what}"),
    "permit_": Text("限值比较：{what}", "against the limit: {what}"),
}


def unit_name(kind: str, unit: str, language: str) -> str:
    """A unit as a person reads it."""
    if kind in OF_KIND:
        return _in(OF_KIND[kind], language)
    return _in(UNITS[unit], language) if unit in UNITS else unit


def number(text: str) -> str:
    """A decimal string with its thousands parted by commas; not a digit is changed."""
    sign, digits = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    if not whole.isdecimal():
        return text
    parted = f"{int(whole):,}" if whole else whole
    return f"{sign}{parted}{point}{rest}"


def share(text: object) -> str:
    """A share of 1 as a percentage; nothing for what has none."""
    if text is None or text == "":
        return ""
    try:
        value = Decimal(str(text)) * 100
    except ArithmeticError:
        return str(text)
    return f"{value.normalize():f} %"


def _row(figure: Json, titles: dict[str, str], language: str) -> Json:
    interval = figure.get("interval")
    return {
        "kind": figure["kind"],
        "id": figure["id"],
        "whole": figure.get("point") is None or figure["kind"].startswith(("saving_", "cod_")),
        "name": kind_name(figure["kind"], language),
        "point": _point(figure, titles),
        "value": number(str(figure["value"])),
        "unit": unit_name(figure["kind"], str(figure["unit"]), language),
        "interval": "" if not interval else f"{number(interval[0])} … {number(interval[1])}",
        "complete": share(figure.get("completeness")),
        "substituted": share(figure.get("substituted")),
        "factors": figure.get("factors") or [],
    }


def _point(item: Json, titles: dict[str, str]) -> str:
    point = item.get("point")
    return "" if point is None else titles.get(point, str(point))


def _sections(rows: list[Json], language: str) -> list[Json]:
    found: dict[str, list[Json]] = {name: [] for name, _ in SECTIONS}
    for row in rows:
        found[section(row["kind"], bool(row["point"]))].append(row)
    return [
        {
            "title": _in(title, language),
            "rows": found[name],
            **{column: any(row[column] for row in found[name]) for column in ("point", "interval")},
        }
        for name, title in SECTIONS
        if found[name]
    ]


def section(kind: str, has_point: bool) -> str:
    """The section in which figures of a kind stand."""
    starts = (
        (("energy_tce", "scope1", "scope2", "cost"), "headline_figures"),
        (("unaccounted", "balance"), "balance"),
        (("cod", "nh3n", "ph", "wastewater"), "pollutants"),
        (("permit",), "permit"),
        (("intensity",), "intensity"),
        (("saving", "normalised"), "savings"),
    )
    for prefixes, name in starts:
        if kind.startswith(prefixes):
            return name
    return "meters" if kind.startswith(("energy", *QUANTITIES)) or has_point else "other"


def _factor(record: Json, label: dict[str, str]) -> Json:
    parts: Iterable[object] = (record.get(name) for name in ("citation", "document", "source", "clause"))
    named = [part for part in parts if isinstance(part, str) and part]
    source = named[0] if record.get("citation") else ", ".join(named)
    return {
        "id": record["id"],
        "value": str(record.get("value", "")),
        "unit": str(record.get("unit", "")),
        "source": source,
        "single": label["single"] if record.get("trust") == "R1" else "",
    }


def _moment(nanoseconds: str, tz: str) -> str:
    seconds = int(nanoseconds) // 10**9
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(tz)).strftime("%Y-%m-%d %H:%M:%S %z")


def _in(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en
