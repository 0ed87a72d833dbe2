"""Hour facts of a counter's day: made from readings, sealed as a statement, read back. Rules: docs/methods.md."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from accounts.figure.rounding import share
from accounts.metering.gaps import Gaps
from accounts.metering.hours import Class, hours
from accounts.metering.messages import NotHours, NotHoursByMethod
from accounts.metering.registers import I64, U64, Register
from contract.errors import Malformed
from contract.fields import as_day
from contract.message import Text
from contract.statement import Statement
from contract.tags import check_decimal

METHOD = "steelyard/hours/1"
LABELS = {item.label for item in Class}
_HASH = re.compile(r"[0-9a-f]{64}")
_SHARE = re.compile(r"0\.\d{4}|1\.0000", re.ASCII)
_NS = re.compile(r"\d{1,19}", re.ASCII)
_LISTS = ("steps", "class", "completeness", "inputs")


@dataclass(frozen=True)
class Facts:
    """One day of a counter, hour by hour. start, end: UTC ns of the day; hours last 3600 s, the last what is left."""

    site: str
    node: str
    tag: str
    meter: str | None
    carrier: str | None
    day: date
    start: int
    end: int
    steps: tuple[int, ...]
    scale: str
    unit: str
    class_: tuple[str, ...]
    completeness: tuple[str, ...]
    inputs: tuple[str, ...]
    size: int = 0
    revision: int = 0
    cause: str = "first"

    @property
    def key(self) -> tuple[str, str, date]:
        """What one statement is about."""
        return self.node, self.tag, self.day

    def hours(self) -> list[tuple[int, int]]:
        """Start and end of each hour, UTC ns."""
        hour = 3_600 * 10**9
        starts = range(self.start, self.end, hour)
        return [(start, min(start + hour, self.end)) for start in starts]

    def same(self, other: Facts) -> bool:
        """Whether two revisions have the same content."""
        return self._content() == other._content()

    def _content(self) -> tuple[object, ...]:
        return self.steps, self.class_, self.completeness, self.inputs, self.scale, self.unit

    def statement(self) -> Statement:
        """The statement that seals it."""
        return Statement(
            "hours",
            {
                "site": self.site, "node": self.node, "tag": self.tag, "meter": self.meter, "carrier": self.carrier,
                "day": self.day.isoformat(), "start": str(self.start), "end": str(self.end), "steps": list(self.steps),
                "scale": self.scale, "unit": self.unit, "class": list(self.class_),
                "completeness": list(self.completeness), "inputs": list(self.inputs), "method": METHOD,
                "size": self.size, "revision": self.revision, "cause": self.cause,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """Readings of one counter in order of time, which block each stands in, and when its group was known to be alive.

    block: index into hashes (32 bytes each). head: how far its stream has come, UTC ns.
    """

    time: I64
    raw: U64
    block: npt.NDArray[np.int64]
    hashes: list[bytes]
    alive: I64
    register: Register
    gaps: Gaps
    head: int


def day_facts(readings: Readings, edges: list[int], named: Facts) -> Facts | None:
    """The facts of the hours between edges (UTC ns), *named* filled in; None when there is nothing to say."""
    time = readings.time
    if len(time) == 0 or edges[0] >= readings.head or time[0] > edges[-1]:
        return None
    some, alive = _window(time, edges), readings.alive[_window(readings.alive, edges)]
    found = hours(time[some], readings.raw[some], readings.register, np.array(edges), readings.gaps, alive)
    labels = [_label(found.class_[i], edges[i + 1] > readings.head) for i in range(len(edges) - 1)]
    if all(label == Class.UNKNOWN.label for label in labels):
        return None
    return Facts(
        named.site, named.node, named.tag, named.meter, named.carrier, named.day, edges[0], edges[-1],
        tuple(int(n) for n in found.steps), named.scale, named.unit, tuple(labels),
        tuple(share(found.completeness(i)) for i in range(len(labels))),
        tuple(_inputs(readings, a, b) for a, b in pairwise(edges)), named.size,
    )  # fmt: skip


def parse(statement: Statement) -> Facts:
    """The facts that a statement seals. Raises Malformed for anything else."""
    fields = statement.fields
    try:
        lists = [fields[name] for name in _LISTS]
        day = as_day(fields["day"])
        start, end = (int(_text(fields[key], _NS)) for key in ("start", "end"))
        texts = [str(_text(fields[key], None)) for key in ("site", "node", "tag", "unit", "cause")]
        scale = _text(fields["scale"], None)
        check_decimal(scale)
        size, revision = (_count(fields[key]) for key in ("size", "revision"))
        meter, carrier = (None if fields[k] is None else _text(fields[k], None) for k in ("meter", "carrier"))
    except (KeyError, ValueError, TypeError) as error:
        raise Malformed(NotHours(Text(str(error)[:200]))) from error
    count = -(-(end - start) // (3_600 * 10**9))
    whole = all(isinstance(item, list) and len(item) == count for item in lists)
    if (
        day is None
        or statement.kind != "hours"
        or fields.get("method") != METHOD
        or not whole
        or not _fit(*lists)
    ):
        raise Malformed(NotHoursByMethod(METHOD))
    site, node, tag, unit, cause = texts
    steps, class_, completeness, inputs = (tuple(item) for item in lists)
    return Facts(site, node, tag, meter, carrier, day, start, end, steps, scale, unit, class_, completeness, inputs,
                 size, revision, cause)  # fmt: skip


def _text(value: object, pattern: re.Pattern[str] | None) -> str:
    if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
        raise ValueError(f"{str(value)[:40]!r} has another form")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{str(value)[:40]!r} is no number of 0 or more")
    return value


def _fit(steps: list[Any], class_: list[Any], completeness: list[Any], inputs: list[Any]) -> bool:
    return (
        all(isinstance(item, int) and not isinstance(item, bool) for item in steps)
        and all(isinstance(item, str) and item in LABELS for item in class_)
        and all(isinstance(item, str) and _SHARE.fullmatch(item) for item in completeness)
        and all(isinstance(item, str) and _HASH.fullmatch(item) for item in inputs)
    )


def _label(code: int, open_: bool) -> str:
    found = Class(code)
    return (Class.PROVISIONAL if open_ and found not in (Class.UNKNOWN, Class.INVALID) else found).label


def _window(time: I64, edges: list[int]) -> slice:
    """The times that can matter: from the last one before the hour before the first, to the first one after."""
    before, end = 2 * edges[0] - edges[1], edges[-1]
    first = max(int(np.searchsorted(time, before, "right")) - 1, 0)
    return slice(first, int(np.searchsorted(time, end, "right")) + 1)


def _inputs(readings: Readings, start: int, end: int) -> str:
    """The hash over the blocks whose readings an hour is made from."""
    first = max(int(np.searchsorted(readings.time, start, "right")) - 1, 0)
    last = int(np.searchsorted(readings.time, end, "right"))
    used = {readings.hashes[i] for i in np.unique(readings.block[first:last]).tolist()}
    return hashlib.sha256(b"".join(sorted(used))).hexdigest()
