"""Run both commands of README on a bare Debian 12, from a clone, as a user and as root; write what came of it as JSON.

    python -m scripts.bare --out docs/results/bare.json [--seed N]

The user has a home; root has none, and works in a clone that belongs to the user. Neither has a LANG. What each command
says is kept in build/bare/. Exit status: 0 all ended well, 1 one did not, 2 it can't be tried here.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from scripts import bare_machine
from scripts.bare_machine import USER

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "bare"
PLACES = {USER: f"home/{USER}/steelyard", "root": "srv/steelyard"}
"""Where each user's clone is; both belong to the ordinary user."""
VARIABLES: dict[str, dict[str, str]] = {USER: {"HOME": f"/home/{USER}"}, "root": {}}
COUNTS = re.compile(r"(\d+) (passed|skipped|failed|errors?)\b")
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] \S+: (.*)$", flags=re.M)
TIMEOUT_S = 3600.0
TIMED_OUT = 124
"""Exit status of a command that took longer, as `timeout` has it."""


def commands() -> dict[str, str]:
    """The two commands. The demo ends by itself with its judge's verdict, at a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "demo": f'make demo DEMO_ARGS="--seconds 20 --check --json --port {port}"',
        "test": "make test",
    }


def verdict(text: str) -> dict[str, Any]:
    """What the demo's judge counted; empty where it came to no verdict."""
    begin = text.rfind("\n{")
    found: dict[str, Any] = json.loads(text[begin:]) if begin >= 0 else {}
    return {
        name: found[name] for name in ("served", "stored", "lost", "duplicated", "different") if name in found
    }


def tests(text: str) -> dict[str, Any]:
    """How many tests passed, were skipped (and why) and failed, by the last line of pytest."""
    lines = [line for line in text.splitlines() if re.search(r"\d+ passed.* in [\d.]+s", line)]
    counts = {what: int(number) for number, what in COUNTS.findall(lines[-1] if lines else "")}
    reasons: Counter[str] = Counter()
    for number, reason in SKIPPED.findall(text):
        reasons[reason] += int(number)
    return {**counts, "reasons": dict(sorted(reasons.items()))}


def tried(root: Path, user: str, name: str, command: str, seed: int) -> dict[str, Any]:
    """One command of one user: exit status, seconds, and what it counted."""
    log = LOGS / f"{user}-{name}.log"
    more = {**VARIABLES[user], "PYTEST_ADDOPTS": f"--hypothesis-seed={seed}"}
    begin = time.monotonic()
    with log.open("w", encoding="utf-8") as file:
        try:
            status = bare_machine.run(root, user, PLACES[user], command, more, file, TIMEOUT_S)
        except subprocess.TimeoutExpired:
            status = TIMED_OUT
    seconds = round(time.monotonic() - begin, 1)
    text = log.read_text(encoding="utf-8", errors="replace")
    counted = {"verdict": verdict(text)} if name == "demo" else {"tests": tests(text)}
    print(f"bare: {user}: {command}: exit {status} after {seconds} s", flush=True)
    return {"user": user, "command": command, "exit": status, "seconds": seconds, **counted}


def clone(root: Path) -> None:
    """A clone for each user, of what is committed."""
    for place in PLACES.values():
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, root / place], check=True)
        bare_machine.give(root, place, USER)


def machine(root: Path) -> dict[str, Any]:
    """What the bare machine is, and what it runs on."""
    release = dict(
        line.split("=", 1) for line in (root / "etc/os-release").read_text().splitlines() if "=" in line
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), flags=re.M)
    return {
        "system": release["PRETTY_NAME"].strip('"'),
        "packages": list(bare_machine.PACKAGES),
        "processor": models[0] if models else os.uname().machine,
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
    }


def measured(seed: int) -> dict[str, Any]:
    """Everything, in a folder below /tmp that is gone afterwards."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="steelyard-bare-") as folder:
        root = Path(folder) / "root"
        bare_machine.make(root)
        clone(root)
        about = machine(root)
        # The user first: root's tests install the packages that his do without.
        runs = [tried(root, user, *each, seed) for user in PLACES for each in commands().items()]
    return {
        "commit": head.stdout.strip(),
        "seed": seed,
        "machine": about,
        "seconds": round(time.monotonic() - begin, 1),
        "runs": runs,
    }


def main() -> int:
    """Measure and write; 1 when a command ended badly."""
    parser = argparse.ArgumentParser(prog="scripts.bare", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the JSON to write")
    parser.add_argument("--seed", type=int, default=1, help="of the tests' generated examples")
    asked = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("mmdebstrap") is None:
        print("bare: needs root and mmdebstrap (make deps)", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    found = measured(asked.seed)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 1 if any(run["exit"] for run in found["runs"]) else 0


if __name__ == "__main__":
    sys.exit(main())
