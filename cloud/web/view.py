"""What the first page shows, made of what the API says: strings ready to be shown, nothing computed anew.

Rounding for the eye and units as people write them are all that happens here; the API keeps the exact figures.
A key such as ``meter/main/now`` names one place on the page; the template and the events use the same keys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cloud.web.attention import FULL_DAYS, days_to_full, system_word
from cloud.web.formatting import NOTHING, Clock, moment, number, percent, unit, value

Facts = dict[str, Any]
NO_FIGURES: Mapping[tuple[str, str], str] = {}

CARRIERS = ("electricity", "steam", "gas", "water")


@dataclass(frozen=True, slots=True)
class Value:
    """One tag's row on the page; title by language code, unit as people write it."""

    key: str
    tag: str
    title: dict[str, str]
    unit: str


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter point: what stands on its card. factor and refused say why its tCO2 is what it is.

    by_default: nobody chose the factor; it is the one of the site's province. figure: the id of the day's amount, whose
    hours are those of both numbers of the day.
    """

    key: str
    id: str
    carrier: str
    title: dict[str, str]
    unit_now: str
    unit_day: str
    factor: Facts | None
    refused: dict[str, Any] | None
    by_default: bool
    figure: str | None


@dataclass(slots=True)
class Page:
    """The page's places and what stands in them now.

    text: shown strings; age: seconds at the event's time, None when unknown; stale: time of day since when;
    word: keys of translated words; alarm: places that need an eye; filling: the share of recorded rows that is here,
    0 to 1, None once it is whole or where there are none.
    """

    layout: str = ""
    meters: list[Meter] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    counters: list[Value] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)
    age: dict[str, float | None] = field(default_factory=dict)
    stale: dict[str, str | None] = field(default_factory=dict)
    word: dict[str, str] = field(default_factory=dict)
    alarm: dict[str, bool] = field(default_factory=dict)
    filling: str | None = None

    def changing(self) -> Facts:
        """The part that an event carries."""
        return {
            "text": self.text, "age": self.age, "stale": self.stale, "word": self.word, "alarm": self.alarm,
            "filling": self.filling,
        }  # fmt: skip


def page(
    latest: Facts, energy: Facts, health: Facts, figures: Mapping[tuple[str, str], str] = NO_FIGURES
) -> Page:
    """The page of one site from the API's ``latest``, today's ``energy`` and ``health``.

    figures: the ids of today's amounts by node and tag of their counters.
    """
    made = Page()
    clock = Clock(ZoneInfo(latest["tz"]), moment(latest["now"]))
    made.text["now"] = clock.show(latest["now"])
    for row in latest["rows"]:
        if row.get("meter") is None:
            _value(made, row, clock)
    points = _meter_rows(latest["rows"])
    days = {row["meter"]: row for row in energy["rows"]}
    for meter in sorted(points, key=lambda id_: _place(points[id_])):
        day = days.get(meter)
        figure = None if day is None else figures.get((day["node"], day["tag"]))
        _meter(made, meter, points[meter], day, clock, figure)
    _summary(made, latest["rows"], clock)
    _health(made, health)
    _filling(made, health.get("history", {}).get(latest["site"]), clock)
    made.layout = _layout(made)
    return made


def _value(made: Page, row: Facts, clock: Clock) -> None:
    key = f"tag/{row['node']}/{row['tag']}"
    place = made.counters if row["unit"] == "{count}" and row["kind"] == "state" else made.values
    place.append(Value(key, row["tag"], _title(row), unit(row["unit"])))
    made.text[f"{key}/now"] = value(row["value"], row["unit"])
    made.word[f"{key}/quality"] = f"quality/{row['quality']}"
    made.age[key] = row["age_s"]
    made.stale[key] = _since([row], clock)


def _meter_rows(rows: list[Facts]) -> dict[str, list[Facts]]:
    points: dict[str, list[Facts]] = {}
    for row in rows:
        if row.get("meter") is not None:
            points.setdefault(row["meter"], []).append(row)
    return points


def _place(rows: list[Facts]) -> int:
    carrier = _carrier(rows)
    return CARRIERS.index(carrier) if carrier in CARRIERS else len(CARRIERS)


def _carrier(rows: list[Facts]) -> str:
    return next((row["carrier"] for row in rows if row.get("carrier")), "")


def _meter(
    made: Page, id_: str, rows: list[Facts], day: Facts | None, clock: Clock, figure: str | None
) -> None:
    gauge = next((row for row in rows if row["kind"] == "gauge"), None)
    counter = next((row for row in rows if row["kind"] == "counter"), None)
    key, carbon = f"meter/{id_}", (day or {}).get("tco2") or {}
    unit_day = (day or counter or {}).get("unit")
    made.meters.append(
        Meter(
            key,
            id_,
            _carrier(rows),
            _common_title(rows, id_),
            unit((gauge or {}).get("unit")),
            unit(unit_day),
            carbon.get("factor"),
            carbon.get("refused"),
            carbon.get("by_default", False),
            figure,
        )
    )
    made.text[f"{key}/now"] = value(gauge["value"], gauge["unit"]) if gauge else NOTHING
    made.text[f"{key}/day"] = number((day or {}).get("value"), None)
    made.text[f"{key}/tco2"] = number(carbon.get("value"), None)
    made.text[f"{key}/complete"] = percent((day or {}).get("completeness_so_far"))
    made.word[f"{key}/class"] = f"class/{(day or {}).get('class') or 'none'}"
    made.age[key] = min((row["age_s"] for row in rows if row["age_s"] is not None), default=None)
    made.stale[key] = _since(rows, clock)


def _since(rows: list[Facts], clock: Clock) -> str | None:
    """Since when the longest silent of the stale rows is silent; None when none is stale."""
    times = [row["stale_since"] for row in rows if row["stale"] and row["stale_since"]]
    if times:
        return clock.show(min(times, key=moment))
    return NOTHING if any(row["stale"] for row in rows) else None


def _title(row: Facts) -> dict[str, str]:
    title = row.get("title") or {}
    return {code: title.get(code) or row["tag"] for code in ("zh", "en")}


def _common_title(rows: list[Facts], id_: str) -> dict[str, str]:
    """What the titles of a meter's tags have in common ("Main meter energy", "Main meter power"), else its id."""
    named = {}
    for code in ("zh", "en"):
        titles = [_title(row)[code] for row in rows]
        common = _common_start(titles)
        if code == "en" and any(len(title) > len(common) for title in titles):
            common = common.rpartition(" ")[0]
        named[code] = common.strip(" -·:：") or id_
    return named


def _common_start(texts: list[str]) -> str:
    same = 0
    for letters in zip(*texts, strict=False):
        if len(set(letters)) > 1:
            break
        same += 1
    return texts[0][:same]


def _summary(made: Page, rows: list[Facts], clock: Clock) -> None:
    """How many meters are up to date, and of when the newest value of the site is."""
    newest = max((row["time"] for row in rows if row["time"]), key=moment, default=None)
    made.text["newest"] = NOTHING if newest is None else clock.show(newest)
    silent = sum(made.stale[meter.key] is not None for meter in made.meters)
    made.text["meters/current"] = str(len(made.meters) - silent)
    made.text["meters/all"] = str(len(made.meters))
    made.alarm["meters"] = silent > 0


def _health(made: Page, health: Facts) -> None:
    """What a manager acts on: a service that is not well, a disk that fills; the page of the system has the rest."""
    made.word["system"], made.alarm["system"] = system_word(health)
    days = days_to_full(health.get("ledger") or {})
    made.text["health/days"] = number(_text(days), 0)
    made.alarm["health/days"] = days is not None and days < FULL_DAYS


def _text(count: object) -> str | None:
    return None if count is None else str(count)


def _filling(made: Page, past: Facts | None, clock: Clock) -> None:
    """How far the recorded rows have come, until they are whole."""
    whole = past is None or Decimal(past["share"]) >= 1
    made.filling = None if past is None or whole else str(past["share"])
    made.text["filling/to"] = NOTHING if past is None else clock.day(past["to"])
    made.text["filling/share"] = percent(None if past is None else past["share"])


def _layout(made: Page) -> str:
    """Hash of everything that the template writes and events do not change."""
    places = [
        [
            *map(str, (m.key, m.carrier, m.title, m.unit_now, m.unit_day, m.refused)),
            m.factor,
            m.by_default,
            m.figure,
        ]
        for m in made.meters
    ]
    tags = [[v.key, v.title, v.unit] for v in (*made.values, *made.counters)]
    return hashlib.sha256(json.dumps([places, tags], default=str).encode()).hexdigest()[:16]
