"""The figures of a certificate: what `replacement` answers, laid out one below the other by kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.replacement.messages import AboveNameplate, AbovePlanned

Json = dict[str, Any]
OPERATORS = "steelyard/declared/1"
"""Method of a number that was declared and not computed."""
_MONEY = ("payback_years", "discounted_payback_years", "npv")
_OF_AVOIDED = ("yearly_saving", *_MONEY, "irr", "effect.energy")
"""What follows from the avoided energy where that is the energy's cost."""
_WHEN = ("before", "after")
_RATIOS = ("availability", "effectiveness", "quality_ratio", "oee_index")
_ABOVE_ONE = {AboveNameplate.CODE: "effectiveness", AbovePlanned.CODE: "availability"}
"""The ratio that a flag is about."""


def figures(found: Json) -> list[Json]:
    """Every figure that has a value, sorted by kind: {kind, value, unit, method, factors} and, by kind, more.

    found: the object of cloud.replaced.of; or of accounts.replacement.evaluate with ``emissions`` as it was declared.
    """
    methods, named = found["methods"], found.get("emissions") or {}
    made = [
        {
            "kind": kind, "value": value, "unit": unit,
            "method": methods.get(kind, OPERATORS if kind.endswith(".operators") else "steelyard/effect/1"),
            "factors": _factors(kind, named), **more,
        }
        for kind, value, unit, more in _all(found)
        if value is not None
    ]  # fmt: skip
    return sorted(made, key=lambda item: item["kind"])


def is_declared(kind: str, column: object, bought: bool) -> bool:
    """Whether a figure follows from declared numbers alone, and so has no interval.

    column: the output of per_unit among the rows, if one is named; bought: the energy's cost is the avoided energy.
    """
    if kind.startswith("per_unit."):
        return column is None
    return not (kind.startswith("avoided") or (bought and kind in _OF_AVOIDED))


def _factors(kind: str, named: Json) -> list[str]:
    """Ids of the factors that a kind is weighed with."""
    keys = ["factor"] if "tco2" in kind else []
    keys = ["factor", "factor_before", "factor_after"] if kind.endswith("grid_effect") else keys
    return sorted({named[key] for key in keys if named.get(key)})


def _all(found: Json) -> Iterator[tuple[str, str | None, str, Json]]:
    """kind, value, unit and further members of every figure that was asked for, None where it was refused."""
    yield from _energy(found)
    yield from _money(found)
    yield from _labour(found["labour"] or {})
    yield from _oee(found["oee"] or {})
    yield from _per_unit(found["per_unit"] or {})


def _energy(found: Json) -> Iterator[tuple[str, str | None, str, Json]]:
    if found["avoided"] is None:
        return
    savings = found["savings"]
    more = {
        "form": savings["form"],
        "confidence": str(savings["confidence"]),
        "drivers": savings["model"]["drivers"],
    }
    known = {key: found[key] for key in ("figure", "inputs") if found.get(key) is not None}
    yield "avoided", found["avoided"], "kW.h", {"interval": found["interval"], **more, **known}
    if found["avoided_tco2"] is not None:
        yield "avoided_tco2", found["avoided_tco2"], "t{CO2}", {"interval": found["interval_tco2"]}


def _money(found: Json) -> Iterator[tuple[str, str | None, str, Json]]:
    part = found["money"]
    if part is None:
        return
    currency = part["currency"]
    for name, value in part["effects"].items():
        yield f"effect.{name}", value, f"{currency}/a", {}
    yield "yearly_saving", part["yearly_saving"], f"{currency}/a", _interval(part["yearly_saving_interval"])
    for kind in _MONEY:
        ends = found[f"{kind.removesuffix('_years')}_interval"]
        yield kind, found[kind], currency if kind == "npv" else "a", _interval(ends)
    yield "irr", found["irr_percent"], "%", _interval(found["irr_percent_interval"])


def _interval(ends: list[str | None] | None) -> Json:
    """The member of a figure that has an interval; null is an end that does not exist."""
    return {} if ends is None else {"interval": ends}


def _labour(part: Json) -> Iterator[tuple[str, str | None, str, Json]]:
    if not part:
        return
    for when in _WHEN:
        for name in ("productivity", "hours_per_unit"):
            yield f"labour.{when}.{name}", part[when][name], part["units"][name], {}
        yield f"labour.{when}.operators", part[when]["operators"], "{person}", {}
    yield "labour.hours_saved", part["hours_saved"], "h", {}
    yield "labour.fte", part["fte"], "{person}", {}


def _oee(part: Json) -> Iterator[tuple[str, str | None, str, Json]]:
    for when in _WHEN:
        run = part.get(when) or {}
        flagged = {_ABOVE_ONE.get(flag["code"]) for flag in run.get("flags", [])}
        for name in _RATIOS:
            if name in run:
                above = {"above_one": True} if name in flagged else {}
                yield f"oee.{when}.{name}", run[name], "1", above


def _per_unit(part: Json) -> Iterator[tuple[str, str | None, str, Json]]:
    if not part:
        return
    unit = part["product_unit"]
    for when in _WHEN:
        for name, top in (("kwh", "kW.h"), ("tco2", "t{CO2}")):
            ends = _interval(part[when][f"{name}_interval"])
            yield f"per_unit.{when}.{name}", part[when][name], f"{top}/{unit}", ends
    yield "per_unit.tco2_avoided", part["tco2_avoided"], "t{CO2}", {}
    grid = part["grid_effect"]
    if grid is not None:
        yield "per_unit.grid_effect", grid["tco2"], "t{CO2}", {}
