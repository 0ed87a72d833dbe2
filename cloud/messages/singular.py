"""One of a thing in the singular, where an English page or PDF shows a sentence of the code; JSON keeps it as it is."""

from __future__ import annotations

import re

ONE = tuple(
    (re.compile(pattern, re.DOTALL), shown)
    for pattern, shown in (
        (r"\bholds 1 whole months,", "holds 1 whole month,"),
        (
            r"\boutside: 1 rows lie in neither period and were not used",
            "outside: 1 row lies in neither period and was not used",
        ),
        (r"\bnone: after 1 years ", "none: after 1 year "),
        (r" than the 1 years counted\b", " than the 1 year counted"),
        (r"\(1 sign changes\)", "(1 sign change)"),
        (r"\bonly 1 whole days since (\S{1,40}) have ", r"only 1 whole day since \1 has "),
        (r"\b1 of (\d{1,9}) days lack whole ", r"1 of \1 days lacks whole "),
        (r"\bper_unit: 1 rows (\S{1,20}) lack ", r"per_unit: 1 row \1 lacks "),
        (r"\b1 baseline rows are too few ", "1 baseline row is too few "),
        (r" and 1 more gaps\b", " and 1 more gap"),
        (r" comes 1 days after ", " comes 1 day after "),
    )
)
"""What the code says of a number of things, when it is one, and how a person says it."""


def singular(text: str) -> str:
    """An English sentence with one of a thing in the singular."""
    for pattern, shown in ONE:
        text = pattern.sub(shown, text)
    return text
