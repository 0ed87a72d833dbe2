"""The settled hours of the embedded store: of a day that is over one file, of the present one a file an hour.

An hour's own file counts before what the day's file has of it. A day's file is in place before the files of its hours
are deleted, so that a kill in between loses and doubles nothing; it is tidied up later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cloud.store import dayfile, hourfile
from cloud.store.base import StoreDown, StoreLost
from cloud.store.hourfile import FILE, OpenHour
from cloud.store.messages import FolderNotReadable
from journal.messages import PathError

Key = tuple[str, int]
"""Site and hour (UTC ns // HOUR), or site and day (hour // HOURS)."""
HOURS = 24
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Sources:
    """Files that hold hours, and the hours that do not count in those of days."""

    hours: list[str]
    days: list[str]
    hidden: list[int]


class Settled:
    """The files in *folder*. Whoever calls is alone with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hours: dict[Key, dict[int, int | None]] = {}
        self._days: dict[Key, dayfile.Groups | None] = {}
        for path in sorted(folder.glob("*/*/*.parquet")):
            key = path.parent.parent.name, (date.fromisoformat(path.parent.name) - _EPOCH).days
            if path.name == dayfile.NAME:
                self._days[key] = None
            else:
                self._hours.setdefault(key, {})[key[1] * HOURS + int(path.stem)] = None

    def last_day(self, site: str) -> int | None:
        """The newest day of a site with files."""
        return max((day for name, day in (*self._hours, *self._days) if name == site), default=None)

    def has(self, key: Key) -> bool:
        """Whether an hour is here."""
        day = key[0], key[1] // HOURS
        return key[1] in self._hours.get(day, ()) or key[1] in self._groups(day)

    def read(self, key: Key) -> OpenHour:
        """An hour, empty where it is not here. Raises StoreLost."""
        day = key[0], key[1] // HOURS
        with self._lost(day):
            return hourfile.opened(self._table(day, key[1])) if self.has(key) else OpenHour()

    def save_hour(self, key: Key, hour: OpenHour) -> None:
        """Write an hour as a file of its own. Raises StoreDown."""
        table, path = hour.table(sorted(hour.tags)), self._hour_path(key)
        with _down(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            hourfile.replace(path, lambda tmp: pq.write_table(table, tmp, compression="zstd"))
        self._hours.setdefault((key[0], key[1] // HOURS), {})[key[1]] = len(table)
        hour.dirty = False

    def save_day(self, key: Key, opened: Mapping[int, OpenHour]) -> None:
        """Write a day as one file: the open hours, and of the others what is here. Raises StoreDown, StoreLost."""
        own = self._hours.get(key, {})
        for number, hour in opened.items():
            if hour.dirty and number in own:  # it counts before the day's file until it is deleted
                self.save_hour((key[0], number), hour)
        tables: dict[int, Callable[[], pa.Table]] = {
            number: partial(self._table, key, number) for number in {*self._groups(key), *own}
        }
        tables |= {number: partial(hour.table, sorted(hour.tags)) for number, hour in opened.items()}
        path = self._day_path(key)
        with _down(path), self._lost(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._days[key] = dayfile.write(path, tables)
            for number in self._hours.pop(key, {}):
                self._hour_path((key[0], number)).unlink(missing_ok=True)
            hourfile.sync(path.parent)
        for hour in opened.values():
            hour.dirty = False

    def untidy(self) -> Key | None:
        """A day that is over and has files of hours, the oldest one of a site."""
        last = {site: self.last_day(site) for site in {site for site, _ in self._hours}}
        return min(((site, day) for site, day in self._hours if day != last[site]), default=None)

    def sources(self, site: str, first: int, last: int, opened: Iterable[int]) -> Sources:
        """The files with hours of a site from *first* to *last*, without those that are open."""
        hidden, hours, days = set(opened), list[str](), list[str]()
        for day in range(first // HOURS, last // HOURS + 1) if self._few(first, last) else self._known(site):
            if not first // HOURS <= day <= last // HOURS:
                continue
            own = [n for n in self._hours.get((site, day), ()) if first <= n <= last and n not in hidden]
            hours += [str(self._hour_path((site, number))) for number in sorted(own)]
            if (site, day) in self._days:
                days.append(str(self._day_path((site, day))))
                hidden.update(own)
        return Sources(hours, days, sorted(hidden) if days else [])

    def count(self, opened: Iterable[Key]) -> int:
        """How many rows the files have, without hours that are open. Raises StoreLost."""
        held, total = set(opened), 0
        for (site, day), own in self._hours.items():
            for number, rows in own.items():
                if rows is None:
                    with self._lost((site, day)):
                        own[number] = rows = pq.read_metadata(self._hour_path((site, number))).num_rows
                total += 0 if (site, number) in held else rows
        for site, day in self._days:
            own = self._hours.get((site, day), {})
            groups = self._groups((site, day))
            total += sum(rows for n, (_, rows) in groups.items() if n not in own and (site, n) not in held)
        return total

    def _table(self, day: Key, number: int) -> pa.Table:
        """An hour that is here. Raises OSError, ArrowException."""
        if number in self._hours.get(day, ()):
            return pq.read_table(self._hour_path((day[0], number)), schema=FILE)
        return dayfile.read(self._day_path(day), self._groups(day)[number][0])

    def _few(self, first: int, last: int) -> bool:
        return (last - first) // HOURS < len(self._hours) + len(self._days)

    def _known(self, site: str) -> list[int]:
        return sorted({day for name, day in (*self._hours, *self._days) if name == site})

    def _groups(self, key: Key) -> dayfile.Groups:
        if key not in self._days:
            return {}
        known = self._days[key]
        if known is None:
            with self._lost(key):
                known = self._days[key] = dayfile.groups(self._day_path(key))
        return known

    def _day_path(self, key: Key) -> Path:
        return self._folder / key[0] / f"{_EPOCH + timedelta(days=key[1])}" / dayfile.NAME

    def _hour_path(self, key: Key) -> Path:
        return self._day_path((key[0], key[1] // HOURS)).with_name(f"{key[1] % HOURS:02d}.parquet")

    @contextmanager
    def _lost(self, key: Key) -> Iterator[None]:
        """A file that can't be read makes the whole store another one, which must be filled anew."""
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            (self._folder / "id").unlink(missing_ok=True)
            raise StoreLost(FolderNotReadable(str(self._day_path(key).parent), str(error))) from error


@contextmanager
def _down(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreDown(PathError(str(path), str(error.strerror or error))) from error
