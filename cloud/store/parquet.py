"""The embedded store: Parquet files by site and day, of the present day by hour, DuckDB in memory as the engine.

Open hours stay in memory. What is settled is written to a temporary file, synced and renamed; late values open an hour
again and it is written anew. The files may be deleted: they are made from the ledger.
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from cloud.store.base import Column, How, StoreDown
from cloud.store.hourfile import FILE, HOUR, OpenHour, by_hour, name_of, replace
from cloud.store.messages import FilesNotReadable
from cloud.store.series import SERIES
from cloud.store.settled import HOURS, Key, Settled, Sources


class ParquetStore:
    """See cloud.store.base.Store; *folder* is this store's own."""

    volatile = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._open: dict[Key, OpenHour] = {}
        self._engine = duckdb.connect(":memory:", config={"threads": 2})
        self._settled = self._begin()

    def identity(self) -> str:
        """A word that was made up when the folder was empty."""
        return (self._folder / "id").read_text()

    def write(self, site: str, columns: Sequence[Column]) -> None:
        """Keep values, in memory until they are settled."""
        with self._lock:
            for column in columns:
                for hour, rows in by_hour(column):
                    self._hour((site, hour)).add(name_of(column), rows)

    def rewrite(self, site: str, node: str, from_: int, to: int, columns: Sequence[Column]) -> None:
        """Replace what is here of a node with from_ < time <= to."""
        with self._lock:
            for number in range((from_ + 1) // HOUR, to // HOUR + 1):
                if (site, number) not in self._open and not self._settled.has((site, number)):
                    continue
                hour = self._hour((site, number))
                for name, growing in list(hour.tags.items()):
                    if name[0] == node:
                        rows = growing.array()
                        hour.keep(name, rows[(rows["time"] <= from_) | (rows["time"] > to)])
            self.write(site, columns)

    def settle(self, site: str, from_: int, to: int) -> None:
        """Write the hours with from_ < time <= to as files; all but the newest of the site leave the memory."""
        first, last = (from_ + 1) // HOUR, to // HOUR
        with self._lock:
            mine = sorted(hour for name, hour in self._open if name == site)
            if not mine:
                return
            present = max(mine[-1] // HOURS, self._settled.last_day(site) or 0)
            chosen = [hour for hour in mine if first <= hour <= last]
            for day, hours in groupby(chosen, lambda hour: hour // HOURS):
                self._settle((site, day), list(hours), day < present)
            for hour in mine[:-1]:
                if first <= hour <= last:
                    del self._open[site, hour]

    def tidy(self) -> bool:
        """Join the files of hours of one day that is over. Whether there was one."""
        with self._lock:
            day = self._settled.untidy()
            if day is not None:
                self._settled.save_day(day, {})
            return day is not None

    def flush(self) -> None:
        """Write every open hour as a file."""
        with self._lock:
            for key, hour in self._open.items():
                if hour.dirty:
                    self._settled.save_hour(key, hour)

    def series(self, site: str, tags: Sequence[str], from_: int, to: int, step: int, how: How) -> pa.Table:
        """See cloud.store.base.Store."""
        try:
            return self._series(site, tags, from_, to, step, how)
        except StoreDown:  # a file may have been joined to its day's meanwhile
            return self._series(site, tags, from_, to, step, how)

    def count(self) -> int:
        """How many values are in open hours and in the files of the others."""
        with self._lock:
            return self._settled.count(self._open) + sum(map(len, self._open.values()))

    def clear(self) -> None:
        """Delete every file."""
        with self._lock:
            self._open.clear()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._settled = self._begin()

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _begin(self) -> Settled:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("*/*/*.tmp"):
            path.unlink()
        if not (self._folder / "id").exists():
            replace(self._folder / "id", lambda tmp: tmp.write_text(uuid.uuid4().hex))
        return Settled(self._folder)

    def _hour(self, key: Key) -> OpenHour:
        """The open hour; one that is settled is read back."""
        hour = self._open.get(key)
        if hour is None:
            hour = self._open[key] = self._settled.read(key)
        return hour

    def _settle(self, day: Key, hours: list[int], over: bool) -> None:
        """Write open hours of a day: into one file when the day is over, else each into its own."""
        dirty = {n: hour for n in hours if (hour := self._open[day[0], n]).dirty}
        if over and dirty:
            self._settled.save_day(day, dirty)
            return
        for number, hour in dirty.items():
            self._settled.save_hour((day[0], number), hour)

    def _series(self, site: str, tags: Sequence[str], from_: int, to: int, step: int, how: How) -> pa.Table:
        first, last = from_ // HOUR, to // HOUR
        with self._lock:
            mine = {
                hour: rows
                for (name, hour), rows in self._open.items()
                if name == site and first <= hour <= last
            }
            files = self._settled.sources(site, first, last, mine)
            held = [hour.table(sorted(key for key in hour.tags if key[1] in tags)) for hour in mine.values()]
        opened = pa.concat_tables(held or [FILE.empty_table()]).select(["node", "tag", "time", "value"])
        query = _query(files, step, how)
        parameters = [
            *([files.hours] if files.hours else []),
            *([files.days, files.hidden] if files.days else []),
        ]
        cursor = self._engine.cursor()
        try:
            cursor.register("opened", opened)
            found: pa.Table = cursor.sql(query, params=[*parameters, list(tags), from_, to]).to_arrow_table()
        except duckdb.Error as error:
            raise StoreDown(FilesNotReadable(str(error))) from error
        finally:
            cursor.close()
        return found.rename_columns(SERIES.names).cast(SERIES)


def _query(files: Sources, step: int, how: How) -> str:
    """The series as SQL over what is open and the files, whose names are its first parameters."""
    columns = "SELECT node, tag, time, value FROM"
    source = "SELECT node::VARCHAR node, tag::VARCHAR tag, time, value FROM opened"
    if files.hours:
        source += f" UNION ALL {columns} read_parquet(?)"
    if files.days:
        hour = f"({_floor(HOUR)}) // {HOUR}"
        source += f" UNION ALL {columns} read_parquet(?) WHERE NOT list_contains(?::BIGINT[], {hour})"
    where = f"FROM ({source}) WHERE list_contains(?, tag) AND time >= ? AND time < ?"
    if step:
        pick = "avg(value)" if how == "mean" else "arg_max(value, time)"
        moment, where = _floor(step), f"{where} AND isfinite(value) GROUP BY ALL"
    else:
        moment, pick = "time", "CASE WHEN isfinite(value) THEN value END"
    return f"SELECT node, tag, {moment} AS moment, {pick} AS value {where} ORDER BY node, tag, moment"


def _floor(step: int) -> str:
    """The beginning of the step in which a time lies, as SQL."""
    return f"time - ((time % {int(step)}) + {int(step)}) % {int(step)}"
