"""Messages as data: their texts in both languages, their JSON, and the check that none lacks its Chinese."""

from __future__ import annotations

import json

import pytest
from babel.messages.catalog import Catalog

from contract.errors import BadInput
from contract.message import CATALOGUE, Message, Text
from contract.messages import NoFactorBetweenUnits, UnknownUnit
from languages.choice import of_locale
from languages.render import plain
from scripts import messages

MIXED = NoFactorBetweenUnits("kg", "mass", "kW.h", "energy")


def test_a_message_is_its_code_its_parameters_and_its_english() -> None:
    assert MIXED.json() == {
        "code": "contract.no_factor_between_units",
        "params": {"unit": "kg", "dimension": "mass", "other": "kW.h", "other_dimension": "energy"},
        "message": "unit 'kg' is mass, 'kW.h' is energy: no factor between them",
    }


def test_a_list_stands_with_commas_in_english_and_as_a_list_in_json() -> None:
    message = UnknownUnit("x", ("kg", "t"))
    assert str(message) == "unknown unit 'x'; known are kg, t"
    assert json.loads(json.dumps(message.json()))["params"] == {"unit": "x", "units": ["kg", "t"]}


def test_chinese_is_made_from_code_and_parameters_with_the_words_of_their_places() -> None:
    words = {("dimension", "mass"): "质量", ("other_dimension", "energy"): "能量"}
    assert plain(MIXED.json(), "zh", lambda place, value: words.get((place, value))) == (
        "单位“kg”是质量，“kW.h”是能量，二者不能换算"
    )
    assert (
        plain(MIXED.json() | {"message": "another"}, "zh") == "单位“kg”是mass，“kW.h”是energy，二者不能换算"
    )
    assert plain(MIXED.json(), "en") == str(MIXED)


@pytest.mark.parametrize(
    "foreign",
    [
        {"code": "no.such", "params": {}, "message": "as it was"},
        {"code": MIXED.CODE, "params": {}, "message": "as it was"},
        {"code": MIXED.CODE, "params": [], "message": "as it was"},
        {"message": "as it was"},
    ],
)
def test_what_fits_no_catalogue_stays_english(foreign: dict[str, object]) -> None:
    assert plain(foreign, "zh") == "as it was"


def test_a_message_in_a_message_is_rendered_too_and_depth_is_bounded() -> None:
    body = Text("deep").json()
    for _ in range(1000):
        body = {"code": "languages.cannot_be_done_here", "params": {"why": body}, "message": "outer"}
    assert plain(body, "zh").startswith("无法在此完成：无法在此完成：")
    assert plain(body, "zh").count("无法在此完成") < 20


def test_an_error_is_a_message_whatever_it_was_raised_with() -> None:
    assert BadInput(MIXED).message is MIXED and str(BadInput(MIXED)) == str(MIXED)
    assert BadInput("plain words").message == Text("plain words")


def test_text_and_fields_must_fit() -> None:
    with pytest.raises(TypeError, match="places"):
        type("Broken", (Message,), {"__annotations__": {"a": str}, "__module__": __name__}, text="{b}")


def test_the_check_finds_a_message_without_chinese_and_one_that_nobody_makes(tmp_path: object) -> None:
    files = messages.po_files(messages.ROOT / "languages" / "zh_CN")
    known = {MIXED.CODE: CATALOGUE[MIXED.CODE]}
    used = {"NoFactorBetweenUnits"}
    empty = {path: Catalog(locale="zh_CN") for path in files}
    assert list(messages.errors(known, empty, used)) == [f"{MIXED.CODE}: no Chinese: {MIXED.TEXT}"]
    (path,) = (path for path in files if path.name == "contract.po")
    other = Catalog(locale="zh_CN")
    other.add(MIXED.CODE, "单位“{unit}”")
    assert list(messages.errors(known, {path: other}, set())) == [
        f"{MIXED.CODE}: its Chinese leaves out a place: 单位“{{unit}}”",
        f"{MIXED.CODE}: no code makes it",
    ]
    other.add("no.such", "没有")
    assert "no.such: no such message" in list(messages.errors(known, {path: other}, used))


def test_a_code_of_the_verifier_and_of_the_cloud_is_one_sentence() -> None:
    ours, theirs = messages.CLOUD.catalogue(), messages.VERIFIER.catalogue()
    assert Text.CODE in ours.keys() & theirs.keys()
    assert list(messages.split(theirs, ours)) == []
    other = {Text.CODE: UnknownUnit}
    assert list(messages.split(other, ours)) == [
        f"contract.text: the verifier has {UnknownUnit.TEXT!r}, the cloud '{{text}}'"
    ]
    files = messages.po_files(messages.CLOUD.folder)
    entries = [entry.id for entry in messages.shared([Text.CODE], files) if entry.id]
    assert entries == [Text.CODE]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"), ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW"}, "zh"), ({"LANG": "C"}, "en"),
    ],
)  # fmt: skip
def test_the_language_of_the_locale(environment: dict[str, str], language: str) -> None:
    assert of_locale(environment) == language
