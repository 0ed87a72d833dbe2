"""What is wrong in a form, for the person at it: its detail beside the message that a program reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cloud.messages.i18n import LANGUAGES
from cloud.messages.rendering import plain
from cloud.web.desk.messages import (
    AboveZero,
    AtLeast,
    DaysInOrder,
    FlowsOrCosts,
    GatewayAndTag,
    NumberNeeded,
    OnlyNames,
    Required,
    WhyNeeded,
)
from contract.message import Message

Json = dict[str, Any]
_OF_FILES: tuple[tuple[str, Callable[..., Message]], ...] = (
    ("must be .*, not ''", Required),
    ("must be (?:a number, a space and its unit|text of a number and its unit), .*", NumberNeeded),
    ("must be above zero; null where nobody knows it", AboveZero),
    (r"must be at least (?P<least>-?\d+) \S+, not .*", AtLeast),
    ("nothing is declared but .*", OnlyNames),
    ("must be the first and the last day, .*", DaysInOrder),
    ("stands beside flows; .*", FlowsOrCosts),
    ("node and tag go together", GatewayAndTag),
    ("a correction says why in the file's note", WhyNeeded),
)
"""What speaks of a file, and what a form says in its place."""
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), make) for pattern, make in _OF_FILES)


def fault(message: Message, language: str) -> Json:
    """{code, params, message, detail}. language: of the form's page; of none the detail is the message."""
    shown = str(message) if language not in LANGUAGES else plain(_of_form(message).json(), language)
    return {**message.json(), "detail": shown}


def _of_form(message: Message) -> Message:
    for pattern, make in _PATTERNS:
        found = pattern.fullmatch(str(message))
        if found is not None:
            return make(**found.groupdict())
    return message
