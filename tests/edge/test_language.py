"""What steelyard-edge prints for people, in both languages; and what of it its JSON and statements carry as data."""

from __future__ import annotations

import json
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from contract.quality import Quality
from contract.tags import Group, Layout
from drivers.base import Reading
from drivers.modbus.messages import DeviceException, ExplainedException, IllegalAddress, NoConnection
from edge import check, statements, words
from edge.edge_store import EdgeStore
from edge.gap import DataGap
from edge.main import app
from edge.node import Node
from journal.files import REAL
from tests.edge.damaged import CLOUD_KEY, NODE_KEY, SCHEMA

YAML = """\
node: n
site: s
devices:
  - id: meter
    protocol: modbus-tcp
    host: 127.0.0.1
    port: 1
    groups:
      - {id: meter, every: 1, tags: [{name: m.kw, address: 0, type: int16, unit: kW}]}
"""


def invoke(*words_: object, locale: str = "C") -> Result:
    """Run the command here; the language that it sets ends with it."""
    command = [str(word) for word in words_]
    return copy_context().run(CliRunner(env={"LC_ALL": locale}).invoke, app, command)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "edge.yaml"
    path.write_text(YAML, "utf-8")
    return path


def chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize(
    ("command", "locale", "zh"),
    [
        (["--lang", "zh", "journal", "list"], "C", True),
        (["journal", "list", "--lang", "zh"], "C", True),
        (["journal", "list"], "zh_CN.UTF-8", True),
        (["journal", "list", "--lang", "en"], "zh_CN.UTF-8", False),
        (["journal", "list"], "de_DE.UTF-8", False),
    ],
)
def test_an_error_is_in_the_language_of_the_option_or_the_locale(
    tmp_path: Path, command: list[str], locale: str, zh: bool
) -> None:
    folder = tmp_path / "none"
    done = invoke(*command, folder, "--json", locale=locale)
    assert done.exit_code == 2
    assert done.stderr == (f"{folder}：此处没有日志\n" if zh else f"{folder}: no journal here\n")
    assert json.loads(done.stdout) == {
        "error": {
            "code": "edge.no_journal", "params": {"folder": str(folder)}, "message": f"{folder}: no journal here",
        }
    }  # fmt: skip


def test_check_prints_its_table_in_chinese_and_its_reasons_as_data(config: Path) -> None:
    done = invoke("check", "--config", config, "--lang", "zh")
    head, line = done.stdout.splitlines()
    assert done.exit_code == 1
    assert head.split() == ["标签", "数值", "单位", "原始值", "质量", "毫秒", "十六进制", "原因"]
    assert line.split() == ["m.kw", "-", "kW", "-", "通信故障", "-", "-", "无法连接", "127.0.0.1:1"]
    found = json.loads(invoke("check", "--config", config, "--lang", "zh", "--json").stdout)
    (reading,) = found["readings"]
    assert not found["ok"] and "why" not in reading and reading["quality"] == "comm_fault"
    assert (reading["code"], reading["params"], reading["message"]) == (
        "drivers.modbus.no_connection",
        {"host": "127.0.0.1", "port": 1},
        "no connection to 127.0.0.1:1",
    )


def test_a_message_in_a_message_is_chinese_too() -> None:
    why = ExplainedException(DeviceException("02"), IllegalAddress())
    reading = Reading("a", None, "1", None, "bad", None, "", why)
    assert check.as_text([reading], "zh").endswith("设备返回异常码 02：非法地址：设备没有该寄存器")


def store(folder: Path) -> EdgeStore:
    return EdgeStore(
        folder, Node("n", "s", NODE_KEY), SCHEMA, {"cloud": CLOUD_KEY.public_key()}, 1 << 20, REAL
    )


def test_status_and_journal_list_are_chinese_line_by_line(config: Path) -> None:
    sut = store(config.parent / "journal")
    sut.begin()
    sut.write_status({"repeats": 0, "gaps": {"g": 2}})
    english = invoke("status", "--config", config).stdout.splitlines()
    shown = invoke("status", "--config", config, "--lang", "zh").stdout.splitlines()
    listed = invoke("journal", "list", config.parent, "--lang", "zh").stdout.splitlines()
    plain = invoke("journal", "list", config.parent).stdout.splitlines()
    sut.close()
    assert len(english) == len(shown) and all(chinese(line) and "：" in line for line in shown)
    assert "正在运行：否" in shown and "最近回执：无" in shown and "数据缺口：g 2" in shown
    assert "running: no" in english and "last receipt: none" in english and "gaps: g 2" in english
    assert (
        plain[-1] == "account: 0 rows in the write-ahead log" and listed[-1] == "account：预写日志中有 0 行"
    )
    assert listed[0].endswith("行号至 0，2 块无回执") and plain[0].endswith("rows to 0, 2 without receipt")


def test_every_word_of_the_tables_has_chinese(config: Path) -> None:
    sut = store(config.parent / "journal")
    sut.begin()
    sut.write_status({"repeats": 0, "gaps": {}})
    found: dict[str, Any] = json.loads(invoke("status", "--config", config, "--json").stdout)
    sut.close()
    assert set(found) == set(words.STATUS)
    assert {quality.label for quality in Quality} == set(words.QUALITIES)


def test_init_and_validate_are_in_the_language(tmp_path: Path) -> None:
    file = tmp_path / "new" / "edge.yaml"
    done = invoke("init", "--config", file, "--lang", "zh")
    assert done.exit_code == 0 and "已写入初始设置" in done.stderr and "请将" in done.stdout
    assert invoke("validate", file, "--lang", "zh").stdout == f"{file}：无误\n"
    assert invoke("validate", file).stdout == f"{file}: good\n"


def test_a_gap_statement_carries_its_cause_as_text_and_as_data() -> None:
    group = Group("g", "d", "modbus-tcp", "account", Layout.TABLE, 10**9, "edge", ())
    fields = statements.gap(group, DataGap("g", None, 5, NoConnection("10.0.0.7", 502))).fields
    assert fields == {
        "group": "g", "device": "d", "from": None, "to": "5", "cause": "no connection to 10.0.0.7:502",
        "code": "drivers.modbus.no_connection", "params": {"host": "10.0.0.7", "port": 502},
    }  # fmt: skip
