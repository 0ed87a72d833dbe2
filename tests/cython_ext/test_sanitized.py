"""The core under the address and undefined-behaviour sanitizers of the compiler, fed with damaged streams."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from cython_ext import columns
from tests.cython_ext.conftest import CORE, Sanitized

CHECKED = "if (at >= l.used) at = l.used - 1;"
"""The line without which a hostile place in a list reads what no value was put into."""


def request(kinds: list[tuple[int, int]], stream: bytes) -> bytes:
    """A request for the reader."""
    head = bytes([len(kinds)]) + b"".join(struct.pack("<BH", kind, rows) for kind, rows in kinds)
    return head + struct.pack("<H", len(stream)) + stream


def sound(chance: np.random.Generator) -> tuple[list[tuple[int, int]], bytes]:
    """A stream of columns of several types and what it is asked for by."""
    rows = int(chance.integers(1, 300))
    walk = np.cumsum(chance.integers(-40, 41, rows))
    wave = np.rint(900 * np.sin(np.arange(rows) / 3) + chance.normal(size=rows) * 5).astype("<i2")
    given = [walk * 1000, walk / 10, chance.choice([5, 7, 900, -4], rows), wave, (walk / 8).astype("<f4")]
    blob = columns.encode(given, {"counts": [rows] * len(given)})
    return [(columns.TYPES.index(each.dtype.str[1:]), rows) for each in given], blob


def requests(count: int) -> bytes:
    """Sound streams, such with changed bytes, such that are cut, and noise."""
    found = []
    for seed in range(count):
        chance = np.random.default_rng(seed)
        kinds, blob = sound(chance)
        data = bytearray(blob)
        for at in chance.integers(0, len(data), seed % 4):
            data[at] = int(chance.integers(0, 256))
        data = data[: int(chance.integers(0, len(data)))] if seed % 5 == 1 else data
        found.append(request(kinds, chance.bytes(len(data)) if seed % 7 == 3 else bytes(data)))
    return b"".join(found)


def run(program: Path, data: bytes) -> subprocess.CompletedProcess[bytes]:
    """One run over all requests."""
    return subprocess.run([program], input=data, capture_output=True, timeout=100, check=False)


@pytest.mark.timeout(300)
def test_damaged_streams_touch_nothing_they_may_not(sanitized: Sanitized) -> None:
    done = run(sanitized("columns_reader"), requests(1500))
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert int(done.stdout.split()[0]) == 1500


@pytest.mark.timeout(300)
def test_a_check_left_out_is_found(sanitized: Sanitized, tmp_path: Path) -> None:
    core = tmp_path / "core"
    shutil.copytree(CORE, core)
    text = (core / "listed.h").read_text()
    assert CHECKED in text
    (core / "listed.h").write_text(text.replace(CHECKED, ""))
    done = run(sanitized("columns_reader", core), requests(1500))
    assert done.returncode != 0 and b"runtime error" in done.stderr
