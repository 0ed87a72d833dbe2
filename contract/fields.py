"""Reading a declaration field by field: each fault is noted with its path, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from contract.form_messages import (
    MustBe,
    MustBeClock,
    MustBeDate,
    MustBeDecimal,
    MustBeList,
    MustBeObject,
    MustBeOneOf,
    MustBeTruth,
    MustBeWholeNumber,
    MustHaveItems,
    OneLine,
    Required,
    UnknownKey,
)
from contract.message import Message

Path = tuple[str | int, ...]
Fault = tuple[Path, Message]
"""Where in the declaration, and what is wrong."""

DECIMAL = re.compile(r"-?(0|[1-9]\d{0,29})(\.\d{1,30})?", re.ASCII)
UTC_TIME = re.compile(r"(\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?Z", re.ASCII)
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")
"""One line of text for people."""
ONE_LINE = OneLine()
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 1970, 2199


@dataclass
class Fields:
    """An object of a declaration. Each reader gives a value of its type even where it notes a fault."""

    value: dict[str, Any]
    faults: list[Fault]
    at: Path = ()
    seen: set[str] = field(default_factory=set)

    def fault(self, key: str | int, why: Message) -> None:
        """Note what is wrong with a key."""
        self.faults.append(((*self.at, key), why))

    def get(self, key: str, absent: Any = None, required: bool = True) -> Any:
        """The raw value of a key; notes a missing one that is required."""
        self.seen.add(key)
        if key not in self.value:
            if required:
                self.fault(key, Required())
            return absent
        return self.value[key]

    def text(self, key: str, pattern: re.Pattern[str] = LINE, form: Message = ONE_LINE) -> str:
        """Text of a form; *form* names it in the fault."""
        found = self.get(key)
        if key in self.value and not (isinstance(found, str) and pattern.fullmatch(found)):
            self.fault(key, MustBe(form, quoted(found)))
            return ""
        return found or ""

    def maybe(self, key: str, pattern: re.Pattern[str] = LINE, form: Message = ONE_LINE) -> str | None:
        """Text of a form, or None where it is null or absent."""
        if self.get(key, required=False) is None:
            return None
        return self.text(key, pattern, form)

    def choice(self, key: str, known: Collection[str]) -> str:
        """One of the known words."""
        found = self.get(key)
        if key in self.value and (not isinstance(found, str) or found not in known):
            self.fault(key, MustBeOneOf(tuple(known), quoted(found)))
            return ""
        return found or ""

    def truth(self, key: str) -> bool:
        """true or false."""
        found = self.get(key)
        if key in self.value and not isinstance(found, bool):
            self.fault(key, MustBeTruth(quoted(found)))
        return found is True

    def number(self, key: str) -> Decimal:
        """A decimal number, written as a string."""
        found = self.get(key)
        if key in self.value and not (isinstance(found, str) and DECIMAL.fullmatch(found)):
            self.fault(key, MustBeDecimal(quoted(found)))
            return Decimal(0)
        return Decimal(found or 0)

    def count(self, key: str, least: int) -> int:
        """A whole number of at least *least*."""
        found = self.get(key, least)
        if not isinstance(found, int) or isinstance(found, bool) or found < least:
            self.fault(key, MustBeWholeNumber(least, quoted(found)))
            return least
        return found

    def day(self, key: str) -> date:
        """A date, YYYY-MM-DD."""
        found = self.get(key)
        day = as_day(found)
        if key in self.value and day is None:
            self.fault(key, MustBeDate(quoted(found)))
        return day or date(_FIRST, 1, 1)

    def maybe_day(self, key: str) -> date | None:
        """A date, or None where it is null or absent."""
        return None if self.get(key, required=False) is None else self.day(key)

    def clock(self, key: str) -> int:
        """Minutes after midnight of HH:MM; 24:00 is 1440."""
        found = self.get(key)
        if key in self.value and not (isinstance(found, str) and _CLOCK.fullmatch(found)):
            self.fault(key, MustBeClock(quoted(found)))
            return 0
        return int(found[:2]) * 60 + int(found[3:]) if found else 0

    def items(self, key: str, least: int = 1, most: int = 5000) -> list[Any]:
        """The raw items of a list."""
        found = self.get(key, [])
        if not isinstance(found, list):
            self.fault(key, MustBeList(quoted(found)))
            return []
        if key in self.value and not least <= len(found) <= most:
            self.fault(key, MustHaveItems(least, most, len(found)))
        return found[:most]

    def objects(self, key: str, least: int = 1, most: int = 5000) -> Iterator[Fields]:
        """The objects of a list, one by one; each is closed after the caller has read it."""
        for number, item in enumerate(self.items(key, least, most)):
            if not isinstance(item, dict):
                self.faults.append(((*self.at, key, number), MustBeObject(quoted(item))))
                continue
            inner = Fields(item, self.faults, (*self.at, key, number))
            yield inner
            inner.close()

    def close(self) -> None:
        """Note every key that has not been read."""
        for key in self.value:
            if key not in self.seen:
                self.fault(key, UnknownKey(tuple(sorted(self.seen))))


def as_day(value: object) -> date | None:
    """The date of a YYYY-MM-DD string, or None."""
    if not isinstance(value, str) or not _DAY.fullmatch(value) or not _FIRST <= int(value[:4]) <= _LAST:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def as_utc(value: object) -> int | None:
    """UTC ns of an RFC 3339 time that ends in Z, or None."""
    found = UTC_TIME.fullmatch(value) if isinstance(value, str) else None
    if not isinstance(value, str) or found is None or not _FIRST <= int(found[1]) <= _LAST:
        return None
    try:
        moment = datetime.fromisoformat(f"{value[:19]}+00:00")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1) * 10**9 + int((found[2] or "").ljust(9, "0"))


def write_utc(at: int) -> str:
    """RFC 3339 of UTC ns, ending in Z, without needless decimals: the one form of statements."""
    seconds, rest = divmod(at, 10**9)
    decimals = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}{decimals}Z"


def quoted(value: object) -> str:
    """A value as a message shows it, in at most 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
