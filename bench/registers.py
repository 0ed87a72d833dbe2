"""What the registers kernel costs: microseconds for one call on a whole response of 125 registers.

mixed: every type in turn, in its usual order and with content that is valid; single: 125 values of one register.
Times are the best of several rounds in this run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterable

import numpy as np

from contract.tags import TYPES
from cython_ext.registers import Kind, decode
from drivers.modbus.kernel import fields
from drivers.modbus.plan import MAX_REGISTERS, Point
from drivers.modbus.types import FORMS

ROUNDS, CALLS = 200, 500
_TIMES = {
    "time-iec": "00180b1a170b2327", "time-powerlogic": "0119640b063b", "time-cet-3": "180b1a17103b",
    "time-cet-4": "180b1a17103b03e7", "time-registers-6": "07e8000b001a0017000b0025",
    "time-registers-7": "07e8000b001a0017000b00250063", "time-sicam": "2327170b0b1a107c",
}  # fmt: skip
"""Bytes of a date in each layout."""


def content(type_: str) -> bytes:
    """Bytes of a valid value; random ones of the types that take any."""
    form = FORMS[type_]
    if type_ in _TIMES:
        return bytes.fromhex(_TIMES[type_])
    if form.kind is Kind.BCD:
        return bytes.fromhex("12345678" * form.registers)[: 2 * form.registers]
    if form.kind in (Kind.MOD10K, Kind.SIGNED_MOD10K):
        return bytes.fromhex("11d7007b00000001")[: 2 * form.registers]
    return np.random.default_rng(0).bytes(2 * form.registers)


def response(points: Iterable[tuple[str, str]]) -> tuple[bytes, list[tuple[int, Point, int]]]:
    """As many of the (type, order) as fill a response: its registers, and where each value lies."""
    data, rows, target = b"", [], 0
    for type_, order in points:
        if len(data) // 2 + FORMS[type_].registers > MAX_REGISTERS:
            break
        rows.append((len(data), Point("holding", len(data) // 2, type_, order), target))
        data += content(type_)
        target += TYPES[FORMS[type_].raw].itemsize
    return data.ljust(2 * MAX_REGISTERS, b"\0"), rows


def measured(points: Iterable[tuple[str, str]]) -> dict[str, float | int]:
    """Values, bad ones, and microseconds of a call."""
    data, rows = response(points)
    table, row, bad = fields(rows), bytearray(8 * len(rows)), bytearray(len(rows))
    took = best(lambda: decode(data, table, row, bad))
    return {"values": len(rows), "bad": sum(bad), "us_per_call": round(took * 1e6, 2)}


def best(call: Callable[[], object]) -> float:
    """Seconds of one call, the best mean of ROUNDS."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call()
        times.append((time.perf_counter() - start) / CALLS)
    return min(times)


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object")
    as_json = parser.parse_args().json
    first = itertools.cycle((type_, form.orders[0]) for type_, form in FORMS.items())
    found = {
        "registers": MAX_REGISTERS,
        "mixed": measured(first),
        "single": measured([("uint16", "AB")] * 200),
    }
    lines = [f"{name}: {value}" for name, value in found.items()]
    print(json.dumps(found) if as_json else "\n".join(lines))


if __name__ == "__main__":
    main()
