"""A day of the embedded store as one Parquet file, a row group an hour: each can be read and counted alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cloud.store.hourfile import FILE, HOUR, replace

NAME = "day.parquet"
Groups = dict[int, tuple[int, int]]
"""By hour (UTC ns // HOUR): number of its row group, and its rows."""
_TIME = FILE.get_field_index("time")


def write(path: Path, hours: Mapping[int, Callable[[], pa.Table]]) -> Groups:
    """Write the tables of a day's hours in place of the file; durable when this returns. Raises OSError."""
    found: Groups = {}

    def save(tmp: Path) -> None:
        with pq.ParquetWriter(tmp, FILE, compression="zstd") as file:
            for hour in sorted(hours):
                table = hours[hour]()
                if len(table):
                    file.write_table(table, row_group_size=len(table))
                    found[hour] = len(found), len(table)

    replace(path, save)
    return found


def groups(path: Path) -> Groups:
    """The hours of a file. Raises OSError, ArrowException."""
    found: Groups = {}
    meta = pq.read_metadata(path)
    for number in range(meta.num_row_groups):
        group = meta.row_group(number)
        found[group.column(_TIME).statistics.min // HOUR] = number, group.num_rows
    return found


def read(path: Path, number: int) -> pa.Table:
    """One row group of a file. Raises OSError, ArrowException."""
    with pq.ParquetFile(path) as file:
        return file.read_row_group(number).cast(FILE)
