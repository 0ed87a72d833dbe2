"""The texts of the plant: both languages have the same places, every text is used, with the parameters it needs."""

from __future__ import annotations

import ast
import json
from contextvars import copy_context
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from plant.main import app
from plant.words import KEYS, Message, Text

ROOM = Path(__file__).resolve().parents[2] / "plant"


def invoke(words: list[str], locale: str = "C") -> Result:
    """Run the command here; the language that it sets ends with it."""
    return copy_context().run(CliRunner(env={"LC_ALL": locale}).invoke, app, words)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def calls() -> list[tuple[str, set[str]]]:
    """(name of the text, names of the parameters) wherever the room makes a message."""
    trees = [ast.parse(path.read_text()) for path in sorted(ROOM.glob("*.py"))]
    made = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (call.func.attr, {str(word.arg) for word in call.keywords})
        for call in made
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "Text"
    ]


@pytest.mark.parametrize("text", Text)
def test_both_languages_have_the_same_places(text: Text) -> None:
    english, chinese = text.value
    assert places(english) == places(chinese)
    words = "".join(part for part, _, _, _ in Formatter().parse(english))
    assert not any(letter.isalpha() for letter in words) or any("\u3000" <= c <= "\uffef" for c in chinese)


def test_every_text_is_made_somewhere_with_the_parameters_it_needs() -> None:
    made = calls()
    assert {name for name, _ in made} == {text.name for text in Text}
    assert [(name, given) for name, given in made if given != places(Text[name].value[0])] == []


def test_a_message_crosses_the_control_socket_unchanged() -> None:
    message = Text.UNKNOWN_DEVICE(device="x", devices=("a", "b"))
    back = Message.of(json.loads(json.dumps(message.json())))
    assert back.json() == message.json()
    assert (
        back.shown("zh") == "未知的设备 x；可用的有：a、b" and str(back) == "unknown device x; known are a, b"
    )


@pytest.mark.parametrize(
    ("words", "locale", "said"),
    [
        (["run", "--speed", "fast", "--lang", "zh"], "C", "--speed fast：应为数字或 max"),
        (["--lang", "zh", "run", "--speed", "fast"], "C", "--speed fast：应为数字或 max"),
        (["run", "--speed", "fast"], "zh_CN.UTF-8", "--speed fast：应为数字或 max"),
        (["run", "--speed", "fast", "--lang", "en"], "zh_CN.UTF-8", "--speed fast: must be a number or max"),
        (["run", "--speed", "fast"], "de_DE.UTF-8", "--speed fast: must be a number or max"),
    ],
)
def test_an_error_is_in_the_language_of_the_option_or_the_locale(
    tmp_path: Path, words: list[str], locale: str, said: str
) -> None:
    done = invoke([*words, "--workdir", str(tmp_path)], locale)
    assert (done.exit_code, done.stderr) == (2, f"steelyard-plant: {said}\n")


def test_an_error_with_json_is_one_object(tmp_path: Path) -> None:
    done = invoke(["status", "--json", "--lang", "zh", "--workdir", str(tmp_path / "none")])
    error = json.loads(done.stdout)["error"]
    assert done.exit_code == 3 and error["code"] == "plant.no_plant"
    assert (
        error["params"]["folder"] == str(tmp_path / "none" / "plant") and "no plant runs" in error["message"]
    )
    assert "没有正在运行" in done.stderr


def test_every_settings_problem_is_in_the_language(tmp_path: Path) -> None:
    (tmp_path / "plant").mkdir()
    file = tmp_path / "plant" / "plant.yaml"
    file.write_text("a: 1\nseed: x\n")
    done = invoke(["--list", "--json", "--lang", "zh", "--workdir", str(tmp_path)])
    assert done.stderr == (
        f"steelyard-plant: {file}:1: a: 未知的键；可用的有 host、seed、ports\n{file}:2: seed: 应为不小于 0 的整数\n"
    )
    problems = json.loads(done.stdout)["error"]["params"]["problems"]
    assert [each["params"]["why"]["code"] for each in problems] == ["plant.unknown_key", "plant.no_seed"]


def test_every_key_of_a_result_has_a_chinese_word(plant: Any) -> None:
    plant.start()
    found = json.loads(plant.command("status", "--json").stdout)
    assert set(found) <= set(KEYS)
    assert "数值保持=否" in plant.command("status", "--lang", "zh").stdout
