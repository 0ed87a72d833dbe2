"""What it costs to keep the books of a year up to date when fifteen seconds of live rows came in. One JSON object.

    python -m bench.books [--rounds 20]

whole: reading all of the ledger, as each refresh once did. on: reading on. Milliseconds of wall clock and of processor,
medians of the rounds of one run, in which both take turns: compare them with each other, not with another machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.year import SITE, Year
from cloud.read_models.days import Days


def measured(action: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of wall clock and of processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return 1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - cpu)


def main() -> None:
    """Build the year, take turns, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        year = Year(Path(folder))
        kept, times = Days(year.settings, SITE), {"whole": [], "on": []}
        kept.read()
        for number in range(rounds):
            year.live(number)
            times["on"].append(measured(kept.read))
            times["whole"].append(measured(Days(year.settings, SITE).read))
        same = kept.read().declared == Days(year.settings, SITE).read().declared
    found = {name: {"wall_ms": _median(of, 0), "cpu_ms": _median(of, 1)} for name, of in times.items()}
    ratio = {key: round(found["whole"][key] / found["on"][key], 1) for key in ("wall_ms", "cpu_ms")}
    print(json.dumps({"rows": year.rows, "rounds": rounds, "same": same, **found, "whole_over_on": ratio}))


def _median(times: list[tuple[float, float]], of: int) -> float:
    return round(statistics.median(item[of] for item in times), 2)


if __name__ == "__main__":
    main()
