"""Savings of a site's projects (docs/methods.md, Saving)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from verify.figures.amounts import Amount
from verify.figures.compare import Near
from verify.figures.factors import value as factor_value
from verify.figures.figure import Answers, Figure, Ground, identified
from verify.figures.measures import given
from verify.formats.calendar import day_of_text
from verify.formats.findings import Bad
from verify.formats.messages import Lacks
from verify.formats.numbers import short, tonnes
from verify.formats.quantities import AMOUNTS, PRODUCTION, SUFFIX
from verify.formats.shape import listed, members, part, text
from verify.reasons.energy.messages import ReportingOutside
from verify.reasons.reason import InsufficientData
from verify.reasons.savings.project_messages import NoDrivers, NoWholeMonths, NoWholePeriod, OneRow, Refused
from verify.savings.doubts import doubts
from verify.savings.messages import NotASpan
from verify.savings.project_rows import Project, Reader, Row, code_of, table
from verify.savings.regress import Model, chosen, fit

ENERGY = "quantity interval baseline reporting confidence"
SITES = "site"
METHOD = "steelyard/saving/1"
MOST_DAYS = 4000


def _span(value: Any, where: str) -> tuple[date, date]:
    days = [day_of_text(item, where) for item in listed(value, where)]
    if len(days) != 2 or not 0 <= (days[1] - days[0]).days <= MOST_DAYS:
        raise Bad(NotASpan(), where)
    return days[0], days[1]


def _names(value: Any, where: str) -> list[str] | None:
    return None if value is None else [text(item, where) for item in listed(value, where)]


def _project(item: Any, where: str) -> Project:
    members(item, where, "id quantity interval baseline reporting", "points drivers confidence")
    return project_of(text(item["id"], where), item, where)


def project_of(name: str, item: dict[str, Any], where: str) -> Project:
    """What is compared with what, from a statement of `savings` or the energy of a `replacement`; raises Bad."""
    for key in ("quantity", "interval", "baseline", "reporting"):
        if key not in item:
            raise Bad(Lacks((key,)), where)
    return Project(
        name, text(item["quantity"], where), _names(item.get("points"), where),
        _names(item.get("drivers"), where), item["interval"] == "month", _span(item["baseline"], where),
        _span(item["reporting"], where),
    )  # fmt: skip


def savings(ground: Ground, answers: Answers) -> None:
    """The saving of each project whose reporting period lies in the period, and its twin in emissions."""
    from_, to = date.fromisoformat(ground.from_), date.fromisoformat(ground.to)
    for work in _works(ground):
        project = work.project
        first, last = project.reporting
        if last < from_ or first >= to:
            continue
        code = code_of(ground, project.quantity)
        unit = SUFFIX.get(AMOUNTS.get(code, ""), code.removeprefix("production_"))
        answers.take(f"saving_{unit}", project.id, lambda unit=unit, work=work: work.saving(f"saving_{unit}"))
        if work.model is not None and code == "electricity" and work.factor is not None:
            answers.take("saving_tco2", project.id, work.twin)


def _works(ground: Ground) -> list[Work]:
    """The savings projects of the site, and its replacements that declare where their energy is."""
    listed_ = listed((ground.declared.savings or {"projects": []})["projects"], "savings")
    found = []
    for at, item in enumerate(listed_):
        where = f"savings: projects[{at}]"
        found.append(Work(ground, _project(item, where), _confidence(item, where)))
    own = {work.project.id for work in found}
    for name, item in ground.declared.replacements.items():
        energy, where = item.statement.get("energy"), f"{item.entry.name}: energy"
        if energy is None or name in own:
            continue
        share = _confidence(members(energy, where, ENERGY, "points drivers"), where)
        factor = (part(item.statement, "emissions", item.entry.name) or {}).get("factor")
        factor = None if factor is None else text(factor, f"{item.entry.name}.emissions.factor")
        found.append(Work(ground, project_of(name, energy, where), share, factor))
    return found


def _confidence(item: dict[str, Any], where: str) -> float:
    percent = given(item, "confidence", "%", where)
    return 0.9 if percent is None else float(percent / 100)


class Work:
    """One project while it is worked out.

    confidence: of its interval, 0 to 1; factor: id of the grid factor of its twin, SITES for the site's choice; more:
    columns that are read beside its drivers.
    """

    def __init__(
        self, ground: Ground, project: Project, confidence: float = 0.9, factor: str | None = SITES
    ) -> None:
        self.ground, self.project, self.confidence, self.factor = ground, project, confidence, factor
        self.model: Model | None = None
        self.kept: list[Amount] = []
        self.code = code_of(ground, project.quantity)
        self.inputs: set[bytes] = set()
        self.more: tuple[str, ...] = ()
        self._read: dict[tuple[date, date], tuple[set[str], list[Row]]] = {}

    def fitted(self) -> Model:
        """The baseline model; raises InsufficientData."""
        first, last = self.project.reporting
        if first < date.fromisoformat(self.ground.from_) or last >= date.fromisoformat(self.ground.to):
            raise InsufficientData(ReportingOutside(f"{first}..{last}"))
        if torn := self.project.torn:
            raise InsufficientData(NoWholeMonths(*(day.isoformat() for day in torn)))
        named = self.drivers
        base, report = (self._rows(span, named) for span in (self.project.baseline, self.project.reporting))
        if self.project.drivers is None:
            rows = [row for row in [*base, *report] if row.energy is not None]
            named = [name for name in named if all(name in row.drivers for row in rows)]
        kept = [[row for row in rows if row.known(named)] for rows in (base, report)]
        self._enough([*base, *report], named, sum(map(len, kept)))
        if len(kept[1]) < len(report):
            raise InsufficientData(f"{len(report) - len(kept[1])} rows of the reporting period are lacking")
        if not kept[0]:
            raise InsufficientData("no row in the baseline")
        tables = [table(rows, named) for rows in kept]
        if self.project.drivers is None:
            made = chosen(tables[0], tables[1], self.confidence)
        else:
            made = fit(tables[0], tables[1], tuple(named), self.confidence)
        if made.why:
            raise InsufficientData(Refused(tuple(made.why)))
        self.inputs = {one for rows in kept for row in rows for one in row.inputs(named)}
        self.kept = [amount for row in kept[1] for amount in row.amounts]
        return made

    def _enough(self, rows: list[Row], named: list[str], known: int) -> None:
        """Raises InsufficientData where fewer than two rows, or no driver, can be compared."""
        if all(row.energy is None for row in rows):
            interval = "month" if self.project.monthly else "day"
            raise InsufficientData(NoWholePeriod(interval, self.project.quantity))
        if not named:
            raise InsufficientData(NoDrivers())
        if known < 2:
            raise InsufficientData(OneRow())

    def _rows(self, span: tuple[date, date], named: list[str]) -> list[Row]:
        """The rows of a span with these columns and perhaps more, read once."""
        known = self._read.get(span)
        if known is None or not known[0].issuperset(named):
            columns = sorted({*named, *self.more})
            known = self._read[span] = set(columns), Reader(self.ground, self.project).read(span, columns)
        return known[1]

    def rows(self, span: tuple[date, date], column: str) -> list[Row]:
        """The rows of a span in which the energy and a column are both known."""
        return [row for row in self._rows(span, [column]) if row.known([column])]

    @property
    def drivers(self) -> list[str]:
        """The drivers that are named, or all that may be searched."""
        return self._all_drivers() if self.project.drivers is None else self.project.drivers

    def _all_drivers(self) -> list[str]:
        """Every quantity but its own that points carry, production as one, in the order of their codes."""
        known = {code for point in self.ground.points.all.values() for code in point.carries}
        own = "production" if self.code in PRODUCTION.values() else self.code
        return sorted({"production" if code in PRODUCTION.values() else code for code in known} - {own})

    def _figure(
        self, kind: str, value: str, unit: str, more: dict[str, Any], near: dict[str, Near],
        used: tuple[str, ...] = (),
    ) -> Figure:  # fmt: skip
        first, last = self.project.reporting
        made = self.ground.figure(
            kind, self.project.id, value, unit, METHOD,
            Fraction(1),
            max((amount.substituted for amount in self.kept), default=Fraction(0)), self.inputs, [], used,
            more={**more, "project": self.project.id},
            period=(first.isoformat(), (last + timedelta(days=1)).isoformat()),
        )  # fmt: skip
        made.near.update(near)
        return made

    def name_of(self, kind: str) -> str:
        """The id of the project's figure of a kind."""
        first, last = self.project.reporting
        to = (last + timedelta(days=1)).isoformat()
        return identified(self.ground.site, kind, self.project.id, first.isoformat(), to, METHOD)

    def saving(self, kind: str) -> Figure:
        """The avoided use with its interval; raises InsufficientData."""
        model = self.fitted()
        exact = [Fraction(number) for number in (model.avoided, model.low, model.high)]
        texts = [short(one) for one in exact]
        form = {"confidence": f"{self.confidence}", "form": "ols-ac", "drivers": list(model.names)}
        more = {"interval": texts[1:], **form}
        near = {"value": Near(short, exact[:1]), "interval": Near(short, exact[1:])}
        made = self._figure(kind, texts[0], AMOUNTS[self.code], more, near)
        made.warned.extend(doubts(model, self.project))
        self.model = model
        return made

    def twin(self) -> Figure:
        """The saving in emissions, by the factor of the last reporting year for both periods."""
        assert self.model is not None
        factors, days = self.ground.factors, self.ground.days
        if self.factor is None or self.factor == SITES:
            record = factors.grid(days.year(days.begin(self.project.reporting[1])))
        else:
            record = factors.named(self.factor, "grid")
        exact = Fraction(self.model.avoided) * factor_value(record) / 1000
        return self._figure(
            "saving_tco2", tonnes(exact), "t{CO2}", {}, {"value": Near(tonnes, [exact])}, (str(record["id"]),)
        )
