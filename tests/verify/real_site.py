"""A site in a real cloud's folder: an edge with counters that wrap, stop, lie and come late, a desk, its imports.

The edge's blocks are sealed by tests/verify/sealing.py; everything else is done by the cloud's own commands.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from cloud.ledger import Ledger
from cloud.main import app
from tests.verify import sealing
from tests.verify.sealing import Chain, key_of

SITE = "test-mill"
SECOND = 10**9
MINUTE = 60 * SECOND
DAY0 = datetime(2024, 2, 28, 16, tzinfo=UTC)  # 2024-02-29 in Asia/Shanghai
T0 = int(DAY0.timestamp()) * SECOND
DAYS = 3
PERIOD = ("2024-02-29", "2024-03-03")


def tag(name: str, type_: str, unit: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "unit": unit, **more}


GROUPS: list[dict[str, Any]] = [
    {
        "id": "main", "device": "main", "protocol": "modbus-tcp", "stream": "account", "layout": "table",
        "every": str(60 * SECOND), "time_source": "edge",
        "tags": [
            tag("main.kwh", "uint32", "kW.h", kind="counter", scale="0.01", max_rate="0.5", meter="main",
                carrier="electricity"),
            tag("main.kw", "float32", "kW"),
        ],
    },
    {
        "id": "dye", "device": "dye", "protocol": "opcua", "stream": "account", "layout": "events",
        "every": str(30 * SECOND), "time_source": "source",
        "tags": [
            tag("dye.kwh", "uint16", "kW.h", kind="counter", max_rate="1", meter="dye", carrier="electricity"),
            tag("dye.speed", "float64", "m/min"),
        ],
    },
    {
        "id": "gas", "device": "gas", "protocol": "modbus-tcp", "stream": "account", "layout": "table",
        "every": "0", "time_source": "device",
        "tags": [tag("gas.m3", "uint64", "m3", kind="counter", scale="0.1", meter="gas", carrier="gas")],
    },
]  # fmt: skip
SITE_YAML = f"""\
site: {{id: {SITE}, name_zh: 测试厂, name_en: Test mill, tz: Asia/Shanghai, province: 浙江, day_start: "00:00"}}
points:
  - {{id: main, carrier: electricity, node: {SITE}-edge, tag: main.kwh, zh: 总表, en: Main meter}}
  - {{id: dye, carrier: electricity, parent: main, node: {SITE}-edge, tag: dye.kwh, zh: 染色, en: Dyeing}}
  - {{id: boiler, carrier: gas, node: {SITE}-edge, tag: gas.m3, zh: 锅炉, en: Boiler}}
  - {{id: heat, zh: 热力, en: Heat}}
  - {{id: cloth, zh: 布, en: Cloth}}
  - {{id: outfall, zh: 排口, en: Outfall}}
factors: {{grid: province}}
tariff:
  currency: CNY
  source: example tariff
  valid_from: 2024-01-01
  bands:
    - {{name: peak, from: "08:00", to: "22:00", price: 0.95}}
    - {{name: valley, from: "22:00", to: "08:00", price: 0.38}}
permit:
  document: example permit
  example: true
  valid_from: 2024-01-01
  limits:
    - {{point: outfall, parameter: cod, limit: 80, unit: mg/L, statistic: day}}
    - {{point: outfall, parameter: cod, limit: 61.5, unit: mg/L, statistic: hour}}
    - {{point: outfall, parameter: ph, limit: 9, limit_low: 6, unit: "[pH]", statistic: hour}}
"""


def run(*arguments: str, ok: tuple[int, ...] = (0,)) -> str:
    """A command of the cloud; its output."""
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code in ok, (arguments, done.output, done.exception)
    return done.output


class Plant:
    """Seals the readings of the edge; what befalls the counters is drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.chain = Chain(f"{SITE}-edge", key_of("edge"), incarnation=seed + 1)
        self.blocks: list[tuple[int, bytes]] = []
        self.late: list[tuple[int, bytes]] = []
        self._keep(self.chain.opened(SITE, T0), T0)
        self._keep(
            self.chain.seal(
                {"kind": "schema", "config": "00" * 32, "seal_after": str(15 * SECOND), "groups": GROUPS}, T0
            ),
            T0,
        )
        self.main, self.dye, self.gas = (
            self.chance.choice([0, 5000, 2**32 - 4000]), self.chance.choice([100, 65000]), 2**63,
        )  # fmt: skip

    def _keep(self, block: bytes, at: int) -> None:
        self.blocks.append((at + SECOND, block))

    def live(self) -> None:
        """Blocks of twenty minutes for all days, with gaps, stops, bad values and backfill among them."""
        for start in range(
            T0 + self.chance.choice([0, 7200]) * SECOND, T0 + DAYS * 86400 * SECOND, 20 * MINUTE
        ):
            what = self.chance.random()
            if what < 0.03:
                self._gap(start)
            elif what < 0.05:
                self.main = self.chance.choice([0, self.main + 10**6]) % 2**32  # a jump that no plant makes
            if what > 0.9:
                continue  # nothing was read
            self._block(start)

    def _gap(self, start: int) -> None:
        ends = self.chance.choice(
            [(start - 3 * MINUTE, start + 12 * MINUTE), (start - MINUTE, None), (None, start)]
        )
        from_, to = (None if end is None else str(end) for end in ends)
        group = self.chance.choice(["main", "dye", "gas"])
        self._keep(
            self.chain.seal(
                {"kind": "gap", "group": group, "device": group, "from": from_, "to": to, "cause": "test"}, start
            ), start
        )  # fmt: skip

    def _block(self, start: int) -> None:
        chance, times = self.chance, [start + i * MINUTE for i in range(20)]
        values = []
        for _ in times:
            self.main = (self.main + chance.randrange(0, 900)) % 2**32
            values.append(self.main)
        status = [[chance.choice([0] * 30 + [2, 9, 13, 14]) for _ in times], [0] * 20]
        parts = [sealing.table(0, times, [("uint32", values), ("float32", [1.5] * 20)], status)]
        changes = sorted(chance.sample(range(1200), chance.randrange(0, 12)))
        at, columns = [start + s * SECOND + 17 for s in changes], []
        for _ in at:
            self.dye = (self.dye + chance.randrange(0, 40)) % 2**16
            columns.append(self.dye)
        runs = [(0, ("uint16", columns))] if columns else []
        parts.append(sealing.events(1, at, runs, alive=start + 20 * MINUTE))  # type: ignore[arg-type]
        gas = [start + i * 5 * MINUTE for i in range(4)] if chance.random() < 0.8 else []
        self.gas += chance.randrange(100)
        parts.append(sealing.table(2, gas, [("uint64", [self.gas + i for i in range(len(gas))])]))
        self.gas += 4
        every = [*times, *at, *gas]
        self._keep(self.chain.seal(parts, start + 20 * MINUTE, every), start + 20 * MINUTE)
        if chance.random() < 0.05:
            again = [value + chance.randrange(3) for value in values]
            self._backfill(times, again, start)

    def _backfill(self, times: list[int], values: list[int], start: int) -> None:
        moved = [t + 30 * SECOND if i % 2 else t for i, t in enumerate(times)]
        part = sealing.table(
            0, moved, [("uint32", [v % 2**32 for v in values]), ("float32", [1.0] * 20)], origin=1
        )
        block = self.chain.seal([part], start + 21 * MINUTE, moved, origins=2)
        self.blocks.append((start + 21 * MINUTE, block))

    def trust(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        pem = self.chain.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{self.chain.node}.pub").write_bytes(pem)


def csv(seed: int) -> str:
    """Rows of heat, cloth, wastewater: hours of three days."""
    chance = random.Random(seed)
    lines = ["from,to,point,quantity,value,unit"]
    for day in range(DAYS):
        begin = DAY0 + timedelta(days=day)
        span = f"{begin:%Y-%m-%dT%H:%M:%SZ},{begin + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
        lines.append(f"{span},heat,heat,{chance.randrange(10**6) / 1000},GJ")
        lines.append(f"{span},cloth,production,{chance.randrange(1, 10**6)},kg")
        for hour in range(24):
            at = begin + timedelta(hours=hour)
            span = f"{at:%Y-%m-%dT%H:%M:%SZ},{at + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
            if chance.random() < 0.9:
                lines.append(f"{span},outfall,cod,{chance.randrange(300, 900) / 10},mg/L")
                lines.append(f"{span},outfall,nh3n,{chance.randrange(900)},ug/L")
            if chance.random() < 0.9:
                lines.append(f"{span},outfall,wastewater_flow,{chance.randrange(10, 90)},m3/h")
            lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ},,outfall,ph,{chance.randrange(55, 95) / 10},[pH]")
    return "\n".join(lines) + "\n"


def build(folder: Path, seed: int) -> Path:
    """A work folder with all of it; some blocks of the edge come after hour facts were sealed."""
    run("init", "--workdir", str(folder))
    plant = Plant(seed)
    plant.live()
    plant.trust(folder / "cloud" / "trust")
    cut = len(plant.blocks) * 2 // 3
    (folder / "site.yaml").write_text(SITE_YAML, encoding="utf-8")
    (folder / "rows.csv").write_text(csv(seed), encoding="utf-8")
    append(folder, plant.blocks[:cut])
    run("declare", str(folder / "site.yaml"), "--workdir", str(folder))
    where = ("--workdir", str(folder), "--site", SITE)
    run("seal-hours", *where, "--from", PERIOD[0], "--to", PERIOD[1])
    append(folder, plant.blocks[cut:])
    run("import", *where, "--format", "csv", str(folder / "rows.csv"))
    return folder


def append(folder: Path, blocks: list[tuple[int, bytes]]) -> None:
    ledger = Ledger(folder / "cloud" / "ledger")
    for at, data in blocks:
        ledger.append(at, data)
    ledger.sync()
    ledger.close()


def packed(folder: Path, depth: str, period: tuple[str, str] = PERIOD, site: str = SITE) -> bytes:
    """The pack that the cloud makes of it."""
    out = folder / f"{depth}.zip"
    run("pack", "--workdir", str(folder), "--site", site, "--from", period[0], "--to", period[1], "-o", str(out),
        "--depth", depth)  # fmt: skip
    return out.read_bytes()
