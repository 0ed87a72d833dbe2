"""Books that read on are books made anew: whatever comes, in whatever order, late or twice, or is withdrawn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from accounts.metering.facts import Facts
from cloud import ledger
from cloud.hourly import changes, records
from cloud.hourly.gathering import Gathering, Meter
from cloud.read_models import days
from cloud.read_models.days import Days
from cloud.statements.replay import SiteStatements
from tests.cloud.edge_twin import run
from tests.cloud.late_mill import DAY, MAIN, SITE, SLOTS, Mill, Step, begin, plain

KINDS = (
    "rows",
    "rows",
    "rows",
    "events",
    "twice",
    "gap",
    "restart",
    "other",
    "points",
    "site",
    "import",
    "import",
    "withdraw",
    "seal",
)
STEP = st.builds(Step, st.sampled_from(KINDS), st.integers(0, SLOTS), st.integers(1, 60), st.integers(0, 59))
PLAN = st.lists(STEP, min_size=2, max_size=12)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    assert run("init", "--workdir", str(folder)).returncode == 0
    return folder


@pytest.fixture
def fresh(empty: Path, tmp_path: Path) -> Callable[[], Mill]:
    """Makes a mill of its own each time it is called."""
    count = iter(range(10**6))

    def make() -> Mill:
        folder = tmp_path / str(next(count))
        shutil.copytree(empty, folder)
        return begin(folder)

    return make


def follow(mill: Mill, plan: list[Step]) -> None:
    """Let all of a plan come, and compare after each step books that read on with books made anew."""
    kept, before = Days(mill.settings, SITE), list[tuple[SiteStatements, str]]()
    for step in plan:
        mill.do(step)
        read, anew = kept.read(), Days(mill.settings, SITE).read()
        assert read.declared == anew.declared
        assert (read.size, read.end) == (anew.size, anew.end)
        assert read.declared.facts == plain(mill.settings)
        before.append((read, repr(read.declared)))
    assert all(repr(statements.declared) == text for statements, text in before), (
        "what was given out has changed"
    )


@tuned(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLAN)
def test_books_that_read_on_are_books_made_anew(fresh: Callable[[], Mill], plan: list[Step]) -> None:
    follow(fresh(), plan)


LATE = [Step("rows", 0, 30, 0), Step("rows", 3 * 48, 30, 0), Step("rows", 48 + 10, 5, 4)]
"""Rows of the first and of the fourth day, then late ones of the second: they change the third as well."""


def test_a_late_row_that_does_not_invalidate_its_day_is_caught(
    fresh: Callable[[], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(fresh(), LATE)
    sound = Days._forget
    monkeypatch.setattr(
        Days,
        "_forget",
        lambda self, made, spans, *rest: sound(
            self, made, [s for s in spans if s[1] == changes.FOREVER], *rest
        ),
    )
    with pytest.raises(AssertionError):
        follow(fresh(), LATE)


def test_a_late_row_that_invalidates_its_own_day_alone_is_caught(
    fresh: Callable[[], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "spans", lambda values, times: [(at, at) for at in times.tolist()])
    with pytest.raises(AssertionError):
        follow(fresh(), LATE)


def test_a_gap_that_is_not_heard_is_caught(
    fresh: Callable[[], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = [Step("rows", 0, 90, 0), Step("gap", 10, 3, 6)]
    follow(fresh(), plan)
    monkeypatch.setattr(Gathering, "_stated", lambda *_: [])
    with pytest.raises(AssertionError):
        follow(fresh(), plan)


SEALED = [*(Step("rows", 48 * day, 48, 0) for day in range(5)), Step("seal", 0, 64, 0)]


@tuned(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLAN)
def test_the_same_after_readings_of_sealed_days_were_let_go(
    fresh: Callable[[], Mill], plan: list[Step]
) -> None:
    follow(fresh(), [*SEALED, *plan])


def test_readings_of_sealed_days_are_let_go(fresh: Callable[[], Mill]) -> None:
    mill = fresh()
    for step in SEALED:
        mill.do(step)
    kept = Days(mill.settings, SITE)
    kept.read()
    assert kept._gathering is not None
    values = kept._gathering._values["mill-edge", MAIN.name]
    held = [len(values.get(day)) for day in values.days]
    assert min(held) == 2 and held[0] > 2 and held[-1] > 2


def test_only_new_blocks_are_read_and_only_days_that_changed_are_made(
    fresh: Callable[[], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    mill = fresh()
    for day in range(4):
        mill.do(Step("rows", 48 * day, 48, 0))
    kept = Days(mill.settings, SITE)
    kept.read()
    blocks, made = [], list[date]()
    read, of_day = ledger.read, records.of_day

    def count(folder: Path, from_: int = 0) -> Iterator[Any]:
        for record in read(folder, from_):
            blocks.append(record.position)
            yield record

    def note(statements: SiteStatements, gathering: Gathering, meter: Meter, day: date) -> Facts | None:
        made.append(day)
        return of_day(statements, gathering, meter, day)

    monkeypatch.setattr(ledger, "read", count)
    monkeypatch.setattr(days, "of_day", note)
    mill.do(Step("rows", 4 * 48 + 2, 1, 0))
    last = mill.day(Step("", 4 * 48, 0, 0))
    kept.read()
    assert len(blocks) == 2  # one block, once for statements and once for rows
    # two counters: of yesterday the end was provisional
    assert sorted(made) == [last - DAY, last - DAY, last, last]
    kept.read()
    assert len(blocks) == 2 and len(made) == 4
    mill.do(Step("rows", 48 + 7, 1, 1))
    kept.read()
    assert sorted(made[4:]) == [mill.day(Step("", 48, 0, 0))] * 2
