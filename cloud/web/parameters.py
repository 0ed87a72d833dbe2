"""What FastAPI found wrong with the parameters of a request, as a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from cloud.web.messages import (
    Both,
    ParameterMissing,
    ParameterNoChoice,
    ParameterNoInteger,
    ParameterNoNumber,
    ParameterTooGreat,
    ParameterTooLong,
    ParameterTooSmall,
    ParameterWrong,
)
from contract.message import Message, Text

Fault = Mapping[str, Any]
"""An error of pydantic: type, loc, msg, ctx."""
_QUOTED = re.compile(r"'([^']*)'")


def wrong(faults: Sequence[Fault]) -> Message:
    """All that is wrong, in one message. faults: at least one."""
    return reduce(Both, map(_one, faults))


def _one(fault: Fault) -> Message:
    name, of_type = str(fault["loc"][-1]), str(fault["type"])
    if of_type in _KNOWN:
        return _KNOWN[of_type](name, fault.get("ctx", {}))
    return ParameterWrong(name, Text(str(fault["msg"])))


def _choice(name: str, context: Mapping[str, Any]) -> Message:
    *first, last = _QUOTED.findall(context["expected"])
    return ParameterNoChoice(name, tuple(first), last)


_KNOWN: dict[str, Callable[[str, Mapping[str, Any]], Message]] = {
    "missing": lambda name, _: ParameterMissing(name),
    "literal_error": _choice,
    "string_too_long": lambda name, context: ParameterTooLong(name, context["max_length"]),
    "greater_than_equal": lambda name, context: ParameterTooSmall(name, f"{context['ge']:g}"),
    "less_than_equal": lambda name, context: ParameterTooGreat(name, f"{context['le']:.0f}"),
    "float_parsing": lambda name, _: ParameterNoNumber(name),
    "int_parsing": lambda name, _: ParameterNoInteger(name),
}
"""By the type of the error: (name of the parameter, context of the error) -> message."""
