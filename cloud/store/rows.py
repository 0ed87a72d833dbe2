"""Rows of one tag that grow at the end and are put in order when somebody looks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

ROW = np.dtype([("time", "<i8"), ("value", "<f8"), ("raw", "<i8"), ("status", "u1"), ("origin", "u1")])
"""What the embedded store keeps of a value; raw is 0 where the raw value is no integer."""


class Growing:
    """Structured rows with a ``time`` field. A later row takes the place of an earlier one of the same time."""

    def __init__(self, rows: npt.NDArray[Any]) -> None:
        """rows: in order of time, each time once."""
        self._parts, self._rows, self._ordered = [rows], len(rows), True
        self.last = int(rows["time"][-1]) if len(rows) else None

    def add(self, rows: npt.NDArray[Any]) -> None:
        """Add rows that are in order of time, each time once."""
        if len(rows) == 0:
            return
        self._ordered &= self.last is None or int(rows["time"][0]) > self.last
        self.last = int(rows["time"][-1]) if self.last is None else max(self.last, int(rows["time"][-1]))
        self._parts.append(rows)
        self._rows += len(rows)

    def after(self, time: int) -> bool:
        """Whether a row at *time* comes after all that are here."""
        return self.last is None or time > self.last

    def array(self) -> npt.NDArray[Any]:
        """All rows in order of time, each time once."""
        if len(self._parts) > 1:
            rows = np.concatenate(self._parts)
            if not self._ordered:
                rows = rows[np.argsort(rows["time"], kind="stable")]
                rows = rows[np.append(rows["time"][1:] != rows["time"][:-1], True)]
            self._parts, self._rows, self._ordered = [rows], len(rows), True
        return self._parts[0]

    def __len__(self) -> int:
        return self._rows if self._ordered else len(self.array())
