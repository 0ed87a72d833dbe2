"""The verifier's intervals of a replacement beside those of the accounts, on random rows, prices and costs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from accounts.figure.factors import USABLE
from accounts.replacement import evaluate, read
from cloud.figures.certificate_figures import figures
from cloud.reference.factors import shipped
from verify.figures.compare import differs
from verify.formats.message import Text
from verify.reasons.reason import InsufficientData
from verify.replacement import cash_flow, per_unit
from verify.replacement.interval_bounds import Avoided
from verify.replacement.terms import Terms
from verify.savings.ratio import Pair, Sums
from verify.savings.regress import Table, fit

FACTORS = {factor.id: factor for factor in shipped() if factor.trust in USABLE}
START = date(2023, 1, 1)
OTHERS = {"avoided", "avoided_tco2"}
Json = dict[str, Any]


def project(chance: random.Random) -> Json:
    """A file of rows by day: some without output, a noise that remembers or not, costs around the energy's."""
    base, report = chance.randrange(20, 60), chance.randrange(1, 40)
    memory, noise, rows = chance.choice([0.0, 0.3, 0.8]), 0.0, list[list[Any]]()
    holes = chance.choice([0.0, 0.0, 0.1])
    for number in range(base + report):
        noise = memory * noise + chance.gauss(0, 40)
        made = chance.randrange(40, 90)
        used = round((1000 + 30 * made + noise) * (0.9 if number >= base else 1), 1)
        lost = number >= base and chance.random() < holes
        rows.append([str(START + timedelta(days=number)), used, None if lost else made, chance.randrange(20)])
    first, last = START + timedelta(days=base), START + timedelta(days=base + report - 1)
    return {
        "format": "steelyard-replacement/1", "name": "random",
        "money": {
            "currency": "CNY", "investment": f"{chance.randrange(1000, 90000)} CNY",
            "years": f"{chance.randrange(1, 9)} a", "residual": f"{chance.randrange(0, 3000)} CNY",
            "discount_rate": f"{chance.randrange(0, 20)} %",
            "costs": {
                "labour": {"at": "reporting-output", "before": f"{chance.randrange(17000)} CNY/a",
                           "after": "15000 CNY/a"},
                "energy": {"at": "avoided-energy", "price": chance.choice(
                    ["0.12 CNY/kWh", "-0.03 CNY/kWh", "120 CNY/MWh", "0 CNY/kWh", "0.08 CNY/kWh", "0.1 CNY/度"])},
                "scrap": {"at": "reporting-output", "before": "0 CNY/a", "after": "0 CNY/a"}, "added": {},
            },
        },
        "per_unit": {"product_unit": "t", "output": "production"},
        "emissions": {"factor": "cn-grid-2023"},
        "energy": {
            "unit": "kWh", "baseline": f"{START}..{first - timedelta(days=1)}", "reporting": f"{first}..{last}",
            "drivers": ["cdd"] if chance.random() < 0.1 else ["production"],
            "confidence": chance.choice(["90 %", "95 %", "68 %"]), "columns": ["time", "energy", "production", "cdd"],
            "rows": rows,
        },
    }  # fmt: skip


def again(value: Json) -> Terms:
    """What the verifier makes of the rows and the declared costs."""
    energy = value["energy"]
    rows = [(date.fromisoformat(row[0]), *row[1:]) for row in energy["rows"]]
    first, last = (date.fromisoformat(end) for end in energy["reporting"].split(".."))
    confidence = Fraction(energy["confidence"].split()[0]) / 100
    terms = Terms()
    avoided = None
    try:
        avoided = _avoided(rows, first, last, energy["drivers"][0], confidence)
    except InsufficientData:
        terms.refused["avoided"] = Text("the model")
    cash_flow.evaluate(value["money"], terms, "money", avoided)

    def metered(when: str, column: str, unit: str) -> Sums:
        assert (column, unit) == ("production", "t")
        inside = [row for row in rows if (row[0] >= first) == (when == "after") and row[2] is not None]
        if not inside:
            raise InsufficientData("no row")
        return Sums(
            tuple(Pair(row[0].toordinal(), Fraction(str(row[1])), Fraction(row[2])) for row in inside)
        )

    per_unit.per_unit(
        value["per_unit"], value["emissions"], lambda name: Fraction(FACTORS[name].value), terms, "per_unit",
        metered, confidence,
    )  # fmt: skip
    return terms


def _avoided(rows: list[Any], first: date, last: date, driver: str, confidence: Fraction) -> Avoided:
    at = {"production": 2, "cdd": 3}[driver]
    if any(row[at] is None for row in rows):
        raise InsufficientData("rows of the reporting period are lacking")
    tables = [
        Table([row[0].toordinal() for row in lot], np.array([float(row[1]) for row in lot]),
              {driver: np.array([float(row[at]) for row in lot])})
        for lot in ([row for row in rows if row[0] < first], [row for row in rows if row[0] >= first])
    ]  # fmt: skip
    model = fit(tables[0], tables[1], (driver,), float(confidence))
    if model.why:
        raise InsufficientData(*model.why)
    texts = [f"{number:.6g}" for number in (model.avoided, model.low, model.high)]
    return Avoided(*(Fraction(text) for text in texts), days=(last - first).days + 1)  # type: ignore[misc,arg-type]


def test_random_projects_with_intervals_come_out_as_the_accounts_have_them() -> None:
    chance, seen = random.Random(6), {"null": 0, "interval": 0, "few": 0, "refused": 0}
    for number in range(150):
        value = project(chance)
        said, faults = read(value, FACTORS)
        assert said is not None, faults
        found = {**evaluate(said, FACTORS), "emissions": value["emissions"]}
        terms = again(value)
        theirs = {item["kind"]: item for item in figures(found) if item["kind"] not in OTHERS}
        assert theirs.keys() == terms.made.keys(), number
        for kind, item in theirs.items():
            term = terms.made[kind]
            assert differs(item, term.members, term.near) is None, (number, kind)
            ends = item.get("interval", [])
            seen["interval"] += bool(ends)
            seen["null"] += None in ends
        refused = {item["kind"] for item in found["refused"]} - OTHERS
        assert refused == terms.refused.keys() - OTHERS, number
        seen["few"] += any(kind.endswith("_interval") for kind in refused)
        seen["refused"] += "yearly_saving" in refused
    assert seen["interval"] > 600 and seen["null"] > 10 and seen["few"] > 5 and seen["refused"] > 10, seen


def pairs(*rows: tuple[int, str, str]) -> Sums:
    return Sums(tuple(Pair(order, Fraction(energy), Fraction(output)) for order, energy, output in rows))


def test_the_interval_of_a_ratio_by_hand() -> None:
    """Energy 11, 19, 31, 39 at output 1, 2, 3, 4: R 10; d 1, -1, 1, -1; s² 4/3, mean output 2.5; rho is below zero.

    se = 1.154701 / (2.5 · 2) = 0.230940; t of 90 % and 3 degrees of freedom is 2.353363: 10 ± 0.543486.
    """
    low, high = pairs((1, "11", "1"), (2, "19", "2"), (3, "31", "3"), (4, "39", "4")).interval(0.9)
    assert float(low) == pytest.approx(9.456514, abs=1e-6) and float(high) == pytest.approx(
        10.543486, abs=1e-6
    )


def test_rows_that_go_together_count_as_fewer_and_a_gap_joins_nothing() -> None:
    energy = ["13", "23", "33", "43", "47", "57", "67", "77"]  # d: 3 3 3 3 -3 -3 -3 -3
    together = pairs(*((at, used, str(at)) for at, used in enumerate(energy, 1)))
    with pytest.raises(InsufficientData, match="an interval takes 3 effective rows"):
        together.interval(0.9)
    apart = pairs(*((3 * at, used, str(at)) for at, used in enumerate(energy, 1)))
    low, high = apart.interval(0.9)
    # No pair of neighbours: all eight count. s = √(72/7), mean output 4.5, t of 7 degrees of freedom is 1.894579.
    assert float(high - low) / 2 == pytest.approx(1.894579 * (72 / 7) ** 0.5 / (4.5 * 8**0.5), abs=1e-6)


@pytest.mark.parametrize(
    "rows", [[(1, "5", "1"), (2, "6", "1")], [(1, "5", "0"), (2, "6", "0"), (3, "7", "0")], []]
)
def test_too_few_rows_or_nothing_made_have_no_interval(rows: list[tuple[int, str, str]]) -> None:
    with pytest.raises(InsufficientData):
        pairs(*rows).interval(0.9)


def test_rows_in_proportion_have_an_interval_of_no_width() -> None:
    low, high = pairs(*((at, f"{at * 0.3:.1f}", str(at)) for at in range(1, 9))).interval(0.95)
    assert low == high == Fraction(3, 10)
