"""Loads and comparisons with the permit of an invented mill, hour by half hour: another way to the same sums."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.verify.make_packs import FIRST, HOUR, LAST, SECOND, Piece, begin

if TYPE_CHECKING:
    from tests.verify.plain_figures import Plain

HALF = HOUR // 2
DAYS = (LAST - FIRST).days


def _slots(plain: Plain) -> list[tuple[int, Fraction, Fraction, set[bytes]]]:
    """(start, mg, L, inputs) of every half hour in which concentration and flow are known."""
    cod = {p.from_: p for p in plain.mill.has["outfall", "cod"]}
    flow = {p.from_: p for p in plain.mill.has["outfall", "wastewater_flow"]}
    volume = {p.from_: p for p in plain.mill.has["outfall", "wastewater_volume"]}
    made = []
    for at in range(begin(LAST - timedelta(days=3)), begin(LAST), HALF):
        hour, pair = at - at % HOUR, at - (at + 8 * HOUR) % (2 * HOUR)
        if hour not in cod:
            continue
        if at in volume:
            litres, source = volume[at].value * 1000, volume[at]
        elif pair in flow:
            litres, source = flow[pair].value * Fraction(HALF, SECOND), flow[pair]
        else:
            continue
        made.append((at, cod[hour].value * litres, litres, {cod[hour].input, source.input}))
    return made


def _whole(inputs: set[bytes], share: Fraction) -> list[Piece]:
    """Pieces that carry inputs and completeness alone."""
    length = begin(LAST) - begin(FIRST)
    return [Piece(0, length, Fraction(1), share, False, item) for item in inputs]


def add(plain: Plain) -> None:
    """cod_kg, cod_mean_mg_l and the permit's two statistics."""
    slots = _slots(plain)
    mass, litres = sum((s[1] for s in slots), Fraction(0)), sum((s[2] for s in slots), Fraction(0))
    inputs = set().union(*(slot[3] for slot in slots))
    share = Fraction(len(slots) * HALF, begin(LAST) - begin(FIRST))
    volume = [plain.part("outfall", "wastewater_volume", litres / 1000)]
    from tests.verify.plain_figures import text

    for kind, value, unit in (("cod_kg", mass / 10**6, "kg"), ("cod_mean_mg_l", mass / litres, "mg/L")):
        pieces = [[piece] for piece in _whole(inputs, share)]
        plain.add(kind, "outfall", text(value, 3), unit, "steelyard/load/1", pieces, volume)
    days: dict[int, list[Any]] = {}
    for slot in slots:
        days.setdefault((slot[0] + 8 * HOUR) // (24 * HOUR), []).append(slot)
    means = [
        sum((s[1] for s in day), Fraction(0)) / sum((s[2] for s in day), Fraction(0)) for day in days.values()
    ]
    _permit(plain, "cod", "day", means, inputs, DAYS, "flow", Fraction(plain.mill.limits[0]["limit"]), None)
    ph = [piece.value for piece in plain.mill.has["outfall", "ph"]]
    acid = {piece.input for piece in plain.mill.has["outfall", "ph"]}
    _permit(plain, "ph", "hour", ph, acid, DAYS * 24, "samples", Fraction(9), Fraction(6))


def _permit(
    plain: Plain, code: str, statistic: str, means: list[Fraction], inputs: set[bytes], periods: int, weighting: str,
    limit: Fraction, low: Fraction | None,
) -> None:  # fmt: skip
    from tests.verify.plain_figures import text

    over = sum(mean > limit or (low is not None and mean < low) for mean in means)
    example = bool(plain.mill.seed % 2)
    pieces = [[piece] for piece in _whole(inputs, Fraction(len(means), periods))]
    plain.add(
        f"permit_{code}_{statistic}", "outfall", text(max(means), 3), "mg/L" if code == "cod" else "[pH]",
        "steelyard/permit/1", pieces, [], lowest=text(min(means), 3), limit=text(limit, 3),
        limit_low=None if low is None else text(low, 3), statistic=statistic, weighting=weighting, periods=len(means),
        over=over, verdict="over" if over else "within", documents=["permit 7"], example=example,
    )  # fmt: skip
    plain.made[-1]["citations"] = ["permit 7" + (" (example, not a legal limit)" if example else "")]
