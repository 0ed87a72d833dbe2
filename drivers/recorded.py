"""A recorded history of one device: rows that were read before this node was there, from a file of raw numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from contract.errors import BadInput
from contract.quality import Origin, Quality
from contract.tags import I64, Group, Layout, Rows, Tag

TIME = "time"
"""Name of the array of row times in a file, int64 UTC ns, growing from row to row."""
Arrays = Mapping[str, npt.NDArray[Any]]


def load(path: Path, groups: Sequence[Group]) -> list[Rows]:
    """The rows of a device's groups in an .npz of `time` and one array of raw numbers a tag, with origin BACKFILL.

    A tag without an array has the status *missing* in every row; a group without any array has no rows.
    Raises BadInput for a file that is not there or does not fit the device, in one line.
    """
    arrays = _read(path)
    times = _times(path, arrays)
    known = {tag.name: tag for group in groups for tag in group.tags}
    columns = {
        name: _column(path, name, array, known.get(name), len(times))
        for name, array in arrays.items()
        if name != TIME
    }
    return [
        _rows(group, times, columns)
        for group in groups
        if group.layout is Layout.TABLE and any(tag.name in columns for tag in group.tags)
    ]


def _read(path: Path) -> Arrays:
    try:
        with path.open("rb") as file:
            found = np.load(file, allow_pickle=False)
            if not isinstance(found, np.lib.npyio.NpzFile):
                raise BadInput(f"{path}: not a recorded history (.npz)")
            return {name: found[name] for name in found.files}
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise BadInput(f"{path}: not a recorded history (.npz): {str(error).splitlines()[0][:200]}") from None


def _times(path: Path, arrays: Arrays) -> I64:
    times = arrays.get(TIME)
    if times is None or times.dtype != np.int64 or times.ndim != 1:
        raise BadInput(f"{path}: needs an array 'time' of int64, UTC ns")
    late = np.flatnonzero(np.diff(times) <= 0)
    if len(late):
        raise BadInput(f"{path}: time does not grow at row {int(late[0]) + 1}")
    return times


def _column(path: Path, name: str, array: npt.NDArray[Any], tag: Tag | None, count: int) -> npt.NDArray[Any]:
    if tag is None:
        raise BadInput(f"{path}: {name!r} is no tag of this device")
    if array.shape != (count,):
        raise BadInput(f"{path}: {name!r} has the shape {array.shape}, time has {count} rows")
    whole = tag.dtype.kind in "iu"
    if array.dtype.kind not in ("iub" if whole else "f"):
        raise BadInput(f"{path}: {name!r} holds {array.dtype}, the tag is {tag.type}")
    if whole and count:
        span = np.iinfo(tag.dtype)
        if int(array.min()) < span.min or int(array.max()) > span.max:
            raise BadInput(f"{path}: {name!r} has a number outside of {tag.type}")
    return array.astype(tag.dtype)


def _rows(group: Group, times: I64, columns: Arrays) -> Rows:
    data = np.zeros(len(times), group.row)
    status = np.zeros((len(times), len(group.tags)), np.uint8)
    for i, tag in enumerate(group.tags):
        if tag.name in columns:
            data[f"f{i}"] = columns[tag.name]
        else:
            status[:, i] = Quality.MISSING
    return Rows(group, times, data, status if status.any() else None, origin=Origin.BACKFILL)
