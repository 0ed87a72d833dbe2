"""What a kind of figure is called: of summaries, and of machine replacements with or without their prefix."""

from __future__ import annotations

from cloud.reports import view
from cloud.reports.certificate_words import KINDS, LABELS, PAIRS
from cloud.reports.view import in_language

PREFIX = "replacement."
"""What the ids of a replacement's figures put before the kind."""
WHEN = ("before", "after")


def kind_name(kind: str, language: str) -> str:
    """A kind as a person reads it; `labour.before.productivity` says which of the two it is. Else the code itself."""
    bare = kind.removeprefix(PREFIX)
    if bare in KINDS:
        return in_language(KINDS[bare], language)
    for when in WHEN:
        pattern = bare.replace(f".{when}.", ".{}.")
        if pattern in PAIRS and pattern != bare:
            name, said = in_language(PAIRS[pattern], language), in_language(LABELS[when], language)
            return f"{name}（{said}）" if language == "zh" else f"{name} ({said})"
    return view.kind_name(kind, language)
