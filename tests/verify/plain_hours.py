"""Full packs of one counter whose hour facts are counted second by second: no array, no search, no shared idea."""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta
from fractions import Fraction
from typing import Any

from tests.verify import sealing
from tests.verify.make_packs import EDGE, FIRST, HOUR, SECOND, SITE, Mill, begin, body, files
from tests.verify.plain_figures import share, text
from tests.verify.sealing import Chain, canonical, hash_of

DAY = 86400
T0 = begin(FIRST)
REACH = 121
Reading = tuple[int, int, int, int, bytes]  # second, raw, origin, status, hash of its block


def pack(seed: int, spoil: bool = False) -> bytes:
    """A pack of depth full; spoil: one step of one hour fact is another than the rows give."""
    chance = random.Random(seed)
    mill = Mill(seed, stamp=T0 + 2 * DAY * SECOND)
    desk = mill.chain(f"desk-{SITE}", SITE, 1)
    mill.desk(desk, "site", id=SITE, name_zh="素厂", name_en="Plain mill", tz="Asia/Shanghai", province="浙江",
              day_start="00:00")  # fmt: skip
    mill.desk(desk, "points", points=[{"id": "main", "carrier": "electricity", "parent": None, "node": EDGE,
                                       "tag": "main.kwh", "zh": "main", "en": "main"}])  # fmt: skip
    readings, gaps, head = _edge(mill, chance)
    size = len(mill.log.records)
    facts = _facts(readings, gaps, head)
    if spoil:
        facts["steps"][chance.randrange(24)] += 1
    accounts = mill.chain("accounts", "", 3)
    mill.add(accounts.seal({
        "kind": "hours", "site": SITE, "node": EDGE, "tag": "main.kwh", "meter": "main", "carrier": "electricity",
        "day": str(FIRST), "start": str(T0), "end": str(T0 + 24 * HOUR), "scale": "0.5", "unit": "kW.h",
        "method": "steelyard/hours/1", "size": size, "revision": 0, "cause": "first",
        **facts}, mill.stamp))  # fmt: skip
    figures = [_figure("main", facts), _figure(None, facts)]
    refused = [{"kind": kind, "point": None, "why": "…"}
               for kind in ("cost_yuan", "energy_tce", "scope1_tco2e", "scope2_tco2")]  # fmt: skip
    said = body(mill, sorted(figures, key=lambda item: item["point"] or ""), refused)
    said["to"] = str(FIRST + timedelta(days=1))
    return sealing.bundled(files(mill, said), "full")


def _edge(
    mill: Mill, chance: random.Random
) -> tuple[list[Reading], list[tuple[int | None, int | None]], int]:
    """Rows of a uint16 counter by the minute, more or less: it wraps, jumps, falls silent and is told twice."""
    edge = Chain(EDGE, sealing.key_of(EDGE), incarnation=2)
    mill.chains.append(edge)
    mill.add(edge.opened(SITE, mill.stamp))
    mill.add(edge.seal({"kind": "schema", "config": "00" * 32, "seal_after": "1", "groups": [
        {"id": "g", "device": "g", "protocol": "modbus-tcp", "stream": "account", "layout": "table",
         "every": str(60 * SECOND), "time_source": "edge", "tags": [
             {"name": "main.kwh", "type": "uint16", "unit": "kW.h", "kind": "counter", "scale": "0.5",
              "max_rate": "0.25", "meter": "main", "carrier": "electricity"}]}]}, mill.stamp))  # fmt: skip
    readings: list[Reading] = []
    gaps: list[tuple[int | None, int | None]] = []
    raw, at, head = 65_000, chance.choice([-90, 30, 4000]), 0
    while at < DAY + chance.choice([-5000, 600]):
        if chance.random() < 0.06:
            at += chance.randrange(200, 9000)
            gaps.append(chance.choice([(at - 300, at - 20), (at - 150, None), (None, at)]))
            ends = [None if end is None else str(T0 + end * SECOND) for end in gaps[-1]]
            mill.add(edge.seal({"kind": "gap", "group": "g", "device": "g", "from": ends[0], "to": ends[1],
                                "cause": "test"}, mill.stamp))  # fmt: skip
        raw = chance.randrange(2**16) if chance.random() < 0.02 else raw
        times = [at + 60 * i + chance.randrange(3) for i in range(30)]
        values = [(raw + i * chance.randrange(0, 31)) % 2**16 for i in range(30)]
        raw, at = values[-1], times[-1] + 60
        origin = 0
        for lot in (values, [chance.randrange(2**16) for _ in values])[: 1 + (chance.random() < 0.1)]:
            status = [chance.choice([0] * 20 + [2, 5, 14]) for _ in lot]
            stamps = [T0 + second * SECOND for second in times]
            part = sealing.table(0, stamps, [("uint16", lot)], [status], origin)
            block = edge.seal([part], mill.stamp, stamps, origins=1 << origin)
            mill.add(block)
            head = max(head, times[-1])
            readings += [
                (t, v, origin, s, hash_of(block)) for t, v, s in zip(times, lot, status, strict=True)
            ]
            origin = 1
    return readings, gaps, head


def _facts(known: list[Reading], gaps: list[tuple[int | None, int | None]], head: int) -> dict[str, Any]:
    winners: dict[int, Reading] = {}
    for one in known:
        if one[3] != 14 and (one[0] not in winners or one[2:] < winners[one[0]][2:]):
            winners[one[0]] = one
    readings = [winners[at] for at in sorted(winners) if winners[at][3] <= 4]
    pairs = [(readings[i], readings[i + 1]) for i in range(len(readings) - 1)]
    covered = [False] * DAY
    for a, b in pairs:
        ends = [p for p, q in gaps if q is None and p is not None] + [
            q - 1e-9 for p, q in gaps if p is None and q is not None
        ]
        if b[0] - a[0] <= REACH and not any(a[0] <= end < b[0] for end in ends):
            for second in range(max(a[0], 0), min(b[0], DAY)):
                covered[second] = not any(p <= second < q for p, q in gaps if p is not None and q is not None)
    made: dict[str, Any] = {"steps": [], "class": [], "completeness": [], "inputs": []}
    for hour in range(24):
        start, end = hour * 3600, hour * 3600 + 3600
        made["completeness"].append(share(Fraction(sum(covered[start:end]), 3600)))
        made["steps"].append(sum(_step(a, b)[0] for a, b in pairs if start < b[0] <= end))
        made["class"].append(_class(readings, pairs, start, end, head))
        inside = [one for one in readings if start < one[0] <= end]
        before = [one for one in readings if one[0] <= start][-1:]
        made["inputs"].append(
            hashlib.sha256(b"".join(sorted({one[4] for one in inside + before}))).hexdigest()
        )
    return made


def _step(a: Reading, b: Reading) -> tuple[int, bool]:
    step = (b[1] - a[1]) % 2**16
    true = step <= Fraction(1, 4) / Fraction(1, 2) * (b[0] - a[0] + 1) + 1
    return (step, True) if true else (0, False)


def _class(
    readings: list[Reading], pairs: list[tuple[Reading, Reading]], start: int, end: int, head: int
) -> str:
    if not any(one[0] <= end for one in readings):
        return "unknown"
    if any(not _step(a, b)[1] for a, b in pairs if a[0] < end and b[0] > start):
        return "invalid(counter)"
    if end > head:
        return "provisional"
    if not any(one[0] <= start for one in readings):
        return "partial"
    spans = ((start, end), (start - 3600, start))
    if not all(any(a < one[0] <= b for one in readings) for a, b in spans):
        return "estimated"
    return "measured"


def _figure(point: str | None, facts: dict[str, Any]) -> dict[str, Any]:
    hours = [
        (step, name, Fraction(known), key)
        for step, name, known, key in zip(
            facts["steps"], facts["class"], facts["completeness"], facts["inputs"], strict=True
        )
        if name != "unknown"
    ]
    total = sum((Fraction(step, 2) for step, *_ in hours), Fraction(0))
    guessed = sum((Fraction(step, 2) for step, name, *_ in hours if name == "estimated"), Fraction(0))
    covered = sum((known for _, name, known, _ in hours if name != "invalid(counter)"), Fraction(0)) / 24
    inputs = b"".join(sorted({bytes.fromhex(key) for *_, key in hours}))
    to, method = str(FIRST + timedelta(days=1)), "steelyard/amount/1"
    named = canonical([SITE, "electricity_kwh", point, str(FIRST), to, method])
    return {
        "id": hashlib.sha256(named).hexdigest()[:16], "kind": "electricity_kwh", "point": point, "from": str(FIRST),
        "to": to, "value": text(total, 6), "unit": "kW.h", "completeness": share(covered),
        "substituted": share(guessed / total if total else Fraction(0)), "factors": [], "citations": [],
        "method": method, "inputs": hashlib.sha256(inputs).hexdigest(),
        "parts": [{"point": "main", "quantity": "electricity", "value": text(total, 12), "unit": "kW.h"}],
    }  # fmt: skip
