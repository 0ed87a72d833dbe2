"""Figures of a project while they are computed: each a value or a refusal that names what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from accounts.figure.rounding import NoFigure
from accounts.replacement.messages import AllOf, FollowsFromRefused
from accounts.replacement.quantity import lacking
from contract.message import Message


@dataclass
class Results:
    """What was found so far. refused: (kind, why). methods: kind of figure -> id of its method."""

    refused: list[tuple[str, Message]] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    methods: dict[str, str] = field(default_factory=dict)

    def figure(
        self, kind: str, method: str, compute: Callable[..., Fraction | NoFigure], *inputs: object
    ) -> Fraction | None:
        """compute(*inputs), or None and a refusal when an input is missing or there is no such figure."""
        if not self.ready(kind, *inputs):
            return None
        found = compute(*inputs)
        if isinstance(found, NoFigure):
            self.refuse(kind, found.why)
            return None
        self.methods[kind] = f"steelyard/{method}/1"
        return found

    def ready(self, kind: str, *inputs: object) -> bool:
        """Whether no input is missing; one refusal names those that are. An input of None was refused before."""
        absent = lacking(inputs)
        if absent:
            self.refuse(kind, all_of([item.why for item in absent]))
        elif any(item is None for item in inputs):
            self.refuse(kind, FollowsFromRefused())
        return not absent and all(item is not None for item in inputs)

    def refuse(self, kind: str, why: Message) -> None:
        """Note that there is no such figure."""
        self.refused.append((kind, why))

    def warn(self, message: Message) -> None:
        """Note a doubt, once."""
        if message not in self.warnings:
            self.warnings.append(message)


def all_of(reasons: Sequence[Message]) -> Message:
    """Several reasons as one, a single one as it is."""
    return reasons[0] if len(reasons) == 1 else AllOf(tuple(reasons))
