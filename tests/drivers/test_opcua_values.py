"""OPC UA values and statuses: exact or refused, and the table of data quality."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from asyncua import ua as ua_types
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import Malformed
from contract.quality import Quality
from contract.tags import Group, Layout, Tag
from drivers.opcua.plan import OpcuaGroup
from drivers.opcua.subscription import Subscription
from drivers.opcua.values import bits, overflowed, quality, time_ns

ua: Any = ua_types  # its annotations name wire types
FORMATS = {"bool": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q", "uint64": "Q",
           "float32": "f", "float64": "d"}  # fmt: skip
RANGES = {"bool": (0, 1), "int16": (-(2**15), 2**15 - 1), "uint16": (0, 2**16 - 1), "int32": (-(2**31), 2**31 - 1),
          "uint32": (0, 2**32 - 1), "int64": (-(2**63), 2**63 - 1), "uint64": (0, 2**64 - 1)}  # fmt: skip
NUMBERS = (
    st.integers(-(2**65), 2**65) | st.floats() | st.booleans() | st.sampled_from([0.0, -0.0, 1.0, 2.0**53])
)


@given(st.sampled_from(sorted(FORMATS)), NUMBERS)
def test_bits_are_the_same_number_or_refused(type_: str, value: Any) -> None:
    try:
        got = struct.unpack(
            "<" + FORMATS[type_], bits(type_, value).to_bytes(8, "little")[: struct.calcsize(FORMATS[type_])]
        )[0]
    except Malformed:
        if type_ in RANGES:
            low, high = RANGES[type_]
            whole = math.isfinite(value) and Fraction(value).denominator == 1
            negative_zero = isinstance(value, float) and value == 0 and math.copysign(1, value) < 0
            assert not whole or not low <= value <= high or negative_zero
        else:
            assert math.isfinite(value) and not same_as_float(type_, value)
        return
    if isinstance(value, float) and math.isnan(value):
        assert math.isnan(got)
    elif math.isinf(value):
        assert got == value
    else:
        assert Fraction(got) == Fraction(value) and math.copysign(1, got) == math.copysign(1, value)


def same_as_float(type_: str, value: Any) -> bool:
    try:
        back = struct.unpack("<" + FORMATS[type_], struct.pack("<" + FORMATS[type_], value))[0]
    except OverflowError:
        return False
    return math.isfinite(back) and Fraction(back) == Fraction(value)


@pytest.mark.parametrize("value", ["1", b"\x01", None, [1], (1, 2), datetime(2020, 1, 1, tzinfo=UTC)])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(Malformed, match="no number"):
        bits("int32", value)


WORDS = {
    "Good": "good", "GoodLocalOverride": "manual", "GoodClamped": "good", "GoodOverload": "good",
    "GoodNoData": "missing", "Uncertain": "uncertain", "UncertainNoCommunicationLastUsableValue": "stale",
    "UncertainLastUsableValue": "stale", "UncertainSubstituteValue": "manual", "UncertainInitialValue": "uncertain",
    "UncertainSensorNotAccurate": "uncertain", "UncertainSubNormal": "uncertain", "UncertainDataSubNormal": "uncertain",
    "BadCommunicationError": "comm_fault", "BadTimeout": "comm_fault", "BadServerNotConnected": "comm_fault",
    "BadNoCommunication": "comm_fault", "BadWaitingForInitialData": "missing", "BadConfigurationError": "bad",
    "BadNotConnected": "comm_fault", "BadDeviceFailure": "sensor_fault", "BadSensorFailure": "sensor_fault",
    "BadOutOfService": "offline", "BadNoData": "missing", "BadDataLost": "missing", "BadNoDataAvailable": "missing",
    "BadNodeIdUnknown": "bad",
}  # fmt: skip


@pytest.mark.parametrize(("name", "label"), sorted(WORDS.items()))
@given(info=st.integers(0, 0xFFFF))
def test_the_table_of_quality(name: str, label: str, info: int) -> None:
    assert quality(getattr(ua.StatusCodes, name) | info).label == label


def test_limits_and_overflow_are_bits_of_data_values_only() -> None:
    exceeded = 0x40940000
    assert [quality(exceeded | bits_) for bits_ in (0x0500, 0x0600, 0x0400, 0x0100, 0x0700)] == [
        Quality.UNDER_RANGE, Quality.OVER_RANGE, Quality.UNCERTAIN, Quality.UNCERTAIN, Quality.UNCERTAIN,
    ]  # fmt: skip
    assert quality(0x40F20000) is Quality.OVER_RANGE and quality(0x40F30000) is Quality.UNDER_RANGE
    assert overflowed(0x0480) and overflowed(0x80000480) and not overflowed(0x0080) and not overflowed(0x0400)


@given(st.integers(1, 2**62 // 1000))
def test_times_are_exact_to_the_microsecond(us: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    assert time_ns(at) == us * 1000


def test_times_that_are_none() -> None:
    far = [None, datetime(1601, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
    assert [time_ns(at) for at in far] == [None] * 3


def publish(sequence: int, *values: tuple[int, Any], more: bool = False) -> Any:
    """A publish as it comes from the wire."""
    items = [ua.MonitoredItemNotification(ClientHandle=handle, Value=value) for handle, value in values]
    result = ua.PublishResult(SubscriptionId=1, MoreNotifications=more)
    result.NotificationMessage.SequenceNumber = sequence
    if items:
        result.NotificationMessage.NotificationData = [ua.DataChangeNotification(MonitoredItems=items)]
    response = ua.PublishResponse(Parameters=result)
    return struct_from_binary(ua.PublishResponse, ua.utils.Buffer(struct_to_binary(response))).Parameters


def value(number: float, us: int, status: int = 0) -> Any:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    return ua.DataValue(ua.Variant(number, ua.VariantType.Double), ua.StatusCode(status), at)


def subscription(sink: Any) -> Subscription:
    tags = (Tag("a", "float64", "1"), Tag("b", "float64", "1"))
    made = Group("g", "d", "opcua", "process", Layout.EVENTS, 10**9, "source", tags)
    return Subscription(OpcuaGroup(made, ("i=1", "i=2"), 100), sink)


def test_an_overflow_is_a_hole_before_its_rows(sink: Any) -> None:
    made = subscription(sink)
    made.published(publish(1, (1, value(1.0, 5)), (0, value(2.0, 9)), (0, value(3.0, 4))))
    made.published(publish(2, (0, value(4.0, 30, 0x0480)), (7, value(0.0, 1))))
    assert [kind for kind, _, _ in sink.log] == ["rows", "alive", "gap", "rows", "alive"]
    assert sink.gaps() == [("g", "overflow")] and made.failure is None
    first, second = sink.all_rows()
    assert first.data["tag"].tolist() == [0, 0, 1] and first.time[0] < first.time[1]
    assert len(second) == 1 and second.status is None, "an overflow does not lower the value that is there"


def test_a_publish_with_more_to_come_has_not_emptied_the_queue(sink: Any) -> None:
    made = subscription(sink)
    made.published(publish(1, (0, value(1.0, 1)), more=True))
    assert (made.publishes, made.emptied) == (1, 0)
    made.published(publish(2, (0, value(2.0, 2))))
    made.published(publish(3))
    assert (made.publishes, made.emptied) == (3, 2)


def test_a_missing_message_is_a_hole(sink: Any) -> None:
    made = subscription(sink)
    made.published(publish(1, (0, value(1.0, 1))))
    made.published(publish(2))  # keep-alive: the number of the next message
    made.published(publish(2, (0, value(2.0, 2))))
    assert not sink.gaps()
    made.published(publish(4, (0, value(3.0, 3))))
    made.published(publish(6))
    assert sink.gaps() == [("g", "notifications lost")] * 2


def test_times_fall_back_to_the_server_and_then_to_here(sink: Any) -> None:
    made = subscription(sink)
    at = datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
    made.published(
        publish(1, (0, ua.DataValue(ua.Variant(1.0), ServerTimestamp=at)), (1, ua.DataValue(ua.Variant(1.0))))
    )
    times = sink.all_rows()[0].time.tolist()
    assert times[0] == 1_767_225_601 * 10**9 and times[1] > times[0]


def test_no_value_is_missing_and_bad_keeps_its_number(sink: Any) -> None:
    made = subscription(sink)
    made.published(publish(1, (0, ua.DataValue(ua.Variant())), (1, value(5.0, 1, 0x80890000))))
    rows = sink.all_rows()[0]
    assert rows.status is not None and rows.status.tolist() == [Quality.MISSING, Quality.BAD]
    assert rows.data["value"].tolist() == [0, struct.unpack("<Q", struct.pack("<d", 5.0))[0]]
