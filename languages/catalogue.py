"""The Chinese of messages: one gettext catalogue a room in zh_CN/, its msgids the codes of the messages.

The .po files are the source; `python -m scripts.messages --write` makes the .mo files that are read here.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "zh_CN"


@cache
def chinese() -> gettext.NullTranslations:
    """All catalogues as one. Raises OSError when one can't be read."""
    whole = gettext.NullTranslations()
    for path in sorted(FOLDER.glob("*.mo")):
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
        found.add_fallback(whole)
        whole = found
    return whole


def template(code: str) -> str | None:
    """The Chinese sentence of a message's code, with the places of the English one; None when there is none."""
    found = chinese().gettext(code) if code else ""  # the empty msgid is the header of a catalogue
    return None if found == code else found
