"""The texts of the demo: both languages have the same places, every text is used, with the parameters it needs."""

from __future__ import annotations

import ast
import json
from contextvars import copy_context
from pathlib import Path
from string import Formatter

import pytest
from typer.testing import CliRunner, Result

from demo import manifest
from demo.commands import run_json
from demo.errors import BadInput
from demo.findings import KEYS, VERDICTS, Finding
from demo.inspections import Hits
from demo.judge import Figures
from demo.main import app
from demo.message import Sentence
from demo.supervisor import Supervisor
from demo.words import Text

ROOM = Path(__file__).resolve().parents[2] / "demo"
ALL: list[Sentence] = [*Text, *Finding]
ALIASES = {"place": ("WORK_FOLDER", "WORK_FOLDER_KEPT"), "refusal": ("INFLUX_FORBIDDEN", "INFLUX_REFUSED")}
"""Names under which the room calls one text or another."""


def invoke(words: list[str], locale: str = "C") -> Result:
    """Run the command here; the language that it sets ends with it."""
    return copy_context().run(CliRunner(env={"LC_ALL": locale}).invoke, app, words)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def calls() -> list[tuple[str, set[str]]]:
    """(name of the text, names of the parameters) wherever the room makes a message."""
    trees = [ast.parse(path.read_text()) for path in sorted(ROOM.glob("*.py"))]
    made = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = []
    for call in made:
        function, given = call.func, {str(word.arg) for word in call.keywords}
        if isinstance(function, ast.Name):
            found += [(name, given) for name in ALIASES.get(function.id, ())]
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            found += [(function.attr, given)] if function.value.id in ("Text", "Finding") else []
    return found


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.code)
def test_both_languages_have_the_same_places(text: Sentence) -> None:
    english, chinese = text.value
    assert places(english) == places(chinese)
    words = "".join(part for part, _, _, _ in Formatter().parse(english))
    assert not any(letter.isalpha() for letter in words) or any("\u3000" <= c <= "\uffef" for c in chinese)


def test_every_text_is_made_somewhere_with_the_parameters_it_needs() -> None:
    made, known = calls(), {text.name: text for text in ALL}
    assert len(known) == len(ALL) and {name for name, _ in made} == set(known)
    assert [(name, given) for name, given in made if given != places(known[name].value[0])] == []


@pytest.mark.parametrize(
    ("words", "locale", "said"),
    [
        (["--lang", "zh"], "C", "--speed fast：应为大于 0 的数字或 max"),
        ([], "zh_CN.UTF-8", "--speed fast：应为大于 0 的数字或 max"),
        (["--lang", "en"], "zh_CN.UTF-8", "--speed fast: a number above 0, or max"),
    ],
)
def test_an_error_is_in_the_language_of_the_option_or_the_locale(
    tmp_path: Path, words: list[str], locale: str, said: str
) -> None:
    command = ["--workdir", str(tmp_path / "d"), "--speed", "fast", "--json", *words]
    done = invoke(command, locale)
    assert (done.exit_code, done.stderr) == (2, f"steelyard-demo: {said}\n")
    assert json.loads(done.stdout) == {
        "error": {
            "code": "demo.no_speed", "params": {"speed": "fast"}, "message": "--speed fast: a number above 0, or max",
        }
    }  # fmt: skip


def test_every_key_and_verdict_of_a_result_has_a_chinese_word() -> None:
    for figures in (Figures(), Figures(lost=1), None):
        result = manifest.result(figures, "nats", 1.0, 1, 0, Hits())
        assert set(result) <= set(KEYS) and result["verdict"] in VERDICTS


def test_what_another_command_says_is_quoted_in_the_language_of_the_demo(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    file = tmp_path / "no.yaml"
    with pytest.raises(BadInput) as caught:
        run_json(supervisor, ["steelyard-plant", "--list", "--json", "--config", str(file)])
    assert caught.value.message.shown("zh").endswith(f"以 2 退出\nsteelyard-plant: {file}：没有这个文件")


def test_examples_in_the_manifest_are_english_texts() -> None:
    figures = Figures()
    figures.note("lost", Finding.NOT_STORED(value=Finding.READ(tag="m.kwh", counter=7)))
    ended = manifest.ended({}, manifest.result(figures, "nats", 1.0, 1, 0, Hits()), figures)
    assert ended["examples"] == {"lost": ["m.kwh of read 7 was accepted and is not stored"]}
    assert figures.examples["lost"][0].shown("zh") == "第 7 次读取的 m.kwh已接收而未存储"
