"""Days and hours of a site (docs/methods.md, Time of a site)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from verify.formats.findings import Bad
from verify.formats.messages import FarDate, NotADate, NotAMoment, NotATimeOfDay, NotAZone, UnknownZone

SECOND = 10**9
HOUR = 3600 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}\Z")
FAR = 2 * 10**18  # 2033; a period that ends a year behind it is none


def day_of_text(text: object, where: str) -> date:
    """A date from YYYY-MM-DD."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Bad(NotADate(), where)
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Bad(NotADate(), where) from error
    if not 1971 <= found.year <= 2200:
        raise Bad(FarDate(), where)
    return found


def clock(text: object, where: str, end: bool = False) -> int:
    """Minutes after midnight from HH:MM; 24:00 where a span may end with it."""
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", text) if isinstance(text, str) else None
    if found is None or (text == "24:00" and not end):
        raise Bad(NotATimeOfDay(), where)
    return 1440 if found[1] is None else int(found[1]) * 60 + int(found[2])


def moment(text: object, where: str) -> int:
    """UTC ns from RFC 3339 with Z."""
    form = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z"
    found = re.fullmatch(form, text) if isinstance(text, str) else None
    if found is None:
        raise Bad(NotAMoment(), where)
    try:
        at = datetime.fromisoformat(found[1] + "+00:00")
    except ValueError as error:
        raise Bad(NotAMoment(), where) from error
    return int((at - EPOCH).total_seconds()) * SECOND + int((found[2] or "").ljust(9, "0"))


def written(at: int) -> str:
    """UTC ns as RFC 3339 with Z, without decimals that say nothing."""
    seconds, rest = divmod(at, SECOND)
    decimals = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}{decimals}Z"


@dataclass
class Days:
    """The days of a site. zone: its zone; start: minutes after midnight at which a day begins."""

    zone: ZoneInfo
    start: int

    @classmethod
    def of(cls, zone: object, start: object, where: str) -> Days:
        """From texts; raises Bad."""
        if not isinstance(zone, str) or not ZONE.match(zone):
            raise Bad(NotAZone(), where)
        try:
            return cls(ZoneInfo(zone), clock(start, where))
        except (KeyError, ValueError, OSError) as error:
            raise Bad(UnknownZone(zone), where) from error

    def begin(self, day: date) -> int:
        """UTC ns at which a day begins."""
        local = datetime(day.year, day.month, day.day, self.start // 60, self.start % 60, tzinfo=self.zone)
        return int((local - EPOCH) // timedelta(seconds=1)) * SECOND

    def day(self, at: int) -> date:
        """The day in which a moment (UTC ns) lies."""
        found = self.local(at).date() - timedelta(days=1)
        while self.begin(found + timedelta(days=1)) <= at:
            found += timedelta(days=1)
        return found

    def local(self, at: int) -> datetime:
        """The clock of the site at a moment, whole seconds."""
        return (EPOCH + timedelta(seconds=at // SECOND)).astimezone(self.zone)

    def year(self, at: int) -> int:
        """The year of the day in which a moment lies."""
        found = self.local(at).year
        return found - 1 if at < self.begin(date(found, 1, 1)) else found

    def hours(self, day: date) -> list[tuple[int, int]]:
        """Beginning and end of each hour of a day."""
        begin, end = self.begin(day), self.begin(day + timedelta(days=1))
        return [(at, min(at + HOUR, end)) for at in range(begin, end, HOUR)]
