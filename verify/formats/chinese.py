"""The Chinese of messages, from the catalogues of verify/zh_CN with the standard library's reader."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from verify.formats.message import Message

FOLDER = Path(__file__).parent.parent / "zh_CN"
CHINESE = "zh"
LANGUAGES = (CHINESE, "en")
DEEPEST = 8
"""How deep messages may stand in messages; what is deeper, in a foreign pack, stays English."""


def of_locale(environment: Mapping[str, str]) -> str:
    """zh where the first of LC_ALL, LC_MESSAGES, LANG that is set begins with zh, else en."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return CHINESE if next(filter(None, names), "").lower().startswith(CHINESE) else "en"


@cache
def _texts() -> gettext.NullTranslations:
    """All catalogues as one; raises OSError when one can't be read."""
    whole = gettext.NullTranslations()
    for path in sorted(FOLDER.glob("*.mo")):
        with path.open("rb") as file:
            one = gettext.GNUTranslations(file)
        one.add_fallback(whole)
        whole = one
    return whole


def worded(message: Message, language: str) -> str:
    """The text of a message in a language, `zh` or `en`."""
    return worded_row(message.json(), language)


def worded_row(row: Mapping[str, Any], language: str) -> str:
    """The text of {"code", "params", "message"}, in English where no catalogue fits it, as in a foreign pack."""
    found = _chinese(row, DEEPEST) if language == CHINESE else None
    return str(row.get("message", "")) if found is None else found


def _chinese(row: Mapping[str, Any], deeper: int) -> str | None:
    code, params = str(row.get("code")), row.get("params")
    template = _texts().gettext(code)
    if template == code or not isinstance(params, Mapping) or deeper == 0:
        return None
    try:
        return template.format_map({name: _value(value, deeper - 1) for name, value in params.items()})
    except (KeyError, IndexError, ValueError):  # parameters that do not fit the code
        return None


def _value(value: Any, deeper: int) -> str:
    if isinstance(value, Mapping):
        found = _chinese(value, deeper)
        return str(value.get("message", "")) if found is None else found
    if isinstance(value, list):
        mark = "；" if any(isinstance(each, Mapping) for each in value) else "、"
        return mark.join(_value(each, deeper) for each in value)
    return str(value)
