"""What it costs to settle the year that a back-fill has left in memory, and to read it. One JSON object.

    python -m bench.store

hours: each past hour as one Parquet file, as it once was. days: each past day as one. Seconds of wall clock and of
processor, in one run on one disk: compare them with each other, not with another machine.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cloud.store.base import Column
from cloud.store.parquet import ParquetStore
from contract.tags import Tag

HOUR = 3_600 * 10**9
DAYS, TAGS, ROWS = 365, 28, 4
FIRST = 1_700_006_400 * 10**9 // HOUR
NAMES = [f"m{number}" for number in range(TAGS)]


def fill(store: ParquetStore) -> None:
    """A year of quarter hours of every tag, and an hour of the present day."""
    times = FIRST * HOUR + 1 + np.arange((DAYS * 24 + 1) * ROWS, dtype=np.int64) * (HOUR // ROWS)
    zeros = np.zeros(len(times), np.uint8)
    for name in NAMES:
        raw = (np.arange(len(times)) % 1000).astype(np.int32)
        store.write("mill", [Column("edge", Tag(name, "int32", "kW"), times, raw, zeros, zeros)])


def timed(action: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Seconds of wall clock and of processor, and what it gave."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = action()
    return {
        "wall_s": round(time.perf_counter() - wall, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
    }, found


def read(store: ParquetStore) -> Any:
    """One tag of the year by hours."""
    return store.series("mill", NAMES[:1], FIRST * HOUR, (FIRST + DAYS * 24) * HOUR, HOUR, "last")


def main() -> None:
    """Both ways, their files and their series."""
    report: dict[str, Any] = {"hours": {}, "days": {}}
    series = []
    for way in report:
        with tempfile.TemporaryDirectory() as folder:
            store = ParquetStore(Path(folder))
            fill(store)
            settle = store.flush if way == "hours" else lambda store=store: store.settle("mill", 0, 2**62)
            report[way]["settle"], _ = timed(settle)
            store.close()
            report[way]["files"] = sum(1 for _ in Path(folder).rglob("*.parquet"))
            again = ParquetStore(Path(folder))
            report[way]["count"], values = timed(again.count)
            report[way]["read"], table = timed(lambda again=again: read(again))
            series.append((values, table))
            again.close()
    assert series[0] == series[1]
    ratio = round(report["hours"]["settle"]["wall_s"] / report["days"]["settle"]["wall_s"], 1)
    print(json.dumps({"values": series[0][0], **report, "hours_over_days": ratio}))


if __name__ == "__main__":
    main()
