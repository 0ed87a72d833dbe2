"""What the accounts hear of notes and corrections: about what, when sealed, and not what was withdrawn."""

from __future__ import annotations

import time
from pathlib import Path

from cloud.statements.replay import replay
from tests.desk.test_withdraw import CORRECTION, Mill

KEY = "exceedance/main/cod/day/2024-01-05"


def test_notes_and_reasons_of_corrections_are_heard_until_they_are_withdrawn(tmp_path: Path) -> None:
    mill, before = Mill(tmp_path), time.time_ns()
    part = mill.take("2024-01-05,2024-01-06,main,electricity,7,kWh\n")[0]
    note = mill.say(f"notes: {{about: {KEY}, text: a pump failed}}")
    fixed = mill.say(f"note: wrong by ten, {KEY}\ncorrection: {CORRECTION % (4, 5, '70')}")
    other = mill.say("notes: {about: main, text: another}")
    found = replay(mill.settings, "mill").declared
    assert [(one.about, one.block.hex()) for one in found.notes] == [
        (KEY, note), (f"wrong by ten, {KEY}", fixed), ("main", other),
    ]  # fmt: skip
    times = [one.sealed for one in found.notes]
    assert before < times[0] < times[1] < times[2] < time.time_ns()
    assert {block.hex() for block in found.sealed} == {part, fixed}
    assert {block.hex() for block in found.corrected} == {fixed}
    assert before < found.sealed[bytes.fromhex(part)] < times[0]
    mill.undo(note)
    mill.undo(fixed)
    found = replay(mill.settings, "mill").declared
    assert [one.about for one in found.notes] == ["main"]
    assert {block.hex() for block in found.sealed} == {part} and not found.corrected
    assert [int(item.row.value) for item in found.rows] == [7]
