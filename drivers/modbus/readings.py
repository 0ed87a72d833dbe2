"""Every reading of some registers: what they are by each type and byte order that fits, the plausible ones first."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from contract.tags import TYPES
from cython_ext.registers import Kind, decode
from drivers.modbus.kernel import ALL_BITS
from drivers.modbus.types import FORMS, TEXT, Form, code, text

Value = bool | int | float | str
EPOCH = datetime(1970, 1, 1)
SURE, LIKELY, UNLIKELY, HARDLY = range(4)
"""Grades of plausibility, see `_grade`."""
USUAL = (0.001, 1e9)
"""Magnitudes of a number that a machine is likely to send."""
LONG_TEXT = 5
"""Characters from which on readable text is no accident: 4 may be those of a float."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading. value: unscaled; a date as ISO 8601 by the meter's clock; digits: significant ones of a number."""

    type: str
    order: str
    value: Value
    grade: int
    digits: int


def candidates(words: Sequence[int]) -> list[Candidate]:
    """The readings of registers 0..65535, at most 125; content that is no value of a type is no reading.

    Order: grade; then numbers with fewer significant digits; then the usual orders and types.
    """
    sent = struct.pack(f">{len(words)}H", *words)
    found = [_candidate(*each) for each in _readings(sent)]
    return sorted(found, key=lambda each: (each.grade, each.digits))


def _readings(sent: bytes) -> Iterator[tuple[str, str, Form, bytes]]:
    """(type, order, form, bytes of the row) of what the kernel can decode; the usual order of every type first."""
    count = len(sent) // 2
    forms = {type_: form for type_, form in FORMS.items() if form.registers == count} | {TEXT: text(count)}
    for i in range(max(len(form.orders) for form in forms.values())):
        for type_, form in forms.items():
            if i < len(form.orders) and (row := _row(sent, form, form.orders[i])) is not None:
                yield type_, form.orders[i], form, row


def _row(sent: bytes, form: Form, order: str) -> bytes | None:
    size = len(sent) if form.kind is Kind.TEXT else TYPES[form.raw].itemsize
    row, bad = bytearray(size), bytearray(1)
    field = [0, form.kind, code(order), 0, form.registers, ALL_BITS, 0]
    decode(sent, np.array([field], np.int32), row, bad)
    return None if bad[0] or (form.kind is Kind.TEXT and not any(row)) else bytes(row)


def _candidate(type_: str, order: str, form: Form, row: bytes) -> Candidate:
    if form.kind is Kind.TEXT:
        shown = row.rstrip(b"\0").decode()
        return Candidate(type_, order, shown, SURE if len(shown) >= LONG_TEXT else UNLIKELY, len(shown))
    raw = np.frombuffer(row, TYPES[form.raw])[0]
    if form.kind >= Kind.TIME_IEC:
        at = EPOCH + timedelta(milliseconds=int(raw))
        return Candidate(type_, order, at.isoformat(timespec="milliseconds"), _date_grade(at), 0)
    if form.kind is Kind.BOOL:
        return Candidate(type_, order, bool(raw), UNLIKELY, 0)
    return Candidate(type_, order, raw.item(), _grade(raw), _digits(raw))


def _date_grade(at: datetime) -> int:
    return SURE if 2000 <= at.year < 2100 else UNLIKELY


def _grade(raw: np.generic) -> int:
    """LIKELY: 0, or a magnitude that is usual; HARDLY: no number, or one too small to be normal; else UNLIKELY."""
    size = abs(float(raw))
    if not math.isfinite(size) or (isinstance(raw, np.floating) and 0 < size < np.finfo(raw.dtype).tiny):
        return HARDLY
    return LIKELY if size == 0 or USUAL[0] <= size < USUAL[1] else UNLIKELY


def _digits(raw: np.generic) -> int:
    """Significant digits of the shortest decimal that is this number and no other of its type."""
    shown = str(raw).lstrip("-").partition("e")[0].replace(".", "")
    return len(shown.strip("0")) or 1
