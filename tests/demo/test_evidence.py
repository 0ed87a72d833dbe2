"""Text forms of the evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from demo.energy import printed, steps
from demo.evidence import Served, account_rows, export_rows, nanoseconds, same_number, tags_of, trace_of
from demo.page import amounts


@pytest.mark.parametrize(
    "text", ["2018-01-01T00:00:00.000000001Z", "1999-12-31T23:59:59.999999999Z", "2038-01-19T03:14:08.5Z"]
)
def test_nanoseconds_are_exact(text: str) -> None:
    whole, _, part = text.removesuffix("Z").partition(".")
    seconds = (datetime.fromisoformat(whole + "+00:00") - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert nanoseconds(text) == int(seconds) * 10**9 + int(part.ljust(9, "0"))


@pytest.mark.parametrize("text", ["2018-01-01T00:00:00+08:00", "2018-01-01 00:00:00", "", "null"])
def test_time_that_is_not_in_utc_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"UTC|isoformat"):
        nanoseconds(text)


def test_torn_last_line_of_the_account_is_left_out() -> None:
    lines = [
        "device,tag,counter,time,raw,hex\n",
        "m,m.kwh,1,2025-01-01T00:00:00.000000000Z,42,2a\n",
        "m,m.kwh,2,20",
    ]
    assert [row.raw for row in account_rows(lines)] == ["42"]


def test_other_headers_are_refused() -> None:
    with pytest.raises(ValueError, match="header"):
        list(account_rows(["device;tag\n"]))
    with pytest.raises(ValueError, match="header"):
        list(export_rows(["tag,time,raw,value,quality\n"]))


def test_trace_takes_reads_and_events_and_refuses_the_rest() -> None:
    trace = trace_of(["T account 1 meter 7\n", "T account 2 meter -\n", "E process 3 染色机1.布速 99\n"])
    assert trace.reads == {("meter", 7)} and trace.events == {("染色机1.布速", 99)}
    with pytest.raises(ValueError, match="unknown kind"):
        trace_of(["X account 1 meter 7\n"])


@pytest.mark.parametrize(
    ("type_", "served", "stored", "same"),
    [
        ("uint32", "7", "7", True),
        ("uint32", "7", "8", False),
        ("bool", "True", "1", True),
        ("bool", "False", "1", False),
        ("float64", "1e+16", "1e16", True),
        ("float64", "0.1", "0.10000000149011612", False),
        ("float32", "0.10000000149011612", "0.1", True),
        ("float32", "nan", "nan", True),
        ("float32", "inf", "-inf", False),
        ("float32", "1.0", "1e300", False),
        ("float64", "0.0", "-0.0", False),
    ],
)
def test_same_number_means_the_same_bits(type_: str, served: str, stored: str, same: bool) -> None:
    assert same_number(type_, served, stored) is same


def test_steps_go_over_any_number_of_roll_overs() -> None:
    raws = [65530, 4, 65535, 0, 0]
    values = [Served("m", "m.n", n, n, str(raw)) for n, raw in enumerate(raws)]
    assert steps(values, 16) == 10 + 65531 + 1


def test_error_that_is_not_zero_never_prints_as_zero() -> None:
    assert printed(Decimal("0.0000")) == "0.00"
    assert printed(Decimal("0.0004")) == "0.01"


def test_amounts_are_summed_and_other_units_are_not() -> None:
    rows = [
        {"tag": "a", "value": "0.10", "unit": "kW.h"},
        {"tag": "a", "value": "0.20", "unit": "kW.h"},
        {"tag": "b", "value": "1", "unit": "MW.h"},
        {"tag": "b", "value": "1", "unit": "kW.h"},
        {"tag": "c", "value": None, "unit": "kW.h"},
        {"tag": "steam", "value": "1", "unit": "t"},
    ]
    assert amounts({"rows": rows}, {"a": "kW.h", "b": "kW.h", "c": "kW.h"}) == {
        "a": Decimal("0.30"),
        "b": None,
        "c": None,
    }


def test_clock_register_is_no_tag() -> None:
    row: dict[str, Any] = {
        "device": "m",
        "type": "uint64",
        "scale": None,
        "kind": None,
        "meter": None,
        "carrier": None,
    }
    row |= {"physical_unit": None, "read_counter": False}
    listing = {
        "devices": [{"id": "m", "protocol": "modbus-tcp"}],
        "tags": [
            row | {"tag": None, "time": True},
            row | {"tag": "m.reads", "time": False, "read_counter": True},
        ],
    }
    assert list(tags_of(listing)) == ["m.reads"]
    assert tags_of(listing)["m.reads"].polled and tags_of(listing)["m.reads"].scale == "1"
