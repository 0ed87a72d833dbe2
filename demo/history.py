"""The mill's past: a year that the edge back-fills at the first start. For people only: nothing of it is judged."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.commands import run_json
from demo.errors import BadInput
from demo.folder import Folder
from demo.options import Options
from demo.supervisor import Supervisor
from demo.words import Text

IMPORTS = ("production.csv", "wastewater.csv")
PATIENCE = 120.0
"""Seconds that making the history, or one import of it, may take."""


@dataclass(frozen=True)
class Past:
    """A recorded history that ends at *until* (RFC 3339) and lies in *folder*."""

    folder: Path
    days: int
    until: str

    def file(self, device: str) -> str | None:
        """The file of a device from the folder of edge.yaml, if it has one."""
        path = self.folder / f"{device}.npz"
        return f"../plant/history/{path.name}" if path.is_file() else None

    def imports(self) -> list[Path]:
        """The CSV files that the desk imports, in order."""
        return [path for name in IMPORTS if (path := self.folder / name).is_file()]

    def places(self) -> dict[str, list[str]]:
        """The points that the imported rows are of, and the quantities of each, in order."""
        found: dict[str, dict[str, None]] = {}
        for path in self.imports():
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    found.setdefault(row["point"], {})[row["quantity"]] = None
        return {point: list(quantities) for point, quantities in found.items()}

    def noted(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"days": self.days, "until": self.until}


def past(options: Options, folder: Folder, known: dict[str, Any], supervisor: Supervisor) -> Past | None:
    """The history of a folder; made at its first start where one is wanted, kept ever after.

    Raises BadInput where a run that is judged finds one: the plant's account does not have its rows.
    """
    place = folder.root / "plant" / "history"
    kept = known.get("history")
    if kept:
        if options.check:
            raise BadInput(Text.HISTORY_NOT_JUDGED(folder=folder.root))
        return Past(place, int(kept["days"]), str(kept["until"]))
    days = options.days_of_history
    if not days or known.get("begun"):
        return None
    until = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    command = ["steelyard-plant", "history", "--workdir", str(folder.root), "--until", until]
    command += ["--days", str(days), "--json"]
    command += [] if options.seed is None else ["--seed", str(options.seed)]
    run_json(supervisor, command, PATIENCE)
    return Past(place, days, until)
