"""A list of accepted factors: the true pack holds, a false factor under the cloud's own signature does not."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verify import certified, make_packs, plain_figures, sealing
from tests.verify.make_packs import Mill
from tests.verify.sealing import fingerprint, key_of
from verify.main import run

CLOUD = fingerprint(key_of("cloud"))
HEAD = ["id", "value", "unit", "year", "ncv", "per", "cc", "of"]
Record = dict[str, Any]


def packed(mill: Mill) -> bytes:
    body = make_packs.body(mill, plain_figures.Plain(mill).figures(), [])
    return sealing.bundled(make_packs.files(mill, body), "summary")


def records() -> list[Record]:
    return [dict(record) for record in make_packs.plant(4).factors]


def listed(path: Path, rows: list[Record], head: list[str] = HEAD) -> Path:
    """A list as a bureau would write it, from the true records."""
    with path.open("w", encoding="utf-8", newline="") as target:
        made = csv.DictWriter(target, head, extrasaction="ignore")
        made.writeheader()
        made.writerows(rows)
    return path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    path.write_bytes(packed(make_packs.plant(4)))
    return path


def asked(
    pack: Path, list_: Path | None, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any], list[str]]:
    """Exit status, the JSON, and the faults with the list."""
    more = [] if list_ is None else ["--factors", str(list_)]
    code = run([str(pack), "--trust", CLOUD, "--json", *more])
    said = json.loads(capsys.readouterr().out)
    return code, said, [f"{c['where']}: {c['why']}" for c in said["checks"] if not c["ok"]]


def test_without_a_list_the_report_says_that_factors_are_as_cited(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(pack), "--trust", CLOUD]) == 0
    assert "Factors were taken as the pack cites them" in capsys.readouterr().out
    assert run([str(pack), "--trust", CLOUD, "--lang", "zh"]) == 0
    assert "因子按证据包所引原样采用" in capsys.readouterr().out
    assert asked(pack, None, capsys)[1]["factors_accepted"] is None


def test_the_true_factors_hold_in_csv_and_json(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    padded = [{**row, **({"value": row["value"] + "00"} if "value" in row else {})} for row in records()]
    extra = {"id": "another", "value": "1", "unit": "kg", "year": 1999}
    table = listed(tmp_path / "list.csv", [*padded, extra])
    whole = tmp_path / "list.json"
    whole.write_text(json.dumps({"factors": records()}), encoding="utf-8")
    numbers = tmp_path / "numbers.json"
    said = [{**row, **({"value": float(row["value"])} if "value" in row else {})} for row in records()]
    numbers.write_text(json.dumps(said), encoding="utf-8")
    for path, rows in ((table, len(padded) + 1), (whole, len(padded)), (numbers, len(padded))):
        code, told, faults = asked(pack, path, capsys)
        assert (code, faults) == (0, [])
        assert told["factors_accepted"]["file"] == str(path) and told["factors_accepted"]["rows"] == rows
        assert any(check["name"] == "accepted factors" and check["ok"] for check in told["checks"])
    assert run([str(pack), "--trust", CLOUD, "--factors", str(table)]) == 0
    assert f"compared with your list: {table}" in capsys.readouterr().out


def _more(record: Record, key: str) -> None:
    record[key] = f"{float(record[key]) * 1.01:.6f}"


FALSE: dict[str, tuple[str, Callable[[Record], None], str]] = {
    "a grid factor": ("grid-2024", lambda one: _more(one, "value"), "value"),
    "a coefficient": ("ce-electricity", lambda one: _more(one, "value"), "value"),
    "a heating value": ("burn-raw_coal", lambda one: _more(one, "ncv"), "ncv"),
    "a carbon content": ("burn-natural_gas", lambda one: one.update(cc="0.0152"), "cc"),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_factor_that_the_cloud_itself_signs_is_found_by_the_list_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cloud changes a factor, keeps its citation, computes every figure with it and signs: all is consistent."""
    id_, spoil, member = FALSE[name]
    mill = make_packs.plant(4)
    record = next(one for one in mill.factors if one["id"] == id_)
    true = record[member]
    spoil(record)
    path = tmp_path / "false.zip"
    path.write_bytes(packed(mill))
    assert asked(path, None, capsys)[0] == 0
    code, told, faults = asked(path, listed(tmp_path / "list.csv", records()), capsys)
    assert (code, told["verdict"], told["anchored"]) == (1, "different", True)
    assert faults == [
        f"{id_}: {member} is {record[member]} in the pack, {true} in the list; the pack cites: {record['citation']}"
    ]
    assert run([str(path), "--trust", CLOUD, "--factors", str(tmp_path / "list.csv"), "--lang", "zh"]) == 1
    text = capsys.readouterr().out
    assert (
        f"{member} 在证据包中为 {record[member]}，在清单中为 {true}；证据包引用：{record['citation']}" in text
    )


CHANGED: dict[str, tuple[Record, str]] = {
    "a unit": ({"unit": "t{CO2}/MW.h"}, "unit is kg{CO2}/kW.h in the pack, t{CO2}/MW.h in the list"),
    "a year": ({"year": 2022}, "year is 2024 in the pack, 2022 in the list"),
    "no year": ({"year": ""}, "year is 2024 in the pack, absent in the list"),
    "a place": ({"place": "江苏"}, "place is 浙江 in the pack, 江苏 in the list"),
    "no such id": ({"id": "grid-2024-b"}, "is not in the list; the pack has value"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_list_that_says_otherwise_is_shown_beside_the_pack(
    name: str, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, why = CHANGED[name]
    rows = [{**row, **(other if row["id"] == "grid-2024" else {})} for row in records()]
    list_ = listed(tmp_path / "list.csv", rows, [*HEAD, "place", "level"])
    code, _, faults = asked(pack, list_, capsys)
    assert code == 1 and len(faults) == 1
    assert (
        faults[0].startswith(f"grid-2024: {why}") and "the pack " in faults[0] and "题 grid-2024" in faults[0]
    )


def test_a_year_outside_those_of_a_coefficient_is_named(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mill = make_packs.plant(4)
    for record in mill.factors:
        if record["table"] == "coal":
            record["from_year"] = 2020
    pack.write_bytes(packed(mill))
    for year, found in ((2019, 5), (2020, 0)):
        rows = [{**one, "year": year} if one["table"] == "coal" else one for one in records()]
        code, _, faults = asked(pack, listed(tmp_path / "list.csv", rows), capsys)
        assert (code, len(faults)) == (1 if found else 0, found)
        assert all(f"year is 2020 to … in the pack, {year} in the list" in fault for fault in faults)


def test_the_factor_of_a_certificate_must_be_in_the_list_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "certified.zip"
    path.write_bytes(certified.planted().pack())
    table = listed(tmp_path / "list.csv", records())
    assert asked(path, table, capsys)[0] == 0
    planted = certified.planted()
    planted.certificate["factors"] = [{**planted.certificate["factors"][0], "value": "0.0123"}]
    path.write_bytes(planted.pack())
    code, _, faults = asked(path, table, capsys)
    assert code == 1
    assert any(fault.startswith("grid-2024: value is 0.0123 in the pack") for fault in faults)
    assert any("another record than that of the summary" in fault for fault in faults)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", ":1: no column id, unit, year"),
        ("id,value,unit\n", ":1: no column year"),
        ("id,value,unit,year,worth\n", ":1: columns that no factor has: worth"),
        ("id,value,unit,year,unit\n", ":1: a column that stands twice"),
        ("id,value,unit,year\n", "no factor in it"),
        ("id,value,unit,year\na,1,kg\n", ":2: 3 cells, but 4 columns"),
        ("id,value,unit,year\na,,kg,2024\n", ":2: a factor without id, unit or value"),
        ("id,value,unit,year\na,x,kg,2024\n", ":2: value: not a decimal number in a text"),
        ("id,value,unit,year\na,1,kg,24\n", ":2: year: no year of four digits"),
        ("id,value,unit,year\na,1,kg,2024\na,2,kg,2023\n", ":3: a stands twice"),
        ('id,value,unit,year\n"a,1,kg,2024\n', "no CSV"),
        ("[1]", "factors[0]: not an object of texts and numbers"),
        ('{"factors": [{"id": "a", "worth": "1"}]}', "factors[0]: members that no factor has: worth"),
        ('{"factors": [{"id": "a", "unit": "kg", "year": 2024}]}', "a factor without id, unit or value"),
        ('{"list": []}', "neither a list of factors nor an object"),
        ("{", "no JSON"),
        ("[" * 10**5, "no JSON"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_place(
    text: str, why: str, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list"
    path.write_text(text, encoding="utf-8")
    assert run([str(pack), "--trust", CLOUD, "--factors", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith(f"steelyard-verify: --factors {path}")
    assert why in said.err and said.err.count("\n") == 1


def test_a_list_that_is_not_there_or_no_text_is_refused(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list").write_bytes(b"id,value\xff\xfe")
    for path, why in ((tmp_path / "list", "not in UTF-8"), (tmp_path / "none", "cannot be read")):
        assert run([str(pack), "--factors", str(path)]) == 2
        assert why in capsys.readouterr().err
