"""What the electricity meters counted by the plant's account, against what the API says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_UP, Decimal
from itertools import pairwise

from demo.evidence import Served, Tag
from demo.findings import Finding
from demo.message import Message

CENT = Decimal("0.01")


def energy_error(
    tags: Iterable[Tag],
    readings: Mapping[str, Sequence[Served]],
    api: Mapping[str, Decimal | None],
    note: Callable[[str, Message], None],
) -> Decimal:
    """Sum over meters of |API - account|, in the meters' unit, exact.

    `api` has the API's amount per counter tag; None means that it answered in another unit or left an
    amount out. A meter with readings that the API does not name is wrong by all it counted, at least
    by one step.
    """
    error = Decimal(0)
    for tag in tags:
        values = readings.get(tag.name, ())
        if not values:
            continue
        step = Decimal(tag.scale)
        counted = steps(values, tag.bits) * step
        amount = api.get(tag.name)
        off = max(abs(counted), abs(step)) if amount is None else abs(amount - counted)
        if off:
            finding = Finding.ENERGY(tag=tag.name, counted=str(counted), amount=str(amount))
            note("energy_error", finding)
        error += off
    return error


def steps(values: Sequence[Served], bits: int) -> int:
    """Steps a counter of `bits` bits went on through these readings, over any roll-over."""
    total = 0
    for old, new in pairwise(values):
        total += (int(new.raw) - int(old.raw)) % (1 << bits)
    return total


def printed(error: Decimal) -> str:
    """With two decimals; what is not zero never prints as 0.00."""
    return str(error.quantize(CENT, rounding=ROUND_UP))
