"""Cost of electricity by time of use (docs/methods.md, Cost)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from verify.figures.amounts import Piece, summed
from verify.figures.energy import part, tops
from verify.figures.figure import Answers, Figure, Ground
from verify.figures.messages import MinuteTwice, MinuteWithoutBand
from verify.formats.calendar import SECOND, clock, day_of_text, written
from verify.formats.findings import Bad
from verify.formats.numbers import fixed, number, upto
from verify.formats.shape import listed, members, text
from verify.reasons.amounts.messages import NothingKnown
from verify.reasons.energy.messages import NoTariff, SeveralPrices
from verify.reasons.reason import InsufficientData

MINUTE = 60 * SECOND
MOST_MINUTES = 60 * 24 * 400


@dataclass(frozen=True)
class Tariff:
    """minutes: price of each minute of the day; names: bands of each price; edges: minutes at which bands begin."""

    valid_from: date
    source: str
    minutes: list[Fraction]
    names: dict[Fraction, str]
    edges: list[int]


def _tariff(statement: dict[str, Any]) -> Tariff:
    since = day_of_text(statement["valid_from"], "tariff: valid_from")
    where = f"tariff of {since}"
    prices: list[Fraction | None] = [None] * 1440
    names: dict[Fraction, set[str]] = {}
    for band in listed(statement["bands"], where):
        members(band, where, "name from to price")
        first, last = clock(band["from"], where), clock(band["to"], where, end=True)
        price = number(band["price"], where)
        names.setdefault(price, set()).add(text(band["name"], where))
        for minute in range(first, last if last > first else last + 1440):
            if prices[minute % 1440] is not None:
                raise Bad(MinuteTwice(), where)
            prices[minute % 1440] = price
    whole = [price for price in prices if price is not None]
    if len(whole) != 1440:
        raise Bad(MinuteWithoutBand(), where)
    joined = {price: "+".join(sorted(found)) for price, found in names.items()}
    edges = [clock(band["from"], where) for band in statement["bands"]]
    return Tariff(since, text(statement["source"], where), whole, joined, edges)


class Prices:
    """The tariffs of a site."""

    def __init__(self, ground: Ground) -> None:
        self.days = ground.days
        self.tariffs = sorted(
            map(_tariff, ground.declared.tariffs.values()), key=lambda tariff: tariff.valid_from
        )
        # Clocks of zones differ from UTC by whole quarters of an hour, so a price holds between two of these steps.
        self.step = math.gcd(15, *(edge for tariff in self.tariffs for edge in tariff.edges)) * MINUTE

    def _at(self, moment: int) -> tuple[date, Tariff, Fraction]:
        """The local day of a moment, its tariff and price; raises InsufficientData."""
        local = self.days.local(moment)
        valid = [tariff for tariff in self.tariffs if tariff.valid_from <= local.date()]
        if not valid:
            raise InsufficientData(NoTariff(local.date().isoformat()))
        return local.date(), valid[-1], valid[-1].minutes[local.hour * 60 + local.minute]

    def of(self, piece: Piece, point: str) -> tuple[Tariff, Fraction]:
        """The one price of all minutes of an hour or row.

        Raises InsufficientData, for the first day with several prices.
        """
        if piece.to - piece.from_ > MOST_MINUTES * MINUTE:
            raise InsufficientData("an amount that stands for more than a year has no one price")
        day, tariff, price = self._at(piece.from_)
        found = {price}
        for at in range(piece.from_ - piece.from_ % self.step + self.step, piece.to, self.step):
            if len(found) > 1 and self.days.local(at).date() != day:
                break
            day, _, other = self._at(at)
            found.add(other)
        if len(found) > 1:
            prices = " and ".join(upto(one, 12) for one in sorted(found))
            raise InsufficientData(SeveralPrices(point, written(piece.from_), written(piece.to), prices))
        return tariff, price


def cost(ground: Ground, answers: Answers) -> None:
    """cost_yuan, once."""
    answers.take("cost_yuan", None, lambda: _cost(ground))


def _cost(ground: Ground) -> Figure:
    prices = Prices(ground)
    found = tops(ground, "electricity")
    sum_ = summed(found, NothingKnown("electricity"))
    charged: dict[tuple[str, date, Fraction], Fraction] = {}
    total, parts, sources = Fraction(0), [], set()
    bands: dict[tuple[date, Fraction], str] = {}
    for amount in found:
        for piece in sorted(amount.pieces, key=lambda piece: (piece.class_ == "", piece.from_)):
            tariff, price = prices.of(piece, amount.point or "")
            key = (amount.point or "", tariff.valid_from, price)
            charged[key] = charged.get(key, Fraction(0)) + piece.value
            bands[tariff.valid_from, price] = tariff.names[price]
            sources.add(tariff.source)
            total += piece.value * price
    for (point, since, price), value in charged.items():
        amount = next(item for item in found if item.point == point)
        more = {"tariff": since.isoformat(), "price": upto(price, 12), "band": bands[since, price]}
        parts.append(part(amount, more, value))
    return ground.figure(
        "cost_yuan", None, fixed(total, 2), "CNY", "steelyard/cost/1", sum_.completeness, sum_.substituted,
        sum_.inputs, parts, citations=sources,
    )  # fmt: skip
