"""Periods of a site's calendar as UTC nanoseconds: hours, days and months begin when the site's clock says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cloud.projection.counter_bins import QUARTER
from cloud.projection.messages import NoMoment, NotOnQuarter, OutOfRange, TooManyPeriods
from contract.errors import BadInput

By = Literal["hour", "day", "month"]
MAX_PERIODS = 20_000
"""Most periods in one answer: two years of hours."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_EARLIEST, _LATEST = datetime(1700, 1, 2, tzinfo=UTC), datetime(2260, 1, 1, tzinfo=UTC)


def parse(name: str, text: str, zone: ZoneInfo) -> int:
    """A local date (its first moment in the zone) or an RFC 3339 time as UTC ns. Raises BadInput naming the field."""
    found = _TIME.fullmatch(text)
    try:
        if found is not None:
            whole, _, fraction = found[2].partition(".")
            at = datetime.fromisoformat(f"{found[1]}T{whole}{found[3].upper()}")
            return _ns(name, at) + int(fraction.ljust(9, "0") or 0)
        if _DATE.fullmatch(text):
            return _ns(name, _midnight(date.fromisoformat(text), zone))
    except (ValueError, OverflowError):
        pass
    raise BadInput(NoMoment(name, text[:40]))


def edges(zone: ZoneInfo, from_: int, to: int, by: By, horizon: int) -> list[int]:
    """Edges of the periods from *from_* to *to* (UTC ns), the first and the last cut off there.

    Periods that begin at *horizon* or later are left out. Raises BadInput when an edge is not on a quarter of an
    hour, or there are too many.
    """
    step, at = _NEXT[by], from_
    found = [from_]
    while at < min(to, horizon):
        at = min(step(at, zone), to)
        found.append(at)
        if len(found) > MAX_PERIODS + 1:
            raise BadInput(TooManyPeriods(MAX_PERIODS))
    if any(edge % QUARTER for edge in found):
        raise BadInput(NotOnQuarter())
    return found


def span(from_: str | None, to: str | None, zone: ZoneInfo, now: int) -> tuple[int, int]:
    """Begin and end of a series in UTC ns: by default until *now*, and the hour before its end. Raises BadInput."""
    end = now if to is None else parse("to", to, zone)
    return end - 3_600 * 10**9 if from_ is None else parse("from", from_, zone), end


def nanoseconds(seconds: float | None) -> int | None:
    """Seconds as whole nanoseconds; None stays None."""
    return None if seconds is None else round(seconds * 10**9)


def start_of_day(at: int, zone: ZoneInfo) -> int:
    """The first moment of the local day of a UTC ns."""
    return _exact(_midnight(_local(at, zone).date(), zone))


def next_day(at: int, zone: ZoneInfo) -> int:
    """The first moment of the local day after that of a UTC ns."""
    return _exact(_midnight(_local(at, zone).date() + timedelta(days=1), zone))


def local(at: int, zone: ZoneInfo) -> str:
    """A UTC ns as RFC 3339 in the zone, to the second."""
    return _local(at, zone).isoformat()


def year_of(at: int, zone: ZoneInfo) -> int:
    """The local year of a UTC ns."""
    return _local(at, zone).year


def _next_hour(at: int, zone: ZoneInfo) -> int:
    offset = _local(at, zone).utcoffset()
    assert offset is not None
    shift, hour = round(offset.total_seconds()) * 10**9, 3_600 * 10**9
    return ((at + shift) // hour + 1) * hour - shift


def _next_month(at: int, zone: ZoneInfo) -> int:
    day = _local(at, zone).date()
    return _exact(_midnight(date(day.year + day.month // 12, day.month % 12 + 1, 1), zone))


_NEXT: dict[By, Callable[[int, ZoneInfo], int]] = {"hour": _next_hour, "day": next_day, "month": _next_month}


def _local(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at // 10**9, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day; where a clock change leaves midnight out, the moment of the change."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _ns(name: str, at: datetime) -> int:
    if not _EARLIEST <= at <= _LATEST:
        raise BadInput(OutOfRange(name, str(at.date())))
    return _exact(at)


def _exact(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1) * 10**9
