"""The judge against hand-made evidence: an honest run agrees, each planted fault shows in its own figure."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from demo.evidence import Tag, account_rows, blocks_of, export_rows, nanoseconds, trace_of
from demo.judge import Figures, judge

SPEED = "染色机1.布速"
TAGS = {
    tag.name: tag
    for tag in (
        Tag("meter.reads", "meter", "uint32", read_counter=True),
        Tag("meter.kwh", "meter", "uint32", "0.01", "counter", "meter", "electricity", "kW.h"),
        Tag("meter.kw", "meter", "float32", "1", "gauge", "meter", None, "kW"),
        Tag(SPEED, "dyeing", "float64", unit="m/min", polled=False),
    )
}
# The counter rolls over after read 12: 4294967290 + 20 steps = 14.
KWH = {10: 4294967270, 11: 4294967280, 12: 4294967290, 13: 14, 14: 24}
KW = {10: "1.5", 11: "0.10000000149011612", 12: "nan", 13: "-0.0", 14: "inf"}
SPEEDS = {"01.100000000": "60.0", "02.200000000": "61.25", "03.300000000": "0.1"}
DAY = "2025-06-01T08:00:"


@dataclass
class World:
    """An honest run as text, the way files and commands give it; a test changes it before it is judged."""

    account: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    export: list[str] = field(default_factory=list)
    blocks: dict[str, Any] = field(default_factory=dict)
    projected: int | None = None
    energy: dict[str, Decimal | None] = field(default_factory=lambda: {"meter.kwh": Decimal("0.50")})

    def judged(self) -> Figures:
        """What the judge says."""
        blocks = {"values": len(self.export), "duplicates": 0, "gaps": [], "bad": []} | self.blocks
        return judge(
            TAGS,
            account_rows(["device,tag,counter,time,raw,hex\n", *self.account]),
            trace_of(self.trace),
            list(export_rows(io.StringIO("time,tag,raw,value,quality\n" + "".join(self.export)))),
            blocks_of(blocks),
            len(self.export) if self.projected is None else self.projected,
            self.energy,
        )

    def without(self, part: str, words: str) -> None:
        """Take the one line that holds `words` out of a part."""
        lines = getattr(self, part)
        [line] = [line for line in lines if words in line]
        lines.remove(line)

    def instead(self, part: str, words: str, other: str) -> None:
        """Change `words` in the one line that holds them."""
        lines = getattr(self, part)
        [at] = [i for i, line in enumerate(lines) if words in line]
        lines[at] = lines[at].replace(words, other)


@pytest.fixture
def world() -> World:
    """Five reads of a meter, the row time 20 ms after the plant's, and three changes of a speed."""
    world = World()
    for n, kwh in KWH.items():
        served, stored = f"{DAY}{n}.000000000Z", f"{DAY}{n}.020000000Z"
        for tag, raw in (("meter.reads", str(n)), ("meter.kwh", str(kwh)), ("meter.kw", KW[n])):
            world.account.append(f"meter,{tag},{n},{served},{raw},00\n")
            world.export.append(f"{stored},{tag},{raw},0.0,good\n")
        world.trace.append(f"T account {n} meter {n}\n")
    for row, (second, raw) in enumerate(SPEEDS.items()):
        time = f"{DAY}{second}Z"
        world.account.append(f"dyeing,{SPEED},,{time},{raw},00\n")
        world.export.append(f"{time},{SPEED},{raw},{raw},good\n")
        world.trace.append(f"E process {row} {SPEED} {nanoseconds(time)}\n")
    return world


def figures(judged: Figures) -> dict[str, Any]:
    """What is not zero of the figures that must be."""
    names = ("lost", "unaccepted", "uncovered", "duplicated", "different", "energy_error")
    return {name: getattr(judged, name) for name in names if getattr(judged, name)}


def test_honest_run_agrees(world: World) -> None:
    judged = world.judged()
    assert (judged.served, judged.accepted, judged.ledger, judged.stored) == (18, 18, 18, 18)
    assert figures(judged) == {} and judged.agree and judged.examples == {}


Fault = Callable[[World], None]


def lost_value(world: World) -> None:
    world.without("export", ",meter.kwh,4294967280,")


def lost_event(world: World) -> None:
    world.without("export", f"{SPEED},61.25,")


def projector_behind(world: World) -> None:
    world.projected = 16


def changed_bit_of_integer(world: World) -> None:
    world.instead("export", "meter.kwh,4294967280,", "meter.kwh,4294967281,")


def changed_bit_of_float32(world: World) -> None:
    world.instead("export", "meter.kw,0.10000000149011612,", "meter.kw,0.10000000894069672,")


def changed_sign_of_zero(world: World) -> None:
    world.instead("export", "meter.kw,-0.0,", "meter.kw,0.0,")


def changed_event(world: World) -> None:
    world.instead("export", f"{SPEED},0.1,", f"{SPEED},0.10000000000000002,")


def invented_value(world: World) -> None:
    world.export.append(f"{DAY}30.000000000Z,meter.kw,1.5,1.5,good\n")
    world.blocks["values"] = 19


def unknown_tag(world: World) -> None:
    world.export.append(f"{DAY}30.000000000Z,meter.kvar,1.5,1.5,good\n")


def bad_block(world: World) -> None:
    world.blocks["bad"] = [{"where": "000001:4711", "message": "hash"}]


def stored_twice(world: World) -> None:
    for tag, raw in (("reads", "12"), ("kw", "nan")):
        world.export.append(f"{DAY}12.500000000Z,meter.{tag},{raw},0.0,good\n")


def rows_in_two_blocks(world: World) -> None:
    world.blocks |= {"duplicates": 3, "values": 21}


def same_time_twice_in_the_ledger(world: World) -> None:
    world.blocks["values"] = 19


def hole_without_gap(world: World) -> None:
    world.without("trace", "meter 12")
    for tag in ("reads,12", "kwh,4294967290", "kw,nan"):
        world.without("export", f"meter.{tag},")


def event_without_gap(world: World) -> None:
    world.without("trace", f"E process 1 {SPEED}")
    world.without("export", f"{SPEED},61.25,")


def energy_off_by_a_step(world: World) -> None:
    world.energy["meter.kwh"] = Decimal("0.51")


def energy_missing(world: World) -> None:
    del world.energy["meter.kwh"]


def energy_without_amount(world: World) -> None:
    world.energy["meter.kwh"] = None


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (lost_value, {"lost": 1}),
        (lost_event, {"lost": 1}),
        (projector_behind, {"lost": 2}),
        (changed_bit_of_integer, {"different": 1}),
        (changed_bit_of_float32, {"different": 1}),
        (changed_sign_of_zero, {"different": 1}),
        (changed_event, {"different": 1}),
        (invented_value, {"different": 1}),
        (unknown_tag, {"different": 1}),
        (bad_block, {"different": 1}),
        (stored_twice, {"duplicated": 2}),
        (rows_in_two_blocks, {"duplicated": 3}),
        (same_time_twice_in_the_ledger, {"duplicated": 1}),
        (hole_without_gap, {"unaccepted": 3, "uncovered": 3}),
        (event_without_gap, {"unaccepted": 1, "uncovered": 1}),
        (energy_off_by_a_step, {"energy_error": Decimal("0.01")}),
        (energy_missing, {"energy_error": Decimal("0.50")}),
        (energy_without_amount, {"energy_error": Decimal("0.50")}),
    ],
)
def test_planted_fault_turns_its_own_figure(world: World, fault: Fault, shown: dict[str, Any]) -> None:
    fault(world)
    judged = world.judged()
    assert figures(judged) == shown
    assert not judged.agree
    assert set(judged.examples) == set(shown) - {"unaccepted"}


@pytest.mark.parametrize(
    ("start", "end", "uncovered"),
    [
        ("11.020000000Z", "13.020000000Z", 0),
        (None, "12.000000000Z", 0),
        ("12.900000000Z", None, 0),  # within the second that the two clocks may differ
        ("13.100000000Z", None, 3),
        ("08.000000000Z", "10.900000000Z", 3),
    ],
)
def test_gap_statement_covers_the_hole(
    world: World, start: str | None, end: str | None, uncovered: int
) -> None:
    hole_without_gap(world)
    bounds = {"from": start and DAY + start, "to": end and DAY + end}
    world.blocks["gaps"] = [{"device": "meter", **bounds}]
    judged = world.judged()
    assert (judged.unaccepted, judged.uncovered) == (3, uncovered)
    assert judged.agree == (uncovered == 0)


def test_gap_of_another_device_covers_nothing(world: World) -> None:
    hole_without_gap(world)
    world.blocks["gaps"] = [{"device": "dyeing", "from": None, "to": None}]
    assert world.judged().uncovered == 3


def test_stored_without_trace_is_neither_lost_nor_uncovered(world: World) -> None:
    """The edge was killed between its fdatasync and its line in the trace."""
    world.without("trace", "meter 10")
    judged = world.judged()
    assert (judged.accepted, judged.unaccepted, judged.agree) == (15, 3, True)


def test_shortest_text_of_a_float32_is_the_same_number(world: World) -> None:
    world.instead("export", "meter.kw,0.10000000149011612,", "meter.kw,0.1,")
    assert world.judged().agree


def test_row_served_again_counts_once(world: World) -> None:
    """A new subscription names the current value again."""
    world.account.append(world.account[-1])
    judged = world.judged()
    assert judged.served == 18 and judged.agree


def test_account_that_contradicts_itself_differs(world: World) -> None:
    world.account.append(world.account[-1].replace(",0.1,", ",0.2,"))
    assert figures(world.judged()) == {"different": 1}


def test_energy_counts_only_what_was_accepted_or_stored(world: World) -> None:
    """The last reading never reached a disk: the account's own sum must end before it."""
    world.without("trace", "meter 14")
    for tag in ("reads,14", "kwh,24", "kw,inf"):
        world.without("export", f"meter.{tag},")
    world.blocks["gaps"] = [{"device": "meter", "from": f"{DAY}14.000000000Z", "to": None}]
    world.energy["meter.kwh"] = Decimal("0.40")
    assert world.judged().agree
