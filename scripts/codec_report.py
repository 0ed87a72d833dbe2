"""Measure our column codec beside the known ones and write docs/benchmarks.md: `make bench-codec`.

The bench and the recorded signals stand beside the project: STEELYARD_BENCH and STEELYARD_DATA, by default ../shared/….
What is reported is the second half of each file.
"""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("STEELYARD_BENCH", ROOT.parent / "shared" / "bench")) / "codecs"
DATA = Path(os.environ.get("STEELYARD_DATA", ROOT.parent / "shared" / "data"))
PAGE = ROOT / "docs" / "benchmarks.md"
BLOCKS = (64, 256, 1024, 4096)
OURS, PEER = "steelyard dense", "pco8"
REAL = ("slow_float", "counter", "timestamps", "status", "wave_int", "wave_float")
TARGETS = {
    "slow_float": (0.72, 0.84), "counter": (0.83, 0.92), "timestamps": (0.80, 1.00),
    "timestamps_regular": (0.60, 0.60), "status": (0.60, 0.75), "wave_int": (0.98, 0.97), "wave_float": (0.89, 1.00),
}  # fmt: skip
"""Size by the smallest known codec that is asked for, at 256 and at 1024 rows."""
Row = dict[str, Any]


def second_halves(folder: Path) -> None:
    """The second half of every array that is long, in files of the same names."""
    for path in sorted(DATA.glob("*.npz")):
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        longest = max(array.size for array in arrays.values())
        halves = {
            name: array[array.size // 2 :] if array.size == longest else array
            for name, array in arrays.items()
        }
        np.savez_compressed(folder / path.name, **halves)


def measured(python: str) -> list[Row]:
    """The rows of one run of the bench: class, block, codec, bytes a value, µs a call."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        second_halves(folder)
        out = folder / "rows.json"
        blocks = ",".join(map(str, BLOCKS))
        command = [python, str(BENCH / "bench.py"), "--plugin", "bench.codecs_plugin:CODECS", "--data", made]
        run = [*command, "--blocks", blocks, "--json", str(out)]
        subprocess.run(
            run, cwd=ROOT, check=True, stdout=sys.stderr, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        rows: list[Row] = json.loads(out.read_text())
    return rows


def best(rows: list[Row], class_: str, block: int) -> Row:
    """The smallest of the others that encodes this class and needs no more than the block."""
    others = [
        row for row in rows
        if (row["cls"], row["block"]) == (class_, block) and row["ok"]
        and not any(word in row["codec"] for word in ("steelyard", "oracle", "(file)"))
    ]  # fmt: skip
    return min(others, key=lambda row: float(row["bps"]))


def one(rows: list[Row], class_: str, block: int, codec: str) -> Row:
    """The row of a codec."""
    return next(row for row in rows if (row["cls"], row["block"], row["codec"]) == (class_, block, codec))


def line(rows: list[Row], class_: str, block: int) -> str:
    """A line of the table."""
    ours, peer, least = (
        one(rows, class_, block, OURS), one(rows, class_, block, PEER), best(rows, class_, block),
    )  # fmt: skip
    asked = dict(zip((256, 1024), TARGETS.get(class_, ()), strict=False)).get(block)
    size = ours["bps"] / least["bps"]
    mark = "" if asked is None else f"{asked:.2f}{'' if size <= asked else ' missed'}"
    return (
        f"| {class_} | {ours['bps']:.4f} | {least['codec']} {least['bps']:.4f} | {size:.3f} | {mark} "
        f"| {ours['bps'] / peer['bps']:.3f} | {ours['enc_us']:.1f} | {peer['enc_us'] / ours['enc_us']:.1f} "
        f"| {ours['dec_mbs']:.0f} |"
    )


def mean(rows: list[Row], block: int, other: str) -> float:
    """Geometric mean over the real classes of our size by that of the smallest, or of a codec."""
    logs = [
        math.log(
            one(rows, each, block, OURS)["bps"]
            / (best(rows, each, block) if other == "best" else one(rows, each, block, other))["bps"]
        )
        for each in REAL
    ]
    return math.exp(sum(logs) / len(logs))


def page(rows: list[Row]) -> str:
    """docs/benchmarks.md."""
    classes = list(dict.fromkeys(row["cls"] for row in rows if row["codec"] == OURS))
    parts = [HEAD.format(machine=machine(), day=f"{datetime.now(UTC):%Y-%m-%d}")]
    for block in BLOCKS:
        parts.append(TABLE.format(block=block) + "\n".join(line(rows, each, block) for each in classes))
        parts.append(
            f"Over the six real classes (geometric mean): {mean(rows, block, 'best'):.3f} of the smallest known codec, "
            f"{mean(rows, block, PEER):.3f} of pcodec at level 8."
        )
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """Processor, cores and versions."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    cpu = next((text.split(":")[1].strip() for text in lines if "model name" in text), platform.machine())
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {version('numpy')}"


HEAD = """# Benchmarks of the column codec

Made by `make bench-codec` on {day}: {machine}.

Real recorded signals, each block decoded and compared bit for bit; times
are processor time of a call from Python on a machine that others use as well, good as ratios within this run. Reported
is the second half of each file. How fast the mean residual follows and how far one residual moves it
(`cython_ext/core/residuals.h`) were chosen on whole files: these two constants have seen what is reported."""
TABLE = """## {block} rows

| class | bytes a value | smallest known | by it | asked | by pcodec-8 | encode µs | times pcodec-8 | decode MB/s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def main() -> None:
    """Write the page. An argument names the Python that has the other codecs."""
    if not (BENCH / "bench.py").is_file() or not DATA.is_dir():
        sys.exit(f"no bench at {BENCH} or no signals at {DATA}: set STEELYARD_BENCH and STEELYARD_DATA")
    PAGE.write_text(page(measured(sys.argv[1])), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
