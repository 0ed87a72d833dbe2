"""Languages of the pages: gettext catalogues, read from the .po files at start, and whose language it is.

The .po files are the only source; nothing compiled is kept, so a catalogue can not be stale.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "translations"
DOMAIN = "steelyard"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages: its code in ?lang= and the cookie, HTML's lang value, its catalogue, its name."""

    code: str
    html: str
    catalogue: str
    name: str


LANGUAGES = {
    "zh": Language("zh", "zh-CN", "zh_CN", "中文"),
    "en": Language("en", "en", "en", "English"),
}
DEFAULT = LANGUAGES["en"]


def N_(message: str) -> str:
    """Mark a string for the catalogues where it is defined; it is translated where it is shown."""
    return message


@cache
def translations(language: Language) -> gettext.GNUTranslations:
    """The catalogue of a language, all its .po files as one.

    Raises OSError when there is none, ValueError when one is broken or two say different things of one string.
    """
    whole = Catalog(locale=language.catalogue, domain=DOMAIN)
    for source in catalogues(language.catalogue):
        with source.open("rb") as file:
            _add(whole, read_po(file, locale=language.catalogue, domain=DOMAIN, abort_invalid=True), source)
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogues(name: str) -> list[Path]:
    """The .po files of a catalogue, in order of their names. Raises OSError when there is none."""
    found = sorted((CATALOGUES / name / "LC_MESSAGES").glob("*.po"))
    if not found:
        raise FileNotFoundError(f"no catalogue {name} in {CATALOGUES}")
    return found


def _add(whole: Catalog, more: Catalog, source: Path) -> None:
    """Add the strings of one file to the whole."""
    for message in more:
        if not message.id:
            continue
        before = whole.get(message.id, message.context)
        if before is not None and before.string != message.string:
            raise ValueError(f"{source.name}: another file has another translation of {message.id!r}")
        whole.add(message.id, message.string, context=message.context)


def choose(asked: str | None, remembered: str | None, accepted: str | None) -> Language:
    """The language of a page: ?lang= before the cookie before Accept-Language before English.

    Unknown codes are passed over, never an error.
    """
    for code in (asked, remembered):
        if code in LANGUAGES:
            return LANGUAGES[code]
    for code in _preferred(accepted or ""):
        if code in LANGUAGES:
            return LANGUAGES[code]
    return DEFAULT


def _preferred(header: str) -> list[str]:
    """Primary language codes of an Accept-Language header, the most wanted first."""
    wanted = []
    for place, item in enumerate(header[:512].split(",")):
        tag, _, parameter = item.strip().partition(";")
        weight = _weight(parameter)
        if weight > 0:
            wanted.append((-weight, place, tag.split("-")[0].strip().lower()))
    return [code for _, _, code in sorted(wanted)]


def _weight(parameter: str) -> float:
    """The q value of one Accept-Language item; 1 when absent, 0 when it is none."""
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
