"""The forms of the desk, described once: which fields a statement has, how each is asked for, what may be left out.

A path says where a value goes in the statement's fields: ``energy.baseline.0`` is the first item of that list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cloud.web.i18n import N_
from contract.declared import PARAMETERS
from contract.quantities import QUANTITIES

UNITS = sorted({item.unit for item in QUANTITIES.values()})


@dataclass(frozen=True)
class Field:
    """One input. kind: of the HTML input, or select, area, list (several names), check, hidden; unit: what is put
    behind the value.

    options: (value, label), a label being a string of the catalogues or the value itself.
    """

    path: str
    label: str
    kind: str = "text"
    required: bool = True
    value: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    points: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Rows:
    """A list of objects; least: rows that stand there at first."""

    path: str
    label: str
    fields: tuple[Field, ...]
    least: int = 1


@dataclass(frozen=True)
class Part:
    """Fields under a heading."""

    label: str
    items: tuple[Field | Rows, ...]


@dataclass(frozen=True)
class Form:
    """What becomes one statement of a kind; why: the note is required and asked for by this label."""

    kind: str
    title: str
    parts: tuple[Part, ...]
    why: str = ""


def _codes(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, code) for code in codes)


def _fixed(path: str, value: str) -> Field:
    """What goes along with the part it stands in."""
    return Field(path, "", "hidden", value=value)


_CODES = _codes(QUANTITIES)
_MACHINE = (
    Field("name", N_("Name")),
    Field("power_kw", N_("Rated power, kW"), "decimal", required=False),
    Field("nameplate", N_("Nameplate"), required=False),
)


TARIFF = Form("tariff", N_("Tariff"), (
    Part("", (
        Field("valid_from", N_("Valid from"), "date"),
        Field("source", N_("Document or source")),
        Field("currency", N_("Currency"), "select", value="CNY", options=_codes(("CNY",))),
        Rows("bands", N_("Bands; together they cover 24 hours"), (
            Field("name", N_("Name")),
            Field("from", N_("From"), "clock"),
            Field("to", N_("To"), "clock"),
            Field("price", N_("Yuan per kWh"), "decimal"),
        ), 2),
    )),
))  # fmt: skip
PERMIT = Form("permit", N_("Permit"), (
    Part("", (
        Field("document", N_("Document")),
        Field("valid_from", N_("Valid from"), "date"),
        Field("valid_to", N_("Valid to"), "date", required=False),
        Field("example", N_("An example, not a legal limit"), "check"),
        Rows("limits", N_("Limits"), (
            Field("point", N_("Point"), points=True),
            Field("parameter", N_("Parameter"), "select", options=_codes(PARAMETERS)),
            Field("limit_low", N_("At least"), "decimal", required=False),
            Field("limit", N_("At most"), "decimal"),
            Field("unit", N_("Unit"), "select", options=_codes(("mg/L", "ug/L", "[pH]"))),
            Field("statistic", N_("Mean of"), "select", options=(("day", N_("a day")), ("hour", N_("an hour")))),
        )),
    )),
))  # fmt: skip
REPLACEMENT = Form("replacement", N_("Machine replacement"), (
    Part("", (
        Field("id", N_("Id: a-z, 0-9 and -")),
        Field("name_zh", N_("Name in Chinese")),
        Field("name_en", N_("Name in English")),
        Field("date", N_("Day of commissioning"), "date"),
        Field("products", N_("Products, by commas"), "list", required=False),
        Rows("machines_out", N_("Machines out"), _MACHINE),
        Rows("machines_in", N_("Machines in"), _MACHINE),
    )),
    Part(N_("Energy that is avoided"), (
        Field("energy.quantity", N_("Quantity"), "select", value="electricity", options=_codes(("electricity",))),
        Field("energy.points", N_("Points, by commas; empty for all"), "list", required=False, points=True),
        Field("energy.interval", N_("By"), "select", options=(("month", N_("month")), ("day", N_("day")))),
        Field("energy.baseline.0", N_("First day of the baseline"), "date", required=False),
        Field("energy.baseline.1", N_("Last day of the baseline"), "date", required=False),
        Field("energy.reporting.0", N_("First day after"), "date", required=False),
        Field("energy.reporting.1", N_("Last day after"), "date", required=False),
        Field("energy.confidence", N_("Confidence, %"), "decimal", value="90", unit=" %"),
    )),
    Part(N_("People before"), (
        _fixed("labour.product_unit", "t"),
        _fixed("labour.before.period", "1 a"),
        Field("labour.before.operators", N_("Operators"), "decimal", False, unit=" person"),
        Field("labour.before.hours", N_("Hours worked in a year"), "decimal", False, unit=" h"),
        Field("labour.before.output", N_("Output of a year, t"), "decimal", False, unit=" t"),
    )),
    Part(N_("People after"), (
        _fixed("labour.after.period", "1 a"),
        Field("labour.after.operators", N_("Operators"), "decimal", False, unit=" person"),
        Field("labour.after.hours", N_("Hours worked in a year"), "decimal", False, unit=" h"),
        Field("labour.after.output", N_("Output of a year, t"), "decimal", False, unit=" t"),
        Field("labour.person_year", N_("Hours of one person in a year"), "decimal", False, unit=" h/a"),
    )),
    Part(N_("Money; costs of a year at the output after, 0 where there are none"), (
        _fixed("money.currency", "CNY"),
        _fixed("money.costs.labour.at", "reporting-output"),
        _fixed("money.costs.energy.at", "reporting-output"),
        _fixed("money.costs.scrap.at", "reporting-output"),
        Field("money.investment", N_("Investment, yuan"), "decimal", False, unit=" CNY"),
        Field("money.residual", N_("Worth at the end, yuan"), "decimal", False, unit=" CNY"),
        Field("money.years", N_("Years"), "decimal", False, unit=" a"),
        Field("money.discount_rate", N_("Discount rate, % a year"), "decimal", False, unit=" %"),
        Field("money.costs.labour.before", N_("Labour before, yuan a year"), "decimal", False, unit=" CNY/a"),
        Field("money.costs.labour.after", N_("Labour after, yuan a year"), "decimal", False, unit=" CNY/a"),
        Field("money.costs.energy.before", N_("Energy before, yuan a year"), "decimal", False, unit=" CNY/a"),
        Field("money.costs.energy.after", N_("Energy after, yuan a year"), "decimal", False, unit=" CNY/a"),
        Field("money.costs.scrap.before", N_("Scrap before, yuan a year"), "decimal", False, unit=" CNY/a"),
        Field("money.costs.scrap.after", N_("Scrap after, yuan a year"), "decimal", False, unit=" CNY/a"),
        Field("money.costs.added.maintenance", N_("Added maintenance, yuan a year"), "decimal", False, unit=" CNY/a"),
    )),
))  # fmt: skip
CORRECTION = Form("correction", N_("Correction of an imported value"), (
    Part("", (
        Field("point", N_("Point"), points=True),
        Field("quantity", N_("Quantity"), "select", options=_CODES),
        Field("from", N_("From"), hint=N_("such as 2025-01-31 or 2025-01-31 08:00, as it was imported")),
        Field("to", N_("To"), required=False, hint=N_("the first moment that does not belong to it")),
        Field("value", N_("Right value"), "decimal"),
        Field("unit", N_("Unit"), "select", options=_codes(UNITS)),
    )),
), N_("Why"))  # fmt: skip
NOTE = Form("note", N_("Note"), (
    Part("", (Field("about", N_("About: a figure, a point, a day")), Field("text", N_("Text"), "area"))),
))  # fmt: skip
FORMS = (TARIFF, PERMIT, REPLACEMENT, CORRECTION, NOTE)
