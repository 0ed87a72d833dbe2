"""Reading what savings projects and replacements share: names of points and drivers, first and last days."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from contract import quantities
from contract.declared_messages import NoQuantity
from contract.fields import Fields, as_day
from contract.form_messages import MustBeFirstAndLast, MustBeName, ShareOfConfidence
from contract.tags import TAG_NAME

_PERCENT = re.compile(r"([5-9]\d)(\.\d{1,3})? %", re.ASCII)


def confidence(item: Fields, required: bool) -> Decimal:
    """The confidence of an interval, 0 to 1; 0.9 where it is absent and need not be given."""
    text = (item.text if required else item.maybe)("confidence", _PERCENT, ShareOfConfidence())
    return (Decimal((text or "90 %").removesuffix(" %")) / 100).normalize()


def names(item: Fields, key: str) -> tuple[str, ...] | None:
    """Points, or the quantities of ``drivers``; None where the key is null or absent."""
    if item.get(key, required=False) is None:
        return None
    found = item.items(key, most=500)
    for number, name in enumerate(found):
        at = (*item.at, key, number)
        if not isinstance(name, str) or not TAG_NAME.fullmatch(name) or name in found[:number]:
            item.faults.append((at, MustBeName()))
        elif key == "drivers" and name not in quantities.QUANTITIES:
            item.faults.append((at, NoQuantity(name)))
    return tuple(name for name in found if isinstance(name, str))


def span(item: Fields, key: str) -> tuple[date, date]:
    """The first and the last day."""
    days = [as_day(day) for day in item.items(key, 2, 2)]
    if len(days) != 2 or days[0] is None or days[1] is None or days[1] < days[0]:
        if key in item.value:
            item.fault(key, MustBeFirstAndLast())
        return (date.min, date.min) if key == "baseline" else (date.max, date.max)
    return days[0], days[1]
