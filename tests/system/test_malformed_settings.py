"""Twenty malformed edge.yaml files through the commands: where each is wrong, in one line, and no traceback."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.system.conftest import command

pytestmark = [pytest.mark.long, pytest.mark.timeout(150)]

GOOD = """\
node: mill-edge
site: demo-mill
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
        every: 1.0
        read_counter: main-meter.reads
        tags:
          - {name: main-meter.reads, address: 0, type: uint32, unit: "{count}", kind: state}
          - {name: 总表.电量, address: 6, type: uint32, scale: "0.01", unit: kW.h, kind: counter, max_rate: "0.5",
             meter: main, carrier: electricity}
          - {name: main.kw, address: 8, type: float32, unit: kW, meter: main}
  - id: machines
    protocol: opcua
    endpoint: opc.tcp://127.0.0.1:15030
    groups:
      - id: dyeing
        every: 1.0
        tags:
          - {name: 染色机1.布速, node: "ns=2;s=dye1.speed", type: float64, unit: m/min}
"""
METER, DYEING = "devices[0].groups[0].tags[1]", "devices[1].groups[0].tags[0]"
# (what is wrong, text, what stands there instead, path). The line is where the wrong text stands.
BAD = [
    ("unknown key", "flush: 1.0", "flsh: 1.0", "flsh"),
    ("unknown key deep inside", "every: 1.0\n        read", "evry: 1.0\n        read", "devices[0].groups[0].evry"),
    ("text for a number", "port: 15020", "port: many", "devices[0].port"),
    ("number in quotes", "seal_after: 2.0", 'seal_after: "2.0"', "seal_after"),
    ("out of range", "port: 15020", "port: 66000", "devices[0].port"),
    ("list for a mapping", "{host: 127.0.0.1, port: 1883, user: null, password_file: null}", "[1883]", "broker"),
    ("mapping for text", "site: demo-mill", "site: {id: demo-mill}", "site"),
    ("no number at all", "flush: 1.0", "flush: .nan", "flush"),
    ("duplicate tag", "name: main.kw,", "name: 总表.电量,", "devices[0].groups[0].tags[2].name"),
    ("duplicate device", "id: machines", "id: main-meter", "devices[1].id"),
    ("duplicate key", "site: demo-mill", "node: twice", "node"),
    ("bad unit", "unit: kW.h", "unit: kWh", f"{METER}.unit"),
    ("bad type", "type: float64", "type: double", f"{DYEING}.type"),
    ("scale as a float", 'scale: "0.01"', "scale: 0.01", f"{METER}.scale"),
    ("counter without its rate", ' max_rate: "0.5",', "", f"{METER}.max_rate"),
    ("name with a space", "染色机1.布速", "染色机 1", f"{DYEING}.name"),
    ("no node id", "ns=2;s=dye1.speed", "speed", f"{DYEING}.node"),
    ("read counter that is no tag", "read_counter: main-meter.reads", "read_counter: reads",
     "devices[0].groups[0].read_counter"),
    ("unknown protocol", "protocol: opcua", "protocol: bacnet", "devices[1].protocol"),
    ("tab", "    endpoint:", "\tendpoint:", ""),
    ("bracket left open", 'unit: "{count}", kind: state}', 'unit: "{count}", kind: state', ""),
]  # fmt: skip
LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?:(?P<path>[\w.\[\]]*): )?(?P<message>\S.*)")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file for each of the above, and the path of one that is not there."""
    folder = tmp_path_factory.mktemp("malformed")
    made = {"missing file": folder / "nowhere" / "edge.yaml"}
    for name, old, new, _ in BAD:
        assert GOOD.count(old) == 1, name
        made[name] = folder / name.replace(" ", "-") / "edge.yaml"
        made[name].parent.mkdir()
        made[name].write_text(GOOD.replace(old, new), "utf-8")
    return made


def for_each(files: dict[str, Path], *words: str) -> dict[str, CompletedProcess[str]]:
    """A command with each file, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(
            lambda path: command("steelyard-edge", *[w.format(path) for w in words]), files.values()
        )
        return dict(zip(files, done, strict=True))


def test_the_file_they_are_made_of_is_good(tmp_path: Path) -> None:
    path = tmp_path / "edge.yaml"
    path.write_text(GOOD, "utf-8")
    done = command("steelyard-edge", "validate", path, "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"ok": True, "errors": []})


def test_validate_names_file_line_and_path_of_each(files: dict[str, Path]) -> None:
    found = for_each(files, "validate", "{}", "--json")
    assert len(found) > 20
    for name, old, _, path in BAD:
        done, file = found[name], str(files[name])
        assert (done.returncode, done.stderr) == (2, ""), name
        errors = json.loads(done.stdout)["errors"]
        assert {error["file"] for error in errors} == {file} and all(error["message"] for error in errors), (
            name
        )
        line = GOOD[: GOOD.index(old)].count("\n") + 1 + (name == "bracket left open")  # seen one line later
        assert (line, path) in [(error["line"], error["path"]) for error in errors], (name, errors)
    (error,) = json.loads(found["missing file"].stdout)["errors"]
    assert found["missing file"].returncode == 2 and error["file"] == str(files["missing file"])


@pytest.mark.parametrize("words", [("validate", "{}"), ("run", "--config", "{}")], ids=["validate", "run"])
def test_each_is_told_in_lines_that_an_editor_can_follow(
    files: dict[str, Path], words: tuple[str, ...]
) -> None:
    for name, done in for_each(files, *words).items():
        assert (done.returncode, done.stdout) == (2, ""), name
        lines = [LINE.fullmatch(line) for line in done.stderr.splitlines()]
        assert lines and all(line is not None and line["file"] == str(files[name]) for line in lines), (
            done.stderr
        )


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    chosen = ["text for a number", "number in quotes", "duplicate tag", "bad unit", "bad type", "no node id"]
    text = GOOD
    for name, old, new, _ in BAD:
        if name in chosen:
            text = text.replace(old, new)
    path = tmp_path / "edge.yaml"
    path.write_text(text, "utf-8")
    errors = json.loads(command("steelyard-edge", "validate", path, "--json").stdout)["errors"]
    assert {error["path"] for error in errors} >= {path for name, _, _, path in BAD if name in chosen}
    assert [error["line"] for error in errors] == sorted(error["line"] for error in errors)
