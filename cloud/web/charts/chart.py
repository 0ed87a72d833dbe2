"""A chart: series of a site as JSON, and the same series as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from cloud.read_models.read_model import ReadModel

Drawn = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """make(books, site, query) gives the chart without its id: title, zone, kind, x, y, series and columns, or heat.

    kind: ``time`` (x: UTC s, the beginning of a row's x.step: day or month), ``xy``, ``heat`` or ``matrix``. Labels are
    {zh, en}. A gap is None. y.zero: the axis begins at 0. series.as: ``points``, ``line``, ``step``, ``band`` (a thin
    line such as a limit) or ``edge`` of one of bands ({low, high, label}); tone: 1 or 2 of two that are compared, with
    their mark and whether dashed. names: the day or month of each row. method: the id of how it is made.
    """

    id: str
    make: Callable[[ReadModel, str, Mapping[str, str]], Drawn]


def table(drawn: Drawn, language: str = "en") -> str:
    """The series of a chart as CSV: a header with units and the zone, then what is drawn, gaps empty."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        _heat(drawn, language) if "heat" in drawn else _columns(drawn, language)
    )
    return "\ufeff" + out.getvalue()


def _columns(drawn: Drawn, language: str) -> Iterator[list[Any]]:
    x, zone = drawn["x"], ZoneInfo(drawn["zone"])
    timed = drawn["kind"] == "time"
    unit = drawn["zone"] if timed else x.get("unit")
    names = drawn.get("names")
    head = [_named(x["label"][language], unit)]
    head += [_named(s["label"][language], s.get("unit")) for s in drawn["series"]]
    yield head + ([_named(names["label"][language], drawn["zone"])] if names else [])
    more = [names["values"]] if names else []
    for row in zip(*drawn["columns"], *more, strict=True):
        first = datetime.fromtimestamp(row[0], zone).isoformat() if timed else row[0]
        yield [first, *("" if value is None else value for value in row[1:])]


def _heat(drawn: Drawn, language: str) -> Iterator[list[Any]]:
    heat = drawn["heat"]
    yield [_named(drawn["zone"], heat.get("unit")), *heat["cols"]]
    for name, values in zip(heat["rows"], heat["values"], strict=True):
        yield [
            name[language] if isinstance(name, dict) else name,
            *("" if value is None else value for value in values),
        ]


def _named(name: str, unit: str | None) -> str:
    return f"{name} [{unit}]" if unit else name
