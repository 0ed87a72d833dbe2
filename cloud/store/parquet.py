"""The embedded store: a Parquet file for each site and hour, DuckDB in memory as the engine.

Open hours stay in memory. A settled hour is written to a temporary file, synced and renamed; late values open it again
and it is written anew. The files may be deleted: they are made from the ledger.
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cloud.store.base import SERIES, Column, How, StoreDown, StoreLost
from cloud.store.hourfile import FILE, HOUR, OpenHour, by_hour, name_of, read, replace

Key = tuple[str, int]
"""Site and hour (UTC ns // HOUR)."""


class ParquetStore:
    """See cloud.store.base.Store; *folder* is this store's own."""

    volatile = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._open: dict[Key, OpenHour] = {}
        self._files: dict[Key, int | None] = {}
        self._engine = duckdb.connect(":memory:", config={"threads": 2})
        self._begin()

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
            for key in self._between(site, from_, to):
                hour = self._hour(key)
                for name, growing in list(hour.tags.items()):
                    if name[0] == node:
                        rows = growing.array()
                        hour.keep(name, rows[(rows["time"] <= from_) | (rows["time"] > to)])
            self.write(site, columns)

    def settle(self, site: str, from_: int, to: int) -> None:
        """Write the hours with from_ < time <= to as files; all but the newest of the site leave the memory."""
        with self._lock:
            newest = max((hour for name, hour in self._open if name == site), default=None)
            for key in self._between(site, from_, to):
                hour = self._open.get(key)
                if hour is not None:
                    if hour.dirty:
                        self._save(key, hour)
                    if key[1] != newest:
                        del self._open[key]

    def flush(self) -> None:
        """Write every open hour as a file."""
        with self._lock:
            for key, hour in self._open.items():
                if hour.dirty:
                    self._save(key, hour)

    def series(self, site: str, tags: Sequence[str], from_: int, to: int, step: int, how: How) -> pa.Table:
        """See cloud.store.base.Store."""
        with self._lock:
            keys = self._between(site, from_ - 1, to)
            files = [str(self._path(key)) for key in keys if key not in self._open and key in self._files]
            hours = [self._open[key] for key in keys if key in self._open]
            held = [hour.table(sorted(key for key in hour.tags if key[1] in tags)) for hour in hours]
        opened = pa.concat_tables(held or [FILE.empty_table()]).select(["node", "tag", "time", "value"])
        source = "SELECT node::VARCHAR node, tag::VARCHAR tag, time, value FROM opened"
        if files:
            source += " UNION ALL SELECT node, tag, time, value FROM read_parquet(?)"
        where = f"FROM ({source}) WHERE list_contains(?, tag) AND time >= ? AND time < ?"
        parameters = ([files] if files else []) + [list(tags), from_, to]
        if step:
            pick = "avg(value)" if how == "mean" else "arg_max(value, time)"
            floor = f"time - ((time % {int(step)}) + {int(step)}) % {int(step)}"
            query = f"SELECT node, tag, {floor} AS moment, {pick} AS value {where} AND isfinite(value) GROUP BY ALL"
        else:
            query = (
                f"SELECT node, tag, time AS moment, CASE WHEN isfinite(value) THEN value END AS value {where}"
            )
        cursor = self._engine.cursor()
        try:
            cursor.register("opened", opened)
            found: pa.Table = cursor.sql(
                f"{query} ORDER BY node, tag, moment", params=parameters
            ).to_arrow_table()
        except duckdb.Error as error:
            raise StoreDown(f"the Parquet files can't be read: {error}") from error
        finally:
            cursor.close()
        return found.rename_columns(SERIES.names).cast(SERIES)

    def count(self) -> int:
        """How many values are in open hours and in the files of the others."""
        with self._lock:
            for key, rows in self._files.items():
                if rows is None:
                    with self._lost(key):
                        self._files[key] = pq.read_metadata(self._path(key)).num_rows
            settled = sum(rows or 0 for key, rows in self._files.items() if key not in self._open)
            return settled + sum(map(len, self._open.values()))

    def clear(self) -> None:
        """Delete every file."""
        with self._lock:
            self._open.clear()
            self._files.clear()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._begin()

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("*/*/*.tmp"):
            path.unlink()
        if not (self._folder / "id").exists():
            replace(self._folder / "id", lambda tmp: tmp.write_text(uuid.uuid4().hex))
        for path in self._folder.glob("*/*/*.parquet"):
            at = datetime.fromisoformat(f"{path.parent.name}T{path.stem}:00:00+00:00")
            self._files[path.parent.parent.name, int(at.timestamp()) // 3600] = None

    def _path(self, key: Key) -> Path:
        at = datetime.fromtimestamp(key[1] * 3600, UTC)
        return self._folder / key[0] / f"{at:%Y-%m-%d}" / f"{at:%H}.parquet"

    def _between(self, site: str, from_: int, to: int) -> list[Key]:
        """Hours of a site, open or settled, that have times with from_ < time <= to."""
        known = self._open.keys() | self._files.keys()
        return sorted(key for key in known if key[0] == site and (from_ + 1) // HOUR <= key[1] <= to // HOUR)

    def _hour(self, key: Key) -> OpenHour:
        """The open hour; one that is settled is read back."""
        hour = self._open.get(key)
        if hour is None:
            with self._lost(key):
                hour = self._open[key] = read(self._path(key)) if key in self._files else OpenHour()
        return hour

    @contextmanager
    def _lost(self, key: Key) -> Iterator[None]:
        """A file that can't be read makes the whole store another one, which must be filled anew."""
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            (self._folder / "id").unlink(missing_ok=True)
            raise StoreLost(f"{self._path(key)} can't be read: {error}") from error

    def _save(self, key: Key, hour: OpenHour) -> None:
        table = hour.table(sorted(hour.tags))
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, lambda tmp: pq.write_table(table, tmp, compression="zstd"))
        except OSError as error:
            raise StoreDown(f"{path}: {error.strerror or error}") from error
        self._files[key] = len(table)
        hour.dirty = False
