"""The form of a machine replacement: every part that `steelyard-cloud declare` takes of one."""

from __future__ import annotations

from cloud.messages.i18n import N_
from cloud.web.desk.fields import Choice, Field, Form, Group, Item, Part, Rows, codes, fixed

PRODUCTS = codes(("t", "kg", "m", "m3", "pcs"))
"""Units in which products are counted."""
SPANS = ("min", "h")
ENERGIES = ("kWh", "MWh", "GJ")
CURRENCIES = codes(("CNY", "EUR", "USD", "JPY", "HKD"))
_MONEY = "{money.currency}"
_YEARLY = f"{_MONEY}/a"
_AT = (
    ("reporting-output", N_("at the output of the time after")),
    ("own-output", N_("each at its own output")),
)
_NOT_GIVEN = ("", N_("not given"))


def _decimal(
    path: str, label: str, *units: str, value: str = "", hint: str = "", required: bool = False
) -> Field:
    return Field(path, label, "decimal", required, value, units, hint=hint)


def _product(path: str) -> Field:
    return Field(path, N_("Product counted in"), "select", options=PRODUCTS)


def _both(make: tuple[Item, ...], after: tuple[Item, ...]) -> tuple[Item, ...]:
    return Group(N_("Before"), make), Group(N_("After"), after)


_MACHINE = (
    Field("name", N_("Name")),
    Field("power_kw", N_("Rated power"), "decimal", required=False, shown="kW"),
    Field("nameplate", N_("What else its nameplate says"), required=False),
)
_PROJECT = Part("", (
    Field("id", N_("Id: a-z, 0-9 and -")),
    Field("name_zh", N_("Name in Chinese")),
    Field("name_en", N_("Name in English")),
    Field("date", N_("Day of commissioning"), "date"),
    Field("products", N_("Products, by commas"), "list", required=False),
    Rows("machines_out", N_("Machines out"), _MACHINE),
    Rows("machines_in", N_("Machines in"), _MACHINE),
))  # fmt: skip
PERIODS: tuple[Field, ...] = (
    Field("baseline.0", N_("First day of the baseline"), "date"),
    Field("baseline.1", N_("Last day of the baseline"), "date"),
    Field("reporting.0", N_("First day after"), "date"),
    Field("reporting.1", N_("Last day after"), "date"),
)
"""The two periods of a saving, both days of each included."""
INTERVALS = (("month", N_("month")), ("day", N_("day")))


def _inside(path: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(
            f"{path}.{f.path}",
            f.label,
            f.kind,
            f.required,
            f.value,
            f.units,
            f.shown,
            f.options,
            f.source,
            f.hint,
        )
        for f in fields
    )


_ENERGY = Part(N_("Energy that is avoided"), (
    fixed("energy.quantity", "electricity"),
    *_inside("energy", (
        *PERIODS,
        Field("interval", N_("Compared by"), "select", value="month", options=INTERVALS),
        Field("confidence", N_("Confidence of the interval"), "decimal", value="90", units=("%",)),
        Field("points", N_("Electricity of these points"), "many", required=False, source="points",
              hint=N_("none ticked: all that the site uses")),
        Field("drivers", N_("Explained by"), "many", required=False, source="besides",
              hint=N_("none ticked: every set of what the site has is tried")),
    )),
), True)  # fmt: skip


def _side(cost: str, side: str, label: str, amounts: tuple[str, ...], prices: tuple[str, ...]) -> Choice:
    """One side of a yearly cost: a sum, or an amount and its price."""
    path = f"money.costs.{cost}.{side}"
    return Choice(label, (("sum", N_("a sum")), ("priced", N_("an amount and its price"))), (
        (("sum",), (_decimal(path, N_("A year"), _YEARLY),)),
        (("priced",), (
            _decimal(f"{path}.amount", N_("Amount"), *amounts),
            _decimal(f"{path}.price", N_("Price"), *prices),
        )),
    ))  # fmt: skip


def _cost(
    cost: str, label: str, amounts: tuple[str, ...], prices: tuple[str, ...], more: Choice | None = None
) -> Choice:
    """A cost of a year before and after, or not given; more: other ways in which it may be given."""
    sides = tuple(
        _side(cost, side, title, amounts, prices)
        for side, title in (("before", N_("Before")), ("after", N_("After")))
    )
    options, ways = ((), ()) if more is None else (more.options, more.ways)
    at = (tuple(value for value, _ in _AT), sides)
    return Choice(label, (_NOT_GIVEN, *_AT, *options), (at, *ways), f"money.costs.{cost}.at")


_AVOIDED = Choice("", (("avoided-energy", N_("the avoided energy at a price")),), (
    (("avoided-energy",), (
        _decimal("money.costs.energy.price", N_("Price"), f"{_MONEY}/kWh", f"{_MONEY}/MWh", f"{_MONEY}/GJ",
                 required=True),
    )),
))  # fmt: skip
_BULK = ("t", "kg", "m", "m3", "pcs")
_FUELS = ("kWh", "MWh", "GJ", "t", "m3")
_COSTS: tuple[Item, ...] = (
    _cost("labour", N_("Labour"), ("person",), (f"{_MONEY}/person/a",)),
    _cost("energy", N_("Energy of all carriers"), tuple(f"{unit}/a" for unit in _FUELS),
          tuple(f"{_MONEY}/{unit}" for unit in _FUELS), _AVOIDED),
    _cost("scrap", N_("Scrap"), tuple(f"{unit}/a" for unit in _BULK), tuple(f"{_MONEY}/{unit}" for unit in _BULK)),
    Rows("money.costs.added", N_("Added costs of a year"), (
        Field("key", N_("What for"), "select", options=(
            ("maintenance", N_("maintenance")), ("licences", N_("licences")), ("training", N_("training")),
            ("other", N_("other")),
        )),
        _decimal("value", N_("A year"), _YEARLY, required=True),
    ), of="pairs", hint=N_("0 where there are none: what is not said is not taken to be nothing")),
    Choice(N_("Output of a year"), (("", N_("not needed")), ("given", N_("for costs each at its own output"))), (
        (("given",), (
            _product("money.output.product_unit"),
            _decimal("money.output.before", N_("Before"), "{money.output.product_unit}/a"),
            _decimal("money.output.after", N_("After"), "{money.output.product_unit}/a"),
        )),
    )),
)  # fmt: skip
_MONEY_PART = Part(N_("Money"), (
    Field("money.currency", N_("Currency"), "select", value="CNY", options=CURRENCIES),
    _decimal("money.discount_rate", N_("Discount rate a year"), "%"),
    Choice(N_("Cash flows"), (("costs", N_("from investment and yearly costs")), ("flows", N_("given year by year"))), (
        (("costs",), (
            _decimal("money.investment", N_("Investment"), _MONEY),
            _decimal("money.residual", N_("Worth at the end"), _MONEY),
            _decimal("money.years", N_("Years it is used"), "a"),
            *_COSTS,
        )),
        (("flows",), (
            Rows("money.flows", N_("Flows, the first of year 0"), (
                _decimal("", N_("Flow"), _MONEY, required=True, hint=N_("below zero where money goes out")),
            ), 2, "values"),
        )),
    )),
), True)  # fmt: skip


def _crew(side: str) -> tuple[Item, ...]:
    path = f"labour.{side}"
    return (
        _decimal(f"{path}.operators", N_("Operators"), "person"),
        _decimal(f"{path}.hours", N_("Hours worked"), "h"),
        _decimal(f"{path}.output", N_("Output"), "{labour.product_unit}"),
        _decimal(f"{path}.period", N_("All this within"), "a", "d", value="1"),
    )


def _run(side: str) -> tuple[Item, ...]:
    path, each = f"oee.{side}", "{oee.product_unit}"
    return (
        _decimal(f"{path}.planned_busy", N_("Planned busy time"), *SPANS),
        _decimal(f"{path}.actual_production", N_("Actual production time"), *SPANS),
        _decimal(f"{path}.planned_run_per_item", N_("Planned run time per item"), f"min/{each}", f"h/{each}"),
        _decimal(f"{path}.produced", N_("Produced"), each),
        _decimal(f"{path}.good", N_("Good"), each),
    )


def _use(side: str) -> tuple[Item, ...]:
    path = f"per_unit.{side}"
    return (
        _decimal(f"{path}.energy", N_("Energy"), *ENERGIES),
        _decimal(f"{path}.output", N_("Output"), "{per_unit.product_unit}"),
    )


_LABOUR = Part(N_("Labour"), (
    _product("labour.product_unit"),
    _decimal("labour.person_year", N_("Hours of one person in a year"), "h/a"),
    *_both(_crew("before"), _crew("after")),
), True)  # fmt: skip
_OEE = Part(N_("Overall equipment effectiveness (OEE)"), (
    _product("oee.product_unit"), *_both(_run("before"), _run("after"))
), True)  # fmt: skip
_PER_UNIT = Part(N_("Energy per unit of product"), (
    _product("per_unit.product_unit"),
    Choice(N_("Energy and output"), (("sums", N_("sums that I give")), ("readings", N_("the site's own readings"))), (
        (("sums",), _both(_use("before"), _use("after"))),
        (("readings",), (
            Field("per_unit.output", N_("Output is"), "select", source="besides",
                  hint=N_("over the baseline and the time after of the avoided energy")),
        )),
    )),
), True)  # fmt: skip
_EMISSIONS = Part(N_("Emissions"), (
    Field("emissions.factor", N_("Factor of both periods"), "select", False, source="grid"),
    Field("emissions.factor_before", N_("Factor of the time before"), "select", False, source="grid"),
    Field("emissions.factor_after", N_("Factor of the time after"), "select", False, source="grid"),
), True, N_("One factor weighs both periods; what the grid itself changed is shown apart."))  # fmt: skip
REPLACEMENT = Form(
    "replacement", N_("Machine replacement"),
    (_PROJECT, _ENERGY, _MONEY_PART, _LABOUR, _OEE, _PER_UNIT, _EMISSIONS),
    N_("The latest of an id counts. What is left out is not guessed: the figures that need it are refused."),
)  # fmt: skip
