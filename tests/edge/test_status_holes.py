"""The status of an edge keeps the holes that it declared apart from the gaps of its groups."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from edge.agent import Agent


def test_declared_holes_are_not_hidden_by_what_the_scan_did_not_read() -> None:
    shown: dict[str, Any] = {"holes": 1}
    part = SimpleNamespace(
        _store=SimpleNamespace(write_status=shown.update),
        _scan=SimpleNamespace(repeats=2, gaps=Counter(meter=3)),
    )
    Agent._write_status(cast(Agent, part))
    assert shown == {"holes": 1, "repeats": 2, "gaps": {"meter": 3}}
