"""Time of record, repeats and data gaps: the rules of the scan, each against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from contract.quality import Quality
from contract.tags import EVENT, Group, Layout, Rows, Tag, to_bits
from drivers.messages import ConnectionLost
from drivers.modbus.messages import Timeout
from edge.last_accepted import LastAccepted
from edge.scan import Fresh, Scan

TIMEOUT, LOST = Timeout(), ConnectionLost()
S = 10**9
NOW = 1_700_000_000 * S
TABLE = Group("m", "meter", "modbus-tcp", "account", Layout.TABLE, S, "edge", (Tag("m.kw", "int16", "kW"),))
TAGS = (Tag("染色机1.布速", "float64", "m/min"), Tag("d.state", "int16", "{state}", "state"))
EVENTS = Group("d", "dyeing", "opcua", "process", Layout.EVENTS, S, "source", TAGS)
DEVICE = Group("e", "dyeing", "opcua", "process", Layout.EVENTS, S, "device", TAGS)


def scan(known: set[str] | None = None, last: LastAccepted | None = None, max_skew: int = 5 * S) -> Scan:
    return Scan([TABLE, EVENTS, DEVICE], last or LastAccepted(), max_skew, lambda: NOW, known or set())


def table(*times: int) -> Rows:
    return Rows(TABLE, np.array(times, np.int64), np.zeros(len(times), TABLE.row))


def event(tag: int, time: int, value: float, group: Group = EVENTS, status: int = 0) -> Rows:
    data = np.zeros(1, EVENT)
    data["tag"] = tag
    data["value"] = to_bits(np.array([value], group.tags[tag].dtype))
    codes = np.array([status], np.uint8) if status else None
    return Rows(group, np.array([time], np.int64), data, codes)


def accepted(fresh: list[Fresh]) -> list[Rows]:
    return [item.rows for item in fresh if item.rows is not None]


def test_row_times_of_a_table_grow_by_at_least_a_nanosecond() -> None:
    sut = scan()
    sut.rows(table(NOW, NOW, NOW - S, NOW + S))
    sut.rows(table(NOW + S))
    times = [rows.time.tolist() for rows in accepted(sut.take())]
    assert times == [[NOW, NOW + 1, NOW + 2, NOW + S], [NOW + S + 1]]


def test_a_value_that_every_new_subscription_repeats_is_dropped_and_counted() -> None:
    sut = scan()
    sut.rows(event(0, NOW, 40.5))
    sut.rows(event(0, NOW, 40.5))
    sut.rows(event(0, NOW + 1, 40.5))
    assert sum(map(len, accepted(sut.take()))) == 2
    assert sut.repeats == 1


def test_a_repeat_is_known_across_a_restart() -> None:
    first = scan()
    first.rows(event(1, NOW, 3))
    last = LastAccepted()
    for rows in accepted(first.take()):
        last.update(rows)
    second = scan(known={"process"}, last=last)
    second.rows(event(1, NOW, 3))
    assert second.take() == []
    assert second.repeats == 1


def test_a_source_clock_that_is_off_yields_to_the_edge_and_is_kept() -> None:
    sut = scan()
    sut.rows(event(0, NOW - 3600 * S, 1.0))
    (rows,) = accepted(sut.take())
    assert rows.time.tolist() == [NOW]
    assert rows.source_time is not None
    assert rows.source_time.tolist() == [NOW - 3600 * S]
    assert rows.status is not None
    assert rows.status.tolist() == [Quality.UNCERTAIN_CLOCK]


def test_the_value_that_a_subscription_begins_with_may_be_old_but_not_from_the_future() -> None:
    first = np.array([True])
    sut = scan()
    sut.rows(event(0, NOW - 3600 * S, 1.0), first)
    sut.rows(event(1, NOW + 3600 * S, 1), first)
    old, future = accepted(sut.take())
    assert old.time.tolist() == [NOW - 3600 * S]
    assert old.status is None
    assert future.time.tolist() == [NOW]
    assert future.status is not None
    assert future.status.tolist() == [Quality.UNCERTAIN_CLOCK]


def test_a_worse_quality_is_not_painted_over_by_a_skewed_clock() -> None:
    sut = scan()
    sut.rows(event(0, NOW - 3600 * S, 1.0, status=Quality.SENSOR_FAULT))
    (rows,) = accepted(sut.take())
    assert rows.status is not None
    assert rows.status.tolist() == [Quality.SENSOR_FAULT]


@pytest.mark.parametrize("skew", [-4 * S, 4 * S])
def test_a_source_clock_within_the_limit_is_the_time_of_record(skew: int) -> None:
    sut = scan()
    sut.rows(event(0, NOW + skew, 1.0))
    (rows,) = accepted(sut.take())
    assert rows.time.tolist() == [NOW + skew]
    assert rows.source_time is None
    assert rows.status is None


def test_device_time_is_recorded_however_far_it_is_off() -> None:
    sut = scan()
    sut.rows(event(0, NOW + 10**6 * S, 1.0, DEVICE))
    (rows,) = accepted(sut.take())
    assert rows.time.tolist() == [NOW + 10**6 * S]
    assert rows.status is None


def test_the_first_row_after_a_gap_comes_with_a_gap_from_the_last_one() -> None:
    sut = scan()
    sut.rows(table(NOW))
    sut.gap("m", TIMEOUT)
    sut.gap("m", LOST)
    sut.rows(table(NOW + 9 * S))
    sut.rows(table(NOW + 10 * S))
    gaps = [item.gap for item in sut.take()]
    assert gaps[0] is None
    assert gaps[2] is None
    assert gaps[1] is not None
    assert (gaps[1].group, gaps[1].from_, gaps[1].to, gaps[1].cause) == ("m", NOW, NOW + 9 * S, TIMEOUT)


def test_after_a_restart_every_group_of_a_known_stream_begins_with_a_gap() -> None:
    sut = scan(known={"account"}, last=LastAccepted({"m": NOW - 60 * S}))
    sut.rows(table(NOW))
    sut.rows(event(0, NOW, 1.0))
    found = [item.gap for item in sut.take()]
    assert found[0] is not None
    assert (found[0].from_, found[0].to, str(found[0].cause)) == (NOW - 60 * S, NOW, "restart")
    assert found[1] is None


def test_a_gap_of_events_reaches_over_the_whole_first_publish_and_the_last_one_before() -> None:
    sut = scan()
    sut.rows(event(0, NOW, 1.0))
    sut.gap("d", LOST)
    data = np.zeros(2, EVENT)
    data["tag"] = [0, 1]
    sut.rows(Rows(EVENTS, np.array([NOW + 4 * S, NOW + 2 * S], np.int64), data))
    gap = sut.take()[1].gap
    assert gap is not None
    assert (gap.from_, gap.to) == (NOW - 2 * S, NOW + 4 * S)


def test_a_gap_that_is_open_at_the_stop_is_stated_with_an_open_end() -> None:
    sut = scan()
    sut.rows(table(NOW))
    sut.gap("m", TIMEOUT)
    sut.take()
    (last,) = sut.end()
    assert last.gap is not None
    assert (last.gap.from_, last.gap.to) == (NOW, None)
    assert sut.end() == []


def test_a_subscription_in_a_gap_is_not_alive() -> None:
    sut = scan()
    sut.alive("d", NOW)
    sut.gap("d", LOST)
    sut.alive("d", NOW + S)
    fresh = accepted(sut.take())
    assert [(len(rows), rows.alive_until) for rows in fresh] == [(0, NOW)]
