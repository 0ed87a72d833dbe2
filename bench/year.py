"""A year of quarter hours of seven meters in a cloud's ledger, sealed and declared, and what comes live."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from cloud import settings
from cloud.hourly import records
from cloud.ledger import Ledger
from cloud.settings import Settings
from contract.quality import Origin
from contract.tags import Group, Layout, Rows, Tag
from tests.cloud.edge_twin import SECOND, Node

SITE, DAYS, METERS = "bench-mill", 365, 7
QUARTER = 900 * SECOND
HEAD = {"site": SITE, "by": "p-0123456789ab", "at": "1", "note": ""}
NAMES = [f"m{number}" for number in range(METERS)]


def group(name: str, every: int) -> Group:
    """A meter with its counter and three values that are no counters."""
    counter = Tag(
        f"{name}.kwh", "uint32", "kW.h", "counter", "0.01", max_rate="5", meter=name, carrier="electricity"
    )
    others = [Tag(f"{name}.{kind}", "float32", "kW", meter=name) for kind in ("p", "q", "s")]
    return Group(name, name, "modbus-tcp", "account", Layout.TABLE, every, "edge", (counter, *others))


class Year:
    """The ledger in *folder*; rows: how many it holds."""

    def __init__(self, folder: Path) -> None:
        command = [Path(sys.executable).parent / "steelyard-cloud", "init", "--workdir", folder]
        subprocess.run(command, check=True, capture_output=True)
        self.settings: Settings = settings.load(folder / "cloud" / "cloud.yaml")
        self.groups = [group(name, QUARTER) for name in NAMES]
        self.node = Node(*self.groups, name="bench-edge", site=SITE).begin()
        self.start = (
            int(datetime.combine(_first(), datetime.min.time(), UTC).timestamp()) * SECOND - 8 * 4 * QUARTER
        )
        self.rows = 0
        for day in range(DAYS):
            for item in self.groups:
                self._add(item, [self.start + (day * 96 + i) * QUARTER for i in range(96)], Origin.BACKFILL)
        self.write([*self.node.blocks, *_declared().blocks])
        self.written = len(self.node.blocks)
        records.seal(self.settings, SITE, _first(), _first() + timedelta(days=DAYS - 1))

    def live(self, number: int, seconds: int = 15) -> None:
        """A block of a row a second of every meter, behind the newest ones."""
        begin = self.start + DAYS * 96 * QUARTER + number * seconds * SECOND
        for item in self.groups:
            self._add(item, [begin + i * SECOND for i in range(seconds)], Origin.LIVE)
        self.write(self.node.blocks[self.written :])
        self.written = len(self.node.blocks)

    def write(self, blocks: list[bytes]) -> None:
        """Append to the ledger."""
        log = Ledger(self.settings.ledger_folder)
        for data in blocks:
            log.append(time.time_ns(), data)
        log.close()

    def _add(self, item: Group, times: list[int], origin: Origin) -> None:
        data = np.zeros(len(times), item.row)
        data["f0"] = [(at - self.start) // (10 * SECOND) for at in times]
        for name in ("f1", "f2", "f3"):
            data[name] = np.sin(np.array(times) / 10**12)
        self.node.rows(Rows(item, np.array(times, np.int64), data, None, origin=origin))
        self.rows += len(times)


def _first() -> date:
    return datetime.now(UTC).date() - timedelta(days=DAYS)


def _declared() -> Node:
    desk = Node(name=f"desk-{SITE}", incarnation=21)
    desk.say("open", node=desk.name, site=SITE, previous=None, cause="start")
    desk.say(
        "site",
        **HEAD,
        id=SITE,
        name_zh="厂",
        name_en="Mill",
        tz="Asia/Shanghai",
        province="浙江",
        day_start="00:00",
    )
    desk.say("points", **HEAD, points=[
        {"id": name, "carrier": "electricity", "node": "bench-edge", "tag": f"{name}.kwh", "parent": None,
         "zh": "点", "en": "Point"} for name in NAMES])  # fmt: skip
    desk.say("factors", **HEAD, grid="province", heat=None, named={})
    return desk
