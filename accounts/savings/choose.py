"""Which drivers, when none are named: all subsets, the physical signs, all criteria, the lowest AICc."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from accounts.savings import criteria
from accounts.savings.criteria import Effect
from accounts.savings.fit import Fit, fit
from accounts.savings.model_messages import LeftOut, LeftOutConstant, NothingVaries, TooManyColumns
from accounts.savings.table import Floats, varies
from contract.errors import BadInput
from contract.message import Message

MOST = 10
"""All subsets of more columns than this (1,023 models) are not tried."""


@dataclass(frozen=True)
class Candidate:
    """A subset that was tried; why: what refuses it, or why it has no fit."""

    drivers: tuple[str, ...]
    fit: Fit | None
    signs_fit: bool
    why: tuple[Message, ...]

    @property
    def rank(self) -> tuple[bool, bool, bool, float, tuple[str, ...]]:
        """Lowest is best."""
        aicc = None if self.fit is None else self.fit.aicc
        return not self.signs_fit, bool(self.why), aicc is None, aicc or 0.0, self.drivers


def choose(
    energy: Floats,
    base: Mapping[str, Floats],
    report: Mapping[str, Floats],
    follows: NDArray[np.bool_],
) -> tuple[list[Candidate], list[Message]]:
    """All candidates, the best first, and a message for each column or subset that could not be one. BadInput."""
    constant = [name for name, column in base.items() if not varies(column)]
    names = [name for name in base if name not in constant]
    if not names:
        raise BadInput(NothingVaries())
    if len(names) > MOST:
        raise BadInput(TooManyColumns(len(names), MOST))
    subsets = [chosen for k in range(1, len(names) + 1) for chosen in combinations(names, k)]
    tried = sorted(
        (_tried(energy, base, report, chosen, follows) for chosen in subsets), key=lambda c: c.rank
    )
    if tried[0].fit is None:
        raise BadInput(tried[0].why[0])
    left: list[Message] = [LeftOutConstant(name, f"{base[name][0]:g}") for name in constant]
    left += [LeftOut(one.why[0]) for one in tried if one.fit is None]
    return tried, left


def _tried(
    energy: Floats,
    base: Mapping[str, Floats],
    report: Mapping[str, Floats],
    chosen: Sequence[str],
    follows: NDArray[np.bool_],
) -> Candidate:
    columns = [base[name] for name in chosen]
    try:
        found = fit(energy, columns, chosen, follows)
    except BadInput as error:
        return Candidate(tuple(chosen), None, False, (error.message,))
    signs = criteria.failed(criteria.signs(found), Effect.REFUSE)
    ranges = criteria.ranges(found, columns, [report[name] for name in chosen])
    others = criteria.failed([*criteria.model(found), *ranges], Effect.REFUSE)
    return Candidate(tuple(chosen), found, not signs, (*signs, *others))
