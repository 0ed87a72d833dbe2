"""The last accepted row of each group and tag: where a gap begins, and which values a new subscription repeats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from contract.quality import Origin
from contract.tags import Layout, Rows


@dataclass
class LastAccepted:
    """The last accepted row of each group (UTC ns), and of each tag of an events group: (time, bits, status).

    recorded: the newest row of each group that was not read but handed over from a recorded history, UTC ns.
    """

    groups: dict[str, int] = field(default_factory=dict)
    tags: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    recorded: dict[str, int] = field(default_factory=dict)

    def update(self, rows: Rows) -> None:
        """Note accepted rows; pieces may come in any order."""
        if len(rows) == 0:
            return
        newest = int(rows.time.max())
        known = self.recorded if rows.origin is Origin.BACKFILL else self.groups
        known[rows.group.id] = max(newest, known.get(rows.group.id, newest))
        if rows.origin is Origin.BACKFILL:
            return
        if rows.group.layout is Layout.EVENTS:
            self._update_events(rows)

    def _update_events(self, rows: Rows) -> None:
        times = rows.time if rows.source_time is None else rows.source_time
        for tag in np.unique(rows.data["tag"]):
            at = int(np.flatnonzero(rows.data["tag"] == tag)[-1])
            name = rows.group.tags[int(tag)].name
            status = 0 if rows.status is None else int(rows.status[at])
            newest_of_tag = (int(times[at]), int(rows.data["value"][at]), status)
            if newest_of_tag[0] >= self.tags.get(name, newest_of_tag)[0]:
                self.tags[name] = newest_of_tag
