"""What a node of many tags costs at its start: settings, schema, store. One JSON object.

    python -m bench.schema [--tags 20000] [--groups 500]

first: a start on an empty journal; again: the next one with the same settings; changed: one after a change of one
group. Each is a process of its own. settings: reading the file; store: opening the store, its schema sealed; each as
seconds of [wall clock, processor]; rss_mb: the most memory that the process held; statements: what the start sealed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HEAD = "node: bench\nsite: mill\ndevices:\n"
DEVICE = "  - {{id: line{0}, protocol: modbus-tcp, host: 127.0.0.1, groups: [\n      {{id: line{0}, every: 1, tags: [\n"
TAG = (
    '        {{name: line{0}.value{1}, type: float32, scale: "0.1", unit: {2}, address: {3},'
    " title: {{zh: 值, en: Value}}}},\n"
)


def settings_file(folder: Path, tags: int, groups: int, unit: str) -> Path:
    """An edge.yaml; unit: that of the tags of one group."""
    text = HEAD
    for group in range(groups):
        of = unit if group == groups // 2 else "kW"
        text += DEVICE.format(group)
        text += "".join(TAG.format(group, tag, of, 2 * tag) for tag in range(tags // groups)) + "      ]}]}\n"
    path = folder / "edge.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def start(path: Path) -> dict[str, Any]:
    """Start the parts of an edge that know the schema; call it in a fresh process."""
    began = _now()
    from edge.edge_store import EdgeStore
    from edge.node import Node
    from edge.settings import load, to_schema
    from journal.files import REAL
    from journal.keyfiles import load_key, make_key

    imported = _now()
    schema = to_schema(load(path))
    read = _now()
    key = path.parent / "node.key"
    if not key.exists():
        make_key(key, path.parent / "node.pub")
    node = Node("bench", "mill", load_key(key))
    journal = path.parent / "journal"
    journal.mkdir(exist_ok=True)
    store = EdgeStore(journal, node, schema, {}, 1 << 20, REAL)
    store.begin()
    opened = _now()
    newest = {head.incarnation for head in store.book.heads.values()}
    sealed = sum(stored.incarnation in newest for stored in store.book.unreceipted.values())
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    marks = {"import": (began, imported), "settings": (imported, read), "store": (read, opened)}
    times = {name: [round(b - a, 2) for a, b in zip(*pair, strict=True)] for name, pair in marks.items()}
    return {**times, "rss_mb": round(peak), "statements": sealed}


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def main() -> None:
    """Start three times, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tags", type=int, default=20_000)
    parser.add_argument("--groups", type=int, default=500)
    parser.add_argument(
        "--json", action="store_true", help="accepted for other scripts; the output is JSON in any case"
    )
    parser.add_argument("--start", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.start is not None:
        print(json.dumps(start(given.start)))
        return
    found: dict[str, Any] = {"tags": given.tags, "groups": given.groups}
    with tempfile.TemporaryDirectory() as folder:
        for name, unit in (("first", "kW"), ("again", "kW"), ("changed", "V")):
            path = settings_file(Path(folder), given.tags, given.groups, unit)
            command = [sys.executable, "-m", "bench.schema", "--start", str(path)]
            found[name] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
