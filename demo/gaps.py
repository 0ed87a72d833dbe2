"""Gap statements as intervals per device."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

# The account's time is the plant's when it answered, a row's the edge's when the answer was in: a
# gap's bounds are row times, so a value is taken as inside up to a second beyond them (ns).
TOLERANCE_NS = 1_000_000_000
_EVER = 1 << 63


@dataclass(frozen=True)
class Gap:
    """From `start` to `end`, UTC ns, both inclusive, values of `device` may be missing; None is open."""

    device: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Gaps:
    """Merged intervals per device, for a quick look-up."""

    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, gaps: Iterable[Gap]) -> Gaps:
        """Widen each gap by TOLERANCE_NS and merge those that touch."""
        by_device: dict[str, list[tuple[int, int]]] = {}
        for gap in gaps:
            start = -_EVER if gap.start is None else gap.start - TOLERANCE_NS
            end = _EVER if gap.end is None else gap.end + TOLERANCE_NS
            by_device.setdefault(gap.device, []).append((start, end))
        return cls({device: _merged(sorted(spans)) for device, spans in by_device.items()})

    def cover(self, device: str, time: int) -> bool:
        """Whether `time` (UTC ns) lies in a gap of `device`."""
        spans = self.spans.get(device, [])
        at = bisect_right(spans, (time, _EVER)) - 1
        return at >= 0 and time <= spans[at][1]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
