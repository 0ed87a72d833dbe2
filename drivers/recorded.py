"""A recorded history of one device: rows that were read before this node was there, from a file of raw numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from contract.errors import BadInput
from contract.message import Text
from contract.quality import Origin, Quality
from contract.tags import I64, Group, Layout, Rows, Tag
from drivers.messages import (
    ArrayShape,
    ArrayType,
    NoRecording,
    NoSuchFile,
    NoTagOfDevice,
    NoTimes,
    NumberOutOfRange,
    TimeDoesNotGrow,
    UnreadableRecording,
)

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
            loaded = np.load(file, allow_pickle=False)
            if not isinstance(loaded, np.lib.npyio.NpzFile):
                raise BadInput(NoRecording(str(path)))
            return {name: loaded[name] for name in loaded.files}
    except FileNotFoundError:
        raise BadInput(NoSuchFile(str(path))) from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        why = Text(str(error).splitlines()[0][:200])
        raise BadInput(UnreadableRecording(str(path), why)) from None


def _times(path: Path, arrays: Arrays) -> I64:
    times = arrays.get(TIME)
    if times is None or times.dtype != np.int64 or times.ndim != 1:
        raise BadInput(NoTimes(str(path)))
    late = np.flatnonzero(np.diff(times) <= 0)
    if len(late):
        raise BadInput(TimeDoesNotGrow(str(path), int(late[0]) + 1))
    return times


def _column(path: Path, name: str, array: npt.NDArray[Any], tag: Tag | None, count: int) -> npt.NDArray[Any]:
    if tag is None:
        raise BadInput(NoTagOfDevice(str(path), name))
    if array.shape != (count,):
        raise BadInput(ArrayShape(str(path), name, str(array.shape), count))
    whole = tag.dtype.kind in "iu"
    if array.dtype.kind not in ("iub" if whole else "f"):
        raise BadInput(ArrayType(str(path), name, str(array.dtype), tag.type))
    if whole and count:
        span = np.iinfo(tag.dtype)
        if int(array.min()) < span.min or int(array.max()) > span.max:
            raise BadInput(NumberOutOfRange(str(path), name, tag.type))
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
