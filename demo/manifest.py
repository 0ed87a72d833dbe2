"""manifest.json: the hand-over document of a demo, and the object that the command prints."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from demo.brokers import Broker
from demo.energy import printed
from demo.folder import Folder, fingerprint
from demo.gaps import TOLERANCE_NS
from demo.inspections import Hits
from demo.judge import Figures
from demo.options import Options
from demo.settings import NODE, SITE

NOT_JUDGED = "not judged"
_PACKAGES = ("steelyard", "pymodbus", "asyncua", "paho-mqtt", "duckdb", "pyarrow", "fastapi")


def begun(folder: Folder, options: Options, broker: Broker, listing: dict[str, Any]) -> dict[str, Any]:
    """What is known when all is set up; the figures come at the end."""
    return {
        "product": "steelyard",
        "begun": folder.known().get("begun") or now(),
        "last_start": now(),
        "mode": mode(options),
        "site": SITE,
        "node": NODE,
        "devices": listing["devices"],
        "tags": [row for row in listing["tags"] if not row["time"]],
        "keys": {name: fingerprint(path) for name, path in folder.keys().items()},
        "versions": _versions(broker),
        "ports": {"page": options.port, "broker": broker.port, "plant": plant_ports(listing)},
    }


def mode(options: Options) -> str:
    """What the meters show: the simulated mill, or the column of a table."""
    return "mill" if options.replay is None else f"replay {options.replay.name} {options.column}"


def plant_ports(listing: dict[str, Any]) -> dict[str, int]:
    """Port of each device, by its name."""
    return {
        device["id"]: device["port"]
        or int(device["endpoint"].rstrip("/").rpartition(":")[2].partition("/")[0])
        for device in listing["devices"]
    }


def result(
    figures: Figures | None, broker: str, seconds: float, devices: int, restarts: int, hits: Hits
) -> dict[str, Any]:
    """The object of `--json`; without figures nothing was judged."""
    answer: dict[str, Any] = {}
    if figures is not None:
        answer = {
            "served": figures.served,
            "accepted": figures.accepted,
            "ledger": figures.ledger,
            "stored": figures.stored,
            "lost": figures.lost,
            "unaccepted": figures.unaccepted,
            "uncovered": figures.uncovered,
            "duplicated": figures.duplicated,
            "different": figures.different,
            "energy_error": printed(figures.energy_error),
        }
    verdict = NOT_JUDGED if figures is None else "agree" if figures.agree else "differ"
    return answer | {
        "devices": devices,
        "restarts": restarts,
        "kills_hit": {
            "tail": hits.tail,
            "unreceipted": hits.unreceipted,
            "unprojected": hits.unprojected,
        },
        "seconds": round(seconds, 1),
        "broker": broker,
        "verdict": verdict,
    }


def ended(begun: dict[str, Any], result: dict[str, Any], figures: Figures | None) -> dict[str, Any]:
    """The manifest with its counts, figures and verdict."""
    counts = {key: result[key] for key in ("served", "accepted", "ledger", "stored") if key in result}
    return begun | {
        "ended": now(),
        "counts": counts,
        "figures": {key: value for key, value in result.items() if key not in counts and key != "verdict"},
        "tolerance": {"gap_bounds_s": TOLERANCE_NS // 1_000_000_000},
        "examples": {} if figures is None else _examples(figures),
        "verdict": result["verdict"],
    }


def _examples(figures: Figures) -> dict[str, list[str]]:
    return {kind: [str(example) for example in examples] for kind, examples in figures.examples.items()}


def now() -> str:
    """UTC, in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _versions(broker: Broker) -> dict[str, str]:
    known = {"python": platform.python_version(), "kernel": platform.release()}
    for package in _PACKAGES:
        try:
            known[package] = version(package)
        except PackageNotFoundError:
            continue
    if broker.version is not None:
        known[broker.kind] = broker.version
    return known
