"""The forms of the desk, described once: which fields a statement has, how each is asked for, what may be left out."""

from __future__ import annotations

from cloud.messages.i18n import N_
from cloud.web.desk.fields import Field, Form, Part, Rows, codes
from cloud.web.desk.replacing import INTERVALS, PERIODS, REPLACEMENT
from contract.quantities import QUANTITIES

UNITS = codes(sorted({item.unit for item in QUANTITIES.values()}))
_POINT = Field("point", N_("Point"), source="points")

SITE = Form("site", N_("Site"), (
    Part("", (
        Field("id", "", "hidden"),
        Field("name_zh", N_("Name in Chinese")),
        Field("name_en", N_("Name in English")),
        Field("tz", N_("Time zone"), source="zones"),
        Field("province", N_("Province"), source="provinces", hint=N_("as 浙江; it gives the grid's emission factor")),
        Field("day_start", N_("The production day begins at"), "clock"),
    )),
), N_("The latest counts."), current=True)  # fmt: skip
POINTS = Form("points", N_("Points"), (
    Part("", (
        Rows("points", N_("Points: what is metered or counted"), (
            Field("id", N_("Id")),
            Field("zh", N_("Name in Chinese")),
            Field("en", N_("Name in English")),
            Field("carrier", N_("Meter of"), "select", False, source="carriers"),
            Field("parent", N_("Part of"), required=False, source="points"),
            Field("node", N_("Read by gateway"), required=False),
            Field("tag", N_("Its tag"), required=False),
        ), 0, hint=N_("An id stays: another id is another point. Names may change.")),
    )),
), N_("The latest list counts as a whole."), current=True)  # fmt: skip
FACTORS = Form("factors", N_("Choice of factors"), (
    Part("", (
        Field("grid", N_("Electricity of the grid"), "select", source="grid-choice"),
        Field("heat", N_("Purchased heat"), "select", False, source="heat"),
        Rows("named", N_("Fuels whose factor is not the usual one"), (
            Field("key", N_("Fuel"), "select", source="fuels"),
            Field("value", N_("Factor"), "select", source="coefficients"),
        ), 0, "pairs"),
    )),
), N_("The latest choice counts as a whole."), current=True)  # fmt: skip
TARIFF = Form("tariff", N_("Tariff"), (
    Part("", (
        Field("valid_from", N_("Valid from"), "date"),
        Field("source", N_("Document or source")),
        Field("currency", N_("Currency"), "select", value="CNY", options=codes(("CNY",))),
        Rows("bands", N_("Bands; together they cover 24 hours"), (
            Field("name", N_("Name")),
            Field("from", N_("From"), "clock"),
            Field("to", N_("To"), "clock"),
            Field("price", N_("Price"), "decimal", shown="CNY/kW.h"),
        ), 2),
    )),
), N_("The latest of a day of validity counts; each holds until the next begins."))  # fmt: skip
PERMIT = Form("permit", N_("Permit"), (
    Part("", (
        Field("document", N_("Document")),
        Field("valid_from", N_("Valid from"), "date"),
        Field("valid_to", N_("Valid to"), "date", required=False),
        Field("example", N_("An example, not a legal limit"), "check"),
        Rows("limits", N_("Limits"), (
            _POINT,
            Field("parameter", N_("Parameter"), "select", source="parameters"),
            Field("limit_low", N_("At least"), "decimal", required=False),
            Field("limit", N_("At most"), "decimal"),
            Field("unit", N_("Unit"), "select", options=codes(("mg/L", "ug/L", "[pH]"))),
            Field("statistic", N_("Mean of"), "select", options=(("day", N_("a day")), ("hour", N_("an hour")))),
        )),
    )),
), N_("The latest of a document counts."))  # fmt: skip
SAVINGS = Form("savings", N_("Savings projects"), (
    Part("", (
        Rows("projects", N_("Projects: a use before and after"), (
            Field("id", N_("Id: a-z, 0-9 and -")),
            Field("quantity", N_("Quantity"), "select", source="amounts"),
            *PERIODS,
            Field("interval", N_("Compared by"), "select", value="month", options=INTERVALS),
            Field("confidence", N_("Confidence of the interval"), "decimal", False, "90", ("%",)),
            Field("points", N_("Points"), "many", required=False, source="points",
                  hint=N_("none ticked: all that the site uses")),
            Field("drivers", N_("Explained by"), "many", required=False, source="drivers",
                  hint=N_("none ticked: every set of what the site has is tried")),
        )),
    )),
), N_("The latest list counts as a whole."), current=True)  # fmt: skip
CORRECTION = Form("correction", N_("Correction of an imported value"), (
    Part("", (
        _POINT,
        Field("quantity", N_("Quantity"), "select", source="quantities"),
        Field("from", N_("From"), hint=N_("such as 2025-01-31 or 2025-01-31 08:00, as it was imported")),
        Field("to", N_("To"), required=False, hint=N_("the first moment that does not belong to it")),
        Field("value", N_("Right value"), "decimal"),
        Field("unit", N_("Unit"), "select", options=UNITS),
    )),
), N_("It stands in place of the imported value of the same point, quantity, from and to."), N_("Why"))  # fmt: skip
NOTE = Form("note", N_("Note"), (
    Part("", (Field("about", N_("About: a figure, a point, a day")), Field("text", N_("Text"), "area"))),
), N_("Each note stands for itself."))  # fmt: skip
FORMS = (SITE, POINTS, FACTORS, TARIFF, PERMIT, REPLACEMENT, SAVINGS, CORRECTION, NOTE)
