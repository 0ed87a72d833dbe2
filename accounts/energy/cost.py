"""What the electricity cost by a time-of-use tariff."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from accounts.energy.messages import NoTariff, SeveralPrices
from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import Draft, InsufficientData, short
from accounts.inputs.amounts import flows, highest, inputs, lowest, some
from accounts.inputs.inputs import Amount
from accounts.inputs.tree import Tree
from contract.fields import write_utc
from contract.sites import DAY, Tariff

DIGITS = 2
Price = tuple[Decimal, Tariff]


def cost(tree: Tree, period: Period) -> Draft:
    """yuan of the electricity of the top points. Raises InsufficientData."""
    prices = Prices(period.calendar, tree.declared.tariffs)
    found = some(flows(tree, "electricity", period), "electricity")
    parts: dict[tuple[str, date, Decimal], Fraction] = {}
    used: dict[date, Tariff] = {}
    for item in (amount for flow in found for amount in flow.amounts):
        price, tariff = prices.of(item)
        key = (item.point, tariff.valid_from, price)
        parts[key] = parts.get(key, Fraction(0)) + item.value
        used[tariff.valid_from] = tariff
    value = sum((kwh * Fraction(price) for (_, _, price), kwh in parts.items()), Fraction(0))
    listed = tuple(_part(*key, parts[key], used[key[1]]) for key in sorted(parts))
    sources = tuple(sorted({tariff.source for tariff in used.values()}))
    return Draft(
        value,
        "CNY",
        DIGITS,
        True,
        lowest(found),
        highest(found),
        inputs(found),
        sources=sources,
        parts=listed,
    )


def in_force(tariffs: Sequence[Tariff], day: date) -> Tariff | None:
    """The tariff of a day, of tariffs in order of valid_from; None before the first."""
    at = bisect_right(tariffs, day, key=lambda tariff: tariff.valid_from)
    return tariffs[at - 1] if at else None


class Prices:
    """The price of each moment by the local clock."""

    def __init__(self, calendar: Calendar, tariffs: tuple[Tariff, ...]) -> None:
        self._calendar, self._tariffs = calendar, tariffs

    def of(self, item: Amount) -> Price:
        """The one price of all minutes of an interval. Raises InsufficientData where there are several or none."""
        found: dict[Decimal, Tariff] = {}
        for day, first, last in self._minutes(item):
            tariff = self._tariff(day)
            for price in _within(tariff, first, last):
                found.setdefault(price, tariff)
            if len(found) > 1:
                prices = " and ".join(short(Fraction(price)) for price in sorted(found))
                span = write_utc(item.from_), write_utc(item.to)
                raise InsufficientData(SeveralPrices(item.point, *span, prices))
        ((price, tariff),) = found.items()
        return price, tariff

    def _tariff(self, day: date) -> Tariff:
        found = in_force(self._tariffs, day)
        if found is None:
            raise InsufficientData(NoTariff(day.isoformat()))
        return found

    def _minutes(self, item: Amount) -> Iterator[tuple[date, int, int]]:
        """Local days that an interval touches, with its first and last minute in each."""
        first, last = self._calendar.wall(item.from_), self._calendar.wall(item.to - 1)
        if first.utcoffset() != last.utcoffset() and item.to - item.from_ <= DAY * 60 * 10**9:
            yield from self._across_change(item)
            return
        day = first.date()
        while day <= last.date():
            begin = first.hour * 60 + first.minute if day == first.date() else 0
            end = last.hour * 60 + last.minute if day == last.date() else DAY - 1
            if begin <= end:
                yield day, begin, end
            day += timedelta(days=1)

    def _across_change(self, item: Amount) -> Iterator[tuple[date, int, int]]:
        """Minute by minute, where the clock jumps in between."""
        minute = 60 * 10**9
        for at in (item.from_, *range((item.from_ // minute + 1) * minute, item.to, minute)):
            wall = self._calendar.wall(at)
            yield wall.date(), wall.hour * 60 + wall.minute, wall.hour * 60 + wall.minute


@cache
def _table(tariff: Tariff) -> tuple[Decimal, ...]:
    """The price of each minute of the day."""
    prices = [Decimal(0)] * DAY
    for band in tariff.bands:
        for minute in band.minutes():
            prices[minute] = band.price
    return tuple(prices)


@cache
def _within(tariff: Tariff, first: int, last: int) -> frozenset[Decimal]:
    return frozenset(_table(tariff)[first : last + 1])


def _part(point: str, since: date, price: Decimal, kwh: Fraction, tariff: Tariff) -> dict[str, Any]:
    names = "+".join(sorted(band.name for band in tariff.bands if band.price == price))
    return {
        "point": point, "quantity": "electricity", "value": short(kwh), "unit": "kW.h",
        "tariff": since.isoformat(), "price": short(Fraction(price)), "band": names,
    }  # fmt: skip
