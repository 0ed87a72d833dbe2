"""Energy a unit out of rows: the ratio and its interval against numbers worked by hand, numpy and scipy, and truth.

Of seeds 0 to 19 the 90 % interval was to hold the planted intensity in 17 to 20, a bound set before the first run. It
held it in 14. Of a thousand other seeds it holds it in 890, and of twenties drawn so, one or two in a hundred hold 14
or fewer: that twenty is as it is and is stated, and the claim is tested on the thousand, within three standard errors
of nine in ten.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from accounts.figure.rounding import NoFigure
from accounts.savings.ratio import Pairs, Spread, spread
from tests.replacement import worked

FIRST = date(2024, 1, 1)
LATER = date(2025, 1, 1)
FACTOR = "cn-grid-2023-zhejiang"


def days(first: date, energy: Any, made: Any) -> list[list[Any]]:
    """Daily rows of energy and output."""
    return [
        [str(first + timedelta(days=i)), None if e is None else float(e), None if q is None else float(q)]
        for i, (e, q) in enumerate(zip(energy, made, strict=True))
    ]


def found(
    rows: list[list[Any]], unit: str = "kWh", confidence: str | None = "90 %", **more: Any
) -> dict[str, Any]:
    """The answer for a file with the rows, baseline in 2024 and reporting period in 2025."""
    energy: dict[str, Any] = {
        "unit": unit, "baseline": "2024-01..2024-12", "reporting": "2025-01..2025-12", "drivers": ["cloth"],
        "columns": ["time", "energy", "cloth"], "rows": rows,
    }  # fmt: skip
    if confidence is not None:
        energy["confidence"] = confidence
    each = {"product_unit": "t", "output": "cloth"}
    return worked.found(per_unit=each, energy=energy, emissions={"factor": FACTOR}, **more)


def twin(energy: Any, made: Any, confidence: float = 0.9, order: Any = None) -> tuple[float, float, float]:
    """The formula of the page by numpy and scipy alone; order: numbers of the days."""
    e, q = np.asarray(energy, float), np.asarray(made, float)
    at = np.arange(len(e)) if order is None else np.asarray(order)
    ratio = e.sum() / q.sum()
    d = e - ratio * q
    near = np.diff(at) == 1
    rho = np.corrcoef(d[1:][near], d[:-1][near])[0, 1] if near.sum() >= 3 else 0.0
    n = len(e)
    effective = n * (1 - rho) / (1 + rho) if rho > 0 else n
    half = (
        stats.t.ppf((1 + confidence) / 2, n - 1)
        * np.sqrt((d @ d) / (n - 1))
        / (q.mean() * np.sqrt(effective))
    )
    return ratio, ratio - half, ratio + half


def drawn(seed: int, n: int = 180, intensity: float = 45.0, memory: float = 0.3) -> tuple[Any, Any]:
    """Energy and output of n days: intensity * output, and noise that remembers so much of the day before."""
    chance = np.random.default_rng(seed)
    made = chance.uniform(18.0, 30.0, n)
    noise, last = np.empty(n), chance.normal(0.0, 60.0)
    for i, fresh in enumerate(chance.normal(0.0, 60.0 * np.sqrt(1 - memory**2), n)):
        noise[i] = last = memory * last + fresh
    return intensity * made + noise, made


def test_three_rows_by_hand() -> None:
    """R 10, d -1, 1, 0, s 1, t(90 %, 2) 2.919986, half 2.919986 / root of 3 = 1.685855."""
    each = found(days(FIRST, [9, 11, 10], [1, 1, 1]) + days(LATER, [16, 24, 20], [2, 2, 4]))["per_unit"]
    assert each["before"]["kwh"] == "10.0000" and each["before"]["kwh_interval"] == ["8.31415", "11.6859"]
    assert (each["before"]["energy"], each["before"]["output"]) == ("30", "3")
    # after: R 7.5, d 1, 9, -10, s root of 91, Q mean 8/3, half 2.919986 * 9.539392 / (2.666667 * 1.732051)
    assert each["after"]["kwh"] == "7.50000" and each["after"]["kwh_interval"] == ["1.46924", "13.5308"]


def test_the_interval_is_that_of_numpy_and_scipy_and_its_tonnes_are_the_same_ends() -> None:
    before, after = drawn(1), drawn(2, 90, 38.0)
    answer = found(days(FIRST, *before) + days(LATER, *after))
    factor = float(worked.FACTORS[FACTOR].value)
    for side, columns in (("before", before), ("after", after)):
        shown, numbers = answer["per_unit"][side], twin(*columns)
        assert [shown["kwh"], *shown["kwh_interval"]] == [f"{number:#.6g}" for number in numbers]
        tonnes = [shown["tco2"], *shown["tco2_interval"]]
        assert [float(text) for text in tonnes] == pytest.approx(
            [n * factor / 1000 for n in numbers], rel=5e-6
        )
        assert answer["methods"][f"per_unit.{side}.kwh_interval"] == "steelyard/ratio-interval/1"
    saved = (twin(*before)[0] - twin(*after)[0]) * after[1].sum() * factor / 1000
    assert float(answer["per_unit"]["tco2_avoided"]) == pytest.approx(saved, abs=5.1e-4)


def test_rows_that_lack_a_cell_are_left_out_counted_and_break_the_correlation() -> None:
    energy, made = drawn(3, 60)
    holes: list[Any] = [list(energy), list(made)]
    holes[0][20], holes[1][40] = None, None
    kept = [i for i in range(60) if i not in (20, 40)]
    answer = found(days(FIRST, *holes) + days(LATER, *drawn(4, 30)))
    expected = twin(energy[kept], made[kept], order=kept)
    shown = answer["per_unit"]["before"]
    assert [shown["kwh"], *shown["kwh_interval"]] == [f"{number:#.6g}" for number in expected]
    assert expected[1] != twin(energy[kept], made[kept])[1]  # the gaps matter
    warned = "per_unit: 308 rows before lack energy or cloth; the ratio is of 58"
    assert warned in worked.messages(answer["warnings"])


def test_another_unit_and_another_confidence() -> None:
    energy, made = drawn(5, 50)
    mega = found(days(FIRST, energy / 1000, made) + days(LATER, energy / 1000, made), "MWh", "95 %")
    assert mega["per_unit"]["before"]["kwh_interval"] == [f"{n:#.6g}" for n in twin(energy, made, 0.95)[1:]]


@pytest.mark.parametrize(
    ("rows", "confidence", "kind", "said", "kwh"),
    [
        (days(FIRST, [9, 11], [1, 1]), "90 %", "kwh_interval", "takes 3 rows at least, there are 2", "10.0000"),
        (days(FIRST, range(40, 60), [4] * 20), "90 %", "kwh_interval", "effective rows at least", "12.3750"),
        (days(FIRST, [9, 11, 10], [0, 0, 0]), "90 %", "kwh", "the output is not above zero", None),
        (days(FIRST, [None, None], [1, 1]), "90 %", "kwh", "no row before has both energy and cloth", None),
        (days(FIRST, [9, 11, 10], [1, 1, 1]), None, "kwh_interval", "no energy.confidence is given", "10.0000"),
    ],
)  # fmt: skip
def test_what_has_no_interval_says_why_and_the_ratio_may_still_stand(
    rows: list[list[Any]], confidence: str | None, kind: str, said: str, kwh: str | None
) -> None:
    answer = found(rows + days(LATER, *drawn(6, 40)), confidence=confidence)
    before, refused = answer["per_unit"]["before"], worked.refused(answer)
    assert before["kwh"] == kwh and before["kwh_interval"] is None and before["tco2_interval"] is None
    assert said in refused[f"per_unit.before.{kind}"]
    assert (f"per_unit.before.{'kwh' if kind == 'kwh_interval' else 'kwh_interval'}") not in refused


def test_rows_that_are_asked_for_and_not_there_are_named_and_declared_sums_have_no_interval() -> None:
    answer = worked.found(per_unit={"product_unit": "t", "output": "cloth"}, emissions={"factor": FACTOR})
    assert worked.refused(answer)["per_unit.before.kwh"] == "no energy is given"
    declared = worked.found(per_unit=worked.PER_UNIT, emissions={"factor": FACTOR})["per_unit"]
    assert declared["output"] is None
    assert (declared["before"]["kwh_interval"], declared["before"]["tco2_interval"]) == (None, None)
    assert (declared["before"]["energy"], declared["after"]["output"]) == ("1000000", "12000")


def test_an_output_that_is_no_column_or_stands_beside_sums_is_a_fault() -> None:
    energy = {
        "unit": "kWh", "baseline": "2024-01..2024-12", "reporting": "2025-01..2025-12", "drivers": ["cloth"],
        "columns": ["time", "energy", "cloth"], "rows": days(FIRST, [9, 11], [1, 1]), "confidence": "90 %",
    }  # fmt: skip
    said = worked.faults(per_unit={"product_unit": "t", "output": "silk"}, energy=energy)
    assert said == [("per_unit.output", "must be one of the columns cloth, not 'silk'")]
    both = worked.faults(per_unit={**worked.PER_UNIT, "output": "cloth"}, energy=energy)
    assert [path for path, _ in both] == ["per_unit.before", "per_unit.after"]


def holds(seed: int, memory: float = 0.3) -> bool:
    """Whether the 90 % interval of a planted period holds its true intensity."""
    each = spread(_pairs(*drawn(seed, 180, 45.0, memory)), 0.9)
    assert isinstance(each, Spread)
    return each.low <= 45 <= each.high


@pytest.mark.long
def test_the_planted_intensity_lies_in_nine_of_ten_intervals() -> None:
    share = sum(map(holds, range(1000, 2000))) / 1000
    print(f"{share:.3f} of 1000 seeds hold the planted intensity")
    assert 0.872 <= share <= 0.928
    assert sum(map(holds, range(20))) == 14  # as docs/methods-replacement.md says; 17 to 20 were expected


def test_an_interval_that_forgets_the_correlation_would_be_narrower() -> None:
    """Planted fault: the same days in another order have no memory left, and the interval shrinks for it."""
    energy, made = drawn(7, 180, 45.0, 0.7)
    mixed = np.random.default_rng(0).permutation(180)
    whole, loose = (spread(_pairs(energy[at], made[at]), 0.9) for at in (np.arange(180), mixed))
    assert isinstance(whole, Spread) and isinstance(loose, Spread)
    assert whole.high - whole.low > 1.5 * (loose.high - loose.low)


ROWS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**4)), min_size=3, max_size=40)


@given(ROWS, st.integers(1, 10**6), st.sampled_from([0.5, 0.68, 0.9, 0.99]))
@settings(max_examples=150, deadline=None)
def test_whatever_the_rows_the_interval_holds_the_ratio_grows_with_confidence_and_scales(
    rows: list[tuple[int, int]], times: int, confidence: float
) -> None:
    energy, made = [e for e, _ in rows], [q for _, q in rows]
    each, wider = (spread(_pairs(energy, made), c) for c in (confidence, confidence + 0.005))
    if isinstance(each, NoFigure) or isinstance(wider, NoFigure):
        assert isinstance(each, NoFigure) and isinstance(wider, NoFigure)
        assert "effective rows" in str(each.why)
        return
    ratio = sum(energy) / sum(made)
    assert each.low <= ratio * (1 + 1e-12) and each.high >= ratio * (1 - 1e-12)
    assert wider.low <= each.low and each.high <= wider.high
    larger = spread(_pairs([e * times for e in energy], made), confidence)
    if isinstance(larger, Spread):
        assert larger.high - larger.low == pytest.approx(
            times * (each.high - each.low), rel=1e-6, abs=1e-6 * ratio * times
        )


def _pairs(energy: Any, made: Any) -> Pairs:
    values = ([Fraction(float(one)) for one in column] for column in (energy, made))
    used, output = map(tuple, values)
    return Pairs(used, output, (True,) * (len(used) - 1), 0)
