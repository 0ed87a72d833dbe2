"""Factor records of a summary and the rule by which one is chosen (docs/methods.md, Which factor)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.figures.messages import RecordsUnordered, UnknownTable
from verify.formats.findings import Bad
from verify.formats.message import Message
from verify.formats.numbers import number
from verify.formats.shape import listed, members, text, whole
from verify.reasons.energy.messages import NoFactorsChosen, NotOneOf
from verify.reasons.factors.messages import (
    FactorNotUsable,
    FactorWithoutCitation,
    NationalGrid,
    NoFactorOfTable,
    NoGridFactor,
    NoGridFactorYet,
    NoProvince,
    UnknownFactor,
)
from verify.reasons.reason import OPEN, InsufficientData

HEAT = "cn-heat-default"
CITED = ("document", "issuer", "title", "date")
USABLE = ("V", "R", "R1")


COMMON = "id table unit document title issuer date url clause trust citation"
FIELDS = {
    "grid": "value year level place",
    "coal": "value quantity from_year to_year",
    "heat": "value quantity from_year to_year",
    "combustion": "ncv per cc of quantity from_year to_year",
}


def _sound(record: Any, where: str) -> str:
    """The id of a record that has the members of its table; raises Bad."""
    table = record.get("table") if isinstance(record, dict) else None
    if table not in FIELDS:
        raise Bad(UnknownTable(), where)
    members(record, where, f"{COMMON} {FIELDS[table]}")
    for key in ("document", "title", "issuer", "date", "url", "clause"):
        if record[key] is not None:
            text(record[key], f"{where}.{key}")
    for key in ("year", "from_year", "to_year"):
        if key in record and not (record[key] is None and key != "year"):
            whole(record[key], f"{where}.{key}", 1900)
    return text(record["id"], where)


# A record that a site names is of one table; the figure of the other table shows it, unless that figure was refused.
OTHER = {"coal": "scope1_tco2e", "combustion": "energy_tce"}


class Factors:
    """The records by id, and the site's choice among them.

    choice: its `factors` statement or None; refused: kinds that the summary refuses.
    """

    def __init__(self, records: Any, choice: dict[str, Any] | None, province: str, refused: set[str]) -> None:
        self.refused = refused
        self.records: dict[str, dict[str, Any]] = {}
        self.choice, self.province = choice, province
        for index, record in enumerate(listed(records, "summary.json: factors")):
            where = f"summary.json: factors[{index}]"
            name = _sound(record, where)
            if name in self.records or name < max(self.records, default=""):
                raise Bad(RecordsUnordered(), where)
            self.records[name] = record

    def citation(self, id_: str) -> str:
        record = self.records[id_]
        source = ", ".join(str(record[key]) for key in ("issuer", "title", "clause", "date") if record[key])
        return f"{source} (single source)" if record["trust"] == "R1" else source

    def _usable(self, record: dict[str, Any]) -> dict[str, Any]:
        if any(not record.get(key) for key in CITED):
            raise InsufficientData(FactorWithoutCitation(str(record["id"])))
        if record.get("trust") not in USABLE:
            raise InsufficientData(FactorNotUsable(str(record["id"]), str(record.get("trust"))))
        return record

    def named(self, id_: str, table: str, *others: Message) -> dict[str, Any]:
        """The usable record of an id in a table.

        Raises InsufficientData, for *others* or for what the cloud alone knows.
        """
        if id_ not in self.records or self.records[id_]["table"] != table:
            raise InsufficientData(*others, UnknownFactor(id_), FactorWithoutCitation(id_))
        return self._usable(self.records[id_])

    def grid(self, year: int) -> dict[str, Any]:
        """Of the site's place the newest year not later than the data's, or the record that the site names."""
        if self.choice is None:
            raise InsufficientData(NoFactorsChosen())
        chosen = self.choice.get("grid")
        if chosen not in ("province", "national"):
            return self.named(str(chosen), "grid")
        if chosen == "province" and not self.province:
            raise InsufficientData(NoProvince())
        place = self.province if chosen == "province" else "全国"
        found = [
            record
            for record in self.records.values()
            if record["table"] == "grid" and record["level"] == chosen and record["place"] == place
            if record["year"] <= year
        ]
        if not found:
            where = place if chosen == "province" else NationalGrid()
            raise InsufficientData(
                NoGridFactorYet(where, str(year), OPEN), NoGridFactor(where), FactorWithoutCitation(OPEN)
            )
        return self._usable(max(found, key=lambda record: int(record["year"])))

    def heat(self, year: int) -> dict[str, Any]:
        """The record of heat that the site names, else the default one."""
        if self.choice is None:
            raise InsufficientData(NoFactorsChosen())
        named = self.choice.get("heat")
        lacking: list[Message] = [
            NoFactorOfTable("heat", "heat", str(year)),
            FactorNotUsable(str(named or HEAT), OPEN),
        ]
        return self.named(
            str(named or HEAT), "heat", *lacking, *([NotOneOf(str(named), "heat")] if named else [])
        )

    def of_table(self, table: str, quantity: str, year: int) -> dict[str, Any]:
        """A coefficient or fuel: the record that the site names for the quantity, else the table's for the year."""
        mine = {
            id_: record
            for id_, record in self.records.items()
            if record.get("table") == table and record.get("quantity") == quantity
        }
        named = ((self.choice or {}).get("named") or {}).get(quantity)
        lacking: list[Message] = [NoFactorOfTable(table, quantity, str(year)), FactorWithoutCitation(OPEN)]
        if named is not None:
            lacking += [UnknownFactor(str(named)), FactorNotUsable(str(named), OPEN)]
        if named in mine:
            return self._usable(mine[named])
        if named is not None and named not in self.records and OTHER[table] not in self.refused:
            raise InsufficientData(*lacking)
        for record in mine.values():
            first, last = record.get("from_year"), record.get("to_year")
            if (first is None or first <= year) and (last is None or year <= last):
                return self._usable(record)
        raise InsufficientData(*lacking)


def value(record: dict[str, Any], key: str = "value") -> Fraction:
    return number(record.get(key), f"factor {record['id']}: {key}")
