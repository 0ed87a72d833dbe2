"""The warnings of a summary's figures, compared with those that the verifier finds itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from verify.formats.findings import Findings
from verify.formats.message import CATALOGUE, Message, english
from verify.formats.shape import listed
from verify.reasons.messages import OtherWords, ShouldWarn, WarnedForNothing, WarningsHold
from verify.reasons.reason import Reason, limits, reason, unlike
from verify.reasons.savings.criteria_messages import CriterionFailed
from verify.reasons.savings.messages import (
    Backcast,
    BelowRounding,
    ExactFit,
    Extrapolation,
    FewEffectiveRows,
    FewRows,
    LeftOutConstant,
    MoreUsed,
    NotInOrder,
    NotSignificant,
    PartCycle,
    RhoNegative,
    RhoUnknown,
    Selection,
    ShortBaseline,
    WeeklyPattern,
)

CHECK = "warnings"
KNOWN = frozenset(
    each.CODE
    for each in (
        Backcast, BelowRounding, CriterionFailed, ExactFit, Extrapolation, FewEffectiveRows, FewRows,
        LeftOutConstant, MoreUsed, NotInOrder, NotSignificant, PartCycle, RhoNegative, RhoUnknown, Selection,
        ShortBaseline, WeeklyPattern,
    )
)  # fmt: skip
"""The codes of which the verifier works out whether they are due."""


def check(
    figures: Sequence[Mapping[str, Any]], due: Mapping[str, Sequence[Message]], findings: Findings
) -> None:
    """Compare the warnings of each figure with those that are due, by its id; raises Bad."""
    pairs: list[tuple[str, Reason, Sequence[Message]]] = []
    for index, figure in enumerate(figures):
        mine, where = due.get(str(figure.get("id")), ()), f"summary.json: figures[{index}].warnings"
        if "warnings" in figure or mine:
            items = enumerate(listed(figure.get("warnings", []), where))
            published = [_warning(item, f"{where}[{at}]", findings) for at, item in items]
            pairs += _figure(str(figure.get("kind")), published, mine, where, findings)
    if pairs:
        findings.settle(CHECK, WarningsHold(len(pairs)))
        for limit in limits(pairs):
            findings.good(CHECK, limit)


def _figure(
    kind: str, published: Sequence[Reason], due: Sequence[Message], where: str, findings: Findings
) -> Iterator[tuple[str, Reason, Sequence[Message]]]:
    """Each warning with what it was compared with; none for texts of former times and codes that are not worked out."""
    known = [one for one in published if one.code in KNOWN]
    yield from ((kind, one, ()) for one in published if one.code not in KNOWN)
    if published and all(one.code == "" for one in published):
        return
    for one, mine in zip_longest(known, due):
        if mine is None:
            findings.bad(CHECK, where, WarnedForNothing(one.message[:200]))
        elif one is None:
            findings.bad(CHECK, where, ShouldWarn(mine))
        else:
            yield kind, one, (mine,)
            if wrong := unlike(one, [mine]):
                findings.bad(CHECK, where, wrong)


def _warning(item: Any, where: str, findings: Findings) -> Reason:
    """A warning as a file has it; its English is compared where its code is known here."""
    if isinstance(item, str):
        return Reason("", {}, item)
    warning = reason(item, where, "")
    if warning.code in CATALOGUE and english(warning.code, warning.params) != warning.message:
        findings.bad(CHECK, where, OtherWords(warning.message[:200]))
    return warning
