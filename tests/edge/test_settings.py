"""edge.yaml: a good file becomes a schema and plans; bad files give their lines, all at once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import settings
from contract.schema import Schema
from contract.tags import Group, Layout, Tag
from drivers.modbus.plan import ModbusDevice, ModbusGroup, Point
from drivers.opcua.plan import OpcuaDevice, OpcuaGroup
from drivers.table import driver
from edge.settings import Settings, load, read_counters, to_devices, to_schema, validate

GOOD = """\
node: mill-edge
site: demo-mill
data: .
broker: {host: 127.0.0.1, port: 1883, user: null, password_file: null}
flush: 1.0
seal_after: 2.0
devices:
  - id: main-meter
    protocol: modbus-tcp
    host: 127.0.0.1
    port: 15020
    groups:
      - id: main-meter
        stream: account
        every: 0
        read_counter: main-meter.reads
        time_from: {address: 2, type: uint64}
        tags:
          - {name: main-meter.reads, address: 0, type: uint32, unit: "{count}", kind: state}
          - {name: main.kwh, address: 6, type: uint32, order: CDAB, scale: "0.01", unit: kW.h, kind: counter,
             max_rate: "0.5", meter: main, carrier: electricity, title: {zh: 总表电量, en: Main meter}}
          - {name: main.kw, address: 8, type: float32, unit: kW, meter: main}
  - id: dyeing
    protocol: opcua
    endpoint: opc.tcp://127.0.0.1:15030
    groups:
      - id: dyeing
        every: 1.0
        time_source: device
        tags:
          - {name: 染色机1.布速, node: "ns=2;s=dye1.speed", type: float64, unit: m/min}
"""
METER = '          - {name: main.kwh, address: 6, type: uint32, order: CDAB, scale: "0.01", unit: kW.h, kind: counter,'
LINE = {
    text: GOOD[: GOOD.index(text)].count("\n") + 1
    for text in ("node:", "site:", "broker:", "flush:", "id: main-meter\n    p", "port: 15020", "read_counter:",
                 "time_from:", "main-meter.reads, a", "main.kwh", "max_rate", "main.kw,", "id: dyeing\n    p",
                 "protocol: opcua", "endpoint:", "id: dyeing\n        e", "every: 1.0", "time_source:", "染色机1")
}  # fmt: skip


def write(folder: Path, text: str) -> Path:
    path = folder / "edge.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_is_a_schema_and_plans(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    loaded = load(path)
    schema = to_schema(loaded)
    meter = Group(
        "main-meter", "main-meter", "modbus-tcp", "account", Layout.TABLE, 0, "device",
        (
            Tag("main-meter.reads", "uint32", "{count}", "state", source="holding 0 uint32 ABCD"),
            Tag("main.kwh", "uint32", "kW.h", "counter", "0.01", "0", "0.5", "main", "electricity", "总表电量",
                "Main meter", "holding 6 uint32 CDAB"),
            Tag("main.kw", "float32", "kW", meter="main", source="holding 8 float32 ABCD"),
        ),
    )  # fmt: skip
    dyeing = Group(
        "dyeing", "dyeing", "opcua", "process", Layout.EVENTS, 10**9, "device",
        (Tag("染色机1.布速", "float64", "m/min", source="ns=2;s=dye1.speed"),),
    )  # fmt: skip
    digest = hashlib.sha256(GOOD.encode()).hexdigest()
    assert schema == Schema(digest, 2 * 10**9, (meter, dyeing))
    assert Schema.from_fields(schema.to_fields()) == schema
    points = (Point("holding", 0, "uint32", "ABCD"), Point("holding", 6, "uint32", "CDAB"),
              Point("holding", 8, "float32", "ABCD"))  # fmt: skip
    clock = Point("holding", 2, "uint64", "ABCDEFGH")
    devices = to_devices(loaded, schema)
    assert devices == (
        ModbusDevice("main-meter", "127.0.0.1", 15020, 1, 1.0, 8, (ModbusGroup(meter, points, clock),)),
        OpcuaDevice(
            "dyeing", "opc.tcp://127.0.0.1:15030", 4.0, (OpcuaGroup(dyeing, ("ns=2;s=dye1.speed",), 100),)
        ),
    )
    assert [driver(device).groups for device in devices] == [(meter,), (dyeing,)]
    assert read_counters(loaded) == {"main-meter": 0}
    assert loaded.folder == tmp_path and validate(path) == {"ok": True, "errors": []}
    assert (loaded.window, loaded.max_skew, loaded.broker.port) == (1 << 20, 5.0, 1883)


def test_the_clock_lies_in_the_table_of_the_tags(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, GOOD.replace("type: uint32,", "type: uint32, table: input,").replace(
        "type: float32,", "type: float32, table: input,")))  # fmt: skip
    (device, _) = to_devices(loaded, to_schema(loaded))
    assert isinstance(device, ModbusDevice) and device.groups[0].clock == Point(
        "input", 2, "uint64", "ABCDEFGH"
    )


TYPES = """\
node: n
site: s
devices:
  - id: m
    protocol: modbus-tcp
    host: h
    groups:
      - id: m
        every: 1
        tags:
          - {name: a, address: 0, type: mod10k-4, unit: W.h, kind: counter, max_rate: "1"}
          - {name: b, address: 4, type: bcd32, order: CDAB, unit: kW}
          - {name: c, address: 6, type: bool, bits: 3, unit: "1", kind: state}
          - {name: d, address: 6, type: uint16, order: BA, bits: 4-7, unit: "1", kind: state}
          - {name: e, address: 7, type: time-iec, order: GHEFCDAB, unit: s, scale: "0.001"}
          - {name: f, address: 11, type: float64, order: EFGHABCD, unit: kW}
"""


def test_types_of_meters_become_numbers_of_the_schema(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, TYPES))
    schema = to_schema(loaded)
    (device,) = to_devices(loaded, schema)
    assert isinstance(device, ModbusDevice)
    assert [(tag.type, tag.source) for tag in schema.groups[0].tags] == [
        ("int64", "holding 0 mod10k-4 GHEFCDAB"), ("uint32", "holding 4 bcd32 CDAB"),
        ("bool", "holding 6 bool AB bits 3-3"), ("uint16", "holding 6 uint16 BA bits 4-7"),
        ("int64", "holding 7 time-iec GHEFCDAB"), ("float64", "holding 11 float64 EFGHABCD"),
    ]  # fmt: skip
    assert [point.bits for point in device.groups[0].points] == [None, None, (3, 3), (4, 7), None, None]
    assert Schema.from_fields(schema.to_fields()) == schema


def models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models(part)]


def test_every_key_says_what_it_is() -> None:
    def walk(model: Any) -> None:
        for name, info in model.model_fields.items():
            assert info.description and len(info.description) > 5, f"{model.__name__}.{name}"
            for inner in models(info.annotation):
                walk(inner)

    walk(Settings)


BAD: list[tuple[str, str, str, int, str, str]] = [
    # (name, text, its replacement, line, path, words of the message)
    ("unknown key", "port: 15020", "prot: 15020", LINE["port: 15020"], "devices[0].prot", "did you mean 'port'"),
    ("wrong type", "port: 15020", "port: '15020'", LINE["port: 15020"], "devices[0].port", "whole number"),
    ("yes is no number", "flush: 1.0", "flush: yes", LINE["flush:"], "flush", "must be a number"),
    ("out of range", "port: 15020", "port: 70000", LINE["port: 15020"], "devices[0].port", "65535"),
    ("missing key", "    host: 127.0.0.1\n", "", LINE["id: main-meter\n    p"], "devices[0].host", "is required"),
    ("missing site", "site: demo-mill\n", "", 1, "site", "is required"),
    ("bad node name", "node: mill-edge", "node: Mill_Edge", LINE["node:"], "node", "a-z"),
    ("duplicate key", "site: demo-mill", "node: again", LINE["site:"], "node", "twice, first in line 1"),
    ("duplicate tag", "name: main.kw,", "name: main.kwh,", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].name", "'main.kwh' stands twice"),
    ("duplicate tag across devices", "染色机1.布速", "main.kw", LINE["染色机1"],
     "devices[1].groups[0].tags[0].name", "stands twice"),
    ("duplicate device", "id: dyeing\n    p", "id: main-meter\n    p", LINE["id: dyeing\n    p"], "devices[1].id",
     "device 'main-meter' stands twice"),
    ("duplicate group", "id: dyeing\n        e", "id: main-meter\n        e", LINE["id: dyeing\n        e"],
     "devices[1].groups[0].id", "group 'main-meter' stands twice"),
    ("bad unit", "unit: kW.h", "unit: kwh", LINE["main.kwh"], "devices[0].groups[0].tags[1].unit", "mean 'kW.h'"),
    ("unknown type", "type: float32", "type: real", LINE["main.kw,"], "devices[0].groups[0].tags[2].type", "'float64'"),
    ("text value", "type: float64", "type: string", LINE["染色机1"], "devices[1].groups[0].tags[0].type",
     "text values are not read"),
    ("order of another width", "order: CDAB", "order: AB", LINE["main.kwh"], "devices[0].groups[0].tags[1].order",
     "uint32 has the orders ABCD, CDAB, BADC, DCBA"),
    ("past the last register", "address: 8", "address: 65535", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].address", "ends after the last register"),
    ("scale without quotes", 'scale: "0.01"', "scale: 0.01", LINE["main.kwh"],
     "devices[0].groups[0].tags[1].scale", "put it in quotes"),
    ("scale is none", 'scale: "0.01"', 'scale: "0,01"', LINE["main.kwh"], "devices[0].groups[0].tags[1].scale",
     "not a decimal number"),
    ("scale zero", 'scale: "0.01"', 'scale: "0.0"', LINE["main.kwh"], "devices[0].groups[0].tags[1].scale", "above 0"),
    ("counter without max_rate", 'max_rate: "0.5", ', "", LINE["main.kwh"], "devices[0].groups[0].tags[1].max_rate",
     "required for a counter"),
    ("float counter", "type: uint32, order: CDAB", "type: float32", LINE["main.kwh"],
     "devices[0].groups[0].tags[1].type", "integer type"),
    ("gauge with max_rate", "unit: kW, meter: main", 'unit: kW, max_rate: "1", meter: main', LINE["main.kw,"],
     "devices[0].groups[0].tags[2].max_rate", "only a counter"),
    ("counter of a meter without carrier", ", carrier: electricity", "", LINE["main.kwh"],
     "devices[0].groups[0].tags[1].carrier", "required"),
    ("meter without a counter", "unit: kW, meter: main", "unit: kW, meter: other", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].meter", "'other' has no counter"),
    ("read counter elsewhere", "read_counter: main-meter.reads", "read_counter: main-meter.read",
     LINE["read_counter:"], "devices[0].groups[0].read_counter", "did you mean 'main-meter.reads'"),
    ("read counter of floats", "read_counter: main-meter.reads", "read_counter: main.kw", LINE["read_counter:"],
     "devices[0].groups[0].read_counter", "integer type"),
    ("clock of another type", "{address: 2, type: uint64}", "{address: 2, type: uint32}", LINE["time_from:"],
     "devices[0].groups[0].time_from.type", "'int64'"),
    ("clock in another response", "{address: 2, type: uint64}", "{address: 300, type: uint64}", LINE["time_from:"],
     "devices[0].groups[0].time_from", "needs exactly one"),
    ("unknown type", "type: uint32, order: CDAB", "type: bcd24", LINE["main.kwh"], "devices[0].groups[0].tags[1].type",
     "'bcd32'"),
    ("order of no such type", "type: uint32, order: CDAB", "type: bcd32, order: EFGHABCD", LINE["main.kwh"],
     "devices[0].groups[0].tags[1].order", "bcd32 has the orders ABCD, CDAB, BADC, DCBA, not 'EFGHABCD'"),
    ("text of registers", "type: float32", "type: text", LINE["main.kw,"], "devices[0].groups[0].tags[2].type",
     "text values are not read"),
    ("bits of a float", "type: float32", "type: float32, bits: 3", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].bits", "float32 has no bits to choose"),
    ("bits beyond the word", "type: float32", "type: uint16, bits: 3-16", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].bits", "uint16 has the bits 0-15"),
    ("bits backwards", "type: float32", "type: uint16, bits: 7-4", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].bits", "'7-4' names no bits"),
    ("bits of a bool", "type: float32", "type: bool, bits: 4-7", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].bits", "bool is one bit"),
    ("bits as a flag", "type: float32", "type: bool, bits: true", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].bits", "must be text"),
    ("Mod-10k at the end", "address: 8, type: float32", "address: 65533, type: mod10k-4", LINE["main.kw,"],
     "devices[0].groups[0].tags[2].address", "ends after the last register"),
    ("unknown stream", "stream: account", "stream: acount", 14, "devices[0].groups[0].stream",
     "did you mean 'account'"),
    ("unknown protocol", "protocol: opcua", "protocol: opc-ua", LINE["protocol: opcua"], "devices[1].protocol",
     "must be 'modbus-tcp' or 'opcua', not 'opc-ua'"),
    ("address on opcua", 'node: "ns=2;s=dye1.speed"', "address: 3", LINE["染色机1"],
     "devices[1].groups[0].tags[0].node", "is required"),
    ("no node id", "ns=2;s=dye1.speed", "dye1.speed", LINE["染色机1"],
     "devices[1].groups[0].tags[0].node", "a node id such as"),
    ("queue too short", "time_source: device", "queue: 5", LINE["time_source:"], "devices[1].groups[0].queue", "100"),
    ("endpoint of another scheme", "opc.tcp://", "http://", LINE["endpoint:"], "devices[1].endpoint",
     "an address such as"),
    ("name with a space", "染色机1.布速", "dye 1", LINE["染色机1"], "devices[1].groups[0].tags[0].name", "letters"),
    ("password without user", "user: null, password_file: null", "password_file: pw", LINE["broker:"], "broker.user",
     "required"),
    ("no devices", GOOD[GOOD.index("devices:"):], "devices: []\n", 7, "devices", "at least 1"),
    ("a tab", "    host: 127.0.0.1\n    port", "\thost: 127.0.0.1\n    port", 10, "", "tab"),
    ("an unclosed bracket", "{address: 2, type: uint64}", "{address: 2, type: uint64", 18, "", "not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "other", "line", "path", "words"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
def test_a_malformed_file_names_its_line(
    tmp_path: Path, text: str, other: str, line: int, path: str, words: str
) -> None:
    assert GOOD.count(text) >= 1
    file = write(tmp_path, GOOD.replace(text, other, 1))
    found = validate(file)
    assert not found["ok"] and {e["file"] for e in found["errors"]} == {str(file)}
    hits = [e for e in found["errors"] if (e["line"], e["path"]) == (line, path) and words in e["message"]]
    assert hits, found["errors"]
    with pytest.raises(settings.SettingsError) as caught:
        load(file)
    assert any(row.startswith(f"{file}:{line}: ") for row in str(caught.value).split("\n"))


def test_many_problems_are_told_together(tmp_path: Path) -> None:
    text = GOOD
    for name in (
        "bad unit",
        "unknown stream",
        "unknown key",
        "queue too short",
        "duplicate device",
        "bad node name",
    ):
        _, old, new, *_ = next(b for b in BAD if b[0] == name)
        text = text.replace(old, new, 1)
    errors = validate(write(tmp_path, text))["errors"]
    assert [e["line"] for e in errors] == sorted(e["line"] for e in errors)
    assert {e["path"] for e in errors} >= {
        "node", "devices[0].prot", "devices[0].groups[0].stream", "devices[0].groups[0].tags[1].unit", "devices[1].id",
        "devices[1].groups[0].queue",
    }  # fmt: skip


@pytest.mark.parametrize("cut", range(0, len(GOOD), 37))
def test_a_file_cut_anywhere_is_good_or_refused(tmp_path: Path, cut: int) -> None:
    found = validate(write(tmp_path, GOOD[:cut]))
    assert found["ok"] == (not found["errors"])


def test_more_tags_than_a_schema_statement_holds_are_taken_and_more_groups_than_a_schema_refused(
    tmp_path: Path,
) -> None:
    tag = "          - {{name: t{0}, address: {0}, type: uint16, unit: kW, title: {{zh: 第{0}号, en: Number {0}}}}}\n"
    path = tmp_path / "edge.yaml"
    head = GOOD[: GOOD.index("          - {name: main-meter.reads")].replace(
        "        read_counter: main-meter.reads\n        time_from: {address: 2, type: uint64}\n", ""
    )
    for count in (100, 900):
        path.write_text(head + "".join(tag.format(i) for i in range(count)), encoding="utf-8")
        assert validate(path)["ok"]
    group = "      - {{id: g{0}, stream: account, every: 1, tags: [{{name: t{0}, address: 1, type: bool, unit: V}}]}}\n"
    head = head[: head.index("      - id: main-meter")]
    path.write_text(head + "".join(group.format(i) for i in range(4097)), encoding="utf-8")
    (problem,) = validate(path)["errors"]
    assert problem["path"] == "devices"
    assert "4097 tags of stream account" in problem["message"]
