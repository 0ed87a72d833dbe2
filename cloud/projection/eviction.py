"""Which hours of the state are to be closed: those that are over and idle, and more when memory runs out."""

from __future__ import annotations

import time

from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection.hour_chunk import HOUR
from cloud.projection.state import Key, State

IDLE_S = 120.0
"""An hour that is over and was not touched for so long is closed, seconds."""
BUDGET = 1_500_000
"""Values of open hours above which the ones not touched for longest are closed, at about 80 bytes each."""
SLICE = 240
"""Most hours that are closed in one go."""


def hours(state: State) -> list[Key]:
    """Hours to close now, the oldest that are idle first."""
    return list(dict.fromkeys([*sorted(_idle(state)), *_surplus(state)]))[:SLICE]


def _idle(state: State) -> list[Key]:
    heads: dict[SiteNode, int] = {}
    for (place, _), head in state.latest.heads.items():
        heads[place] = max(head, heads.get(place, head))
    since = time.monotonic() - IDLE_S
    return [
        (place, hour)
        for place, chunks in state.chunks.items()
        for hour, chunk in chunks.items()
        if chunk.touched < since and (hour + 1) * HOUR <= heads.get(place, 0)
    ]


def _surplus(state: State) -> list[Key]:
    """Hours to close, the ones not touched for longest first, until half of the budget is free again."""
    chunks = state.chunks
    sizes = {(place, hour): len(chunk) for place, of in chunks.items() for hour, chunk in of.items()}
    held, found = sum(sizes.values()), list[Key]()
    if held <= BUDGET:
        return found
    for key in sorted(sizes, key=lambda key: chunks[key[0]][key[1]].touched)[:-1]:
        if held <= BUDGET // 2:
            break
        found.append(key)
        held -= sizes[key]
    return found
