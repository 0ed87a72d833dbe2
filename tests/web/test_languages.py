"""Every string that a person reads stands in both catalogues; the language is the one that was asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from accounts.figure.factors import select
from cloud.messages.i18n import LANGUAGES, Language, catalogues, choose, translations
from cloud.messages.rendering import plain
from cloud.reference.factors import shipped
from contract.message import Message

CLOUD = Path(__file__).resolve().parents[2] / "cloud"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def marked() -> set[str]:
    """Strings marked for translation in the code and the templates."""
    found = extract_from_dir(str(CLOUD), METHODS, {}, KEYWORDS)
    return {key(message) for _, _, message, _, _ in found}


def key(message: str | list[str] | tuple[str, ...]) -> str:
    """The id of a message; of one with a plural its singular."""
    return message if isinstance(message, str) else message[0]


def catalogue(name: str) -> Catalog:
    """All files of a catalogue as one; no string stands in two of them."""
    whole = Catalog(locale=name)
    for path in catalogues(name):
        with path.open("rb") as file:
            for message in read_po(file, locale=name, abort_invalid=True):
                assert not message.id or message.id not in whole, f"{path.name}: {message.id!r} stands twice"
                if message.id:
                    whole.add(message.id, message.string, flags=message.flags)
    return whole


def words_of(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """The forms of a translation: one, or one a plural."""
    return [said] if isinstance(said, str) else list(said or [""])


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_each_marked_string_is_translated_and_none_is_left_over(language: Language) -> None:
    known = {key(message.id): message for message in catalogue(language.catalogue) if message.id}
    assert marked() - set(known) == set(), "missing in the catalogue"
    assert set(known) - marked() == set(), "no longer used"
    own = language.code == "en"  # English may leave the words out and be itself
    untranslated = [
        id_ for id_, message in known.items() if message.fuzzy or not (own or all(words_of(message.string)))
    ]
    assert untranslated == []


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_translations_keep_their_placeholders(language: Language) -> None:
    for message in catalogue(language.catalogue):
        assert [str(error) for error in message.check()] == []


def test_a_missing_string_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text('{{ _("A string that nobody translated") }}', encoding="utf-8")
    found = extract_from_dir(str(tmp_path), [("*.html", "jinja2")], {}, KEYWORDS)
    assert {message for _, _, message, _, _ in found} - marked() == {"A string that nobody translated"}


def test_no_text_of_a_template_escapes_translation() -> None:
    for template in (CLOUD / "web" / "templates").glob("*.html"):
        plain = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        plain = re.sub(r"<[^>]*>", " ", plain)
        plain = re.sub(r"[\w-]+=\"[^\"]*\"|\bdata-[\w-]+", " ", plain)  # attributes that a macro gives a tag
        words = set(re.findall(r"[^\W\d_]{2,}", plain)) - {
            "Steelyard",
            "tCO₂",
            "kWh",
            "m³",
            "pH",
            "µg",
            "PDF",
            "JSON",
        }
        assert words == set(), template.name


def test_both_languages_are_loaded_from_their_source() -> None:
    assert translations(LANGUAGES["zh"]).gettext("Power") == "功率"
    assert translations(LANGUAGES["en"]).gettext("Power") == "Power"


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "expected"),
    [
        ("zh", "en", "en", "zh"),
        (None, "zh", "en-GB,en;q=0.9", "zh"),
        (None, None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, None, "fr, zh;q=0.3, en;q=0.7", "en"),
        (None, None, "zh;q=0, en;q=0.1", "en"),
        (None, None, "fr", "en"),
        (None, None, None, "en"),
        ("xx", "yy", "zz;q=high", "en"),
    ],
)
def test_the_language_asked_for_wins(
    asked: str | None, cookie: str | None, accepted: str | None, expected: str
) -> None:
    assert choose(asked, cookie, accepted).code == expected


def test_a_refusal_is_told_in_the_language_of_the_page() -> None:
    refusal = select(shipped(), None, "浙江", 2018)
    assert isinstance(refusal, Message)
    assert plain(refusal.json(), "en") == str(refusal)
    assert plain(refusal.json(), "zh") == "浙江没有适用于 2018 年的已发布电网排放因子（最早为 2021 年）"
    assert plain("another sentence", "zh") == "another sentence"
