"""Makes packs of invented mills: a generator that is neither the cloud nor the verifier.

Blocks, tree, summary and zip come from tests/verify/sealing.py, the figures from tests/verify/plain_figures.py; this
module plants what they speak of. Days begin at local midnight in a zone that is eight hours ahead, all year.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.verify import sealing
from tests.verify.sealing import Chain, Log, canonical, key_of, public

SITE = "plain-mill"
EDGE = "plain-edge"
FIRST, LAST = date(2023, 12, 28), date(2024, 1, 5)
BASELINE = (date(2023, 10, 1), date(2023, 11, 30))
SECOND = 10**9
HOUR = 3600 * SECOND
CLASSES = ["measured"] * 30 + ["estimated", "partial", "provisional", "invalid(counter)", "unknown"]
TARIFFS: list[dict[str, Any]] = [
    {"currency": "CNY", "source": "tariff of autumn", "valid_from": "2023-09-01", "bands": [
        {"name": "peak", "from": "08:00", "to": "11:00", "price": "1.1"},
        {"name": "late peak", "from": "17:00", "to": "21:00", "price": "1.1"},
        {"name": "flat", "from": "11:00", "to": "17:00", "price": "0.65"},
        {"name": "valley", "from": "21:00", "to": "08:00", "price": "0.3321"}]},
    {"currency": "CNY", "source": "tariff of the new year", "valid_from": "2024-01-01", "bands": [
        {"name": "day", "from": "07:00", "to": "24:00", "price": "0.9"},
        {"name": "night", "from": "00:00", "to": "07:00", "price": "0.4"}]},
]  # fmt: skip
POINTS = [
    ("main", "electricity", None, "main.kwh"), ("dye", "electricity", "main", "dye.kwh"),
    ("steam-house", None, "main", None), ("press", "electricity", "steam-house", "press.kwh"),
    ("line", "electricity", "main", None), ("solar", "electricity", None, None), ("boiler", "gas", None, "gas.m3"),
    ("bought-heat", None, None, None), ("yard", None, None, None), ("cloth", None, "main", None),
    ("well", "water", None, "well.m3"), ("outfall", None, None, None),
]  # fmt: skip
METERS = {
    "main.kwh": ("main", "electricity", "kW.h", "0.01"), "dye.kwh": ("dye", "electricity", "kW.h", "0.1"),
    "press.kwh": ("press", "electricity", "MW.h", "0.001"), "gas.m3": ("boiler", "natural_gas", "m3", "1"),
    "well.m3": ("well", "water", "L", "100"),
}  # fmt: skip
IN_BASE = {"kW.h": Fraction(1), "MW.h": Fraction(1000), "m3": Fraction(1), "L": Fraction(1, 1000)}


def begin(day: date) -> int:
    """UTC ns at which a local day begins."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86400 * SECOND - 8 * HOUR


def utc(at: int) -> str:
    seconds = at // SECOND
    day = date.fromordinal(date(1970, 1, 1).toordinal() + seconds // 86400)
    rest = seconds % 86400
    return f"{day}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"


@dataclass(frozen=True)
class Piece:
    """Something that a point has: an hour of a meter, or a row. value in the unit in which its quantity counts."""

    from_: int
    to: int
    value: Fraction
    covered: Fraction
    estimated: bool
    input: bytes


@dataclass
class Mill:
    """What was planted, beside the log that holds it. has: pieces by (point, quantity); projects: of one saving."""

    seed: int
    log: Log = field(default_factory=Log)
    has: dict[tuple[str, str], list[Piece]] = field(default_factory=dict)
    chains: list[Chain] = field(default_factory=list)
    factors: list[dict[str, Any]] = field(default_factory=list)
    limits: list[dict[str, Any]] = field(default_factory=list)
    product: str = "t"
    projects: list[str] = field(default_factory=lambda: ["new-line"])
    stamp: int = begin(LAST) + HOUR

    def chain(self, node: str, site: str, incarnation: int) -> Chain:
        made = Chain(node, key_of(node), incarnation=incarnation)
        self.chains.append(made)
        self.add(made.opened(site, self.stamp))
        return made

    def add(self, block: bytes) -> bytes:
        """Take a block into the log; its hash."""
        self.stamp += SECOND
        self.log.add(block, self.stamp)
        return sealing.hash_of(block)

    def desk(self, chain: Chain, kind: str, **more: Any) -> bytes:
        said = {"kind": kind, "site": SITE, "by": "p-0123456789ab", "at": str(self.stamp), "note": "", **more}
        return self.add(chain.seal(said, self.stamp))


def plant(seed: int) -> Mill:
    """A mill with all that figures are made of."""
    mill, chance = Mill(seed), random.Random(seed)
    desk = mill.chain(f"desk-{SITE}", SITE, 1000 + seed)
    mill.desk(desk, "site", id=SITE, name_zh="素厂", name_en="Plain mill", tz="Asia/Shanghai", province="浙江",
              day_start="00:00")  # fmt: skip
    mill.desk(desk, "points", points=[
        {"id": name, "carrier": carrier, "parent": parent, "node": EDGE if tag else None, "tag": tag, "zh": name,
         "en": name} for name, carrier, parent, tag in POINTS])  # fmt: skip
    _factors(mill, chance, desk)
    for tariff in chance.sample(TARIFFS, 2):
        mill.desk(desk, "tariff", **tariff)
    _permit(mill, chance, desk)
    mill.desk(desk, "savings", projects=[{
        "id": "new-line", "quantity": "electricity", "points": ["line"], "drivers": ["production"],
        "interval": "day",
        "baseline": [str(day) for day in BASELINE],
        "reporting": [str(FIRST), str(LAST - timedelta(days=1))]}])  # fmt: skip
    mill.product = chance.choice(["t", "m", "{piece}"])
    _hours(mill, chance)
    _imports(mill, chance)
    return mill


def _record(id_: str, table: str, **more: Any) -> dict[str, Any]:
    made = {"id": id_, "table": table, "document": "doc", "title": f"题 {id_}", "issuer": "部", "date": "2024",
            "url": None, "clause": None, "trust": "V", **more}  # fmt: skip
    said = [str(made[key]) for key in ("issuer", "title", "clause", "date") if made[key]]
    made["citation"] = ", ".join(said) + (" (single source)" if made["trust"] == "R1" else "")
    return made


def _factors(mill: Mill, chance: random.Random, desk: Chain) -> None:
    def number(most: int) -> str:
        return f"{chance.randrange(1, most)}.{chance.randrange(10**4):04d}"

    units = {"electricity": "kg{ce}/kW.h", "heat": "kg{ce}/MJ", "natural_gas": "kg{ce}/m3", "diesel": "kg{ce}/kg",
             "raw_coal": "kg{ce}/kg"}  # fmt: skip
    years: dict[str, Any] = {"from_year": None, "to_year": None}
    made = [_record(f"ce-{code}", "coal", quantity=code, unit=unit, value=number(2), clause="附录A", **years)
            for code, unit in units.items()]  # fmt: skip
    made += [_record(f"burn-{code}", "combustion", quantity=code, unit=unit, ncv=number(400), per=per, cc="0.0153",
                     of="0.98", trust="R1", **years)
             for code, unit, per in (("natural_gas", "m3", "10000"), ("diesel", "t", "1"),
                                     ("raw_coal", "t", "1"))]  # fmt: skip
    made.append(
        _record("heat-own", "heat", quantity="heat", unit="t{CO2}/GJ", value="0.1" + number(9)[2:], **years)
    )
    made += [_record(f"grid-{year}", "grid", unit="kg{CO2}/kW.h", value=f"0.{chance.randrange(3000, 9000)}", year=year,
                     level="province", place="浙江", trust="R") for year in (2023, 2024)]  # fmt: skip
    mill.factors = sorted(made, key=lambda record: str(record["id"]))
    mill.desk(desk, "factors", grid="province", heat="heat-own", named={"diesel": "burn-diesel"})


def _permit(mill: Mill, chance: random.Random, desk: Chain) -> None:
    mill.limits = [
        {"point": "outfall", "parameter": "cod", "limit": str(chance.randrange(40, 90)), "limit_low": None,
         "unit": "mg/L", "statistic": "day"},
        {"point": "outfall", "parameter": "ph", "limit": "9", "limit_low": "6", "unit": "[pH]", "statistic": "hour"},
    ]  # fmt: skip
    mill.desk(desk, "permit", document="permit 7", example=bool(mill.seed % 2), valid_from="2020-01-01", valid_to=None,
              limits=mill.limits)  # fmt: skip


def _hours(mill: Mill, chance: random.Random) -> None:
    """Hour facts of every meter and day, as the accounts seal them."""
    edge = mill.chain(EDGE, SITE, 2000 + mill.seed)
    tags = [{"name": tag, "type": "uint32", "unit": unit, "kind": "counter", "scale": scale}
            for tag, (_, _, unit, scale) in METERS.items()]  # fmt: skip
    mill.add(edge.seal({"kind": "schema", "config": "00" * 32, "seal_after": "1", "groups": [
        {"id": "all", "device": "all", "protocol": "modbus-tcp", "stream": "account", "layout": "table",
         "every": str(SECOND), "time_source": "edge", "tags": tags}]}, mill.stamp))  # fmt: skip
    accounts = mill.chain("accounts", "", 3000 + mill.seed)
    for tag, (point, quantity, unit, scale) in METERS.items():
        day = FIRST
        while day < LAST:
            _day(mill, chance, accounts, tag, point, quantity, unit, scale, day)
            day += timedelta(days=1)


def _day(
    mill: Mill, chance: random.Random, accounts: Chain, tag: str, point: str, quantity: str, unit: str, scale: str,
    day: date,
) -> None:  # fmt: skip
    classes = [chance.choice(CLASSES) for _ in range(24)]
    steps = [0 if name == "unknown" else chance.randrange(10**5) for name in classes]
    shares = [
        0 if name == "unknown" else 10000 - chance.randrange(3) * chance.randrange(5000) for name in classes
    ]
    inputs = [hashlib.sha256(f"{mill.seed} {tag} {day} {hour}".encode()).hexdigest() for hour in range(24)]
    start = begin(day)
    for revision in range(1 + (chance.random() < 0.1)):
        told = (
            steps if revision else [step + (step > 0) for step in steps] if chance.random() < 0.5 else steps
        )
        last = told
        mill.add(accounts.seal({
            "kind": "hours", "site": SITE, "node": EDGE, "tag": tag, "meter": None, "carrier": None, "day": str(day),
            "start": str(start), "end": str(start + 24 * HOUR), "steps": told, "scale": scale, "unit": unit,
            "class": classes, "completeness": [f"{share // 10000}.{share % 10000:04d}" for share in shares],
            "inputs": inputs, "method": "steelyard/hours/1", "size": len(mill.log.records), "revision": revision,
            "cause": "late data" if revision else "first"}, mill.stamp))  # fmt: skip
    for hour, name in enumerate(classes):
        if name != "unknown":
            covered = Fraction(0) if name == "invalid(counter)" else Fraction(shares[hour], 10000)
            mill.has.setdefault((point, quantity), []).append(
                Piece(start + hour * HOUR, start + (hour + 1) * HOUR, last[hour] * Fraction(scale) * IN_BASE[unit],
                      covered, name == "estimated", bytes.fromhex(inputs[hour]))
            )  # fmt: skip


def _imports(mill: Mill, chance: random.Random) -> None:
    """Rows in files of one or two parts, each file in an incarnation of its own; half a file that never counts."""
    rows = [*_daily(mill, chance), *_water(chance)]
    half = len(rows) // 2
    for number, lot in enumerate((rows[:half], rows[half:])):
        desk = mill.chain(f"desk-{SITE}", SITE, 5000 + 10 * mill.seed + number)
        file = hashlib.sha256(canonical([row[:6] for row in lot])).hexdigest()
        cuts = [lot[at : at + 250] for at in range(0, len(lot), 250)]
        for part, cells in enumerate(cuts, 1):
            block = mill.desk(
                desk, "import", file=file, part=part, parts=len(cuts), rows=[row[:6] for row in cells]
            )
            for row in cells:
                _own(mill, row, block)
    lost = mill.chain(f"desk-{SITE}", SITE, 9000 + mill.seed)
    mill.desk(lost, "import", file="ab" * 32, part=1, parts=2, rows=[rows[0][:6]])


def _own(mill: Mill, row: list[Any], block: bytes) -> None:
    _, _, point, quantity, _, _, start, end, value = row
    if quantity == "production":
        quantity = {"t": "production_t", "m": "production_m", "{piece}": "production_piece"}[mill.product]
    mill.has.setdefault((point, quantity), []).append(Piece(start, end, value, Fraction(1), False, block))


def _row(
    start: int, end: int, point: str, quantity: str, text: str, unit: str, factor: Fraction
) -> list[Any]:
    to = utc(end) if end > start else ""
    return [utc(start), to, point, quantity, text, unit, start, end, Fraction(text) * factor]


def _daily(mill: Mill, chance: random.Random) -> list[list[Any]]:
    """Production and the electricity of a line by day, heat by day, coal and diesel by the week, solar by the hour."""
    rows, day = [], BASELINE[0]
    unit, factor = {
        "t": ("kg", Fraction(1, 1000)),
        "m": ("mm", Fraction(1, 1000)),
        "{piece}": ("{count}", Fraction(1)),
    }[mill.product]
    while day < LAST:
        start, end = begin(day), begin(day) + 24 * HOUR
        made = chance.randrange(20_000, 60_000)
        kwh = 900_000 + 11 * made + chance.randrange(-20_000, 20_000)
        kwh = kwh * 9 // 10 if day >= FIRST else kwh
        rows.append(_row(start, end, "line", "electricity", f"{kwh / 1000:.3f}", "kW.h", Fraction(1)))
        rows.append(_row(start, end, "cloth", "production", str(made), unit, factor))
        if day >= FIRST:
            rows.append(
                _row(
                    start, end, "bought-heat", "heat", f"{chance.randrange(10**6)}.5", "MJ", Fraction(1, 1000)
                )
            )
            rows.append(
                _row(start, end, "cloth", "electricity", str(chance.randrange(900)), "kW.h", Fraction(1))
            )
            rows.append(
                _row(start, end, "yard", "diesel", str(chance.randrange(5000)), "kg", Fraction(1, 1000))
            )
        if day >= LAST - timedelta(days=2):
            for hour in range(24):
                at = start + hour * HOUR
                rows.append(
                    _row(
                        at,
                        at + HOUR,
                        "solar",
                        "electricity",
                        f"0.{chance.randrange(999):03d}",
                        "MW.h",
                        Fraction(1000),
                    )
                )
        day += timedelta(days=1)
    rows.append(
        _row(
            begin(FIRST),
            begin(date(2024, 1, 1)),
            "yard",
            "raw_coal",
            f"{chance.randrange(99)}.345",
            "t",
            Fraction(1),
        )
    )
    return rows


def _water(chance: random.Random) -> list[list[Any]]:
    """Three days of the outfall: concentration and flow by the hour, a day with volumes, pH in samples."""
    rows = []
    for number in range(3):
        start = begin(LAST - timedelta(days=3 - number))
        for hour in range(24):
            at = start + hour * HOUR
            if chance.random() < 0.9:
                rows.append(
                    _row(
                        at,
                        at + HOUR,
                        "outfall",
                        "cod",
                        f"{chance.randrange(300, 900) / 10:.1f}",
                        "mg/L",
                        Fraction(1),
                    )
                )
            if number == 2:
                for half in (0, 1):
                    rows.append(_row(at + half * HOUR // 2, at + (half + 1) * HOUR // 2, "outfall", "wastewater_volume",
                                     str(chance.randrange(200)), "m3", Fraction(1)))  # fmt: skip
            elif hour % 2 == 0:
                rows.append(_row(at, at + 2 * HOUR, "outfall", "wastewater_flow", str(chance.randrange(90)), "m3/h",
                                 Fraction(1000, 3600)))  # fmt: skip
            ph = f"{chance.randrange(55, 95) / 10:.1f}"
            rows.append(_row(at + 600 * SECOND, at + 600 * SECOND, "outfall", "ph", ph, "[pH]", Fraction(1)))
    return rows


def body(mill: Mill, figures: list[dict[str, Any]], refused: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of the mill's summary."""
    used = {name for figure in figures for name in figure["factors"]}
    named = {item["point"] for item in [*figures, *refused]}
    return {
        "type": "summary", "format": "steelyard-summary/1", "site": SITE,
        "names": {"zh": "素厂", "en": "Plain mill"}, "tz": "Asia/Shanghai", "day_start": "00:00",
        "from": str(FIRST), "to": str(LAST), "as_of": str(mill.stamp),
        "tree": {"size": len(mill.log.records), "root": sealing.root(mill.log.leaves).hex()},
        "signer": public(key_of("cloud")).hex(),
        "keys": {chain.node: public(chain.key).hex() for chain in mill.chains}, "heads": heads(mill.chains),
        "not_taken": [],
        "points": [{"id": name, "zh": name, "en": name} for name, *_ in sorted(POINTS) if name in named],
        "figures": figures, "refused": refused,
        "factors": [record for record in mill.factors if record["id"] in used],
        "not_proven": {"zh": "表计", "en": "the meter"},
    }  # fmt: skip


def heads(chains: list[Chain]) -> list[dict[str, Any]]:
    made = []
    for chain in chains:
        assert chain.last is not None
        made.append({"node": chain.node, "stream": chain.stream, "incarnation": f"{chain.incarnation:016x}",
                     "blocks": chain.seq, "last": chain.last[0], "hash": chain.last[1].hex()})  # fmt: skip
    return made


def files(mill: Mill, said: dict[str, Any]) -> dict[str, bytes]:
    """The files of a pack, without manifest."""
    return {
        "summary.json": sealing.signed(said, key_of("cloud")), "ledger.seg": mill.log.segment(),
        "proofs.json": mill.log.proofs(), "README.txt": sealing.README,
    }  # fmt: skip
