"""What a kind of figure is called: of summaries, and of machine replacements with or without their prefix."""

from __future__ import annotations

from cloud.messages import certificate_words
from cloud.messages.certificate_words import LABELS, PAIRS
from cloud.messages.words import FAMILIES, KINDS, NOTHING, OF_KIND, PARAMETERS, STATISTICS, UNITS, Text
from contract.quantities import QUANTITIES

PREFIX = "replacement."
"""What the ids of a replacement's figures put before the kind."""
WHEN = ("before", "after")


def kind_name(kind: str, language: str) -> str:
    """A kind as a person reads it; `labour.before.productivity` says which of the two it is. Else the code itself."""
    bare = kind.removeprefix(PREFIX)
    if bare in certificate_words.KINDS:
        return in_language(certificate_words.KINDS[bare], language)
    for when in WHEN:
        pattern = bare.replace(f".{when}.", ".{}.")
        if pattern in PAIRS and pattern != bare:
            name, label = in_language(PAIRS[pattern], language), in_language(LABELS[when], language)
            return f"{name}（{label}）" if language == "zh" else f"{name} ({label})"
    return _summary_kind(kind, language)


def _summary_kind(kind: str, language: str) -> str:
    """A kind of a summary's figures; one without a name keeps its code."""
    if kind in KINDS:
        return in_language(KINDS[kind], language)
    for prefix, name in FAMILIES.items():
        rest = kind.removeprefix(prefix)
        what = None if rest == kind else quantity_text(rest)
        if what is not None:
            end = rest.rpartition("_")[2]
            statistic = in_language(STATISTICS.get(end, NOTHING), language)
            return _capital(
                in_language(name, language).format(what=in_language(what, language), of=statistic)
            )
    what = quantity_text(kind)
    return kind if what is None else _capital(in_language(what, language))


def _capital(name: str) -> str:
    """A name as the first word of a cell; pH keeps its small p."""
    return name if name.startswith("pH") else name[:1].upper() + name[1:]


def quantity_text(text: str) -> Text | None:
    """The name of the quantity whose code, or code and one more word, a text is."""
    for code in (text, text.rpartition("_")[0]):
        if code in PARAMETERS:
            return PARAMETERS[code]
        if code in QUANTITIES:
            return Text(QUANTITIES[code].zh, QUANTITIES[code].en)
    return None


def unit_name(kind: str, unit: str, language: str) -> str:
    """A unit as a person reads it."""
    if kind in OF_KIND:
        return in_language(OF_KIND[kind], language)
    return "/".join(in_language(UNITS[part], language) if part in UNITS else part for part in unit.split("/"))


def in_language(text: Text, language: str) -> str:
    """The text in zh, or else in en."""
    return text.zh if language == "zh" else text.en
