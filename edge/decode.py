"""What some registers may be, as a table or one JSON object, for people who look for the type and order of a value."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from contract.errors import BadInput
from drivers.modbus.plan import MAX_REGISTERS
from drivers.modbus.readings import Candidate, Value
from edge.columns import aligned, printable
from edge.messages import NoReading, NotRegister, NumberOfRegisters
from edge.words import READING, word
from languages.render import plain

_WORD = re.compile(r"0[xX][0-9a-fA-F]{1,4}|[0-9]{1,5}", re.ASCII)


def registers(text: str) -> list[int]:
    """Registers of a text such as `0x41C8,0x0000` or `16840 0`. Raises BadInput for one that is none."""
    found = [_register(part) for part in re.split(r"\s*,\s*|\s+", text.strip())]
    if len(found) > MAX_REGISTERS:
        raise BadInput(NumberOfRegisters(len(found), MAX_REGISTERS))
    return found


def _register(part: str) -> int:
    value = int(part, 16 if part[1:2] in ("x", "X") else 10) if _WORD.fullmatch(part) else -1
    if not 0 <= value <= 0xFFFF:
        raise BadInput(NotRegister(part[:40]))
    return value


def as_object(found: Sequence[Candidate]) -> dict[str, Any]:
    """{candidates: [{type, order, value}]}; nan and inf as text."""
    return {"candidates": [{"type": c.type, "order": c.order, "value": _json(c.value)} for c in found]}


def as_text(found: Sequence[Candidate], language: str) -> str:
    """A table with one line a reading, in zh or en; a sentence where there is none."""
    if not found:
        return plain(NoReading().json(), language)
    head = tuple(word(READING, column, language) for column in READING)
    return aligned([head, *((c.type, c.order, _shown(c)) for c in found)])


def _json(value: Value) -> Value:
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _shown(found: Candidate) -> str:
    value = found.value
    if isinstance(value, bool):
        return str(value).lower()
    return str(np.float32(value)) if found.type == "float32" else printable(str(value))
