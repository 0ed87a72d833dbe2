"""The types that a value in registers may have, with their registers and byte orders (docs/registers.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from contract.tags import TYPES
from cython_ext.registers import Kind

TagType = Literal[
    "bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64",
    "bcd16", "bcd32", "bcd64",
    "mod10k-2", "mod10k-3", "mod10k-4", "signed-mod10k-2", "signed-mod10k-3", "signed-mod10k-4",
    "time-iec", "time-powerlogic", "time-cet-3", "time-cet-4", "time-registers-6", "time-registers-7",
    "time-sicam",
]  # fmt: skip
"""Types of a tag's registers. A tag's raw value has a type of contract.tags, which is that of the form below."""
TEXT = "text"
"""The type of text, which is shown and is no tag's."""

ORDERS: dict[int, tuple[str, ...]] = {
    1: ("AB", "BA"),
    2: ("ABCD", "CDAB", "BADC", "DCBA"),
    3: ("ABCDEF", "EFCDAB", "BADCFE", "FEDCBA"),
    4: ("ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA", "CDABGHEF", "EFGHABCD"),
}
"""Byte orders by number of registers; A is the most significant byte, the first letter goes first."""
BYTE_ORDERS = ORDERS[1]
"""Orders of values that are no one number: the bytes of each register as documented, or swapped."""
_LOW_FIRST = {2: ("CDAB", "ABCD", "DCBA", "BADC"), 3: ("EFCDAB", "ABCDEF", "FEDCBA", "BADCFE"),
              4: ("GHEFCDAB", "ABCDEFGH", "HGFEDCBA", "BADCFEHG")}  # fmt: skip
"""Orders of Mod-10k: PowerLogic meters send the lowest register first."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a value stands in registers. raw: its type in contract.tags; orders: the usual one first."""

    kind: Kind
    registers: int
    raw: str
    orders: tuple[str, ...]


def code(order: str) -> int:
    """The kernel's number of a byte order: which byte is sent first, 0 the most significant."""
    return ord(order[0]) - ord("A")


def text(registers: int) -> Form:
    """Text of so many registers; its raw type is none of contract.tags."""
    return Form(Kind.TEXT, registers, TEXT, BYTE_ORDERS)


def _forms() -> Iterator[tuple[str, Form]]:
    yield "bool", Form(Kind.BOOL, 1, "bool", BYTE_ORDERS)
    for raw, dtype in TYPES.items():
        if raw != "bool":
            yield raw, Form(Kind.NUMBER, dtype.itemsize // 2, raw, ORDERS[dtype.itemsize // 2])
    for n in (1, 2, 4):
        yield f"bcd{16 * n}", Form(Kind.BCD, n, f"uint{16 * n}", ORDERS[n])
    for prefix, kind in (("", Kind.MOD10K), ("signed-", Kind.SIGNED_MOD10K)):
        for n, orders in _LOW_FIRST.items():
            yield f"{prefix}mod10k-{n}", Form(kind, n, "int64", orders)
    yield "time-iec", Form(Kind.TIME_IEC, 4, "int64", ORDERS[4][:4])
    yield "time-powerlogic", Form(Kind.TIME_POWERLOGIC, 3, "int64", BYTE_ORDERS)
    for n in (3, 4):
        yield f"time-cet-{n}", Form(Kind.TIME_CET, n, "int64", BYTE_ORDERS)
    for n in (6, 7):
        yield f"time-registers-{n}", Form(Kind.TIME_REGISTERS, n, "int64", BYTE_ORDERS)
    yield "time-sicam", Form(Kind.TIME_SICAM, 4, "int64", BYTE_ORDERS)


FORMS = dict(_forms())
"""The form of each TagType."""
BITS_TYPES = ("bool", "uint16", "uint32", "uint64")
"""Types of which some bits alone may be read."""
assert tuple(FORMS) == get_args(TagType)
