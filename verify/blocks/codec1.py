"""Codec 1: columns of a part as byte planes, deltas and decimals (docs/block-format.md, Codec 1)."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.blocks.messages import (
    ColumnsDamaged,
    ColumnsEndEarly,
    ColumnsTooLarge,
    ColumnsUnfilled,
    NotATruthValue,
    UnknownColumnForm,
    UnknownMode,
)
from verify.formats.findings import Bad

TYPES: dict[str, np.dtype[Any]] = {
    "bool": np.dtype("u1"), "int16": np.dtype("<i2"), "uint16": np.dtype("<u2"), "int32": np.dtype("<i4"),
    "uint32": np.dtype("<u4"), "int64": np.dtype("<i8"), "uint64": np.dtype("<u8"),
    "float32": np.dtype("<f4"), "float64": np.dtype("<f8"), "u8": np.dtype("u1"),
}  # fmt: skip
MOST_BYTES = 1 << 20
DECIMAL = 16


def _inflate(data: bytes, size: int) -> bytes:
    """The one zlib stream of exactly `size` bytes that `data` holds."""
    stream = zlib.decompressobj()
    try:
        planes = stream.decompress(data, size + 1)
    except zlib.error as error:
        raise Bad(ColumnsDamaged(str(error))) from error
    if len(planes) != size or not stream.eof or stream.unused_data:
        raise Bad(ColumnsUnfilled())
    return planes


def _values(words: NDArray[Any], mode: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Values of one column from its words (unsigned)."""
    if mode == 0:
        return words.view(kind)
    summed = np.cumsum(words, dtype=words.dtype)
    if mode == 1:
        return summed.view(kind)
    return (summed.view("<i8").astype("<f8") / np.float64(10.0 ** (mode - DECIMAL))).astype(kind)


def _width(mode: int, kind: np.dtype[Any]) -> int:
    if mode in (0, 1):
        return kind.itemsize
    if DECIMAL <= mode <= DECIMAL + 9 and kind.kind == "f":
        return 8
    raise Bad(UnknownMode(mode))


def decode(data: bytes, shape: list[tuple[str, int]]) -> list[NDArray[Any]]:
    """Columns of (type, count) each; raises Bad unless the bytes fill them exactly."""
    kinds = [TYPES[name] for name, _ in shape]
    if not data or data[0] not in (0, 1):
        raise Bad(UnknownColumnForm())
    modes = list(data[1 : 1 + len(shape)]) if data[0] else [0] * len(shape)
    if len(modes) != len(shape):
        raise Bad(ColumnsEndEarly())
    widths = [_width(mode, kind) for mode, kind in zip(modes, kinds, strict=True)]
    size = sum(width * count for width, (_, count) in zip(widths, shape, strict=True))
    if size > MOST_BYTES * 8:
        raise Bad(ColumnsTooLarge())
    planes = _inflate(data[1 + len(shape) :], size) if data[0] else data[1:]
    if len(planes) != size:
        raise Bad(ColumnsUnfilled())
    whole: NDArray[np.uint8] = np.frombuffer(planes, dtype="u1")
    made, at = [], 0
    for mode, width, kind, (name, count) in zip(modes, widths, kinds, shape, strict=True):
        plane = whole[at : at + width * count].reshape(width, count)
        words = np.ascontiguousarray(plane.T).reshape(-1).view(f"<u{width}")
        column = _values(words, mode, kind)
        if name == "bool" and column.size and int(column.max()) > 1:
            raise Bad(NotATruthValue())
        made.append(column)
        at += width * count
    return made
