"""The warnings of a summary's figures: their form and their English. Which are due is not worked out yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verify.formats.findings import Findings
from verify.formats.message import CATALOGUE, english
from verify.formats.shape import listed
from verify.reasons.messages import OtherWords, WarningsHold
from verify.reasons.reason import Reason, limits, reason

CHECK = "warnings"


def check(figures: Sequence[Mapping[str, Any]], findings: Findings) -> None:
    """Compare the English of each warning with its code and parameters; count what is not compared; raises Bad."""
    pairs = []
    for index, figure in enumerate(figures):
        if "warnings" not in figure:
            continue
        where = f"summary.json: figures[{index}].warnings"
        for at, item in enumerate(listed(figure["warnings"], where)):
            said = _warning(item, f"{where}[{at}]", findings)
            pairs.append((str(figure.get("kind")), said, ()))
    if pairs:
        findings.settle(CHECK, WarningsHold(len(pairs)))
        for limit in limits(pairs):
            findings.good(CHECK, limit)


def _warning(item: Any, where: str, findings: Findings) -> Reason:
    if isinstance(item, str):
        return Reason("", {}, item)
    said = reason(item, where, "")
    if said.code in CATALOGUE and english(said.code, said.params) != said.message:
        findings.bad(CHECK, where, OtherWords(said.message[:200]))
    return said
