"""A mill to whose ledger things come in any order, late, twice; and its facts by a plain reading of all of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from accounts.figure.calendar import Calendar
from accounts.metering.facts import Facts, Readings, day_facts
from cloud import ledger, settings
from cloud.hourly import records
from cloud.ledger import Decoder, Ledger
from cloud.ledger.columns import pieces
from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection.counter_bins import register
from cloud.settings import Settings
from cloud.statements.replay import replay
from contract.errors import Malformed
from contract.quality import Origin, Quality
from contract.schema import Schema
from contract.tags import Group, Layout, Rows, Tag, to_bits
from tests.cloud.edge_twin import SECOND, Node

MINUTE = 60 * SECOND
DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
SITE = "demo-mill"
HEAD = {"site": SITE, "by": "p-0123456789ab", "at": "1", "note": ""}
MAIN = Tag("main.kwh", "uint32", "kW.h", kind="counter", scale="0.01", max_rate="5", meter="main")
DYE = Tag("dye.kwh", "uint16", "kW.h", kind="counter", scale="0.1", max_rate="5", meter="dye")
FLOW = Tag("flow.m3", "uint32", "m3", kind="counter", scale="1", meter="flow")
METERS = Group("meters", "plc", "modbus-tcp", "account", Layout.TABLE, 30 * MINUTE, "edge", (MAIN, DYE))
SILENT = Group("silent", "opc", "opcua", "account", Layout.EVENTS, 30 * MINUTE, "source", (FLOW,))
POINTS = {"main": "main.kwh", "dye": "dye.kwh", "flow": "flow.m3"}
SLOTS = 5 * 48
"""Half hours of the days that a plan is about."""


@dataclass(frozen=True)
class Step:
    """One thing that comes: kind, half hours *at* to *at + count*, and a number that says the rest."""

    kind: str
    at: int
    count: int
    salt: int


@dataclass
class Mill:
    """A cloud's folder, the nodes that write to its ledger, and what they have written."""

    settings: Settings
    start: int
    edge: Node
    desk: Node
    statements: list[bytes] = field(default_factory=list)

    def do(self, step: Step) -> None:
        """Let one thing come."""
        before = len(self.edge.blocks), len(self.desk.blocks)
        getattr(self, f"_{step.kind}")(step)
        new = [*self.edge.blocks[before[0] :], *self.desk.blocks[before[1] :]]
        self.statements += self.desk.hashes[before[1] :]
        self.write(new)

    def write(self, blocks: list[bytes]) -> None:
        """Append to the ledger."""
        log = Ledger(self.settings.ledger_folder)
        for data in blocks:
            log.append(1, data)
        log.close()

    def day(self, step: Step) -> date:
        """The day of a step."""
        return datetime.fromtimestamp(self.start / SECOND, ZONE).date() + (step.at // 48) * DAY

    def _times(self, step: Step) -> list[int]:
        every = 1 + step.salt % 3
        return [self.start + (step.at + i * every) * 30 * MINUTE + step.salt % 2 for i in range(step.count)]

    def _rows(self, step: Step) -> None:
        times = self._times(step)
        data = np.zeros(len(times), METERS.row)
        data["f0"] = [(at - self.start) // MINUTE + step.salt % 5 for at in times]
        data["f1"] = [((at - self.start) // MINUTE * 7) % 2**16 for at in times]
        status = np.zeros((len(times), 2), np.uint8)
        if step.salt % 4 == 3:
            status[:: 1 + step.salt % 3, step.salt // 8 % 2] = (Quality.UNDER_RANGE, Quality.MISSING)[
                step.salt // 4 % 2
            ]
        origin = (Origin.LIVE, Origin.BACKFILL, Origin.REPLAY)[step.salt % 3]
        self.edge.rows(Rows(METERS, np.array(times, np.int64), data, status, origin=origin))

    def _events(self, step: Step) -> None:
        times = self._times(step)[: step.salt % (step.count + 1)]
        data = np.zeros(len(times), SILENT.row)
        data["value"] = to_bits(np.array([(at - self.start) // MINUTE for at in times], "u4"))
        alive = self.start + (step.at + 2 * step.count) * 30 * MINUTE
        self.edge.rows(Rows(SILENT, np.array(times, np.int64), data, alive_until=alive))

    def _twice(self, step: Step) -> None:
        self.write([self.edge.blocks[step.salt % len(self.edge.blocks)]])

    def _gap(self, step: Step) -> None:
        ends = [str(self.start + at * 30 * MINUTE + step.salt % 7) for at in (step.at, step.at + step.count)]
        group = (METERS, SILENT)[step.salt % 2].id
        from_, to = (
            (ends[0], ends[1]) if step.salt % 5 else (None, ends[1]) if step.salt % 2 else (ends[0], None)
        )
        self.edge.say("gap", group=group, device="plc", cause="no answer", **{"from": from_, "to": to})

    def _restart(self, step: Step) -> None:
        self.edge.chain = Node(
            METERS, SILENT, name="mill-edge", incarnation=100 + len(self.edge.blocks)
        ).chain
        self.edge.begin()

    def _other(self, step: Step) -> None:
        """The meter has another scale from now on, or nobody says how fast it can run."""
        main = Tag(MAIN.name, "uint32", "kW.h", kind="counter", scale=("0.01", "0.1")[step.salt % 2],
                   max_rate=(None, "5")[step.salt % 3 > 0], meter="main")  # fmt: skip
        group = Group(
            "meters", "plc", "modbus-tcp", "account", Layout.TABLE, 30 * MINUTE, "edge", (main, DYE)
        )
        self.edge.say("schema", **Schema("00" * 32, 2 * SECOND, (group, SILENT)).to_fields())
        self.edge.say("schema", **self.edge.schema.to_fields())
        if step.salt % 5 == 0:
            self.edge.say("schema", **Schema("00" * 32, 2 * SECOND, (group, SILENT)).to_fields())
            self.edge.schema = Schema("00" * 32, 2 * SECOND, (group, SILENT))

    def _points(self, step: Step) -> None:
        names = [name for i, name in enumerate(POINTS) if (step.salt + 1) >> i & 1]
        self.desk.say("points", **HEAD, points=[
            {"id": name, "carrier": "gas" if name == "flow" else "electricity", "node": "mill-edge",
             "tag": POINTS[name], "parent": None, "zh": "点", "en": "Point"} for name in names])  # fmt: skip

    def _site(self, step: Step) -> None:
        start = ("00:00", "08:00")[step.salt % 2]
        self.desk.say(
            "site",
            **HEAD,
            id=SITE,
            name_zh="厂",
            name_en="Mill",
            tz=str(ZONE),
            province="浙江",
            day_start=start,
        )

    def _import(self, step: Step) -> None:
        """One part of an import of two, or all of one."""
        day = f"{self.day(step):%Y-%m-%dT00:00:00Z}"
        row = [day, f"{self.day(step) + DAY:%Y-%m-%dT00:00:00Z}", "main", "production", str(step.salt), "t"]
        parts = 1 + step.salt % 2
        name = f"{step.at // 48:064x}"
        self.desk.say("import", **HEAD, file=name, part=1 + step.count % parts, parts=parts, rows=[row])

    def _withdraw(self, step: Step) -> None:
        if self.statements:
            name = self.statements[step.salt % len(self.statements)].hex()
            self.desk.say("withdraw", **HEAD, statement=name, why="wrong")

    def _seal(self, step: Step) -> None:
        records.seal(self.settings, SITE, self.day(step), self.day(step) + (1 + step.count // 16) * DAY)


def begin(folder: Path) -> Mill:
    """A mill of four days ago in a folder that *init* has made."""
    edge = Node(METERS, SILENT, name="mill-edge", site=SITE).begin()
    desk = Node(name=f"desk-{SITE}", incarnation=21)
    desk.say("open", node=desk.name, site=SITE, previous=None, cause="start")
    today = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    start = int((today - 4 * DAY).timestamp()) * SECOND
    mill = Mill(settings.load(folder / "cloud" / "cloud.yaml"), start, edge, desk)
    mill._site(Step("site", 0, 0, 0))
    mill._points(Step("points", 0, 0, 6))
    mill.write([*edge.blocks, *desk.blocks])
    return mill


def plain(config: Settings) -> tuple[Facts, ...]:
    """The facts by a reading of the whole ledger that takes each value by itself."""
    statements = replay(config, SITE)
    calendar, decoder = Calendar.of(statements.declared.site), Decoder()
    won: dict[str, dict[int, tuple[Any, ...]]] = {}
    alive: dict[str, set[int]] = {}
    head = 0
    for record in ledger.read(config.ledger_folder):
        try:
            decoded = decoder.feed(record.data)
        except Malformed:
            continue
        if decoded.header.node != "mill-edge":
            continue
        head = max(head, decoded.header.utc[1] if decoded.header.utc else 0)
        for rows in decoded.rows or ():
            if rows.alive_until > 0 and rows.group is not METERS:
                alive.setdefault(rows.group.id, set()).add(rows.alive_until)
                head = max(head, rows.alive_until)
            for piece in pieces(rows, 0):
                for at, raw, status in zip(
                    piece.time.tolist(), piece.bits.tolist(), piece.status.tolist(), strict=True
                ):
                    mine = (piece.origin, status, decoded.hash, raw)
                    known = won.setdefault(piece.tag.name, {})
                    known[at] = min(known.get(at, mine), mine, key=lambda item: item[:3])
    sealed = {item.day for item in statements.declared.facts}
    found = {item.key: item for item in statements.declared.facts}
    points = statements.declared.points.points if statements.declared.points else ()
    place, today = SiteNode(SITE, "mill-edge"), calendar.day_of(time.time_ns())
    for name in sorted({str(point.tag) for point in points}):
        tag, values = statements.catalogue.tags(place)[name], sorted(won.get(name, {}).items())
        usable = [(at, item) for at, item in values if item[1] <= Quality.MANUAL]
        if not usable:
            continue
        hashes = sorted({item[2] for _, item in usable})
        given = Readings(
            np.array([at for at, _ in usable]), np.array([item[3] for _, item in usable], np.uint64),
            np.array([hashes.index(item[2]) for _, item in usable]), hashes,
            np.array(sorted(alive.get(tag.group.id, ())), np.int64), register(tag.tag, tag.group),
            statements.catalogue.gaps(place, tag.group.id), head,
        )  # fmt: skip
        for day in calendar.days(calendar.day_of(usable[0][0]), today + DAY):
            about = Facts(SITE, "mill-edge", name, tag.tag.meter, None, day, 0, 0, (), tag.tag.scale,
                          tag.tag.unit, (), (), (), statements.size)  # fmt: skip
            made = None if day in sealed else day_facts(given, calendar.hours(day), about)
            if made is not None:
                found[made.key] = made
    return tuple(found.values())
