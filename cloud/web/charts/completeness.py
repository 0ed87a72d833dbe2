"""Tag by day: measured, late, estimated, missing or invalid, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from accounts.metering.facts import Facts
from cloud.ledger.tag_catalogue import Cause, SiteNode
from cloud.messages.i18n import LANGUAGES, N_, translations
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.chart import Chart, Drawn
from cloud.web.words import WORDS
from languages.render import plain

DAYS = 35
STATES = {
    "measured": ("✓", N_("all hours measured")),
    "late": ("+", N_("measured, some of it came late")),
    "provisional": ("…", N_("not over yet")),
    "estimated": ("~", N_("some hours estimated between two readings of the counter")),
    "missing": ("–", N_("no readings arrived")),
    "invalid": ("!", N_("some hours invalid")),
}
"""What a day of a tag can be: its sign and what it means."""
ORDER = list(STATES)
WHOLE = ("measured", "late", "provisional")
"""States that need no eye."""
CAUSES = {
    "start": N_("the edge started"),
    "restart": N_("the edge was off"),
    "overrun": N_("a reading took longer than its interval"),
    "journal-damaged": N_("the edge's memory was damaged"),
    "ledger-lost": N_("the cloud lost what the edge no longer had"),
}
"""What the page says for causes of gaps that the edge itself states."""
GAP = N_("gap: %(causes)s")
HOURS = N_("%(count)s h %(class)s")
Cell = tuple[str, str, Facts | None, list[Cause]]


def state(item: Facts | None) -> str:
    """What a day of a tag was."""
    if item is None:
        return "missing"
    seen = Counter(item.class_)
    if seen["invalid(counter)"]:
        return "invalid"
    if seen["provisional"]:
        return "provisional"
    if seen["unknown"]:
        return "missing"
    if seen["estimated"] or seen["partial"]:
        return "estimated"
    return "late" if item.cause == "late data" else "measured"


def rows(read_model: ReadModel, site: str) -> list[tuple[dict[str, str], list[Cell]]]:
    """Each metered point with (day, state, facts, causes of gaps) of the last days."""
    statements, last = read_model.statements(site), read_model.today(site)
    declared, calendar = statements.declared, read_model.calendar(site)
    days = [last - timedelta(days=DAYS - 1 - i) for i in range(DAYS)]
    known = {item.key: item for item in declared.facts}
    points = declared.points.points if declared.points is not None else ()
    found = []
    for point in points:
        if point.node is None or point.tag is None:
            continue
        place, cells = SiteNode(site, point.node), list[Cell]()
        tag = statements.catalogue.tags(place).get(point.tag)
        for day in days:
            item = known.get((point.node, point.tag, day))
            name, edges = state(item), calendar.hours(day)
            causes = (
                [] if tag is None else statements.catalogue.causes(place, tag.group.id, edges[0], edges[-1])
            )
            cells.append((day.isoformat(), name, item, causes if name not in WHOLE else []))
        found.append(({"zh": point.zh, "en": point.en}, cells))
    return found


def why(day: str, name: str, item: Facts | None, causes: list[Cause], language: str) -> str:
    """Why a day of a tag is what it is; causes: of the gaps that its edge has stated."""
    say = translations(LANGUAGES[language]).gettext
    parts = [say(STATES[name][1])]
    if item is not None:
        parts += [
            say(HOURS) % {"count": count, "class": say(WORDS[f"class/{label}"])}
            for label, count in sorted(Counter(item.class_).items())
        ]
    if causes:
        parts.append(say(GAP) % {"causes": ", ".join(_cause(cause, language) for cause in causes)})
    return f"{day}: " + " · ".join(parts)


def _cause(cause: Cause, language: str) -> str:
    """A cause of a gap in a language; English where an older edge stated the text of a driver alone."""
    word = CAUSES.get(cause["message"])
    return plain(cause, language) if word is None else translations(LANGUAGES[language]).gettext(word)


def _make(read_model: ReadModel, site: str, query: Mapping[str, str]) -> Drawn:
    found = rows(read_model, site)
    cells = [row for _, row in found]
    heat: dict[str, Any] = {
        "rows": [name for name, _ in found], "cols": [day for day, _, _, _ in cells[0]] if cells else [],
        "values": [[name for _, name, _, _ in row] for row in cells], "unit": None,
        "signs": [[STATES[name][0] for _, name, _, _ in row] for row in cells],
        "steps": [[ORDER.index(name) for _, name, _, _ in row] for row in cells], "bands": [],
        "why": [[{code: why(*cell, code) for code in LANGUAGES} for cell in row] for row in cells],
        "corner": {"zh": "计量点", "en": "Meter"},
    }  # fmt: skip
    return {
        "title": {"zh": "数据完整性", "en": "Completeness"}, "zone": read_model.declared(site).site.tz,
        "kind": "matrix",
        "x": {"label": {"zh": "日期", "en": "Day"}, "unit": None},
        "y": {"label": {"zh": "计量点", "en": "Meter"}, "unit": None},
        "series": [], "columns": [], "heat": heat,
    }  # fmt: skip


CHART = Chart("completeness", _make)
