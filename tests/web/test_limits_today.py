"""The first page's answer about limits: each limit with the mark of its own document, and no claim beyond its data."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cloud.read_models.read_model import ReadModel
from cloud.settings import load
from cloud.web.views.exceedances import VIEW
from cloud.web.views.report import report
from cloud.web.views.standing import standing
from tests.desk.bench import Bench
from tests.web.year import midnight

PERMIT = """\
permit:
  document: {document}
  example: {example}
  valid_from: 2020-01-01
  limits: [{{point: cloth, parameter: {parameter}, limit: {limit}, unit: mg/L, statistic: day}}]
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A mill with a permit for COD, stricter than an example of it, and an example for ammonia nitrogen."""
    made = Bench(tmp_path_factory.mktemp("mill"))
    for document, example, parameter, limit in (
        ("permit of the bureau", "false", "cod", 80), ("example of cod", "true", "cod", 100),
        ("example of nh3n", "true", "nh3n", 8),
    ):  # fmt: skip
        text = PERMIT.format(document=document, example=example, parameter=parameter, limit=limit)
        made.declare("site: mill\n" + text)
    return made


def limits(bench: Bench) -> dict[str, Any]:
    """What the first page says of limits."""
    model = ReadModel.of(load(bench.folder / "cloud" / "cloud.yaml"))
    found: dict[str, Any] = standing(model, "mill")["limits"]
    return found


def rows(ago: int, begin: int, end: int, cod: int = 60) -> str:
    """Means of both parameters between two hours of a day."""
    first = midnight(ago)
    a, b = (f"{first + timedelta(hours=hour):%Y-%m-%d %H:%M}" for hour in (begin, end))
    return f"{a},{b},cloth,cod,{cod},mg/L\n{a},{b},cloth,nh3n,5,mg/L\n"


def verdict(found: dict[str, Any]) -> tuple[str, list[dict[str, str] | None]]:
    """The verdict, and the hours of each figure."""
    return found["verdict"].text, [
        None if f["hours"] is None else dict(f["hours"].names) for f in found["figures"]
    ]


def test_each_limit_has_the_mark_of_its_own_document(bench: Bench) -> None:
    bench.take(rows(1, 0, 24))
    found = limits(bench)
    assert [(f["kind"], f["limit"], f["example"]) for f in found["figures"]] == [
        ("permit_cod_day", "80", False), ("permit_nh3n_day", "8", True),
    ]  # fmt: skip
    assert verdict(found) == ("Inside all limits (%(of)s)", [None, None])


def test_two_hours_of_today_are_no_day_and_no_final_verdict(bench: Bench) -> None:
    bench.take(rows(0, 0, 2))
    found, two = limits(bench), {"hours": "2", "of": "24"}
    assert verdict(found) == ("Inside all limits so far (%(of)s)", [two, two])
    assert {f["hours"].text for f in found["figures"]} == {"%(hours)s of %(of)s h so far"}


def test_an_episode_of_today_is_provisional(bench: Bench) -> None:
    bench.take(rows(0, 2, 4, cod=200))
    model = ReadModel.of(load(bench.folder / "cloud" / "cloud.yaml"))
    assert verdict(limits(bench)) == ("%(n)s of %(of)s limits exceeded so far", [{"hours": "4", "of": "24"}])
    today = model.today("mill")
    (one,) = model.exceedances("mill", today, today + timedelta(days=1)).report(model.now())["episodes"]
    assert (one["worst"], one["provisional"], one["ends"]) == ("130", True, "last")
    assert VIEW.data is not None
    limit = VIEW.data(model, "mill", "en")["limits"][0]
    (shown,) = limit["episodes"]
    assert limit["provisional"] and shown["provisional"]
    assert dict(shown["running"].names) == {"hours": "4", "of": "24"}
    made = report(model, "mill", str(today), str(today))
    assert made["running"] and not report(model, "mill", "2024-01-01", "2024-01-02")["running"]


def test_a_past_day_of_a_few_hours_claims_no_more_than_those(tmp_path: Path) -> None:
    mill = Bench(tmp_path)
    mill.declare(
        "site: mill\n" + PERMIT.format(document="permit", example="false", parameter="cod", limit=80)
    )
    mill.take(rows(1, 6, 9))
    assert verdict(limits(mill)) == ("Inside the limit in the hours with data", [{"hours": "3", "of": "24"}])
