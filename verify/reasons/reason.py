"""Why a figure cannot be made, and the reason that a file gives, compared with what is found here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify.formats.findings import Bad
from verify.formats.message import CATALOGUE, Message, Text, english, shown
from verify.formats.messages import NotAnObject
from verify.formats.shape import members, text
from verify.reasons.messages import (
    OldReasons,
    OtherParameter,
    OtherReason,
    OtherWords,
    ReasonsNotWorkedOut,
    ReasonsOpen,
)

OPEN = "…"
"""Stands for a parameter that nothing in a pack tells, such as what is in the cloud's tables of factors."""
NEW = "code params message"
OLD = "why"


class Rounded(str):
    """A number of floating point as a text; texts: what it is rounded to when it lies 1e-9 beside."""

    texts: frozenset[str]


def rounded(value: float, form: str = ".6g") -> Rounded:
    """A number in a format of Python."""
    made = Rounded(format(value, form))
    made.texts = frozenset(format(value * (1 + hair), form) for hair in (0.0, -1e-9, 1e-9))
    return made


class InsufficientData(Exception):
    """A figure that cannot be made.

    whys: the reason; several where the pack leaves open which of them. One that is a text alone is not worked out as
    docs/messages.md has it: only that the figure is refused.
    """

    def __init__(self, *whys: Message | str) -> None:
        self.whys = tuple(why if isinstance(why, Message) else Text(why) for why in whys)
        super().__init__(str(self.whys[0]))

    @property
    def why(self) -> Message:
        """The first of the reasons."""
        return self.whys[0]


@dataclass(frozen=True)
class Reason:
    """The reason that a file gives; code is empty in files of before there were codes."""

    code: str
    params: Mapping[str, Any]
    message: str


def reason(item: Any, where: str, others: str) -> Reason:
    """The reason of a refusal whose other members are *others*; raises Bad."""
    if isinstance(item, dict) and OLD in item:
        return Reason("", {}, text(members(item, where, f"{others} {OLD}")[OLD], where))
    found = members(item, where, f"{others} {NEW}".strip())
    if not isinstance(found["params"], dict):
        raise Bad(NotAnObject(), f"{where}.params")
    return Reason(text(found["code"], where), found["params"], text(found["message"], where))


def unlike(published: Reason, whys: Sequence[Message]) -> Message | None:
    """How a reason differs from all that were found here; None where it is one of them, or can't be compared."""
    if not worked_out(published, whys):
        return None
    mine = next((why for why in whys if published.code == why.CODE), None)
    if mine is None:
        return OtherReason(published.code[:80], tuple(why.CODE for why in whys))
    due = mine.json()["params"]
    for name in sorted({*published.params, *due}):
        if not (name in published.params and name in due and fits(published.params[name], due[name])):
            return OtherParameter(name[:80], shown(published.params.get(name)), shown(due.get(name)))
    return (
        None
        if english(published.code, published.params) == published.message
        else OtherWords(published.message[:200])
    )


def worked_out(published: Reason, whys: Sequence[Message]) -> bool:
    """Whether both sides have a code to compare."""
    return published.code != "" and len(whys) > 0 and not any(isinstance(why, Text) for why in whys)


def limits(pairs: Iterable[tuple[str, Reason, Sequence[Message]]]) -> Iterator[Message]:
    """What was not compared of (kind, reason of a file, reasons found here), counted."""
    old, unknown, open_ = 0, list[str](), 0
    for kind, published, whys in pairs:
        if published.code == "":
            old += 1
        elif not worked_out(published, whys):
            unknown.append(kind)
        else:
            open_ += any(is_open(why) for why in whys if published.code == why.CODE)
    if old:
        yield OldReasons(old)
    if unknown:
        yield ReasonsNotWorkedOut(len(unknown), tuple(sorted(set(unknown))))
    if open_:
        yield ReasonsOpen(open_)


def is_open(why: Message) -> bool:
    """Whether a parameter of a reason is left open."""
    return OPEN in why.arguments.values()


def fits(published: Any, due: Any) -> bool:
    """Whether a parameter of a file is the one that is due; OPEN is any text or message."""
    if due == OPEN:
        return isinstance(published, str) or (isinstance(published, Mapping) and _sound(published))
    if isinstance(due, Rounded):
        return isinstance(published, str) and published in due.texts
    if isinstance(due, list):
        return isinstance(published, list) and len(published) == len(due) and all(map(fits, published, due))
    if isinstance(due, Mapping):
        return isinstance(published, Mapping) and _sound(published) and _same(published, due)
    return type(published) is type(due) and bool(published == due)


def _same(published: Mapping[str, Any], due: Mapping[str, Any]) -> bool:
    """Whether a message in a message has the code and the parameters that are due."""
    one, other = published["params"], due["params"]
    return bool(
        published.keys() == due.keys()
        and published["code"] == due["code"]
        and one.keys() == other.keys()
        and all(fits(one[name], other[name]) for name in other)
    )


def _sound(message: Mapping[str, Any]) -> bool:
    """Whether a message in a message has the English of its code, as far as the code is known here."""
    code, params = message.get("code"), message.get("params")
    if not isinstance(code, str) or not isinstance(params, Mapping):
        return False
    return code not in CATALOGUE or english(code, params) == message.get("message")
