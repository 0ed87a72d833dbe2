"""A time-of-use tariff as a statement has it: its bands cover the 24 hours exactly once."""

from __future__ import annotations

from contract.declared_messages import BandTaken, NoBand
from contract.fields import Fields
from contract.form_messages import MustNotBeNegative
from contract.sites import DAY, Band, Tariff


def tariff(look: Fields) -> Tariff:
    """Read the fields of a tariff; faults are noted."""
    currency, source, since = look.choice("currency", ("CNY",)), look.text("source"), look.day("valid_from")
    bands: list[Band] = []
    before = len(look.faults)
    for item in look.objects("bands", most=96):
        band = Band(item.text("name"), item.clock("from"), item.clock("to"), item.number("price"))
        if band.price < 0:
            item.fault("price", MustNotBeNegative())
        bands.append(band)
    if len(look.faults) == before:
        _covers(look, bands)
    return Tariff(currency, source, since, tuple(bands))


def _covers(look: Fields, bands: list[Band]) -> None:
    owner: dict[int, int] = {}
    for number, band in enumerate(bands):
        for minute in band.minutes():
            if minute in owner:
                taken = BandTaken(_clock(minute), bands[owner[minute]].name)
                look.faults.append((("bands", number, "from"), taken))
                return
            owner[minute] = number
    if len(owner) < DAY:
        free = next(minute for minute in range(DAY) if minute not in owner)
        look.fault("bands", NoBand(_clock(free)))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
