"""What a block costs: bytes and time a value, for the steps of the edge and the cloud. One JSON object on stdout.

Columns are those of real tables where $STEELYARD_DATA (default ../shared/data) has them, else a synthetic meter.
Times are the best of several rounds in this run: compare them with each other, not with another machine.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import block, seal
from contract.block import SALT
from contract.schema import Schema
from contract.seal import Clock, Sealer
from contract.tags import Group, Layout, Rows, Tag
from journal.segments import Segments

ROOT = Path(__file__).resolve().parent.parent
ROWS, ROUNDS = 256, 40


def tables() -> dict[str, list[np.ndarray[Any, Any]]]:
    """Columns by name of the table, ROWS rows each."""
    folder = Path(os.environ.get("STEELYARD_DATA", ROOT.parent / "shared" / "data"))
    found: dict[str, list[np.ndarray[Any, Any]]] = {}
    for path in sorted(folder.glob("slow_*.npz")):
        with np.load(path) as loaded:
            columns = [loaded[name][:ROWS] for name in loaded.files if name != "t_ns"]
        found[path.stem] = [column for column in columns if column.dtype == np.float64]
    steps = np.random.default_rng(0).integers(0, 40, ROWS)
    found["synthetic_meter"] = [np.cumsum(steps).astype(np.float64) / 100, np.round(steps * 3.6, 2)]
    return found


def best(action: Callable[[], Any]) -> float:
    """Seconds of the fastest of ROUNDS calls."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(name: str, columns: list[np.ndarray[Any, Any]], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Bytes and nanoseconds a value of one table."""
    tags = tuple(Tag(f"t{i}", "float64", "1") for i in range(len(columns)))
    group = Group("g", "d", "modbus-tcp", "process", Layout.TABLE, 10**9, "edge", tags)
    schema = Schema("0" * 64, 0, (group,))
    data = np.zeros(ROWS, group.row)
    for i, column in enumerate(columns):
        data[f"f{i}"] = column
    rows = Rows(group, np.arange(ROWS, dtype=np.int64) * 10**9, data)
    chain, clock = Sealer("n", "process", 1, bytes(16)), Clock(0, 0, 0)
    sealed = seal.seal_rows([rows], ROWS, schema, chain, clock, key, bytes(SALT))
    values = ROWS * len(columns)
    body = block.parse(sealed.data)[2][SALT:]
    make = best(lambda: seal.seal_rows([rows], ROWS, schema, chain, clock, key, bytes(SALT)))
    check = best(lambda: seal.verify(sealed.data, key.public_key()))
    decode = best(lambda: block.decode_rows(body, schema))
    return {
        "table": name,
        "values": values,
        "bytes_per_value": round(len(sealed.data) / values, 3),
        "seal_ns_per_value": round(make / values * 1e9, 1),
        "verify_us_per_block": round(check * 1e6, 1),
        "decode_ns_per_value": round(decode / values * 1e9, 1),
    }


def ledger() -> dict[str, Any]:
    """Microseconds of one append with its own fdatasync, and in groups of 64."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        segments = Segments(Path(folder))
        data = bytes(4000)

        def group(size: int) -> None:
            for _ in range(size):
                segments.append(0, data)
            segments.sync()

        single, many = best(lambda: group(1)), best(lambda: group(64))
        segments.close()
    return {
        "append_sync_us": round(single * 1e6, 1),
        "append_sync_us_in_groups_of_64": round(many / 64 * 1e6, 1),
    }


def main() -> None:
    """Print the measurements."""
    key = Ed25519PrivateKey.generate()
    found = [measure(name, columns, key) for name, columns in tables().items()]
    print(json.dumps({"rows": ROWS, "tables": found, "ledger": ledger()}, indent=1))


if __name__ == "__main__":
    main()
