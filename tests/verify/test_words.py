"""What a person reads of a check, in both languages, and the same as data in --json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.verify import sealing
from tests.verify.lies import LIES
from tests.verify.mutations import LEDGER, Pack
from tests.verify.sealing import fingerprint, key_of
from tests.verify.test_mutations import checked, whole
from verify.check import Report
from verify.formats.chinese import worded, worded_row
from verify.formats.findings import NotAPack
from verify.formats.message import CATALOGUE, Message, Text
from verify.formats.messages import At, Lacks, NotAText, TooDeep
from verify.main import run
from verify.words import printed

CLOUD = fingerprint(key_of("cloud"))
CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    path.write_bytes(sealing.bundled(whole(), "summary"))
    return path


def lied(name: str) -> Report:
    """The report of a pack whose cloud signed a lie."""
    pack = Pack.of(whole(), "summary")
    LIES[name][0](pack.body, 1)
    pack.sign(key_of("cloud"))
    return checked(pack)


def test_a_message_is_its_code_its_parameters_and_its_texts() -> None:
    said = At("summary.json", Lacks(("body", "sig")))
    assert said.json() == {
        "code": "verify.formats.at",
        "params": {
            "place": "summary.json",
            "why": {
                "code": "verify.formats.lacks",
                "params": {"members": ["body", "sig"]},
                "message": "without body, sig",
            },
        },
        "message": "summary.json: without body, sig",
    }
    assert worded(said, "en") == str(said)
    assert worded(said, "zh") == "summary.json：缺少 body、sig"
    assert NotAPack(said).why is said and str(NotAPack(said)) == str(said)


def test_two_messages_of_one_code_are_refused() -> None:
    with pytest.raises(TypeError, match="stands twice"):
        type("Again", (Message,), {"__module__": __name__}, text="again", code=NotAText.CODE)


@pytest.mark.parametrize(
    "row",
    [
        {"code": "no.such", "params": {}, "message": "as it was"},
        {"code": Lacks.CODE, "params": {}, "message": "as it was"},
        {"code": Lacks.CODE, "params": ["members"], "message": "as it was"},
        {"code": ["odd"], "params": {}, "message": "as it was"},
        {"message": "as it was"},
    ],
)
def test_a_row_that_fits_no_catalogue_stays_as_it_was(row: dict[str, Any]) -> None:
    assert worded_row(row, "zh") == worded_row(row, "en") == "as it was"


def test_the_depth_of_foreign_messages_is_bounded() -> None:
    row: dict[str, Any] = TooDeep(1).json()
    for _ in range(1000):
        row = {"code": At.CODE, "params": {"place": "x", "why": row}, "message": "outer"}
    assert worded_row(row, "zh").count("x：") < 20 and worded_row(row, "zh").endswith("outer")


@pytest.mark.parametrize("name", LIES)
def test_each_row_carries_its_message_beside_the_fields_it_had(name: str) -> None:
    said: Any = lied(name).json()
    rows = [*said["checks"], *(row for row in said["figures"] if not row["ok"])]
    assert any(not row["ok"] for row in rows)
    for row in rows:
        assert row["message"] == (row["where"] if row["ok"] else row["why"])
        known = CATALOGUE[row["code"]]
        assert row["params"].keys() == known.__annotations__.keys()


@pytest.mark.parametrize("name", [*LIES, *LEDGER])
def test_every_line_about_a_check_has_its_chinese(name: str) -> None:
    """The place may be English: it is a path. What is wrong there is not."""
    if name in LIES:
        report = lied(name)
    else:
        pack = Pack.of(whole(), "summary")
        LEDGER[name][0](pack, 1)
        report = checked(pack)
    for check in report.findings.checks:
        text = worded(check.message, "zh")
        assert CJK.search(text) and text in printed(report, "zh"), check
        assert str(check.message) in printed(report, "en")


def test_the_language_is_that_of_the_locale_unless_it_is_named(
    pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for environment, given, chinese in [
        ({}, [], False), ({"LANG": "zh_CN.UTF-8"}, [], True), ({"LANG": "zh_CN.UTF-8"}, ["--lang", "en"], False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, [], False), ({}, ["--lang", "zh"], True),
    ]:  # fmt: skip
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            assert run([str(pack), "--trust", CLOUD, *given]) == 0
        assert capsys.readouterr().out.rstrip().endswith("验证通过，密钥已锚定" if chinese else "verified")


def test_what_stops_the_check_is_data_too(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(tmp_path / "absent"), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["error"]["code"] == "verify.unreadable" and said["why"] == said["error"]["message"]
    assert run([str(pack), "--trust", "abc", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["error"]["params"]["why"]["params"]["why"]["code"] == "verify.keys.no_such_key_file"
    assert run([str(pack), "--trust", CLOUD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["error"] is None
    assert run([str(tmp_path / "absent"), "--lang", "zh"]) == 2
    assert capsys.readouterr().out.startswith("不是证据包: 无法读取：")


def test_a_text_that_no_catalogue_has_is_shown_as_it_is() -> None:
    assert worded(Text("as it is"), "zh") == "as it is"
