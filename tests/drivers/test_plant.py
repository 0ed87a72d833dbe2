"""Every driver against the simulated plant: what is handed over is what the plant's own account says it served."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.tags import Layout, from_bits
from drivers.table import driver
from edge.settings import Settings, load, read_counters, to_devices, to_schema

PLANT = [sys.executable, "-c", "from plant.main import main; main()"]
KEYS = {"tag": "name", "type": "type", "physical_unit": "unit", "kind": "kind", "scale": "scale", "offset": "offset",
        "max_rate": "max_rate", "meter": "meter", "address": "address", "table": "table", "order": "order",
        "node": "node"}  # fmt: skip
TIMEOUT = 5.0  # seconds: on the busiest machine no answer comes too late


def listing(folder: Path) -> dict[str, Any]:
    command = [*PLANT, "--list", "--json", "--workdir", str(folder)]
    return dict(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def settings_of(plant: dict[str, Any]) -> dict[str, Any]:
    """An edge.yaml that reads all of the plant."""
    devices = []
    for device in plant["devices"]:
        where = {key: device[key] for key in ("host", "port", "unit", "endpoint") if device[key] is not None}
        groups: dict[str, Any] = {}
        if "endpoint" in where:
            where, common = {"endpoint": where["endpoint"]}, {"every": 0.3, "time_source": "device"}
        else:
            common = {"every": 0.05, "time_from": {"address": 2, "type": "uint64"}}
        for row in plant["tags"]:
            if row["device"] != device["id"] or row["time"]:
                continue
            group = groups.setdefault(row["group"], {"id": row["group"], "tags": [], **common})
            tag = {to: row[key] for key, to in KEYS.items() if row[key] is not None}
            if row["kind"] == "counter" and row["meter"]:
                tag["carrier"] = row["carrier"]
            if row["read_counter"]:
                group["read_counter"] = row["tag"]
            group["tags"].append(tag)
        head = {"id": device["id"], "protocol": device["protocol"], "timeout": TIMEOUT}
        devices.append({**head, **where, "groups": list(groups.values())})
    return {"node": "n", "site": "s", "devices": devices}


def accounted(path: Path) -> Counter[tuple[str, str, int, str]]:
    """(tag, read counter, UTC ns, number) of each value served."""

    def ns(text: str) -> int:
        whole, fraction = text.removesuffix("Z").split(".")
        return int(datetime.fromisoformat(whole + "+00:00").timestamp()) * 10**9 + int(fraction)

    with path.open(encoding="utf-8", newline="") as file:
        return Counter((r["tag"], r["counter"], ns(r["time"]), r["raw"]) for r in csv.DictReader(file))


def handed_over(sink: Any, loaded: Settings) -> Counter[tuple[str, str, int, str]]:
    counters, found = read_counters(loaded), Counter[tuple[str, str, int, str]]()
    for rows in sink.all_rows():
        tags = rows.group.tags
        for i, at in enumerate(rows.time.tolist()):
            if rows.group.layout is Layout.EVENTS:
                tag = tags[rows.data["tag"][i]]
                value = from_bits(rows.data["value"][i : i + 1], tag.dtype)[0].item()
                found[tag.name, "", at, repr(value)] += 1
            else:
                row = rows.data[i].item()
                found.update((tag.name, str(row[counters[rows.group.id]]), at, repr(value))
                             for tag, value in zip(tags, row, strict=True))  # fmt: skip
    return found


def some(values: Counter[tuple[str, str, int, str]]) -> list[tuple[tuple[str, str, int, str], int]]:
    """The first few values and how often each is there: an assertion that shows thousands shows nothing."""
    return sorted(values.items())[:5]


@pytest.mark.long
async def test_what_is_read_is_what_was_served(tmp_path: Path, sink: Any) -> None:
    hold = [*PLANT, "hold", "--workdir", str(tmp_path)]
    plant = subprocess.Popen([*PLANT, "run", "--workdir", str(tmp_path)], stderr=subprocess.DEVNULL)
    try:
        await _ready(tmp_path)
        path = tmp_path / "edge.yaml"
        path.write_text(yaml.safe_dump(settings_of(listing(tmp_path)), allow_unicode=True), "utf-8")
        loaded = load(path)
        drivers = [driver(device) for device in to_devices(loaded, to_schema(loaded))]
        runs = [asyncio.create_task(each.run(sink)) for each in drivers]
        await asyncio.sleep(5)
        # a value that changes between the last publish and the end of the subscription is served and never sent
        await asyncio.to_thread(subprocess.run, hold, capture_output=True, check=True)
        for each in drivers:
            each.stop()
        await asyncio.wait_for(asyncio.gather(*runs), 20)
    finally:
        plant.terminate()
        plant.wait(10)
    served, read = accounted(tmp_path / "plant" / "account.csv"), handed_over(sink, loaded)
    tags = {tag.name for group in to_schema(loaded).groups for tag in group.tags}
    assert len(read) > 1000 and {tag for tag, *_ in read} == tags
    assert some(read - served) == [], "read, but the plant did not serve it"
    assert some(served - read) == [], "served, but not read"
    assert {cause for _, cause in sink.gaps()} <= {"overrun"}, "on a busy machine a cycle may come too late"


async def _ready(folder: Path) -> None:
    """Wait until every device of the plant takes connections."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        await asyncio.sleep(0.3)
        if not (folder / "plant" / "account.csv").exists():
            continue
        try:
            for device in listing(folder)["devices"]:
                port = device["port"] or int(device["endpoint"].rpartition(":")[2].strip("/"))
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
            return
        except OSError:
            continue
    raise TimeoutError("the plant does not start")
