"""What an import takes and what it refuses, cell by cell; times against Python's own zone arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.declarations import csv_file
from cloud.declarations.csv_file import HEADER, Line, load
from cloud.declarations.rows import Checker
from cloud.declarations.times import Times
from contract.errors import BadInput
from contract.imported import Row
from contract.sites import Point

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
POINTS = [
    Point("main", "electricity", None, None, None, "a", "a"),
    Point("read", "electricity", None, "mill-edge", "main.kwh", "a", "a"),
    Point("gas", "gas", None, None, None, "a", "a"),
    Point("steam", "steam", None, None, None, "a", "a"),
    Point("any", None, None, None, None, "a", "a"),
    Point("flow", None, None, "mill-edge", "flow", "a", "a"),
]
DAY = "2024-01-01,2024-01-02"


def checker(zone: ZoneInfo = SHANGHAI, *ledger: Row) -> Checker:
    return Checker(POINTS, zone, ledger)


def ask(of: Checker, text: str, number: int = 2) -> Row | None:
    return of.check(Line(number, text.split(",")))


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 10**9  # type: ignore[misc, arg-type]


LOCAL = utc(2023, 12, 31, 16), utc(2024, 1, 1, 16)
"""What DAY means in Shanghai."""


def row(span: tuple[int, int | None], point: str, quantity: str, value: str, unit: str) -> Row:
    return Row(*span, point, quantity, Decimal(value), unit)


HALF = utc(2024, 1, 1, 8), utc(2024, 1, 1, 8) + 5 * 10**8
GOOD = [
    (f"{DAY},main,electricity,12.5,kWh", row(LOCAL, "main", "electricity", "12.5", "kW.h")),
    (f"{DAY},main,electricity,0,MW.h", row(LOCAL, "main", "electricity", "0", "MW.h")),
    (f"{DAY},any,production,5,pcs", row(LOCAL, "any", "production", "5", "{piece}")),
    (f"{DAY},steam,heat,5,吉焦", row(LOCAL, "steam", "heat", "5", "GJ")),
    (f"{DAY},flow,wastewater_flow,5,m3/h", row(LOCAL, "flow", "wastewater_flow", "5", "m3/h")),
    ("2024-01-01,,any,ph,14,pH", row((LOCAL[0], None), "any", "ph", "14", "[pH]")),
    (
        "2024-01-01 08:00,2024-01-01 09:00:30,gas,natural_gas,1e3,m³",
        row((utc(2024, 1, 1), utc(2024, 1, 1, 1, 0, 30)), "gas", "natural_gas", "1000", "m3"),
    ),
    (
        "2024-01-01T08:00Z,2024-01-01T08:00:00.5Z,any,water,+7,m3",
        row(HALF, "any", "water", "7", "m3"),
    ),
    (
        "2024-01-01T08:00:00-0330,,any,cod,.5,mg/l",
        row((utc(2024, 1, 1, 11, 30), None), "any", "cod", "0.5", "mg/L"),
    ),
]


@pytest.mark.parametrize(("text", "meant"), GOOD)
def test_a_good_row_means_what_it_says(text: str, meant: Row) -> None:
    assert ask(checker(), text) == meant


BAD = [
    (f"{DAY},nobody,electricity,1,kWh", "unknown point 'nobody'"),
    (f"{DAY},=cmd|' /C calc'!A0,electricity,1,kWh", 'unknown point "=cmd|'),
    (f"{DAY},main,electrcity,1,kWh", "unknown quantity 'electrcity'"),
    (f"{DAY},main,electricity,1,kWhh", "unknown unit 'kWhh'"),
    (f"{DAY},main,electricity,1,kW", "not measured in 'kW'"),
    (f"{DAY},main,electricity,1,", "unknown unit ''"),
    (f"{DAY},main,heat,1,GJ", "meter of electricity"),
    (f"{DAY},steam,electricity,1,kWh", "meter of steam"),
    (f"{DAY},read,electricity,1,kWh", "would count twice"),
    (f"{DAY},gas,natural_gas,1,m3{{std}}", "not measured in"),
    (f"{DAY},main,electricity,-1,kWh", "below zero"),
    (f"{DAY},main,electricity,,kWh", "'' is no number"),
    (f"{DAY},main,electricity,1 000,kWh", "no number"),
    (f"{DAY},main,electricity,nan,kWh", "no number"),
    (f"{DAY},main,electricity,inf,kWh", "no number"),
    (f"{DAY},main,electricity,１２,kWh", "no number"),
    (f"{DAY},main,electricity,1_0,kWh", "no number"),
    (f"{DAY},main,electricity,1e40,kWh", "more than 30 digits"),
    (f"{DAY},main,electricity,1e-40,kWh", "more than 30 digits"),
    (f"{DAY},main,electricity,{'9' * 31},kWh", "more than 30 digits"),
    ("2024-01-01,,main,electricity,1,kWh", "an amount: it needs from and to"),
    ("2024-01-02,2024-01-01,main,electricity,1,kWh", "must be later"),
    ("2024-01-01,2024-01-01,main,electricity,1,kWh", "must be later"),
    (",2024-01-01,main,electricity,1,kWh", "'' is no time"),
    ("01.01.2024,2024-01-02,main,electricity,1,kWh", "no time"),
    ("2024/01/01,2024-01-02,main,electricity,1,kWh", "no time"),
    ("2024-02-30,2024-03-01,main,electricity,1,kWh", "there is no such time"),
    ("2024-01-01T24:00,2024-03-01,main,electricity,1,kWh", "there is no such time"),
    ("2024-01-01T08:00+25:00,2024-03-01,main,electricity,1,kWh", "there is no such time"),
    ("0001-01-01,2024-03-01,main,electricity,1,kWh", "no time"),
    ("9999-01-01,,any,cod,1,mg/L", "no time"),
    ("２０２４-01-01,,any,cod,1,mg/L", "no time"),
    ("2024-01-01,,any,ph,15,pH", "above 14"),
    ("2024-01-01,,any,cod,1,kg", "not measured in"),
]


@pytest.mark.parametrize(("text", "why"), BAD)
def test_a_bad_row_is_refused_with_the_reason_and_takes_no_time(text: str, why: str) -> None:
    of = checker()
    with pytest.raises(BadInput) as caught:
        ask(of, text)
    assert why in str(caught.value) and "\n" not in str(caught.value)
    assert ask(of, f"{DAY},main,electricity,1,kWh") is not None


def test_a_time_that_was_twice_or_never_needs_its_offset() -> None:
    of = Times(BERLIN)
    for text, why in (("2024-10-27 02:30", "was twice"), ("2024-03-31 02:30", "never was")):
        with pytest.raises(BadInput, match=why):
            of.read(text)
    assert of.read("2024-10-27T02:30+02:00") == utc(2024, 10, 27, 0, 30)
    assert of.read("2024-10-27T02:30+01:00") == utc(2024, 10, 27, 1, 30)
    assert of.read("2024-10-27 03:00") == utc(2024, 10, 27, 2)
    assert Times(ZoneInfo("America/Sao_Paulo")).read("2017-10-14") == utc(2017, 10, 14, 3)
    with pytest.raises(BadInput, match="never was"):  # midnight itself was skipped that day
        Times(ZoneInfo("America/Sao_Paulo")).read("2017-10-15")


@settings(max_examples=300, deadline=None)
@given(
    st.datetimes(datetime(1972, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("Asia/Kathmandu")]),
)
def test_local_times_agree_with_a_search_over_all_utc_moments(local: datetime, zone: ZoneInfo) -> None:
    """Which UTC moments show this clock? None: never, two: twice, one: that is it."""
    local = local.replace(microsecond=0)
    guess = local.replace(tzinfo=UTC)
    shown = {
        guess - timedelta(minutes=15 * quarter)
        for quarter in range(-60, 61)
        if (guess - timedelta(minutes=15 * quarter)).astimezone(zone).replace(tzinfo=None) == local
    }
    text = local.isoformat(" ")
    if len(shown) == 1:
        assert Times(zone).read(text) == int(shown.pop().timestamp()) * 10**9
    elif (zone.key, local.year) != ("Asia/Kathmandu", 1986):  # its change of offset is 15 minutes
        with pytest.raises(BadInput, match="twice" if shown else "never"):
            Times(zone).read(text)


def test_the_same_row_is_known_in_other_units_and_another_value_differs() -> None:
    old = ask(checker(), f"{DAY},main,electricity,1500,kWh")
    assert old is not None
    assert ask(checker(SHANGHAI, old), f"{DAY},main,electricity,1.5,MWh") is None
    assert ask(checker(SHANGHAI, old), f"{DAY},main,electricity,5.4,GJ") is None
    with pytest.raises(BadInput, match=r"differs from the imported value 1500 kW\.h"):
        ask(checker(SHANGHAI, old), f"{DAY},main,electricity,1501,kWh")
    of = checker(SHANGHAI, old)
    assert ask(of, f"{DAY},main,electricity,1.5,MWh", 7) is None
    with pytest.raises(BadInput, match="same interval as line 7"):
        ask(of, f"{DAY},main,electricity,1500,kWh", 8)


def test_a_unit_may_change_within_its_kind_only() -> None:
    of = checker()
    assert ask(of, f"{DAY},any,production,5,t") is not None
    assert ask(of, "2024-01-02,2024-01-03,any,production,5000,kg") is not None
    with pytest.raises(BadInput, match="given as mass"):
        ask(of, "2024-01-03,2024-01-04,any,production,5,pcs")


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), max_size=30)


@settings(max_examples=200, deadline=None)
@given(SPANS, SPANS)
def test_no_two_taken_intervals_overlap_and_nothing_is_refused_without_a_clash(
    before: list[tuple[int, int]], lines: list[tuple[int, int]]
) -> None:
    """Against a plain list: a length of 0 is a sample, which takes the moment it is at."""
    hour = 3600 * 10**9
    start = utc(2024, 1, 1)

    def made(span: tuple[int, int]) -> Row:
        first = start + span[0] * hour
        return Row(first, first + span[1] * hour if span[1] else None, "any", "cod", Decimal(1), "mg/L")

    def end(of: Row) -> int:
        return of.from_ + 1 if of.to is None else of.to

    def free(of: Row, taken: list[Row]) -> bool:
        return all(end(other) <= of.from_ or end(of) <= other.from_ for other in taken)

    kept: list[Row] = []
    for span in before:
        if free(made(span), kept):
            kept.append(made(span))
    of, own, again = checker(SHANGHAI, *kept), list(kept), set[tuple[int, int]]()
    for span in lines:
        moment = datetime.fromtimestamp(made(span).from_ // 10**9, UTC)
        to = "" if span[1] == 0 else (moment + timedelta(hours=span[1])).isoformat()
        expected = free(made(span), own)
        known = made(span) in kept and span not in again
        try:
            found = ask(of, f"{moment.isoformat()},{to},any,cod,1,mg/L")
        except BadInput:
            assert not expected and not known
        else:
            assert (found is not None) == expected and (expected or known)
            if found is not None:
                own.append(found)
            again.add(span)


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"", 1, "the header must be from,to,point,quantity,value,unit"),
        (b"from;to;point;quantity;value;unit\n", 1, "the header must be"),
        (b"to,from,point,quantity,value,unit\n", 1, "the header must be"),
        (b"from,to,point,quantity,value,unit,note\n", 1, "the header must be"),
        (b"From,To,Point,Quantity,Value,Unit\n", 1, "the header must be"),
        (b'"from,to,point\n', 1, "the header must be"),
        (b"x" * 3_000_000, 1, "the header must be"),
        ("from,to,point,quantity,value,unit\n".encode("utf-16"), 1, "NUL byte"),
        (b"from,to,point,quantity,value,unit\n\n1,2,\x00,4,5,6\n", 3, "NUL byte"),
        ("from,to,point,quantity,value,unit\n1,2,é,4,5,6\n".encode("latin-1"), 2, "not UTF-8"),
        ("from,to,point,quantity,value,unit\n1,2,总表,4,5,6\n".encode("gbk"), 2, "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(
    tmp_path: Path, data: bytes, line: int, why: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(BadInput) as caught:
        load(path)
    reason = str(caught.value)
    assert (
        reason.startswith(f"{path}:{line}: ") and why in reason and "\n" not in reason and len(reason) < 600
    )


def test_a_file_that_is_too_large_or_absent_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput, match="No such file"):
        load(tmp_path / "absent.csv")
    monkeypatch.setattr(csv_file, "MAX_BYTES", 1 << 20)
    (tmp_path / "a.csv").write_bytes(b"," * ((1 << 20) + 1))
    with pytest.raises(BadInput, match="more than 1 MiB"):
        load(tmp_path / "a.csv")


def test_lines_keep_their_numbers_and_odd_ones_say_why(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    odd = ["1,2,3", "   ", "x" * 2000, "1,2,3,4,5,6,7", 'a,"b"c,d,e,f,g']
    lines = [",".join(HEADER), 'a,b,"c, ""d""",e, f ,g', "", '1,2,"3,4,5,6', *odd]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    found = load(path).lines
    assert [(line.number, line.cells is not None) for line in found] == [
        (2, True), (4, False), (5, False), (7, False), (8, False), (9, False)
    ]  # fmt: skip
    assert found[0].cells == ["a", "b", 'c, "d"', "e", "f", "g"]
    reasons = [
        "quotation mark",
        "3 cells instead of 6",
        "2000 characters",
        "7 cells instead of 6",
        "quotation mark",
    ]
    assert [part in str(line.why) for line, part in zip(found[1:], reasons, strict=True)] == [True] * 5


def test_values_are_kept_digit_by_digit() -> None:
    exact = "123456789012345678901234567890.123456789012345678901234567890"
    found = ask(checker(), f"{DAY},main,electricity,{exact},kWh")
    assert found is not None and f"{found.value:f}" == exact and Fraction(found.value) == Fraction(exact)
