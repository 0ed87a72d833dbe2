"""steelyard-cloud declare: faults with their lines, statements by the desk, a named person who is in no statement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cloud.edge_twin import run
from tests.desk.bench import SITE, Bench

BANDS = '[{name: a, from: "00:00", to: "24:00", price: 1}]'
TARIFF = "tariff: {currency: CNY, source: s, valid_from: 2024-01-01, bands: %s}\n"
LIMIT = "permit: {document: d, example: true, valid_from: 2024-01-01, limits: [%s]}\n"
SAVING = "savings:\n  - {id: p, quantity: electricity, interval: day, baseline: %s, reporting: %s}\n"

# (what is written below `site: mill`, the line that must be named (1 = the line of site), words of the message)
BAD = [
    ("points: [\n", 3, "not YAML"),
    ("pionts: []\n", 2, "did you mean 'points'"),
    ("points:\n  - {id: a}\n  - {id: a}\n", 4, "stands twice"),
    ("points:\n  - {id: a, parent: b}\n", 3, "no point 'b'"),
    ("points:\n  - {id: a, parent: b}\n  - {id: b, parent: a}\n", 3, "above itself"),
    ("points:\n  - {id: a, carrier: coal}\n", 3, "points[0].carrier"),
    ("points:\n  - {id: a b}\n", 3, "without spaces"),
    ("points:\n  - {id: a, node: n}\n", 3, "go together"),
    ("points:\n  - {id: a, node: n, tag: t}\n  - {id: b, node: n, tag: t}\n", 4, "point 'a' already"),
    ("points:\n  - {id: a, carrier: gas}\n  - {id: b, carrier: water, parent: a}\n", 4, "'a' is gas"),
    ("points:\n  - {id: a, colour: red}\n", 3, "unknown key"),
    ("factors:\n  grid: cn-grid-2023-zheijang\n", 3, "did you mean 'cn-grid-2023-zhejiang'"),
    ("factors:\n  named: {peat: x}\n", 3, "unknown quantity"),
    (TARIFF % '[{name: a, from: "08:00", to: "22:00", price: 1}]', 2, "no band for 00:00"),
    (
        TARIFF
        % '[{name: a, from: "00:00", to: "24:00", price: 1},\n  {name: b, from: "8:00", to: "9:00", price: 1}]',
        3,
        "08:00",
    ),
    (TARIFF % f"{BANDS[:-1]},\n  {BANDS[1:]}", 3, "belongs to 'a' already"),
    (TARIFF % BANDS.replace("price: 1", "price: -1"), 2, "below zero"),
    (TARIFF % BANDS.replace("price: 1", "price: 0.12345678901234567"), 2, "in quotes"),
    (TARIFF.replace("2024-01-01", "2024-02-30") % BANDS, 2, "tariff.valid_from"),
    (TARIFF.replace("CNY", "EUR") % BANDS, 2, "tariff.currency"),
    (
        LIMIT % "\n  {point: 总排囗, parameter: cod, limit: 80, unit: mg/L, statistic: day}",
        3,
        "did you mean '总排口'",
    ),
    (LIMIT % "{point: 总排口, parameter: cod, limit: 80, unit: kg, statistic: day}", 2, "no unit of cod"),
    (
        LIMIT % "{point: 总排口, parameter: ph, limit: 6, limit_low: 9, unit: '[pH]', statistic: day}",
        2,
        "above the limit",
    ),
    (SAVING % ("[2024-01-01, 2024-12-31]", "[2024-12-31, 2025-12-31]"), 3, "after the baseline"),
    (SAVING % ("[2024-01-01]", "[2025-01-01, 2025-12-31]"), 3, "savings[0].baseline"),
    ("note: 5\n", 2, "must be text"),
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("mill"))


@pytest.mark.parametrize(("text", "line", "reason"), BAD)
def test_a_wrong_declaration_is_named_by_file_and_line_and_seals_nothing(
    bench: Bench, text: str, line: int, reason: str
) -> None:
    lines = bench.refuse(f"site: mill\n{text}")
    assert any(row.startswith(f"{bench.folder}/site.yaml:{line}: ") and reason in row for row in lines), lines


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("site: nowhere\n", "no site 'nowhere'"),
        ("points: [{id: a}]\n", "site: is required"),
        ("site: 5\n", "must be the id of a site"),
        ("site: {id: A, name_zh: a, name_en: a, tz: UTC, province: 浙江}\n", "site.id"),
        (
            "site: {id: a, name_zh: a, name_en: a, tz: UTC, province: 火星}\n",
            "unknown province '火星'; known are 北京, ",
        ),
        ("site: {id: a, name_zh: a, name_en: a, tz: Asia/Shangai, province: 浙江}\n", "unknown time zone"),
        (
            "site: {id: a, name_zh: a, name_en: a, tz: ../../etc/passwd, province: 浙江}\n",
            "unknown time zone",
        ),
        (f"site: {{id: {'a' * 59}, name_zh: a, name_en: a, tz: UTC, province: 浙江}}\n", "at most 58"),
        (
            "site: {id: a, name_zh: a, name_en: a, tz: UTC, province: 浙江, day_start: '24:00'}\n",
            "before 24:00",
        ),
        ("", "the file is empty"),
        ("- site\n", "must be a mapping"),
        ("site: &a mill\npoints: *a\n", "anchor"),
    ],
)
def test_a_site_that_can_not_be_is_refused(bench: Bench, text: str, reason: str) -> None:
    line = bench.refuse(text)[0]
    assert reason in line and line.startswith(f"{bench.folder}/site.yaml:")


def test_every_fault_is_told_at_once(bench: Bench) -> None:
    lines = bench.refuse("site: mill\npoints:\n  - {id: a, zh: ''}\n  - {id: a b}\nfactors: {grid: x}\n")
    assert [int(line.split(":")[1]) for line in lines] == [3, 4]
    lines = bench.refuse("site: nowhere\npermit: {document: d}\n")
    assert {int(line.split(":")[1]) for line in lines} == {1, 2}


def test_a_wrong_declaration_ends_the_command_with_2_and_its_lines_on_stderr(bench: Bench) -> None:
    assert set(bench.declare("site: mill\npoints:\n  - {id: a b}\n", code=2)) == {"error"}
    assert bench.errors.startswith(f"{bench.folder}/site.yaml:3: points[0].id: ")
    assert set(bench.run("declare", str(bench.folder / "absent.yaml"), code=2)) == {"error"}


def test_what_is_declared_is_sealed_once_and_the_name_of_the_person_is_in_no_block(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    done = bench.declare(SITE)
    assert (done["sealed"], done["unchanged"]) == ([], ["site", "points"])
    assert re.fullmatch("p-[0-9a-f]{12}", done["by"])
    limit = "{point: 总排口, parameter: cod, limit: 80.5, unit: mg/L, statistic: day}"
    more = bench.declare(f"site: mill\nnote: new price\n{TARIFF % BANDS}{LIMIT % limit}")
    assert more["sealed"] == ["tariff", "permit"] and more["by"] == done["by"]
    (site,), (tariff,), (permit,) = (bench.statements(kind) for kind in ("site", "tariff", "permit"))
    assert (
        site.fields["tz"] == "Asia/Shanghai"
        and site.fields["site"] == "mill"
        and site.fields["day_start"] == "00:00"
    )
    assert tariff.fields["note"] == "new price" and tariff.fields["bands"][0]["price"] == "1"
    assert permit.fields["limits"][0]["limit"] == "80.5" and permit.fields["example"] is True
    ledger = b"".join(path.read_bytes() for path in (bench.folder / "cloud" / "ledger").glob("*.seg"))
    assert "王敏".encode() not in ledger and done["by"].encode() in ledger
    found = bench.sound()
    assert {stream["node"] for stream in found["streams"]} == {"desk-mill"}
    key = bench.folder / "cloud" / "keys" / "desk-mill.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (bench.folder / "cloud" / "registry.db").stat().st_mode & 0o777 == 0o600


def test_a_later_tariff_of_the_same_day_replaces_and_one_of_another_day_stands_beside(tmp_path: Path) -> None:
    from cloud.registry import Registry
    from cloud.settings import load

    bench = Bench(tmp_path)
    for price, day in ((1, "2024-01-01"), (2, "2024-01-01"), (3, "2025-01-01")):
        text = (TARIFF % BANDS).replace("price: 1", f"price: {price}").replace("2024-01-01", day)
        bench.declare(f"site: mill\n{text}")
    registry = Registry(load(bench.folder / "cloud" / "cloud.yaml"))
    registry.catch_up()
    prices = [(str(t.valid_from), str(t.bands[0].price)) for t in registry.tariffs("mill")]
    assert prices == [("2024-01-01", "2"), ("2025-01-01", "3")]
    assert len(registry.history("mill", "tariff")) == 3
    registry.close()


def test_a_site_of_cloud_yaml_can_have_points_and_a_declared_one_wins_over_it(tmp_path: Path) -> None:
    from cloud.registry import Registry, sites
    from cloud.settings import load

    bench = Bench(tmp_path, "site: demo-mill\npoints: [{id: a}]\n")
    settings = load(bench.folder / "cloud" / "cloud.yaml")
    registry = Registry(settings)
    registry.catch_up()
    assert [(s.id, s.name_en, s.factor) for s in sites.known(settings, registry)] == [
        ("demo-mill", "Demo mill", None)
    ]
    bench.declare(
        "site: {id: demo-mill, name_zh: 新, name_en: New, tz: Europe/Berlin, province: 浙江}\n"
        "factors: {grid: national}\n"
    )
    bench.declare(SITE)
    registry.catch_up()
    known = [(s.id, s.name_en, s.tz, s.factor) for s in sites.known(settings, registry)]
    assert known == [
        ("demo-mill", "New", "Europe/Berlin", "national"),
        ("mill", "Mill", "Asia/Shanghai", None),
    ]
    registry.close()


def test_the_examples_fit_each_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    site, rows = run("example", "site").stdout, run("example", "csv").stdout
    assert bench.declare(site)["sealed"] == ["site", "points", "factors", "tariff", "permit"]
    done = bench.take(rows.encode(), site="my-mill")
    assert done == {"in": 13, "accepted": 13, "refused": [], "new": 13}
    table = run("example", "savings").stdout.splitlines()
    assert table[0] == "time,energy,production,cooling" and len(table) == 25


def test_a_province_is_sealed_by_its_short_name(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SITE.replace("province: 浙江", "province: 浙江省"))
    assert [item.fields["province"] for item in bench.statements("site")] == ["浙江"]
    assert bench.declare(SITE)["unchanged"] == ["site", "points"]
