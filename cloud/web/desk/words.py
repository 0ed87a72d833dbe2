"""What is wrong in a form, in the language of its page: sentences of the contract and the import, and what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cloud.web.i18n import LANGUAGES, N_, translations

SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        ("is required", N_("is required")),
        ("must be one line of text, not .*", N_("must be one line of text")),
        ("must be an id of a-z, 0-9 and -, not .*", N_("must be an id of a-z, 0-9 and -")),
        ("must be a name of letters, digits and .*", N_("must be a name without spaces")),
        ("unknown time zone (?P<a>'.*'); .*", N_("unknown time zone %(a)s")),
        ("must be a date such as 2025-01-31, not .*", N_("must be a date such as 2025-01-31")),
        ("must be a decimal number, not .*", N_("must be a decimal number")),
        ("must be a time such as 08:00, not .*", N_("must be a time such as 08:00")),
        ("must be before 24:00", N_("must be before 24:00")),
        ("must be one of (?P<a>.*), not .*", N_("must be one of %(a)s")),
        (
            "must have (?P<a>\\d+) to (?P<b>\\d+) items, not (?P<c>\\d+)",
            N_("there must be %(a)s to %(b)s, not %(c)s"),
        ),
        ("must begin after the baseline has ended", N_("must begin after the baseline has ended")),
        ("there is a site (?P<a>'.*') already", N_("there is a site %(a)s already")),
        ("no point (?P<a>'.*?') is declared.*", N_("no point %(a)s is declared")),
        ("no point (?P<a>'.*') in the list", N_("no point %(a)s in the list")),
        ("point (?P<a>'.*') stands twice", N_("point %(a)s stands twice")),
        ("(?P<a>.*) belongs to (?P<b>'.*') already", N_("%(a)s belongs to %(b)s already")),
        (
            "no band for (?P<a>.*); together they cover 24 hours",
            N_("no band for %(a)s; together they cover 24 hours"),
        ),
        ("no imported row has this point.*", N_("no imported row has this point, quantity, from and to")),
        ("a correction says why in the file's note", N_("a correction says why")),
        ("the name of the person is required.*", N_("the name of the person is required")),
        (".*: the header must be (?P<a>.*), not .*", N_("the first line must be %(a)s")),
        ("unknown unit (?P<a>'.*').*", N_("unknown unit %(a)s")),
        ("unknown quantity (?P<a>'.*?').*", N_("unknown quantity %(a)s")),
        ("unknown point (?P<a>'.*');.*", N_("unknown point %(a)s")),
        ("(?P<a>'.*'): there is no such time", N_("%(a)s: there is no such time")),
        ("(?P<a>'.*') is no time such as .*", N_("%(a)s is no time such as 2025-01-31 08:00")),
        ("(?P<a>'.*') is no number; .*", N_("%(a)s is no number")),
        (
            r"to \((?P<a>.*)\) must be later than from \((?P<b>.*)\)",
            N_("to (%(a)s) must be later than from (%(b)s)"),
        ),
        ("(the same interval as|overlaps) line (?P<a>\\d+)", N_("overlaps line %(a)s")),
        ("differs from the imported value (?P<a>.*)", N_("differs from the imported value %(a)s")),
        ("(?P<a>\\d+) cells instead of (?P<b>\\d+)", N_("%(a)s cells instead of %(b)s")),
        ("a desk token is needed: .*", N_("a desk token is needed")),
        ("this is no valid desk token", N_("this is no valid desk token")),
        ("the token opens another site", N_("the token opens another site")),
    )
)


def localised(why: str, language: str) -> str:
    """A sentence in a language; one that is not known, or a language that is none of the pages', leaves it as it is."""
    if language not in LANGUAGES:
        return why
    say: Callable[[str], str] = translations(LANGUAGES[language]).gettext
    for pattern, message in SENTENCES:
        found = pattern.fullmatch(why)
        if found is not None:
            names: dict[str, Any] = found.groupdict()
            return say(message) % names if names else say(message)
    return why
