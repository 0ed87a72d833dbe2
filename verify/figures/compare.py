"""What was published beside what was computed again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.figures.messages import MemberAbsent, MemberDiffers, MembersDiffer, MemberTooMany
from verify.formats.message import Message, shown

Interval = list[str | None] | None
WORDS = ("warnings",)  # for people; the page does not fix them


@dataclass(frozen=True)
class Near:
    """Numbers of floating point behind the texts of a member, None for one that is not there; how they are written."""

    write: Callable[[Fraction], str]
    numbers: Sequence[Fraction | None]

    def fits(self, published: Any) -> bool:
        """Whether texts round the numbers, which may lie 1e-9 beside those of the writer."""
        texts = published if isinstance(published, list) else [published]
        if len(texts) != len(self.numbers):
            return False
        pairs = zip(texts, self.numbers, strict=True)
        return all(text is None if number is None else self._rounds(text, number) for text, number in pairs)

    def _rounds(self, published: Any, exact: Fraction) -> bool:
        """Whether a text is one of the two that a number a hair beside the exact one would be rounded to."""
        hair = abs(exact) / 10**9
        return isinstance(published, str) and published in (
            self.write(exact - hair),
            self.write(exact + hair),
        )


@dataclass(frozen=True)
class Compared:
    """One figure. published, recomputed: decimal strings; None where one side does not have it.

    intervals: [low, high] as published and as recomputed, None where one side has none.
    """

    id: str
    kind: str
    point: str | None
    published: str | None
    recomputed: str | None
    unit: str
    why: Message | None = None
    intervals: tuple[Interval, Interval] = (None, None)

    @property
    def ok(self) -> bool:
        return self.why is None

    def json(self) -> dict[str, object]:
        row: dict[str, object] = {
            "id": self.id,
            "kind": self.kind,
            "point": self.point,
            "published": self.published,
            "recomputed": self.recomputed,
            "unit": self.unit,
            "ok": self.ok,
        }
        if any(self.intervals):
            row["interval"] = dict(zip(("published", "recomputed"), self.intervals, strict=True))
        return row if self.why is None else {**row, "why": str(self.why), **self.why.json()}


def interval(members: Mapping[str, Any]) -> Interval:
    """The interval of a figure, as far as it can be shown."""
    found = members.get("interval")
    if not isinstance(found, list) or len(found) != 2:
        return None
    return [None if end is None else str(end)[:80] for end in found]


def differs(item: Mapping[str, Any], twin: Mapping[str, Any], near: Mapping[str, Near]) -> Message | None:
    """In which members a published figure is not its twin; None when in none.

    near: numbers of floating point behind texts of the twin's members.
    """
    both = dict.fromkeys(key for key in [*twin, *item] if key not in WORDS)
    names = [
        key
        for key in both
        if twin.get(key, item) != item.get(key, twin) and not (key in near and near[key].fits(item.get(key)))
    ]
    each = tuple(_other(key, item.get(key), twin.get(key)) for key in names)
    return MembersDiffer(each) if len(each) > 1 else next(iter(each), None)


def _other(member: str, published: Any, due: Any) -> Message:
    """That a member is published otherwise than it should be; None where it is absent."""
    if published is None:
        return MemberAbsent(member, shown(due))
    if due is None:
        return MemberTooMany(member, shown(published))
    return MemberDiffers(member, shown(published), shown(due))
