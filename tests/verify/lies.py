"""Ways in which a summary can lie: each changes its body; who signs it then is another question."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.verify.sealing import key_of, public

Body = dict[str, Any]
Lie = Callable[[Body, int], None]


def _pick(items: list[Any], position: int) -> Any:
    return items[position * (len(items) - 1) // 2]


def moved_point(body: Body, position: int) -> None:
    figure = _pick([item for item in body["figures"] if "." in item["value"]], position)
    whole, _, rest = figure["value"].partition(".")
    figure["value"] = f"{whole}{rest[:1]}.{rest[1:] or '0'}"


def smaller_value(body: Body, position: int) -> None:
    figure = _pick(body["figures"], position)
    figure["value"] = str(float(figure["value"]) * 0.9)


def swapped_figures(body: Body, position: int) -> None:
    figures = body["figures"]
    number = position * (len(figures) - 2) // 2
    a, b = figures[number], figures[number + 1]
    a["value"], b["value"] = b["value"], a["value"] + "0"


def unit(body: Body, position: int) -> None:
    _pick(body["figures"], position)["unit"] = "MW.h"


def figure_period(body: Body, position: int) -> None:
    _pick(body["figures"], position)["to"] = "2024-01-04"


def period(body: Body, position: int) -> None:
    body[("from", "to", "to")[position]] = ("2023-12-29", "2024-01-04", "2024-01-06")[position]


def completeness(body: Body, position: int) -> None:
    figures = [item for item in body["figures"] if item["completeness"] != "1.0000"]
    _pick(figures, position)["completeness"] = "1.0000"


def substituted(body: Body, position: int) -> None:
    _pick(body["figures"], position)["substituted"] = "0.5000"


def factor_value(body: Body, position: int) -> None:
    """Another value, the citation kept."""
    record = _pick([item for item in body["factors"] if "value" in item], position)
    record["value"] = str(float(Fraction(record["value"]) * Fraction(101, 100)))


def factor_ncv(body: Body, position: int) -> None:
    record = _pick([item for item in body["factors"] if item["table"] == "combustion"], position)
    record["ncv"] = str(float(Fraction(record["ncv"]) / 2))


def factor_citation(body: Body, position: int) -> None:
    record = _pick(body["factors"], position)
    record["citation"] = "a document that nobody knows"


def factor_document(body: Body, position: int) -> None:
    record = _pick(body["factors"], position)
    record[("title", "issuer", "date")[position]] = ""


def factor_trust(body: Body, position: int) -> None:
    _pick(body["factors"], position)["trust"] = "M"


def factor_unit(body: Body, position: int) -> None:
    _pick([item for item in body["factors"] if item["table"] != "combustion"], position)["unit"] = "kg/kg"


def factor_year(body: Body, position: int) -> None:
    grids = [item for item in body["factors"] if item["table"] == "grid"]
    _pick(grids, position)["year"] = 2025


def factor_dropped(body: Body, position: int) -> None:
    body["factors"].remove(_pick(body["factors"], position))


def factor_added(body: Body, position: int) -> None:
    record = dict(_pick(body["factors"], position), id="zz")
    body["factors"].append(
        {**record, "quantity": "lpg"} if "quantity" in record else {**record, "year": 2030}
    )


def citations(body: Body, position: int) -> None:
    _pick([item for item in body["figures"] if item["citations"]], position)["citations"] = [
        "the best source"
    ]


def figure_dropped(body: Body, position: int) -> None:
    body["figures"].remove(_pick(body["figures"], position))


def figure_doubled(body: Body, position: int) -> None:
    figure = _pick(body["figures"], position)
    body["figures"].insert(body["figures"].index(figure), figure)


def figure_invented(body: Body, position: int) -> None:
    figure = dict(_pick(body["figures"], position), kind="zz_saving", id="0123456789abcdef")
    body["figures"].append(figure)


def figure_refused(body: Body, position: int) -> None:
    """A figure that is not liked is refused instead."""
    figure = _pick(body["figures"], position)
    body["figures"].remove(figure)
    body["refused"].append({"kind": figure["kind"], "point": figure["point"], "why": "no"})


def refusal_invented(body: Body, position: int) -> None:
    body["refused"].append({"kind": f"intensity_{position}", "point": None, "why": "no"})


def parts(body: Body, position: int) -> None:
    figure = _pick([item for item in body["figures"] if len(item["parts"]) > 1], position)
    figure["parts"].pop()


def inputs(body: Body, position: int) -> None:
    _pick(body["figures"], position)["inputs"] = "cd" * 32


def verdict(body: Body, position: int) -> None:
    figure = _pick([item for item in body["figures"] if item["kind"].startswith("permit")], position)
    figure["verdict"] = "over" if figure["verdict"] == "within" else "within"


def interval(body: Body, position: int) -> None:
    figure = next(item for item in body["figures"] if "interval" in item)
    figure["interval"][position // 2] = figure["value"]


def extra_member(body: Body, position: int) -> None:
    _pick(body["figures"], position)["approved"] = "by the ministry"


def head_hash(body: Body, position: int) -> None:
    _pick(body["heads"], position)["hash"] = "ef" * 32


def head_last(body: Body, position: int) -> None:
    head = _pick(body["heads"], position)
    head["last"], head["blocks"] = head["last"] + 1, head["blocks"] + 1


def head_dropped(body: Body, position: int) -> None:
    body["heads"].remove(_pick(body["heads"], position))


def root(body: Body, position: int) -> None:
    text = body["tree"]["root"]
    at = (0, 30, 63)[position]
    body["tree"]["root"] = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def size(body: Body, position: int) -> None:
    body["tree"]["size"] += (1, -1, 1000)[position]


def as_of(body: Body, position: int) -> None:
    body["as_of"] = str(int(body["as_of"]) - 10 ** (9 + position))


def node_key(body: Body, position: int) -> None:
    name = _pick(sorted(body["keys"]), position)
    body["keys"][name] = public(key_of("thief")).hex()


def node_key_dropped(body: Body, position: int) -> None:
    del body["keys"][_pick(sorted(body["keys"]), position)]


def site(body: Body, position: int) -> None:
    body["site"] = ("other-mill", "plain", "plain-mill-2")[position]


def names(body: Body, position: int) -> None:
    body["names"] = {"zh": "别家", "en": f"Another mill {position}"}


def zone(body: Body, position: int) -> None:
    body["tz"] = ("Asia/Tokyo", "UTC", "Asia/Kolkata")[position]


def day_start(body: Body, position: int) -> None:
    body["day_start"] = ("06:00", "01:00", "23:59")[position]


def title(body: Body, position: int) -> None:
    _pick(body["points"], position)["en"] = "Something else"


def promise(body: Body, position: int) -> None:
    body["seal_of_approval"] = str(position)


LIES: dict[str, tuple[Lie, str]] = {
    lie.__name__: (lie, name)
    for lie, name in (
        (moved_point, "figures"), (smaller_value, "figures"), (swapped_figures, "figures"), (unit, "figures"),
        (figure_period, "figures"), (period, "figures"), (completeness, "figures"), (substituted, "figures"),
        (factor_value, "figures"), (factor_ncv, "figures"), (factor_citation, "factors"),
        (factor_document, "figures"), (factor_trust, "figures"), (factor_unit, "figures"), (factor_year, "figures"),
        (factor_dropped, "figures"), (factor_added, "factors"), (citations, "figures"), (figure_dropped, "figures"),
        (figure_doubled, "figures"), (figure_invented, "figures"), (figure_refused, "refusals"),
        (refusal_invented, "refusals"), (parts, "figures"), (inputs, "figures"), (verdict, "figures"),
        (interval, "figures"), (extra_member, "figures"), (head_hash, "links"), (head_last, "links"),
        (head_dropped, "blocks"), (root, "tree"), (size, "tree"), (as_of, "tree"), (node_key, "blocks"),
        (node_key_dropped, "blocks"), (site, "links"), (names, "figures"), (zone, "figures"),
        (day_start, "figures"), (title, "figures"), (promise, "summary"),
    )
}  # fmt: skip
"""Lies, and the check that must find each although the true cloud signed it."""
