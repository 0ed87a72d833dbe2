"""Spans of time in order, of which those that touch another span are found without looking at all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Span(Generic[T]):
    """from_ ≤ t < to, UTC ns."""

    from_: int
    to: int
    item: T


class Timeline(Generic[T]):
    """Spans sorted by their beginning; they may overlap."""

    def __init__(self, spans: Iterable[Span[T]]) -> None:
        self.spans = sorted(spans, key=lambda span: (span.from_, span.to))
        self.begins = [span.from_ for span in self.spans]
        self.ends = list(accumulate((span.to for span in self.spans), max))

    def touching(self, from_: int, to: int) -> list[T]:
        """What shares time with from_ … to, in order."""
        low, high = bisect_right(self.ends, from_), bisect_left(self.begins, to)
        return [span.item for span in self.spans[low:high] if span.to > from_]


def joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap or touch, as one."""
    made: list[tuple[int, int]] = []
    for a, b in sorted(spans):
        if made and a <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], b))
        else:
            made.append((a, b))
    return made


def without(spans: list[tuple[int, int]], cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans less cuts; both apart and ascending."""
    made = []
    for a, b in spans:
        for c, d in cuts:
            if d <= a or c >= b:
                continue
            if c > a:
                made.append((a, c))
            a = d
            if a >= b:
                break
        if a < b:
            made.append((a, b))
    return made
