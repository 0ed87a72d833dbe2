"""Packs of a node that lost blocks: a declared hole is shown as a gap with its cause, any other is a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify import real_site, sealing
from tests.verify.real_site import MINUTE, SITE
from tests.verify.test_real_packs import faults, report
from verify.blocks.block import parse
from verify.check import VERIFIED

LOST = (40, 41, 42)
"""Seqs that are gone."""


def holed(first: int = LOST[0], last: int = LOST[-1], digest: bytes | None = None, says: bool = True) -> type:
    """A plant whose edge lost blocks, and declares a hole in a chain of its own."""

    class Holed(real_site.Plant):
        def live(self) -> None:
            super().live()
            gone = [parse(data) for _, data in self.blocks if parse(data).header.seq in LOST]
            self.blocks = [item for item in self.blocks if parse(item[1]).header.seq not in LOST]
            at = self.blocks[-1][0]
            said = sealing.Chain(self.chain.node, self.chain.key, incarnation=99, row_next=10**6)
            self.blocks.append((at, said.opened(SITE, at)))
            hole = {
                "kind": "hole", "incarnation": f"{self.chain.incarnation:016x}", "first": first, "last": last,
                "hash": (digest or gone[-1].hash).hex(), "cause": "damaged",
            }  # fmt: skip
            if says:
                self.blocks.append((at, said.seal(hole, at)))
            begun = min(block.header.utc_first for block in gone if block.header.has_utc) - 20 * MINUTE
            ended = max(block.header.utc_last for block in gone) + 20 * MINUTE
            for group in ("main", "dye", "gas"):
                gap = {"kind": "gap", "group": group, "device": group, "from": str(begun), "to": str(ended)}
                self.blocks.append((at, said.seal(gap | {"cause": "journal-damaged"}, at)))

    return Holed


def build(folder: Path, plant: type, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(real_site, "Plant", plant)
    return real_site.build(folder, 1)


@pytest.mark.parametrize("depth", ["summary", "full"])
def test_a_declared_hole_is_a_gap_with_its_cause(
    tmp_path: Path, depth: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(tmp_path, holed(), monkeypatch)
    found = report(real_site.packed(folder, depth), folder)
    assert faults(found) == [] and found.verdict == VERIFIED
    (gap,) = [check for check in found.findings.checks if check.name == "gap"]
    assert gap.where == (
        f"{SITE}-edge/account/{1 + 1:016x}/40 to 42: 3 blocks are gone: damaged"
        f" (said by {SITE}-edge/account/{99:016x}/1)"
    )


@pytest.mark.parametrize(
    ("plant", "why"),
    [
        (holed(says=False), "a hole before it: not all of 40 to 42 are accounted for"),
        (holed(first=41), "a hole before it: not all of 40 to 42 are accounted for"),
        (holed(last=41), "a hole before it: not all of 40 to 42 are accounted for"),
        (holed(first=0), "a hole before it: not all of 40 to 42 are accounted for"),
        (holed(digest=b"\x01" * 32), "does not link to the block before it"),
    ],
)
def test_a_hole_that_is_not_declared_so_is_a_fault(
    tmp_path: Path, plant: type, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(tmp_path, plant, monkeypatch)
    found = report(real_site.packed(folder, "full"), folder)
    assert any(fault.startswith("links") and fault.endswith(why) for fault in faults(found)), faults(found)
