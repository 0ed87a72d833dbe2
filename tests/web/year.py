"""A mill with a past, in a real cloud's folder: months of quarter hours of two meters, and rows.

Everything goes the ordinary way: blocks sealed by a node, a declaration, an import. The newest row is of now.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from cloud.ledger import Ledger
from contract.quality import Origin
from contract.tags import Group, Layout, Rows, Tag
from drivers.messages import ConnectionLost
from edge.messages import Restart
from tests.cloud.edge_twin import SECOND, Node
from tests.web.conftest import free_port, status, wait_until

CAUSES = (ConnectionLost(), Restart())
"""Of a gap in the midst, and of the one that each group begins with."""
SITE = "year-mill"
BIN = Path(sys.executable).parent
QUARTER = 900 * SECOND
YAML = f"""\
site: {{id: {SITE}, name_zh: 经年印染厂, name_en: Mill of a year, tz: Asia/Shanghai, province: 浙江,
  day_start: "00:00"}}
points:
  - {{id: main, carrier: electricity, node: year-edge, tag: main.kwh, zh: 总表, en: Main meter}}
  - {{id: dye, carrier: electricity, parent: main, node: year-edge, tag: dye.kwh, zh: 染色分表, en: Dyeing}}
  - {{id: mill, zh: 车间, en: Works}}
  - {{id: outfall, zh: 排口, en: Outfall}}
factors: {{grid: province}}
tariff:
  currency: CNY
  source: example tariff, not a published one
  valid_from: 2018-01-01
  bands:
    - {{name: peak, from: "08:00", to: "22:00", price: "0.95"}}
    - {{name: valley, from: "22:00", to: "08:00", price: "0.38"}}
permit:
  document: example permit
  example: true
  valid_from: 2018-01-01
  limits: [{{point: outfall, parameter: cod, limit: 80, unit: mg/L, statistic: day}}]
"""


def midnight(days_ago: int) -> datetime:
    """Beginning of a day in Shanghai."""
    local = datetime.now(UTC) + timedelta(hours=8)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=days_ago)


def build(folder: Path, days: int = 120, gap: int = 9, seed: int = 5, more: int = 0) -> tuple[int, Path]:
    """Make it; the port of its page and its cloud.yaml. *gap*: the dyeing meter was off on the day so many ago.

    more: kW.h that the dyeing hall used beyond that yesterday; all else is drawn alike.
    """
    chance, port = random.Random(seed), free_port()
    config = folder / "cloud.yaml"
    config.write_text(
        f"broker: {{host: 127.0.0.1, port: {free_port()}}}\nhttp: {{host: 127.0.0.1, port: {port}}}\n"
    )
    _run("init", config)
    made = [round(18 + 12 * chance.random(), 2) for _ in range(days + 1)]
    _edge(folder, days, gap, made, chance, more)
    (folder / "site.yaml").write_text(YAML, encoding="utf-8")
    (folder / "rows.csv").write_text(_rows(days, made, chance), encoding="utf-8")
    _run("declare", config, folder / "site.yaml")
    _run("import", config, "--site", SITE, "--format", "csv", folder / "rows.csv")
    return port, config


@contextmanager
def served(folder: Path, **more: int) -> Iterator[str]:
    """The same with its cloud running, without a broker: the address of its pages."""
    port, config = build(folder, **more)
    with (folder / "cloud.log").open("ab") as log:
        cloud = subprocess.Popen([BIN / "steelyard-cloud", "all", "--config", config], stdout=log, stderr=log)
    try:
        wait_until(lambda: status(f"http://127.0.0.1:{port}/?site={SITE}") == 200, 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        cloud.terminate()
        cloud.wait(15)


def _group(name: str) -> Group:
    tag = Tag(
        f"{name}.kwh",
        "uint32",
        "kW.h",
        kind="counter",
        scale="0.01",
        max_rate="5",
        meter=name,
        carrier="electricity",
    )
    return Group(name, name, "modbus-tcp", "account", Layout.TABLE, QUARTER, "edge", (tag,))


def _edge(folder: Path, days: int, gap: int, made: list[float], chance: random.Random, more: int) -> None:
    main, dye = _group("main"), _group("dye")
    node = Node(main, dye, name="year-edge", site=SITE).begin()
    node.trust(folder / "trust")
    totals = {"main": 1000.0, "dye": 500.0}
    begin = int((midnight(days) - timedelta(hours=8)).replace(tzinfo=UTC).timestamp()) * SECOND
    last: dict[str, int | None] = {"main": None, "dye": None}
    for day in range(days + 1):
        times = [begin + (day * 96 + i) * QUARTER for i in range(96)]
        times = [at for at in times if at <= time.time_ns()]
        use = {"dye": 900 + 120 * made[day] + chance.gauss(0, 60) + (more if day == days - 1 else 0)}
        use["main"] = 2000 + 1.4 * use["dye"] + chance.gauss(0, 80)
        for group in (main, dye):
            name = group.id
            values = [totals[name] + use[name] * i / 96 for i in range(len(times))]
            totals[name] += use[name]
            if not times or (name == "dye" and day == days - gap):
                continue
            if last[name] is None or (name == "dye" and day == days - gap + 1):
                why = CAUSES[last[name] is None]
                node.say("gap", group=name, device=name, cause=str(why), code=why.CODE, params=why.params,
                         **{"from": None if last[name] is None else str(last[name]), "to": str(times[0])})  # fmt: skip
            data = np.zeros(len(times), group.row)
            data["f0"] = [round(value * 100) for value in values]
            node.rows(Rows(group, np.array(times, np.int64), data, None, origin=Origin.LIVE))
            last[name] = times[-1]
    ledger = Ledger(folder / "ledger")
    for number, block in enumerate(node.blocks):
        ledger.append(begin + number * SECOND, block)
    ledger.sync()
    ledger.close()


def _rows(days: int, made: list[float], chance: random.Random) -> str:
    lines = ["from,to,point,quantity,value,unit"]
    for day in range(days):
        first = midnight(days - day)
        after = first + timedelta(days=1)
        span = f"{first:%Y-%m-%d %H:%M},{after:%Y-%m-%d %H:%M}"
        lines.append(f"{span},mill,production,{made[day]},t")
        lines.append(
            f"{span},outfall,cod,{round(60 + chance.gauss(0, 8), 1) if day != days - 3 else 96.5},mg/L"
        )
    return "\n".join(lines) + "\n"


def _run(name: str, config: Path, *more: str | Path) -> None:
    subprocess.run(
        [BIN / "steelyard-cloud", name, "--config", config, *more], check=True, capture_output=True
    )
