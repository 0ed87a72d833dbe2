"""A recorded table served through the main meter, one row after the other."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from plant.clock import Clock
from plant.errors import BadInput
from plant.sources import Number
from plant.words import Text

DEVICE = "main-meter"
TAGS = ("main.kwh", "main.kw")
START_NS = 1_514_736_000_000_000_000
"""2018-01-01T00:00+08:00, where the steel-works year begins."""
INTERVAL_NS = 900_000_000_000
START_READINGS = {"register_cWh_u32": 18_432_000}
"""The register before row 0, for the columns that are known to begin with a used interval."""


@dataclass(frozen=True, slots=True)
class Table:
    """Register readings (steps of 0.01 kWh) and their times.

    Reading 0 is taken at the start, reading i + 1 (row i of the file) at the end of interval i. Without a
    known start reading the table begins with row 0.
    """

    readings: npt.NDArray[np.int64]
    first_ns: int

    def __len__(self) -> int:
        return len(self.readings)

    def time(self, index: int) -> int:
        """When a reading was taken, UTC ns."""
        return self.first_ns + index * INTERVAL_NS

    def next_after(self, time_ns: int) -> int:
        """The first reading taken after a time."""
        return max(0, min(len(self), (time_ns - self.first_ns) // INTERVAL_NS + 1))

    def numbers(self, index: int) -> Sequence[Number]:
        """Raw main.kwh and main.kw (0.01 kW, the mean of the interval that ends here)."""
        here = int(self.readings[index])
        used = (here - int(self.readings[index - 1])) % 2**32 if index else 0
        return here, used * 4


def read(path: Path, column: str, start_ns: int) -> Table:
    """The column of an npz or csv file as readings. Raises BadInput when it holds no register readings."""
    values = _npz(path, column) if path.suffix == ".npz" else _csv(path, column)
    if values.ndim != 1 or not len(values) or values.dtype.kind not in "iuf":
        raise BadInput(Text.NO_NUMBERS(path=path, column=column))
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int64)
    if not np.array_equal(whole, values) or whole.min() < 0 or whole.max() >= 2**32:
        raise BadInput(Text.NO_READINGS(path=path, column=column))
    if column in START_READINGS:
        return Table(np.concatenate(([START_READINGS[column]], whole)), start_ns)
    return Table(whole, start_ns + INTERVAL_NS)


def _npz(path: Path, column: str) -> npt.NDArray[np.generic]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as table:
            if column not in table.files:
                raise BadInput(Text.NO_COLUMN(path=path, column=column, columns=tuple(table.files)))
            found: npt.NDArray[np.generic] = table[column]
            return found
    except OSError as error:
        why = Text.FROM_LIBRARY(why=str(error.strerror)) if error.strerror else Text.UNREADABLE()
        raise BadInput(Text.SYSTEM(path=path, why=why)) from None
    except (ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInput(Text.SYSTEM(path=path, why=str(error))) from None


def _csv(path: Path, column: str) -> npt.NDArray[np.float64]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if column not in (rows.fieldnames or ()):
                raise BadInput(Text.NO_COLUMN(path=path, column=column, columns=tuple(rows.fieldnames or ())))
            return np.array([float(row[column]) for row in rows])
    except OSError as error:
        raise BadInput(Text.SYSTEM(path=path, why=str(error.strerror))) from None
    except (ValueError, TypeError) as error:
        raise BadInput(Text.COLUMN_UNREADABLE(path=path, column=column, why=str(error))) from None


class Stepper:
    """Serves a reading until it has been read, then the next: `--speed max`. After the last: nothing."""

    def __init__(self, table: Table, resume_ns: int) -> None:
        self._table = table
        self._index = table.next_after(resume_ns)
        self.served_ns = resume_ns
        self.held = False

    @property
    def left(self) -> int:
        """Readings not read yet."""
        return len(self._table) - self._index

    def reading(self) -> tuple[int, Sequence[Number]] | None:
        """Time and numbers of the reading that is due."""
        if self.held or not self.left:
            return None
        return self._table.time(self._index), self._table.numbers(self._index)

    def taken(self, tags: Sequence[str]) -> None:
        """Move on when the counter has been read."""
        if TAGS[0] in tags:
            self.served_ns = self._table.time(self._index)
            self._index += 1


class Paced:
    """Serves the reading that the plant's clock has reached: `--speed S`.

    The first read of a reading carries the reading's own time, later ones of the same reading the clock's.
    """

    def __init__(self, table: Table, resume_ns: int, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._shown = table.next_after(resume_ns) - 1
        self._offered = (self._shown, resume_ns)
        self.served_ns = resume_ns
        self.held = False

    @property
    def left(self) -> int:
        """Readings not read yet (those that passed unread are gone)."""
        return len(self._table) - 1 - self._shown

    def reading(self) -> tuple[int, Sequence[Number]] | None:
        """Time and numbers now."""
        now = self._clock.now()
        index = min(self._table.next_after(now) - 1, len(self._table) - 1)
        if self.held or index < 0 or not self.left:
            return None
        time_ns = self._table.time(index) if index > self._shown else now
        self._offered = (index, time_ns)
        return time_ns, self._table.numbers(index)

    def taken(self, tags: Sequence[str]) -> None:
        """The reading that was offered has been read."""
        if TAGS[0] in tags:
            self._shown, self.served_ns = self._offered
