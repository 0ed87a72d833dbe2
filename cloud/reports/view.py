"""What the pages of a summary show in one language, from its signed body alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cloud.messages.display_names import in_language, kind_name, quantity_text, unit_name
from cloud.messages.words import HEADLINE, LABELS, SECTIONS, VERDICTS, Text

Json = dict[str, Any]
FEET = 6
"""Fingerprints that the foot of each page has in full; of more keys it has the first 16 digits."""
SHORT = 16
EXAMPLE = " (example, not a legal limit)"
"""What docs/methods.md puts behind the citation of a permit that is none."""
MINUS = "\u2212"


def page(body: Json, summary_hash: str, pack_name: str, language: str) -> Json:
    """The context of the template in one language."""
    label = {name: in_language(text, language) for name, text in LABELS.items()}
    titles = {point["id"]: str(point.get(language) or point["id"]) for point in body["points"]}
    single = {record["id"] for record in body["factors"] if record.get("trust") == "R1"}
    rows = [_row(figure, titles, single, language) for figure in body["figures"]]
    refused = [
        {"what": kind_name(item["kind"], language), "point": _point(item, titles), "why": item}
        for item in body["refused"]
    ]
    return {
        "label": label,
        "language": language,
        "name": body["names"][language],
        "body": body,
        "as_of": moment(body["as_of"], body["tz"]),
        "hash": summary_hash,
        "keys": keys(body, label["signer"]),
        "command": f"steelyard-verify {pack_name} --trust {fingerprint(body['signer'])}",
        "headline": _headline(rows),
        "sections": _sections(rows, language),
        "refused": refused,
        "factors": [factor_row(record, label) for record in body["factors"]],
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


def _row(figure: Json, titles: dict[str, str], single: set[str], language: str) -> Json:
    interval = figure.get("interval")
    return {
        "kind": figure["kind"],
        "id": figure["id"],
        "name": kind_name(figure["kind"], language),
        "point": _point(figure, titles),
        "value": number(str(figure["value"])),
        "unit": unit_name(figure["kind"], str(figure["unit"]), language),
        "interval": "" if not interval else f"{number(interval[0])} … {number(interval[1])}",
        "complete": share(figure.get("completeness")),
        "substituted": share(figure.get("substituted")),
        "factors": [{"id": name, "single": name in single} for name in figure.get("factors") or []],
        "limit": _limit(figure),
        "over": "" if "over" not in figure else f"{figure['over']} / {figure['periods']}",
        "verdict": _verdict(figure, language),
        "documents": [_document(text, language) for text in figure.get("citations") or []],
    }


def _limit(figure: Json) -> str:
    """The limits in force, as `20`, `6 … 9`; nothing without one."""
    low, high = figure.get("limit_low"), figure.get("limit")
    return " … ".join(number(str(limit)) for limit in (low, high) if limit is not None)


def _document(citation: str, language: str) -> str:
    """A permit's document, with the mark of an example in the reader's language."""
    title = citation.removesuffix(EXAMPLE)
    return citation if title == citation else f"{title} ({in_language(LABELS['example'], language)})"


def _verdict(figure: Json, language: str) -> str:
    verdict = figure.get("verdict")
    return "" if verdict is None else in_language(VERDICTS.get(verdict, Text(verdict, verdict)), language)


def _point(item: Json, titles: dict[str, str]) -> str:
    point = item.get("point")
    return "" if point is None else titles.get(point, str(point))


def _headline(rows: list[Json]) -> list[Json]:
    """The rows for the first page, kind by kind, six at most."""
    chosen = [row for row in rows if row["kind"] in HEADLINE]
    return sorted(chosen, key=lambda row: HEADLINE.index(row["kind"]))[:6]


def _sections(rows: list[Json], language: str) -> list[Json]:
    found: dict[str, list[Json]] = {name: [] for name, _ in SECTIONS}
    for row in rows:
        found[section(row["kind"])].append(row)
    return [
        {
            "name": name,
            "title": in_language(title, language),
            "rows": found[name],
            **{
                column: any(row[column] for row in found[name]) for column in ("point", "interval", "factors")
            },
        }
        for name, title in SECTIONS
        if found[name]
    ]


def section(kind: str) -> str:
    """The section in which figures of a kind stand."""
    starts = (
        (("energy_tce", "scope1", "scope2", "cost"), "headline_figures"),
        (("unaccounted",), "balance"),
        (("cod", "nh3n", "ph", "wastewater"), "pollutants"),
        (("permit",), "permit"),
        (("intensity",), "intensity"),
        (("saving",), "savings"),
    )
    for prefixes, name in starts:
        if kind.startswith(prefixes):
            return name
    return "amounts" if quantity_text(kind) is not None else "other"


def factor_row(record: Json, label: dict[str, str]) -> Json:
    """A factor's record as a line of the table of sources."""
    fuel = "ncv" in record
    named = (record.get("issuer"), record.get("title"), record.get("clause"), record.get("date"))
    return {
        "id": record["id"],
        "value": str(record.get("value") or ""),
        "unit": "" if fuel else str(record.get("unit") or ""),
        "terms": _terms(record) if fuel else "",
        "source": ", ".join(str(part) for part in named if part),
        "single": label["single"] if record.get("trust") == "R1" else "",
    }


def _terms(record: Json) -> str:
    """The terms of a fuel's factor: calorific value, carbon, oxidised share."""
    per = "" if record["per"] == "1" else f"{record['per']} "
    return f"NCV {record['ncv']} GJ/{per}{record['unit']}, CC {record['cc']} tC/GJ, OF {record['of']}"


def moment(nanoseconds: str, tz: str) -> str:
    """A UTC time (ns) as the clock of a zone shows it."""
    seconds = int(nanoseconds) // 10**9
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(tz)).strftime("%Y-%m-%d %H:%M:%S %z")
