"""The figures of an invented mill in plain fractions, written from docs/methods.md for tests alone."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from scipy import stats  # type: ignore[import-untyped]

from tests.verify.make_packs import BASELINE, FIRST, HOUR, LAST, POINTS, SITE, TARIFFS, Mill, Piece, begin
from tests.verify.sealing import canonical

LENGTH = begin(LAST) - begin(FIRST)
UNITS = {"electricity": "kW.h", "heat": "GJ", "natural_gas": "m3", "diesel": "t", "raw_coal": "t", "water": "m3",
         "production_t": "t", "production_m": "m", "production_piece": "{piece}",
         "wastewater_volume": "m3"}  # fmt: skip
TOPS = {"electricity": ["main", "solar"], "heat": ["bought-heat"], "natural_gas": ["boiler"], "diesel": ["yard"],
        "raw_coal": ["yard"], "water": ["well"], "wastewater_volume": ["outfall"]}  # fmt: skip
Totals = tuple[Fraction, list[dict[str, Any]], set[str]]


def text(value: Fraction, digits: int, zeros: bool = False) -> str:
    """Python rounds fractions half to even."""
    units = round(value * 10**digits)
    sign, units = "-" if units < 0 else "", abs(units)
    made = f"{sign}{units // 10**digits}.{units % 10**digits:0{digits}d}"
    return made if zeros else made.rstrip("0").rstrip(".")


def share(value: Fraction) -> str:
    units = math.floor(value * 10000)
    return f"{units // 10000}.{units % 10000:04d}"


class Plain:
    """Works out every figure of a mill."""

    def __init__(self, mill: Mill) -> None:
        self.mill, self.made = mill, list[dict[str, Any]]()
        self.production = {"t": "production_t", "m": "production_m", "{piece}": "production_piece"}[
            mill.product
        ]
        self.tops = {**TOPS, self.production: ["cloth"]}
        self.records = {record["id"]: record for record in mill.factors}

    def pieces(self, point: str, code: str) -> list[Piece]:
        inside = [p for p in self.mill.has[point, code] if begin(FIRST) <= p.from_ and p.to <= begin(LAST)]
        return sorted(inside, key=lambda piece: piece.from_)

    def add(
        self, kind: str, point: str | None, value: str, unit: str, method: str, pieces: Iterable[list[Piece]],
        parts: list[dict[str, Any]], used: set[str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        lots = [list(lot) for lot in pieces]
        inputs = b"".join(sorted({piece.input for lot in lots for piece in lot}))
        covered = [sum((p.covered * (p.to - p.from_) for p in lot), Fraction(0)) / LENGTH for lot in lots]
        estimated = [
            sum((p.value for p in lot if p.estimated), Fraction(0))
            / (sum((p.value for p in lot), Fraction(0)) or 1)
            for lot in lots
        ]
        figure = {
            "kind": kind, "point": point, "from": str(FIRST), "to": str(LAST), "value": value, "unit": unit,
            "completeness": share(min(covered, default=Fraction(0))),
            "substituted": share(max(estimated, default=Fraction(0))), "factors": sorted(used or ()),
            "citations": sorted({self.records[name]["citation"] for name in used or ()}), "method": method,
            "inputs": hashlib.sha256(inputs).hexdigest(),
            "parts": sorted(parts, key=_order),
            **more,
        }  # fmt: skip
        named = canonical([SITE, kind, point, figure["from"], figure["to"], method])
        self.made.append({"id": hashlib.sha256(named).hexdigest()[:16], **figure})

    def part(self, point: str, code: str, value: Fraction, **more: Any) -> dict[str, Any]:
        return {"point": point, "quantity": code, "value": text(value, 12), "unit": UNITS[code], **more}

    def amount(self, point: str, code: str) -> Fraction:
        return sum((piece.value for piece in self.pieces(point, code)), Fraction(0))

    def amounts(self) -> None:
        for point, code in self.mill.has:
            if code in UNITS:
                self._amount(point, code, [point])
        for code, tops in self.tops.items():
            self._amount(None, code, tops)

    def _amount(self, point: str | None, code: str, points: list[str]) -> None:
        suffix = {"kW.h": "kwh", "GJ": "gj"}.get(UNITS[code], UNITS[code])
        kind = code if code.startswith("production") else f"{code}_{suffix}"
        total = sum((self.amount(name, code) for name in points), Fraction(0))
        self.add(kind, point, text(total, 6), UNITS[code], "steelyard/amount/1",
                 [self.pieces(name, code) for name in points],
                 [self.part(name, code, self.amount(name, code)) for name in points])  # fmt: skip

    def balance(self) -> None:
        names = ["main", "dye", "press", "line", "cloth"]
        worth = [self.amount(name, "electricity") for name in names]
        self.add("unaccounted_kwh", "main", text(worth[0] - sum(worth[1:]), 6), "kW.h", "steelyard/balance/1",
                 [self.pieces(name, "electricity") for name in names],
                 [self.part(name, "electricity", value) for name, value in zip(names, worth, strict=True)])  # fmt: skip

    def _weigh(self, codes: dict[str, tuple[str, Fraction]]) -> Totals:
        """Sum of amounts by the factor of each quantity; electricity of scope 2 has one for each year."""
        total, parts, used = Fraction(0), [], set()
        for code, (record, factor) in codes.items():
            for point in self.tops[code]:
                for year in (2023, 2024):
                    inside = [
                        p
                        for p in self.pieces(point, code)
                        if (p.from_ >= begin(date(2024, 1, 1))) == (year == 2024)
                    ]
                    if not inside:
                        continue
                    name = record.format(year=year)
                    by = factor * Fraction(self.records[name]["value"]) if "{year}" in record else factor
                    value = sum((piece.value for piece in inside), Fraction(0))
                    total += value * by
                    used.add(name)
                    parts.append(self.part(point, code, value, year=year, factor=name))
        return total, parts, used

    def coal(self) -> Totals:
        each = {"electricity": 1, "natural_gas": 1}
        return self._weigh({
            code: (f"ce-{code}", Fraction(self.records[f"ce-{code}"]["value"]) * each.get(code, 1000) / 1000)
            for code in ("electricity", "heat", "natural_gas", "diesel", "raw_coal")
        })  # fmt: skip

    def scope1(self) -> Totals:
        codes = {}
        for code in ("natural_gas", "diesel", "raw_coal"):
            one = self.records[f"burn-{code}"]
            ncv, cc, of, per = (Fraction(one[key]) for key in ("ncv", "cc", "of", "per"))
            codes[code] = (one["id"], ncv * cc * of * 44 / 12 / per)
        return self._weigh(codes)

    def scope2(self) -> Totals:
        heat = Fraction(self.records["heat-own"]["value"])
        return self._weigh({"electricity": ("grid-{year}", Fraction(1, 1000)), "heat": ("heat-own", heat)})

    def totals(self) -> None:
        works = (("energy_tce", "t{ce}", "tce", self.coal()), ("scope1_tco2e", "t{CO2}", "scope1", self.scope1()),
                 ("scope2_tco2", "t{CO2}", "scope2", self.scope2()))  # fmt: skip
        for kind, unit, method, (total, parts, used) in works:
            self.add(
                kind,
                None,
                text(total, 3, True),
                unit,
                f"steelyard/{method}/1",
                self._lots(parts),
                parts,
                used,
            )

    def _lots(self, parts: list[dict[str, Any]]) -> list[list[Piece]]:
        return [self.pieces(*key) for key in sorted({(part["point"], part["quantity"]) for part in parts})]

    def intensity(self) -> None:
        suffix, unit = self.production.removeprefix("production_"), UNITS[self.production]
        made = self.amount("cloth", self.production)
        cloth = self.part("cloth", self.production, made)
        one, two = self.scope1(), self.scope2()
        both = (one[0] + two[0], one[1] + two[1], one[2] | two[2])
        for kind, of, (total, parts, used) in (("tce", "t{ce}", self.coal()), ("tco2e", "t{CO2}", both)):
            every = [*parts, cloth]
            self.add(f"intensity_{kind}_per_{suffix}", None, text(total / made, 6), f"{of}/{unit}",
                     "steelyard/intensity/1", self._lots(every), every, used)  # fmt: skip

        parts = [self.part("cloth", "electricity", self.amount("cloth", "electricity")), cloth]
        value = self.amount("cloth", "electricity") / made
        self.add(f"intensity_kwh_per_{suffix}", "cloth", text(value, 6), f"kW.h/{unit}", "steelyard/intensity/1",
                 self._lots(parts), parts)  # fmt: skip

    def cost(self) -> None:
        total, parts, sources = Fraction(0), dict[tuple[str, str, str], Fraction](), set()
        for point in self.tops["electricity"]:
            for piece in self.pieces(point, "electricity"):
                tariff = TARIFFS[piece.from_ >= begin(date(2024, 1, 1))]
                clock = (piece.from_ // HOUR + 8) % 24
                band = next(b for b in tariff["bands"] if clock in _hours_of(b))
                total += piece.value * Fraction(band["price"])
                sources.add(str(tariff["source"]))
                key = (point, str(tariff["valid_from"]), band["price"])
                parts[key] = parts.get(key, Fraction(0)) + piece.value
        names = {"1.1": "late peak+peak", "0.65": "flat", "0.3321": "valley", "0.9": "day", "0.4": "night"}
        shown = [self.part(point, "electricity", value, tariff=since, price=price, band=names[price])
                 for (point, since, price), value in parts.items()]  # fmt: skip
        self.add("cost_yuan", None, text(total, 2, True), "CNY", "steelyard/cost/1",
                 [self.pieces(point, "electricity") for point in self.tops["electricity"]], shown)  # fmt: skip
        self.made[-1]["citations"] = sorted(sources)

    def figures(self) -> list[dict[str, Any]]:
        from tests.verify import plain_water

        self.amounts()
        self.balance()
        self.totals()
        self.intensity()
        self.cost()
        plain_water.add(self)
        self.saving()
        return sorted(self.made, key=lambda figure: (figure["kind"], figure["point"] or ""))

    def saving(self) -> None:
        """One driver: the sums of simple regression."""
        rows = sorted(self.mill.has["line", "electricity"], key=lambda piece: piece.from_)
        cloth = {piece.from_: piece.value for piece in self.mill.has["cloth", self.production]}
        base = [(cloth[p.from_], p.value) for p in rows if p.from_ < begin(BASELINE[1] + timedelta(days=1))]
        after = [(cloth[p.from_], p.value) for p in rows if p.from_ >= begin(FIRST)]
        n, mx = len(base), Fraction(sum(x for x, _ in base)) / len(base)
        my = Fraction(sum(y for _, y in base)) / n
        sxx = sum((x - mx) ** 2 for x, _ in base)
        slope = sum((x - mx) * (y - my) for x, y in base) / Fraction(sxx)
        rest = [y - my - slope * (x - mx) for x, y in base]
        s2 = float(sum((e * e for e in rest), Fraction(0)) / (n - 2))
        m, sum_x = len(after), sum(x for x, _ in after)
        avoided = m * my + slope * (sum_x - m * mx) - sum(y for _, y in after)
        spread = m + float(m * Fraction(m, n) + (sum_x - m * mx) ** 2 / Fraction(sxx))
        rho = float(stats.pearsonr([float(e) for e in rest[1:]], [float(e) for e in rest[:-1]])[0])
        wider = (1 + rho) / (1 - rho) if rho > 1.96 / math.sqrt(n) else 1.0
        u = stats.t.ppf(0.95, n - 2) * math.sqrt(wider * s2 * spread)
        self.saved = [float(avoided) + side * u for side in (0, -1, 1)]
        low, high = (_six(number) for number in self.saved[1:])
        end = begin(BASELINE[1] + timedelta(days=1))
        every = [*rows, *self.mill.has["cloth", self.production]]
        used = [piece for piece in every if piece.from_ < end or piece.from_ >= begin(FIRST)]
        whole = [
            Piece(begin(FIRST), begin(LAST), Fraction(1), Fraction(1), False, piece.input) for piece in used
        ]
        for kind, value, unit, names, more in (
            ("saving_kwh", _six(float(avoided)), "kW.h", set[str](), {
                "interval": [low, high], "confidence": "0.9", "form": "ols-ac", "drivers": ["production"],
                "warnings": ["as a writer of former times says it"]}),
            ("saving_tco2", text(avoided * Fraction(self.records["grid-2024"]["value"]) / 1000, 3, True), "t{CO2}",
             {"grid-2024"}, {}),
        ):  # fmt: skip
            for name in self.mill.projects:
                self.add(kind, name, value, unit, "steelyard/saving/1", [[piece] for piece in whole], [], names,
                         project=name, **more)  # fmt: skip


def _six(value: float) -> str:
    places = max(0, 5 - math.floor(math.log10(abs(value))))
    made = f"{value:.{places}f}" if abs(value) < 1e6 else f"{float(f'{value:.5e}'):.0f}"
    return made.rstrip("0").rstrip(".") if "." in made else made


def _order(part: dict[str, Any]) -> tuple[Any, ...]:
    rest = sorted([name, str(value)] for name, value in part.items())
    return part["point"], part["quantity"], part.get("year", 0), rest


def _hours_of(band: dict[str, str]) -> set[int]:
    first, last = int(band["from"][:2]), int(band["to"][:2])
    return set(range(first, last)) if last > first else {*range(first, 24), *range(last)}


__all__ = ["POINTS", "Plain"]
