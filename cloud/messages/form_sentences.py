"""What is wrong in a form, in the language of its page, and in the words of the form: it is no file that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from cloud.messages import sentences
from cloud.messages.i18n import LANGUAGES, N_, translations

OWN = tuple(
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        ("must be .*, not ''", N_("is required")),
        (
            "must be (a number, a space and its unit|text of a number and its unit), .*",
            N_("must be a number, 1234.5"),
        ),
        (
            "must be above zero; null where nobody knows it",
            N_("must be above zero; empty where nobody knows it"),
        ),
        (r"must be at least (?P<least>-?\d+) \S+, not .*", N_("must be at least %(least)s")),
        ("nothing is declared but .*", N_("only names are given; fill one of the parts below")),
        ("must be the first and the last day, .*", N_("must be the first and the last day, in this order")),
        ("stands beside flows; .*", N_("give the cash flows or what they follow from, not both")),
        ("node and tag go together", N_("gateway and tag go together")),
        ("a correction says why in the file's note", N_("a correction says why")),
        (
            "somebody has said something else meanwhile; .*",
            N_("somebody else has changed this meanwhile; begin anew"),
        ),
    )
)
"""Sentences about a file, and what the page says instead."""


def localised(why: str, language: str) -> str:
    """A sentence in a language; one that is not known, or a language that is none of the pages', leaves it as it is."""
    if language not in LANGUAGES:
        return why
    say: Callable[[str], str] = translations(LANGUAGES[language]).gettext
    for pattern, message in OWN:
        found = pattern.fullmatch(why)
        if found is not None:
            return say(message) % found.groupdict() if found.groupdict() else say(message)
    return sentences.plain(why, language)
