"""OPC UA values, statuses and times -> the contract's. Pure."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime, timedelta

from contract.errors import Malformed
from contract.quality import Quality
from drivers.opcua.messages import DoesNotFit, NeitherTrueNorFalse, NotExact, NotWhole, TypeWithoutNumbers

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FORMATS = {
    "bool": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q", "uint64": "Q",
    "float32": "f", "float64": "d",
}  # fmt: skip
_PACK = {type_: struct.Struct("<" + form) for type_, form in _FORMATS.items()}

INFO_DATA_VALUE = 0x0400
INFO_MASK = 0x0C00
OVERFLOW = 0x0080
LIMIT_MASK, LIMIT_LOW, LIMIT_HIGH = 0x0300, 0x0100, 0x0200
ENGINEERING_UNITS_EXCEEDED = 0x40940000

_QUALITY = {
    0x00960000: Quality.MANUAL,  # GoodLocalOverride
    0x00A50000: Quality.MISSING,  # GoodNoData
    0x408F0000: Quality.STALE,  # UncertainNoCommunicationLastUsableValue
    0x40900000: Quality.STALE,  # UncertainLastUsableValue
    0x40910000: Quality.MANUAL,  # UncertainSubstituteValue
    0x40F20000: Quality.OVER_RANGE,  # UncertainOverRange
    0x40F30000: Quality.UNDER_RANGE,  # UncertainUnderRange
    0x80050000: Quality.COMM_FAULT,  # BadCommunicationError
    0x800A0000: Quality.COMM_FAULT,  # BadTimeout
    0x800D0000: Quality.COMM_FAULT,  # BadServerNotConnected
    0x80310000: Quality.COMM_FAULT,  # BadNoCommunication
    0x80320000: Quality.MISSING,  # BadWaitingForInitialData
    0x808A0000: Quality.COMM_FAULT,  # BadNotConnected
    0x808B0000: Quality.SENSOR_FAULT,  # BadDeviceFailure
    0x808C0000: Quality.SENSOR_FAULT,  # BadSensorFailure
    0x808D0000: Quality.OFFLINE,  # BadOutOfService
    0x809B0000: Quality.MISSING,  # BadNoData
    0x809D0000: Quality.MISSING,  # BadDataLost
    0x80B10000: Quality.MISSING,  # BadNoDataAvailable
}
_SEVERITY = (Quality.GOOD, Quality.UNCERTAIN, Quality.BAD, Quality.BAD)
"""By the two top bits, for codes that are not named above."""


def quality(status: int) -> Quality:
    """The quality of a value with StatusCode *status*; bits of information do not change it, but for limits."""
    code = status & 0xFFFF0000
    if code == ENGINEERING_UNITS_EXCEEDED and status & INFO_MASK == INFO_DATA_VALUE:
        limit = status & LIMIT_MASK
        if limit in (LIMIT_LOW, LIMIT_HIGH):
            return Quality.OVER_RANGE if limit == LIMIT_HIGH else Quality.UNDER_RANGE
    return _QUALITY.get(code, _SEVERITY[code >> 30])


def overflowed(status: int) -> bool:
    """Whether values before this one were discarded by the server's queue."""
    return status & INFO_MASK == INFO_DATA_VALUE and bool(status & OVERFLOW)


def bits(type_: str, value: object) -> int:
    """The bits of *value* as a raw value of *type_*. Raises Malformed when that is not exactly the same number."""
    if not isinstance(value, (bool, int, float)):
        raise Malformed(TypeWithoutNumbers(type(value).__name__))
    number: int | float = value if type_ in ("float32", "float64") else _whole(value)
    if type_ == "bool" and number not in (0, 1):
        raise Malformed(NeitherTrueNorFalse(repr(value)))
    try:
        packed = _PACK[type_].pack(number)
    except (struct.error, OverflowError):
        raise Malformed(DoesNotFit(repr(value), type_)) from None
    back: int | float = _PACK[type_].unpack(packed)[0]
    if back != number and not math.isnan(number):
        raise Malformed(NotExact(repr(value), type_))
    return int.from_bytes(packed, "little")


def _whole(value: int | float) -> int:
    if isinstance(value, float) and (not value.is_integer() or (value == 0 and math.copysign(1, value) < 0)):
        raise Malformed(NotWhole(repr(value)))
    return int(value)


def time_ns(at: datetime | None) -> int | None:
    """UTC ns of a timestamp, to the microsecond (what the library keeps); None for none or one before 1970."""
    if at is None:
        return None
    found = (at - EPOCH) // _MICROSECOND * 1000
    return found if 0 < found < 2**63 else None
