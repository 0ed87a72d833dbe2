"""What a plant remembers from run to run, so that a kill at any moment shows in no counter and no clock."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from plant import account
from plant.errors import BadInput
from plant.settings import write_json
from plant.words import Text


@dataclass(slots=True)
class State:
    """seed and source of the values, plant time of the first start, the plant's latest time, and how far the
    account had been followed: read counters by device and latest time (UTC ns) by tag."""

    seed: int
    source: str
    origin_ns: int
    plant_ns: int
    account_bytes: int = 0
    counters: dict[str, int] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)

    def follow(self, path: Path) -> None:
        """Take in the account's rows that were written after this state."""
        size = path.stat().st_size
        if size < self.account_bytes:
            self.account_bytes = 0
        for device, tag, counter, time_ns in account.scan(path, self.account_bytes):
            if counter >= 0:
                self.counters[device] = counter
            self.latest[tag] = max(time_ns, self.latest.get(tag, 0))
            self.plant_ns = max(time_ns, self.plant_ns)
        self.account_bytes = size

    def save(self, folder: Path) -> None:
        """Keep it in state.json. Raises CannotRun when that cannot be written."""
        write_json(folder / "state.json", asdict(self))


def load(folder: Path) -> State | None:
    """The kept state, None on the first run. Raises BadInput when it is damaged."""
    path = folder / "state.json"
    if not path.exists():
        return None
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(Text.AT_LINE(path=path, line=1, key="", why=str(error))) from None
