"""The page of the system: what GET /api/v1/health says, each with what it means, and an eye on what should be zero."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cloud.web.views.system import shown, size

ZONE = ZoneInfo("Asia/Shanghai")
HEALTH: dict[str, Any] = {
    "status": "ok", "version": "0.1", "time": "2026-03-01T16:30:00Z", "last_received": "2026-03-01T15:59:59Z",
    "ledger": {"blocks": 1234567, "bytes": 9_876_543_210, "damage": 0, "bytes_per_day": 1_500_000,
               "free_bytes": 64_000_000_000, "days_to_full": 42666.7},
    "projector": {"lag_blocks": 3, "values": 1000, "counted": True},
    "refused": 0, "unknown_keys": 0, "forks": 0, "unlinked": 4, "duplicates": 5, "dropped": 6, "overflowed": 0,
    "unknown_sites": 0,
    "nodes": [{"node": "edge", "site": "mill", "trusted": True, "last_received": "2026-03-01T16:29:59Z",
               "streams": [{"stream": "rows", "incarnation": "0" * 16, "last": 41, "have": 41}]},
              {"node": "lost", "site": None, "trusted": False, "last_received": None, "streams": []}],
}  # fmt: skip


def values(health: dict[str, Any], part: str) -> dict[str, tuple[str, bool]]:
    """Value and alarm by label."""
    return {line.label: (line.value, line.alarm) for line in shown(health, ZONE)[part]}


def test_every_value_of_the_ledger_stands_there_with_its_unit() -> None:
    assert values(HEALTH, "ledger") == {
        "Blocks in the ledger": ("1,234,567", False), "Size": ("9.9 GB", False), "Growth a day": ("1.5 MB", False),
        "Free on the disk": ("64.0 GB", False), "Days until the disk is full": ("42,667", False),
        "Damaged places": ("0", False), "Last block received": ("2026-03-01 23:59:59", False),
    }  # fmt: skip
    assert values(HEALTH, "reading")["Projector lag, blocks"] == ("3", False)


@pytest.mark.parametrize("name", ["refused", "unknown_keys", "forks", "overflowed", "unknown_sites"])
def test_what_should_be_zero_raises_an_eye_and_what_is_usual_does_not(name: str) -> None:
    assert not [label for label, (_, alarm) in values(HEALTH, "counts").items() if alarm]
    found = values(HEALTH | {name: 2}, "counts")
    assert [value for value, alarm in found.values() if alarm] == ["2"]


def test_a_node_has_its_streams_and_one_without_a_key_is_told() -> None:
    edge, lost = shown(HEALTH, ZONE)["nodes"]
    assert edge["streams"] == [{"name": "rows", "last": "41"}] and edge["last"] == "00:29:59"
    assert (lost["trusted"], lost["last"], lost["streams"]) == (False, "–", [])


def test_sizes_have_three_digits_before_the_point_at_most() -> None:
    sizes = [size(count) for count in (None, 0, 999, 1000, 12_345_678, 5 * 10**15)]
    assert sizes == ["–", "0 B", "999 B", "1.0 kB", "12.3 MB", "5,000.0 TB"]
