"""Each command, in both languages and with --json: what is good, what is wrong, and what can't be done here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.main import app
from languages import command

CHINESE = re.compile("[\u4e00-\u9fff]")
SITE = "{dir}/site.yaml"
W = ("--workdir", "{dir}/home")
ABSENT = ("--workdir", "{dir}/absent")
DAYS = ("--site", "my-mill", "--from", "2023-01-01", "--to", "2023-01-03")
GOOD: list[tuple[str, ...]] = [
    ("init", *W), ("declare", SITE, *W), ("import", "{dir}/rows.csv", "--site", "my-mill", *W), ("rebuild", *W),
    ("token", "list", "--site", "my-mill", *W), ("blocks", "--verify", *W), ("figures", *DAYS, *W),
    ("export", "--out", "{dir}/values.csv", *W), ("seal-hours", *DAYS, *W),
    ("savings", "{dir}/savings.csv", "--baseline", "2022-01-01..2023-06-30", "--reporting", "2023-07-01..2023-12-31"),
]  # fmt: skip
"""Commands that find something to say."""
WRONG: list[tuple[str, ...]] = [
    ("init",), ("declare", "{dir}/broken.yaml", *W), ("declare", SITE, *ABSENT),
    ("import", "{dir}/rows.csv", "--site", "nobody", *W), ("import", "{dir}/broken.yaml", "--site", "my-mill", *W),
    ("rebuild", *ABSENT), ("token", "list", "--site", "x", *ABSENT), ("token", "revoke", "t", *W),
    ("token", "make", "--site", "nobody", "--for", "office", *W), ("blocks", *ABSENT),
    ("export", "--tag", "no", "--out", "{dir}/no.csv", *W), ("figures", *DAYS, *ABSENT),
    ("seal-hours", "--site", "my-mill", "--from", "2023-01-02", "--to", "2023-01-01", *W),
    ("savings", "--baseline", "2022-01..2022-12", "--reporting", "2023-01..2023-12"),
    ("replacement",), ("replacement", "--project", "none", *W), ("replacement", "{dir}/broken.yaml"),
    ("summary", *DAYS, "-o", "{dir}/s", "--format", "doc", *W), ("pack", *DAYS, "-o", "{dir}/p.zip", *ABSENT),
    ("certificate", "--site", "my-mill", "--project", "p", "-o", "{dir}/c.doc", *W),
]  # fmt: skip
"""Commands whose flags or files are wrong: exit 2."""
UNREADABLE: list[tuple[str, ...]] = [
    ("declare", "--nothing"),
    ("figures",),
    ("token", "make"),
    ("blocks", "extra"),
]
"""Arguments that no command takes: exit 2 with usage."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home that has a site and rows, and files that are no declarations."""
    folder = tmp_path_factory.mktemp("commands")
    run = CliRunner().invoke
    for name, what in (("site.yaml", "site"), ("rows.csv", "csv"), ("savings.csv", "savings")):
        (folder / name).write_text(run(app, ["example", what]).stdout, encoding="utf-8")
    (folder / "broken.yaml").write_text("- a\n", encoding="utf-8")
    for words in GOOD[:3]:
        assert run(app, filled(words, folder)).exit_code == 0, words
    return folder


def filled(words: tuple[str, ...], folder: Path) -> list[str]:
    return [word.replace("{dir}", str(folder)) for word in words]


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command begins without the language of the one before."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    command._CHOSEN.set(None)


def name_of(words: tuple[str, ...]) -> str:
    return " ".join(words[:2])


@pytest.mark.parametrize("words", GOOD, ids=name_of)
def test_what_a_command_finds_is_said_in_the_language_asked_for(world: Path, words: tuple[str, ...]) -> None:
    chinese = CliRunner().invoke(app, ["--lang", "zh", *filled(words, world)])
    assert chinese.exit_code in (0, 1) and CHINESE.search(chinese.stdout), chinese.output
    command._CHOSEN.set(None)
    english = CliRunner().invoke(app, [*filled(words, world), "--lang", "en"])
    assert english.exit_code == chinese.exit_code and not CHINESE.search(english.stdout), english.output
    found = CliRunner().invoke(app, [*filled(words, world), "--json", "--lang", "zh"])
    assert found.exit_code == chinese.exit_code and isinstance(json.loads(found.stdout), dict)


@pytest.mark.parametrize("words", WRONG, ids=name_of)
def test_what_is_wrong_is_said_in_the_language_asked_for_and_is_one_object(
    world: Path, words: tuple[str, ...]
) -> None:
    chinese = CliRunner().invoke(app, ["--lang", "zh", *filled(words, world), "--json"])
    assert chinese.exit_code == 2 and CHINESE.search(chinese.stderr), chinese.output
    error = json.loads(chinese.stdout)["error"]
    assert error["code"] and isinstance(error["params"], dict) and not CHINESE.search(error["message"])
    command._CHOSEN.set(None)
    english = CliRunner().invoke(app, ["--lang", "en", *filled(words, world)])
    assert (english.exit_code, english.stdout) == (2, "")
    assert english.stderr.strip() == error["message"]


@pytest.mark.parametrize("words", UNREADABLE, ids=name_of)
def test_wrong_arguments_are_one_object_too(words: tuple[str, ...]) -> None:
    found = CliRunner().invoke(app, [*words, "--json"])
    assert found.exit_code == 2 and "Usage" in found.stderr
    assert json.loads(found.stdout)["error"]["code"] == "languages.wrong_arguments"


@pytest.mark.parametrize("words", GOOD[1:4], ids=name_of)
def test_what_cannot_be_done_here_exits_3(world: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """The data folder is a file: nothing can be kept or read there."""
    settings = tmp_path / "cloud.yaml"
    settings.write_text("data: taken\n", encoding="utf-8")
    (tmp_path / "taken").write_text("", encoding="utf-8")
    asked = [*filled(words[: words.index("--workdir")], world), "--config", str(settings), "--json"]
    found = CliRunner().invoke(app, ["--lang", "zh", *asked])
    assert found.exit_code == 3 and "无法在此完成" in found.stderr, found.output
    assert json.loads(found.stdout)["error"]["code"] == "languages.cannot_be_done_here"


def test_an_export_to_stdout_leaves_no_room_for_an_object(world: Path) -> None:
    found = CliRunner().invoke(app, filled(("export", *W, "--json"), world))
    assert found.exit_code == 2
    assert json.loads(found.stdout)["error"]["code"] == "cloud.cli.json_needs_out"
