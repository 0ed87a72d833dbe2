"""Days of a site as UTC nanoseconds: they begin when the clock of its zone shows day_start."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from contract.sites import Site

HOUR = 3_600 * 10**9
MINUTE = 60 * 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days of a site. day_start: minutes after local midnight."""

    tz: str
    day_start: int

    @classmethod
    def of(cls, site: Site) -> Calendar:
        """The calendar of a site."""
        return cls(site.tz, site.day_start)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.tz)

    def begin(self, day: date) -> int:
        """UTC ns at which a day begins."""
        wall = datetime(
            day.year, day.month, day.day, self.day_start // 60, self.day_start % 60, tzinfo=self.zone
        )
        return (wall - _EPOCH) // timedelta(microseconds=1) * 1000

    def day_of(self, at: int) -> date:
        """The day in which a UTC ns lies."""
        day = self.wall(at).date()
        while self.begin(day) > at:
            day -= _DAY
        while self.begin(day + _DAY) <= at:
            day += _DAY
        return day

    def wall(self, at: int) -> datetime:
        """What the local clock shows, to the second below."""
        return datetime.fromtimestamp(at // 10**9, self.zone)

    def hours(self, day: date) -> list[int]:
        """Edges of the hours of a day; the last hour ends with the day."""
        begin, end = self.begin(day), self.begin(day + _DAY)
        return [*range(begin, end, HOUR), end]

    def days(self, from_: date, to: date) -> list[date]:
        """The days from *from_* to *to*, which is not among them."""
        return [from_ + i * _DAY for i in range((to - from_).days)]


@dataclass(frozen=True)
class Period:
    """Dates of a site, half-open, with the moments (UTC ns) at which they begin."""

    calendar: Calendar
    first: date
    after: date

    @cached_property
    def begin(self) -> int:
        """Beginning of the first day."""
        return self.calendar.begin(self.first)

    @cached_property
    def end(self) -> int:
        """Beginning of the day after the last."""
        return self.calendar.begin(self.after)

    @property
    def length(self) -> int:
        """Nanoseconds."""
        return self.end - self.begin

    @cached_property
    def _years(self) -> list[int]:
        """Beginnings of the years after that of the first day."""
        years = range(self.first.year + 1, self.after.year + 1)
        return [self.calendar.begin(date(year, 1, 1)) for year in years]

    def year_of(self, at: int) -> int:
        """The year of a moment of the period."""
        return self.first.year + bisect_right(self._years, at)

    def holds(self, from_: int, to: int) -> bool:
        """Whether a span lies in the period."""
        return self.begin <= from_ and to <= self.end

    def touches(self, from_: int, to: int) -> bool:
        """Whether a span and the period have time in common."""
        return from_ < self.end and to > self.begin
