"""What registers hold, in slow plain Python and by the letters of the orders: the judge of the registers kernel."""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MIXED = ("CDABGHEF", "EFGHABCD")
LETTERS = {
    1: ("AB", "BA"),
    2: ("ABCD", "CDAB", "BADC", "DCBA"),
    3: ("ABCDEF", "EFCDAB", "BADCFE", "FEDCBA"),
    4: ("ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA", *MIXED),
}
SIZES = {
    "number": (1, 2, 4), "bool": (1,), "bits": (1, 2, 4), "bcd": (1, 2, 4), "mod10k": (2, 3, 4),
    "signed_mod10k": (2, 3, 4), "text": (1, 2, 3, 5, 20), "time_iec": (4,), "time_powerlogic": (3,),
    "time_cet": (3, 4), "time_registers": (6, 7),
    "time_sicam": (4,),
}  # fmt: skip
"""Registers that a value of each kind may take."""


def orders(kind: str, registers: int) -> tuple[str, ...]:
    """Every order of such values: letters of 1 to 4 registers, else whether the bytes of each register are swapped."""
    if kind == "text" or registers not in LETTERS:
        return ("plain", "swapped")
    return LETTERS[registers]


def code(order: str) -> int:
    """The kernel's number of an order."""
    return {"plain": 0, "swapped": 1}.get(order, "ABCDEFGH".index(order[0]) if order.isupper() else 0)


@dataclass(frozen=True)
class Case:
    """A field: kind, registers, order, and the bits that are chosen (first -1: none)."""

    kind: str
    registers: int
    order: str
    first: int = -1
    count: int = 0

    @property
    def room(self) -> int:
        """Its bytes in the row."""
        if self.kind == "bool":
            return 1
        return 2 * self.registers if self.kind in ("number", "bits", "bcd", "text") else 8

    def plain(self, wire: bytes) -> bytes:
        """The bytes in the order of their significance, or of the characters; its own reverse for `sent`."""
        if self.order in ("plain", "swapped"):
            step = 1 if self.order == "plain" else -1
            return b"".join(wire[i : i + 2][::step] for i in range(0, len(wire), 2))
        return bytes(byte for _, byte in sorted(zip(self.order, wire, strict=True)))

    def sent(self, plain: bytes) -> bytes:
        """What a device sends for these bytes."""
        if self.order in ("plain", "swapped"):
            return self.plain(plain)
        return bytes(plain["ABCDEFGH".index(letter)] for letter in self.order)


def expected(case: Case, wire: bytes) -> bytes | None:
    """The bytes of the value in the row, or None for content that is no such value."""
    plain = case.plain(wire)
    if case.kind == "text":
        found = text(plain)
        return None if found is None else found.encode().ljust(len(plain), b"\0")
    if case.kind == "number":
        return plain[::-1]
    value = number(case, plain)
    return None if value is None else value.to_bytes(case.room, "little", signed=value < 0)


def number(case: Case, plain: bytes) -> int | None:
    """The integer of any kind but number and text."""
    words = struct.unpack(f">{case.registers}H", plain)
    whole = int.from_bytes(plain, "big")
    if case.kind == "bool":
        return int(whole != 0) if case.first < 0 else int(f"{whole:016b}"[::-1][case.first])
    if case.kind == "bits":
        return int(f"{whole:064b}"[::-1][case.first : case.first + case.count][::-1], 2)
    if case.kind == "bcd":
        return int(plain.hex()) if plain.hex().isdecimal() else None
    if case.kind == "mod10k":
        return int("".join(f"{w:04d}" for w in words)) if max(words) <= 9999 else None
    if case.kind == "signed_mod10k":
        return signed(struct.unpack(f">{case.registers}h", plain))
    return moment(case.kind, words)


def signed(digits: tuple[int, ...]) -> int | None:
    """Digits to the base 10,000 that all have the sign of the value."""
    if max(abs(d) for d in digits) > 9999 or len({d > 0 for d in digits if d}) > 1:
        return None
    return sum(d * 10 ** (4 * i) for i, d in enumerate(reversed(digits)))


def text(plain: bytes) -> str | None:
    """The text before the first NUL without the spaces at its end."""
    found, _, behind = plain.partition(b"\0")
    try:
        shown = found.decode()
    except UnicodeDecodeError:
        return None
    if behind.strip(b"\0 ") or any(unicodedata.category(c) == "Cc" for c in shown):
        return None
    return shown.rstrip(" ")


def moment(kind: str, words: tuple[int, ...]) -> int | None:
    """Milliseconds since 1970 of a date in one of the layouts."""
    high, low = [w >> 8 for w in words], [w & 255 for w in words]
    if kind == "time_iec":
        unused = words[0] & 0xFF80 or words[1] & 0xF000 or words[2] & 0x60C0
        year = 3000 if unused else 2000 + words[0]
        parts = (year, high[1], words[1] % 32, high[2] % 32, words[2] % 64, words[3] // 1000, words[3] % 1000)
        return since(parts, 2000, 2127)
    if kind == "time_powerlogic":
        return since((1900 + high[1], high[0], low[0], low[1], high[2], low[2], 0), 1900, 2099)
    if kind == "time_cet":
        return since(
            (2000 + high[0], low[0], high[1], low[1], high[2], low[2], *words[3:], 0)[:7], 2000, 2099
        )
    if kind == "time_sicam":
        year = 3000 if high[3] not in (0, 0x10) else 1900 + low[3]
        return since((year, high[2], low[2], high[1], low[1], words[0] // 1000, words[0] % 1000), 1900, 2155)
    return since((*words[:6], *(10 * w for w in words[6:]), 0)[:7], 1998, 2100)


def since(parts: tuple[int, ...], first: int, last: int) -> int | None:
    """Milliseconds since 1970 of (year, month, day, hour, minute, second, ms), None for none of these years."""
    if not first <= parts[0] <= last or parts[6] > 999:
        return None
    try:
        at = datetime(*parts[:6], tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return (at - EPOCH) // timedelta(milliseconds=1) + parts[6]
