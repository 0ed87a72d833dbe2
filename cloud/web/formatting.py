"""How numbers, units and times are written on a page: rounding for the eye, never a figure of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from cloud.messages.i18n import N_

NOTHING = "–"

UNITS = {
    "1": "",
    "{count}": "",
    "{state}": "",
    "[pH]": "pH",
    "W.h": "Wh",
    "kW.h": "kWh",
    "MW.h": "MWh",
    "V.A": "VA",
    "kV.A": "kVA",
    "kV.A{reactive}": "kvar",
    "m3": "m³",
    "m3{std}": "Nm³",
    "m3/h": "m³/h",
    "m3{std}/h": "Nm³/h",
    "mg/m3": "mg/m³",
    "ug/L": "µg/L",
    "Cel": "°C",
}
"""UCUM codes that people write in another way."""

DECIMALS = {"kW": 1, "Cel": 1, "m/min": 1, "m": 0, "{count}": 0, "{state}": 0, "V": 1, "1": 3, "MPa": 3}
"""Decimals shown of a value, by the UCUM code of its unit; two for every other one."""


FIGURE_UNITS = {
    "t{CO2}": "tCO₂",
    "t{CO2e}": "tCO₂e",
    "t{ce}": "tce",
    "CNY": N_("yuan"),
    "a": N_("years"),
    "1": "",
    "{person}": N_("people"),
    "CNY/a": N_("yuan/year"),
    "CNY/kW.h": N_("yuan/kWh"),
}
"""Units of figures that people write in another way."""
FIGURE_DECIMALS = {"CNY": 2, "kW.h": 1, "t{CO2}": 3, "1": 4, "mg/L": 2} | {
    f"t{{CO2}}/{product}": 6 for product in ("t", "kg", "m", "m3", "{piece}")
}
"""Decimals shown of a figure, by its unit; at most three for every other one."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The site's zone and the moment of the page."""

    zone: ZoneInfo
    now: datetime

    def show(self, text: str) -> str:
        """Time of day of an RFC 3339 time in the site's zone, with the date when it is not today's."""
        local = moment(text).astimezone(self.zone)
        same_day = local.date() == self.now.astimezone(self.zone).date()
        return local.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M:%S")

    def day(self, text: str) -> str:
        """The date of an RFC 3339 time in the site's zone."""
        return moment(text).astimezone(self.zone).date().isoformat()


def moment(text: str) -> datetime:
    """An RFC 3339 time, to the microsecond."""
    return datetime.fromisoformat(text)


def unit(code: str | None) -> str:
    """A UCUM code as people write it."""
    return UNITS.get(code, code) if code else ""


def factor_unit(code: str) -> str:
    """The unit of an emission factor, such as kg{CO2}/kW.h, as people write it."""
    above, _, below = code.replace("{CO2}", "CO₂").partition("/")
    return f"{above}/{unit(below)}" if below else above


def figure_unit(code: str | None) -> str:
    """The unit of a figure as people write it; a word of it is translated where it is shown."""
    if not code:
        return ""
    if code in FIGURE_UNITS or code in UNITS:
        return FIGURE_UNITS.get(code, unit(code))
    return "/".join(FIGURE_UNITS.get(part, unit(part)) for part in code.split("/"))


def shown(text: str | None, code: str) -> str:
    """A figure at the decimals that pages show, without grouping, so that it can be compared with the figure's own."""
    if text is None:
        return NOTHING
    exact = Decimal(text)
    exponent = exact.as_tuple().exponent
    own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    decimals = min(FIGURE_DECIMALS.get(code, 3), own)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    return f"{rounded if rounded else abs(rounded):f}"


def value(text: str | None, code: str) -> str:
    """A tag's value, at the decimals of its unit."""
    return number(text, DECIMALS.get(code, 2))


def number(text: str | None, decimals: int | None, rounding: str = ROUND_HALF_EVEN) -> str:
    """A decimal string with grouped thousands, at a fixed number of decimals or as exact as it came (None)."""
    if text is None:
        return NOTHING
    exact = Decimal(text)
    if not exact.is_finite():
        return {"Infinity": "∞", "-Infinity": "−∞"}.get(str(exact), "NaN")
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding)
    return f"{exact:,f}".replace("-", "−")


def percent(share: str | None) -> str:
    """A share from 0 to 1 as a percentage, rounded down: only what is complete shows as 100.0 %."""
    if share is None:
        return NOTHING
    return number(str(Decimal(share).scaleb(2)), 1, ROUND_DOWN) + " %"
