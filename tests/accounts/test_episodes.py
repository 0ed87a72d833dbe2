"""Exceeding means joined to episodes: what ends one, what its data are worth, when the desk answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.figure.calendar import Calendar, Period
from accounts.inputs.inputs import Declared, Imported, Noted
from accounts.inputs.tree import Tree
from accounts.permits.episodes import Episode, episodes
from accounts.permits.episodes import mean_json as mean_of
from accounts.permits.flags import LATE
from accounts.permits.limit_course import Course, course
from contract.sites import Permit
from tests.accounts.mill import HOUR, SITE, ask, days, ns, row, site
from tests.accounts.test_cost_load_permit import permit

COD = ("outfall", "cod", "day")
FIRST = "2024-06-01"


def daily(values: list[str | None], *permits: Permit) -> Declared:
    """A row of COD for each day from the first of June on; None: there is none."""
    rows = [
        row(str(day), str(after), "outfall", "cod", value, "mg/L")
        for day, after, value in zip(
            days(FIRST, len(values)), days(FIRST, len(values) + 1)[1:], values, strict=True
        )
        if value is not None
    ]
    found = site(*rows, permits=permits or (permit(("cod", "80", None, "day")),))
    return replace(found, sealed={item.block: (item.row.to or 0) + HOUR for item in rows})


def evaluated(
    declared: Declared, question: tuple[str, str, str] = COD, count: int = 0
) -> tuple[Course, list[Episode]]:
    """The course and the episodes of June's first days."""
    first = date.fromisoformat(FIRST)
    after = days(FIRST, (count or len(declared.rows) + 10) + 1)[-1]
    found = course(Tree(declared), question, Period(Calendar.of(declared.site), first, after))
    return found, episodes(declared, found)


def spans(found: list[Episode]) -> list[tuple[str, str, int, str]]:
    """First and last day, count, and what follows."""
    return [
        (str(one.means[0].span.day)[8:], str(one.means[-1].span.day)[8:], len(one.means), one.ends)
        for one in found
    ]


def test_consecutive_exceeding_days_join_and_a_day_within_parts_them() -> None:
    _, found = evaluated(daily(["79", "81", "95.5", "80", "80.001", "70"]))
    assert spans(found) == [("02", "03", 2, "within"), ("05", "05", 1, "within")]
    fields = found[0].fields()
    assert (fields["worst"], fields["limit_value"], fields["unit"], fields["share"]) == (
        "95.5",
        "80",
        "mg/L",
        "0.1938",
    )
    assert (fields["from"], fields["to"]) == ("2024-06-02T00:00:00+08:00", "2024-06-04T00:00:00+08:00")
    assert (fields["limit"], fields["count"], fields["responded"]) == ("outfall/cod/day", 2, None)


def test_a_missing_mean_breaks_an_episode_and_is_said() -> None:
    _, found = evaluated(daily(["90", None, "90", "90", None, None]))
    assert spans(found) == [("01", "01", 1, "missing"), ("03", "04", 2, "last")]
    assert [one.after_missing for one in found] == [False, True]
    _, apart = evaluated(daily(["90", "70", None, "90"]))
    assert [one.after_missing for one in apart] == [False, False]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["70", "80", "81", "120", None]), min_size=1, max_size=30))
def test_episodes_are_the_runs_of_exceeding_days(values: list[str | None]) -> None:
    over = [value in ("81", "120") for value in values]
    wanted, at = [], 0
    for outside, run in groupby(over):
        size = len(list(run))
        if outside:
            wanted.append((at, size, max((values[i] or "" for i in range(at, at + size)), key=int)))
        at += size
    _, found = evaluated(daily(values), count=len(values))
    got = [
        ((one.means[0].span.day - date(2024, 6, 1)).days, len(one.means), one.fields()["worst"])
        for one in found
    ]
    assert got == wanted
    for one, (at, size, _) in zip(found, wanted, strict=True):
        rest = values[at + size :]
        known = [value for value in rest if value is not None]
        assert one.ends == ("last" if not known else "missing" if rest[0] is None else "within")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["70", "90", None]), min_size=1, max_size=14),
    st.integers(0, 13),
    st.integers(1, 14),
)
def test_an_episode_is_told_whole_and_alike_whatever_period_is_asked_for(
    values: list[str | None], start: int, length: int
) -> None:
    declared = daily(values)
    _, every = evaluated(declared, count=20)
    first, after = (days(FIRST, 40)[i] for i in (start, start + length))
    found = course(Tree(declared), COD, Period(Calendar.of(declared.site), first, after))
    inside = [one for one in every if one.means[0].span.day < after and one.means[-1].span.day >= first]
    assert [one.fields() for one in episodes(declared, found)] == [one.fields() for one in inside]


def test_each_mean_is_the_figure_of_its_own_day() -> None:
    declared = daily(["90", "91.25", "60"])
    found, (one,) = evaluated(declared)
    for mean in one.means:
        made, _ = ask(declared, str(mean.span.day), str(days(str(mean.span.day), 2)[1]))
        assert found.figure(mean) == made["permit_cod_day", "outfall"]
    assert one.fields()["figure"] == found.figure(one.means[1]).id


def test_hours_are_named_by_their_moments_and_join_over_midnight() -> None:
    high = {3, 22, 23, 24, 28}  # hours after the beginning of the first of June
    edges = [f"2024-06-0{1 + h // 24}T{h % 24:02d}:00:00" for h in range(49)]
    rows = [
        row(edges[h], edges[h + 1], "outfall", "nh3n", "9" if h in high else "3", "mg/L") for h in range(48)
    ]
    declared = site(*rows, permits=(permit(("nh3n", "8", None, "hour")),))
    second = Period(Calendar.of(declared.site), date(2024, 6, 2), date(2024, 6, 3))
    found = episodes(declared, course(Tree(declared), ("outfall", "nh3n", "hour"), second))
    assert [(one.about, len(one.means)) for one in found] == [
        ("exceedance/outfall/nh3n/hour/2024-06-01T22:00+08:00", 3),
        ("exceedance/outfall/nh3n/hour/2024-06-02T04:00+08:00", 1),
    ]
    figures = [one.course.figure(mean) for one in found for mean in one.means]
    assert len({figure.id for figure in figures}) == 4
    assert {figure.value for figure in figures} == {"9"} and figures[0].to == "2024-06-01T23:00+08:00"


def test_the_hour_that_a_clock_shows_twice_is_two_hours() -> None:
    rows = [row(f"2024-10-27T0{h}:00:00+00:00", f"2024-10-27T0{h + 1}:00:00+00:00", "outfall", "cod", value, "mg/L")
            for h, value in enumerate(("90", "95", "60"))]  # fmt: skip
    declared = site(*rows, permits=(permit(("cod", "80", None, "hour")),))
    declared = replace(declared, site=replace(SITE, tz="Europe/Berlin", day_start=360))
    period = Period(Calendar.of(declared.site), date(2024, 10, 26), date(2024, 10, 27))
    (one,) = episodes(declared, course(Tree(declared), ("outfall", "cod", "hour"), period))
    keys = [one.course.key(mean).rpartition("/")[2] for mean in one.means]
    assert keys == ["2024-10-27T02:00+02:00", "2024-10-27T02:00+01:00"]
    assert len({one.course.figure(mean).id for mean in one.means}) == 2
    assert {str(mean.span.day) for mean in one.means} == {"2024-10-26"}


def noted(*notes: tuple[str, int]) -> tuple[Noted, ...]:
    return tuple(Noted(about, sealed, sha256(about.encode()).digest()) for about, sealed in notes)


def test_the_response_is_the_first_note_that_names_a_mean_of_the_episode() -> None:
    end = ns("2024-06-03")  # of the first exceeding day
    key = "exceedance/outfall/cod/day/2024-06-0"
    notes = noted(
        (f"{key}1", end), ("outfall", end + 1), (f"{key}25", end + 2), (f"see {key}3: pump", end + 3),
        (f"wrong value, {key}3", end + 30 * HOUR), (f"{key}2", end + 50 * HOUR),
    )  # fmt: skip
    declared = replace(daily(["60", "90", "90", "60", "99"]), notes=notes)
    _, (first, second) = evaluated(declared)
    assert first.about == f"{key}2" and first.response_h == 30
    assert first.fields()["responded"] == "2024-06-04T06:00:00+08:00" and first.fields()["response_h"] == "30"
    assert second.responded is None and second.fields()["response_h"] is None


def test_a_note_before_the_end_of_the_period_has_a_time_below_zero() -> None:
    notes = noted(("exceedance/outfall/cod/day/2024-06-01", ns("2024-06-01T22:30:00")))
    _, (one,) = evaluated(replace(daily(["90"]), notes=notes))
    assert one.fields()["response_h"] == "-1.5"


def test_flags_tell_what_is_missing_late_and_corrected() -> None:
    rows = [row("2024-06-01T00:00:00", "2024-06-01T06:00:00", "outfall", "cod", "90", "mg/L"),
            row("2024-06-01T06:00:00", "2024-06-01T09:00:00", "outfall", "cod", "91", "mg/L"),
            row("2024-06-01T12:00:00", "2024-06-01T15:00:00", "outfall", "cod", "92", "mg/L")]  # fmt: skip
    ends = [item.row.to or 0 for item in rows]
    sealed = {rows[0].block: ends[0] + LATE, rows[1].block: ends[1] + LATE + 1, rows[2].block: ends[2]}
    declared = replace(
        site(*rows, permits=(permit(("cod", "80", None, "day")),)), sealed=sealed,
        corrected=frozenset([rows[0].block]),
    )  # fmt: skip
    _, (one,) = evaluated(declared)
    assert one.flags.fields() == {
        "estimated": None, "invalid": None, "late": "0.2500", "corrected": "0.5000", "missing": "0.5000",
    }  # fmt: skip
    assert one.known == ends[1] + LATE + 1
    _, (unknown,) = evaluated(replace(declared, sealed={}))
    assert unknown.flags.late is None and unknown.fields()["known"] is None


def test_samples_have_no_time_and_a_lower_limit_is_passed_downwards() -> None:
    rows: list[Imported] = [row("2024-06-01T08:00:00", None, "outfall", "ph", "5.1", "[pH]"),
                            row("2024-06-02T08:00:00", None, "outfall", "ph", "9.6", "[pH]")]  # fmt: skip
    declared = site(*rows, permits=(permit(("ph", "9", "6", "day")),))
    _, (one,) = evaluated(declared, ("outfall", "ph", "day"))
    fields = one.fields()
    assert (fields["count"], fields["worst"], fields["limit_value"], fields["share"]) == (
        2,
        "5.1",
        "6",
        "-0.15",
    )
    assert fields["flags"]["missing"] is None


def test_a_day_that_cant_be_judged_is_missing_with_its_reason() -> None:
    rows = [row("2024-06-01", "2024-06-02", "outfall", "cod", "90", "mg/L"),
            row("2024-06-02T12:00:00", "2024-06-03T12:00:00", "outfall", "cod", "90", "mg/L"),
            row("2024-06-04", "2024-06-05", "outfall", "cod", "90", "mg/L")]  # fmt: skip
    found, made = evaluated(site(*rows, permits=(permit(("cod", "80", None, "day")),)))
    assert spans(made) == [("01", "01", 1, "missing"), ("04", "04", 1, "last")]
    assert sorted(found.why) == [date(2024, 6, 2), date(2024, 6, 3)]
    assert all("crosses the border" in str(why) for why in found.why.values())


def test_no_limit_makes_no_episode_and_a_limit_that_ends_ends_it() -> None:
    until = permit(("cod", "80", None, "day"), until=date(2024, 6, 2))
    assert spans(evaluated(daily(["90", "90", "90"], until))[1]) == [("01", "02", 2, "no limit")]
    assert evaluated(site(*daily(["90"]).rows))[1] == []


@pytest.mark.parametrize(
    ("parameter", "reason"), [("tn", "nothing here measures it"), ("nh3n", "no rows of nh3n")]
)
def test_a_limit_without_means_says_why(parameter: str, reason: str) -> None:
    found, made = evaluated(
        daily(["90"], permit((parameter, "8", None, "day"))), ("outfall", parameter, "day")
    )
    assert made == [] and reason in str(found.none)


def test_the_worst_is_compared_exactly_across_units() -> None:
    mg, ug = (
        permit(("cod", "80", None, "day"), until=date(2024, 6, 1)),
        permit(("cod", "80", None, "day"), document="2"),
    )
    small = replace(ug, limits=(replace(ug.limits[0], limit=ug.limits[0].limit * 1000, unit="ug/L"),),
                    valid_from=date(2024, 6, 2))  # fmt: skip
    _, (one,) = evaluated(daily(["90", "90.5"], mg, small))
    fields = one.fields()
    assert (fields["worst"], fields["unit"], fields["limit_value"]) == ("90500", "ug/L", "80000")
    assert one.worst.beyond == Fraction("10.5")
    assert SITE.tz == "Asia/Shanghai"


def test_a_real_permit_beside_an_example_is_no_example_and_the_other_way_round() -> None:
    strict = permit(("cod", "50", None, "day"), document="real")
    wide = permit(("cod", "80", None, "day"), document="example", example=True)
    for first, second, marked in (
        (strict, wide, False), (wide, strict, False),
        (replace(strict, example=True), replace(wide, example=False), True),
    ):  # fmt: skip
        found, (one,) = evaluated(daily(["90"], first, second))
        assert one.fields()["example"] is marked
        assert found.judged[0].bound is not None and found.judged[0].bound.example is marked


def test_of_equal_limits_the_real_one_binds() -> None:
    real, example = (permit(("cod", "80", None, "day"), document=d, example=d == "b") for d in ("a", "b"))
    for pair in ((real, example), (example, real)):
        _, (one,) = evaluated(daily(["90"], *pair))
        assert one.fields()["example"] is False


def test_a_lower_limit_of_an_example_does_not_mark_the_upper_one() -> None:
    permits = (
        permit(("ph", "9", "5", "day")),
        permit(("ph", "10", "6", "day"), document="example permit", example=True),
    )
    rows = [
        row("2024-06-01", "2024-06-02", "outfall", "ph", "9.5", "[pH]"),
        row("2024-06-02", "2024-06-03", "outfall", "ph", "5.5", "[pH]"),
    ]
    _, (one,) = evaluated(site(*rows, permits=permits), ("outfall", "ph", "day"))
    above, below = (mean_of(one.course, mean) for mean in one.means)
    assert (above["limit_value"], above["example"]) == ("9", False)
    assert (below["limit_value"], below["example"]) == ("6", True)


def test_a_note_does_not_answer_means_that_came_later() -> None:
    key, after = "exceedance/outfall/cod/day/2024-06-0", 2 * HOUR  # rows are sealed an hour after their end
    first, joined = noted((f"{key}2", ns("2024-06-03") + after)), noted((f"{key}4", ns("2024-06-05") + after))

    def answered(values: list[str | None], notes: tuple[Noted, ...]) -> list[str | None]:
        return [one.fields()["open_since"] for one in evaluated(replace(daily(values), notes=notes))[1]]

    assert answered(["60", "90", "60", "90"], first) == [None, "2024-06-04T00:00:00+08:00"]
    assert answered(["60", "90", "90", "60"], first) == ["2024-06-03T00:00:00+08:00"], "it went on"
    assert answered(["60", "90", "90", "90"], first + joined) == [None], (
        "a later note answers all that was known"
    )
    (one,) = evaluated(replace(daily(["60", "90", "90", "60"]), notes=first))[1]
    assert one.fields()["responded"] == "2024-06-03T02:00:00+08:00" and one.fields()["response_h"] == "2"


def test_a_running_day_stays_answered_when_the_next_rows_come() -> None:
    rows = [
        row("2024-06-01", "2024-06-02", "outfall", "cod", "90", "mg/L"),
        *(
            row(f"2024-06-02T{h:02d}:00", f"2024-06-02T{h + 1:02d}:00", "outfall", "cod", "90", "mg/L")
            for h in range(12)
        ),
    ]
    declared = replace(
        site(*rows, permits=(permit(("cod", "80", None, "day")),)),
        sealed={item.block: item.row.to or 0 for item in rows},
        notes=noted(("exceedance/outfall/cod/day/2024-06-01", ns("2024-06-02T02:30"))),
    )
    assert [(len(one.means), one.unanswered) for one in evaluated(declared)[1]] == [(2, None)]
