"""Column codec 1: decimal or delta, byte shuffle, one zlib stream for all columns of a part.

Any reader with zlib can decode it: see docs/block-format.md. Lossless to the bit, including -0.0 and NaN payloads.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from contract.block_messages import (
    ColumnBytes,
    EndsInModes,
    InflatedElsewhere,
    ModeOfOtherType,
    NoColumns,
    NotInflated,
    UnknownColumnForm,
)
from contract.errors import Malformed

ID = 1
PLAIN, DELTA, DECIMAL = 0, 1, 16
_STORED, _DEFLATED = 0, 1
_MAX_EXPONENT = 9
_LEVEL = 6
_PROBES = 24
_EXACT = {4: 2.0**24, 8: 2.0**53}
"""Integers below these have a float of their width of their own; larger ones cost more bytes than the float."""

Column = npt.NDArray[Any]


def encode(columns: Sequence[Column]) -> bytes:
    """Encode little-endian columns of 1-, 2-, 4- or 8-byte numbers.

    Layout: form byte, one mode byte per column and the deflated planes of all columns; or, where that is not smaller
    than the values themselves, form byte and the planes of the values. So the result is at most 1 byte larger.
    """
    modes = bytearray()
    planes: list[bytes] = []
    for column in columns:
        mode, words = _words(column)
        modes.append(mode)
        planes.append(_shuffle(words))
    packed = bytes(modes) + zlib.compress(b"".join(planes), _LEVEL)
    if len(packed) < sum(column.nbytes for column in columns):
        return bytes([_DEFLATED]) + packed
    return bytes([_STORED]) + b"".join(_shuffle(_bits(column)) for column in columns)


def decode(data: bytes, shapes: Sequence[tuple[np.dtype[Any], int]]) -> list[Column]:
    """Decode columns of the given (dtype, count); raises Malformed unless the bytes hold exactly these.

    Nothing is allocated beyond the bytes that the shapes ask for (twice that where float32 comes as decimals).
    """
    modes, packed = _modes(data, len(shapes))
    sizes = [_width(mode, dtype) * count for mode, (dtype, count) in zip(modes, shapes, strict=True)]
    raw = _inflate(data[0], packed, sum(sizes))
    columns, at = [], 0
    for mode, size, (dtype, count) in zip(modes, sizes, shapes, strict=True):
        columns.append(_values(mode, dtype, _unshuffle(raw[at : at + size], count)))
        at += size
    return columns


def _words(column: Column) -> tuple[int, Column]:
    """Mode and the unsigned words of a column after prediction."""
    if column.dtype.kind == "f":
        found = _decimal(column)
        if found is None:
            return PLAIN, _bits(column)
        exponent, integers = found
        return DECIMAL + exponent, _delta(integers.view("<u8"))
    return DELTA, _delta(_bits(column))


def _bits(column: Column) -> Column:
    return column.view(f"<u{column.dtype.itemsize}")


def _decimal(column: Column) -> tuple[int, npt.NDArray[np.int64]] | None:
    """The smallest exponent e with column == k / 10**e bit for bit, and the integers k; None if there is none."""
    if not np.isfinite(column).all():
        return None
    probe = column[:: len(column) // _PROBES + 1]
    largest, limit = float(np.abs(column).max(initial=0)), _EXACT[column.dtype.itemsize]
    for exponent in range(_MAX_EXPONENT + 1):
        if largest * 10.0**exponent >= limit:
            return None
        if _integers(probe, exponent) is not None:
            integers = _integers(column, exponent)
            if integers is not None:
                return exponent, integers
    return None


def _integers(column: Column, exponent: int) -> npt.NDArray[np.int64] | None:
    """The integers k with column == k / 10**exponent bit for bit; None if there are none."""
    integers = np.rint(column.astype("<f8") * 10.0**exponent).astype("<i8")
    back = (integers / 10.0**exponent).astype(column.dtype)
    return integers if np.array_equal(_bits(back), _bits(column)) else None


def _delta(words: Column) -> Column:
    out = words.copy()
    out[1:] -= words[:-1]
    return out


def _shuffle(words: Column) -> bytes:
    width = words.dtype.itemsize
    return np.ascontiguousarray(words.view(np.uint8).reshape(-1, width).T).tobytes()


def _unshuffle(raw: bytes, count: int) -> Column:
    if not count:
        return np.empty(0, np.uint8)
    width = len(raw) // count
    planes = np.frombuffer(raw, np.uint8).reshape(width, count)
    return np.array(planes.T, order="C").view(f"<u{width}").reshape(count)


def _modes(data: bytes, columns: int) -> tuple[bytes, bytes]:
    """The mode of each column, and the planes as they stand in the part."""
    if not data:
        raise Malformed(NoColumns())
    if data[0] == _STORED:
        return bytes([PLAIN] * columns), data[1:]
    if len(data) < 1 + columns:
        raise Malformed(EndsInModes())
    return data[1 : 1 + columns], data[1 + columns :]


def _width(mode: int, dtype: np.dtype[Any]) -> int:
    if mode in (PLAIN, DELTA):
        return dtype.itemsize
    if dtype.kind == "f" and DECIMAL <= mode <= DECIMAL + _MAX_EXPONENT:
        return 8
    raise Malformed(ModeOfOtherType(mode, str(dtype)))


def _values(mode: int, dtype: np.dtype[Any], words: Column) -> Column:
    if len(words) == 0:
        return np.empty(0, dtype)
    if mode == PLAIN:
        return words.view(dtype)
    total = np.cumsum(words, dtype=words.dtype)
    if mode == DELTA:
        return total.view(dtype)
    return (total.view("<i8") / 10.0 ** (mode - DECIMAL)).astype(dtype)


def _inflate(form: int, data: bytes, expected: int) -> bytes:
    if form == _STORED:
        raw = data
    elif form == _DEFLATED:
        inflater = zlib.decompressobj()
        try:
            raw = inflater.decompress(data, expected + 1)
        except zlib.error as error:
            raise Malformed(NotInflated(str(error))) from error
        if not inflater.eof or inflater.unused_data:
            raise Malformed(InflatedElsewhere())
    else:
        raise Malformed(UnknownColumnForm(form))
    if len(raw) != expected:
        raise Malformed(ColumnBytes(len(raw), expected))
    return raw
