"""The options that a site's forms choose from: its points and quantities, the factors that ship with the project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import available_timezones

from accounts.figure.factors import NATIONAL, USABLE, Coefficient, Factor, Tables
from accounts.inputs.tree import Tree
from cloud.messages.i18n import N_, Language, translations
from cloud.web import formatting
from contract import provinces
from contract.permits import PARAMETERS
from contract.quantities import QUANTITIES
from contract.sites import Point
from contract.tags import CARRIERS

Options = list[tuple[str, str]]
"""Value and what stands there, in the language of the page."""
CARRIER_NAMES = {
    "electricity": N_("electricity"), "gas": N_("gas"), "water": N_("water"), "steam": N_("steam")
}  # fmt: skip
"""What a meter counts, and its name."""
_PARAMETERS = {"tn": N_("total nitrogen"), "tp": N_("total phosphorus"), "ss": N_("suspended solids")}
"""Parameters of a permit that no import has."""
_LEVELS = {"national": 0, "region": 1, "province": 2}
_SINGLE = N_("single source")


def sources(tree: Tree, tables: Tables, language: Language) -> dict[str, Options]:
    """All lists by the name that a field has for each."""
    say: Callable[[str], str] = translations(language).gettext
    site = tree.declared.site
    grid = [(one.id, _grid(one, say)) for one in _by_place(tables.grid, site.province)]
    usable = [one for one in tables.coefficients if one.trust in USABLE]
    burnt = [one for one in usable if one.table == "combustion"]
    return {
        "points": [(one.id, _named(one, language)) for one in tree.points.values()],
        "quantities": _quantities(QUANTITIES, language),
        "amounts": _quantities([code for code, item in QUANTITIES.items() if item.amount], language),
        "drivers": _quantities(_had(tree), language),
        "besides": _quantities([code for code in _had(tree) if code != "electricity"], language),
        "parameters": [(code, _parameter(code, language, say)) for code in PARAMETERS],
        "carriers": [(code, say(CARRIER_NAMES[code])) for code in CARRIERS],
        "grid": grid,
        "grid-choice": [
            ("province", say(N_("that of the site's province, of each year"))),
            (NATIONAL, say(N_("the national one, of each year"))),
            *grid,
        ],
        "heat": [(one.id, _coefficient(one, language, say)) for one in usable if one.table == "heat"],
        "fuels": _quantities(dict.fromkeys(one.quantity for one in burnt), language),
        "coefficients": [(one.id, _coefficient(one, language, say)) for one in burnt],
        "provinces": list(provinces.FULL.items()),
        "zones": [(zone, zone) for zone in sorted(available_timezones()) if zone.startswith("Asia/")],
    }  # fmt: skip


def _quantities(found: Iterable[str], language: Language) -> Options:
    return [(code, QUANTITIES[code].zh if language.code == "zh" else QUANTITIES[code].en) for code in found]


def _parameter(code: str, language: Language, say: Callable[[str], str]) -> str:
    if code in _PARAMETERS:
        return say(_PARAMETERS[code])
    return _quantities([code], language)[0][1]


def _had(tree: Tree) -> list[str]:
    """What may explain a use: the quantities that the site has rows or meters of; all where it has none yet."""
    measured = {tree.meters(point) for point in tree.points.values()}
    found = {item.row.quantity for item in tree.declared.rows} | measured
    return [code for code in QUANTITIES if code in found] or list(QUANTITIES)


def _named(one: Point, language: Language) -> str:
    name = one.zh if language.code == "zh" else one.en
    return one.id if name == one.id else f"{name} ({one.id})"


def _by_place(found: Iterable[Factor], province: str) -> list[Factor]:
    """Those that may be used: of the site's own province first, the newest first of each place."""
    usable = [one for one in found if one.trust in USABLE and one.citation]
    return sorted(usable, key=lambda one: (one.place != province, _LEVELS[one.level], one.place, -one.year))


def _grid(one: Factor, say: Callable[[str], str]) -> str:
    """Place, year and value, such as 浙江 2022 · 0.5153 kgCO₂/kWh, and the id that is sealed."""
    text = f"{one.place} {one.year} · {one.value} {formatting.factor_unit(one.unit)} · {one.id}"
    return f"{text} · {say(_SINGLE)}" if one.single_source else text


def _coefficient(one: Coefficient, language: Language, say: Callable[[str], str]) -> str:
    item = QUANTITIES[one.quantity]
    name = item.zh if language.code == "zh" else item.en
    text = f"{name} · {one.value} {formatting.factor_unit(one.unit)}" if one.value else f"{name} · {one.id}"
    return f"{text} · {say(_SINGLE)}" if one.single_source else text
