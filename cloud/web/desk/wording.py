"""What is wrong in a form, for the person at it: its detail beside the message that a program reads."""

from __future__ import annotations

from typing import Any

from accounts.replacement.declared_messages import BesideFlows, NamedOnly, NoQuantity, TooSmall
from cloud.declarations.declare_messages import CorrectionNeedsNote
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
from contract import declared_messages as declared
from contract.declared_messages import NodeAndTag
from contract.form_messages import MustBeAboveZero, MustBeFirstAndLast, MustBeQuantityText
from contract.message import Message

Json = dict[str, Any]
_OF_FORM: dict[type[Message], Message] = {
    NoQuantity: NumberNeeded(),
    MustBeQuantityText: NumberNeeded(),
    MustBeAboveZero: AboveZero(),
    NamedOnly: OnlyNames(),
    declared.OnlyNames: OnlyNames(),
    MustBeFirstAndLast: DaysInOrder(),
    BesideFlows: FlowsOrCosts(),
    NodeAndTag: GatewayAndTag(),
    CorrectionNeedsNote: WhyNeeded(),
}
"""What speaks of a file, and what a form says in its place."""
_EMPTY = repr("")
"""How a message quotes an empty field."""


def fault(message: Message, language: str) -> Json:
    """{code, params, message, detail}. language: of the form's page; of none the detail is the message."""
    shown = str(message) if language not in LANGUAGES else plain(_of_form(message).json(), language)
    return {**message.json(), "detail": shown}


def _of_form(message: Message) -> Message:
    if _EMPTY in message.params.values():
        return Required()
    if isinstance(message, TooSmall):
        return AtLeast(str(message.least))
    return _OF_FORM.get(type(message), message)
