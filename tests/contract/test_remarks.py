"""Statements about statements: what is withdrawn, and what notes, corrections and replacements must hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import declared, statement
from contract.declared import Correction, Replacement, Withdrawal
from contract.errors import Malformed
from contract.remarks import withdrawn
from contract.statement import DESK_KINDS, KINDS, Statement
from tests.replacement.worked import LABOUR, MONEY

HEAD = {"site": "mill", "by": "p-0123456789ab", "at": "1", "note": "counted twice"}
ENERGY: dict[str, Any] = {
    "quantity": "electricity", "points": ["dyeing"], "drivers": ["production"], "interval": "day",
    "baseline": ["2023-01-01", "2023-12-31"], "reporting": ["2024-01-01", "2024-06-30"], "confidence": "90 %",
}  # fmt: skip
PROJECT: dict[str, Any] = {
    "id": "dyeing", "name_zh": "三台", "name_en": "Three", "date": "2024-01-01", "products": ["cloth"],
    "machines_out": [{"name": "1 号", "power_kw": "75", "nameplate": "1998"}, {"name": "2"}],
    "machines_in": [{"name": "11", "power_kw": None}], "money": MONEY, "labour": LABOUR,
    "emissions": {"factor": "cn-grid-2023-zhejiang"}, "energy": ENERGY,
}  # fmt: skip
CORRECTION = {
    "from": "2024-01-01T00:00:00Z", "to": "2024-01-02T00:00:00Z", "point": "main", "quantity": "electricity",
    "value": "10.5", "unit": "kW.h",
}  # fmt: skip
FIELDS: dict[str, dict[str, Any]] = {
    "replacement": PROJECT,
    "note": {"about": "dyeing 2024-03-01", "text": "a valve leaked\nuntil noon"},
    "correction": CORRECTION,
    "withdraw": {"statement": "ab" * 32, "why": "wrong day"},
}


def name(number: int) -> bytes:
    return number.to_bytes(32, "big")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=10))
def test_withdrawn_is_what_a_later_statement_that_stands_names(targets: list[int | None]) -> None:
    statements = [(name(at), None if to is None else name(to)) for at, to in enumerate(targets)]

    def gone(at: int) -> bool:
        return any(to == at and not gone(later) for later, to in enumerate(targets) if later > at)

    assert withdrawn(statements) == {name(at) for at in range(len(targets)) if gone(at)}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_statement_of_each_kind_is_read_back_from_its_bytes(kind: str) -> None:
    sealed = Statement(kind, {**HEAD, **FIELDS[kind]})
    found = declared.parse(statement.load(statement.dump(sealed)))
    assert (found.site, found.by, found.at, found.note) == ("mill", HEAD["by"], 1, HEAD["note"])
    assert kind in DESK_KINDS and kind in KINDS


def test_what_a_replacement_says_is_kept_with_its_parts_as_written() -> None:
    found, faults = declared.check("replacement", PROJECT)
    assert isinstance(found, Replacement) and faults == []
    assert [(one.name, str(one.power_kw)) for one in found.machines_out] == [("1 号", "75"), ("2", "None")]
    assert set(found.parts) == {"money", "labour", "emissions"} and found.parts["money"] is MONEY
    energy = found.energy
    assert energy is not None and (energy.id, str(energy.confidence)) == ("dyeing", "0.9")
    assert energy.factor == "cn-grid-2023-zhejiang"
    again, _ = declared.check("replacement", {**PROJECT, "emissions": None})
    assert isinstance(again, Replacement) and again.energy is not None and again.energy.factor is None


def test_a_correction_and_a_withdrawal_name_what_they_mean() -> None:
    found, _ = declared.check("correction", CORRECTION)
    assert isinstance(found, Correction) and str(found.row.value) == "10.5"
    assert found.row.to is not None and found.row.to - found.row.from_ == 86_400 * 10**9
    gone, _ = declared.check("withdraw", FIELDS["withdraw"])
    assert gone == Withdrawal(bytes.fromhex("ab" * 32), "wrong day")


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("replacement", {"id": "A b"}, "id", "a-z"),
    ("replacement", {"date": "2024-02-30"}, "date", "must be a date"),
    ("replacement", {"machines_out": [{"name": "1", "power_kw": "0"}]}, "machines_out.0.power_kw", "above zero"),
    ("replacement", {"machines_in": [{"power_kw": "1"}]}, "machines_in.0.name", "required"),
    ("replacement", {"machines_in": [{"name": "1", "colour": "red"}]}, "machines_in.0.colour", "unknown key"),
    ("replacement", {"products": ["a", "a"]}, "products.1", "once"),
    ("replacement", {"money": ["1 CNY"]}, "money", "mapping"),
    ("replacement", {"money": {"investment": 5}}, "money.investment", "number and its unit"),
    ("replacement", {"money": {"costs": {"added": {"维护": "1 CNY/a"}}}}, "money.costs.added.维护", "ASCII"),
    ("replacement", {"energy": "all"}, "energy", "mapping"),
    ("replacement", {"energy": {**ENERGY, "quantity": "heat"}}, "energy.quantity", "electricity"),
    ("replacement", {"energy": {**ENERGY, "confidence": "40 %"}}, "energy.confidence", "50 %"),
    ("replacement", {"energy": {**ENERGY, "confidence": "100 %"}}, "energy.confidence", "below 100 %"),
    ("replacement", {"energy": {**ENERGY, "drivers": ["cooling"]}}, "energy.drivers.0", "unknown quantity"),
    ("replacement", {"energy": {**ENERGY, "reporting": ["2023-12-31", "2024-01-31"]}}, "energy.reporting", "after"),
    ("replacement", {"rows": []}, "rows", "unknown key"),
    ("note", {"text": ""}, "text", "1 to 2000"),
    ("note", {"text": "x" * 2001}, "text", "1 to 2000"),
    ("note", {"about": "a\nb"}, "about", "one line"),
    ("correction", {"value": "-1"}, "", "zero or more"),
    ("correction", {"to": "2023-01-01T00:00:00Z"}, "", "later than from"),
    ("correction", {"unit": "m3"}, "", "no unit"),
    ("correction", {"point": None}, "", "as text"),
    ("withdraw", {"statement": "AB" * 32}, "statement", "64 hex"),
    ("withdraw", {"why": ""}, "why", "one line"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "other", "path", "reason"), BAD)
def test_what_is_wrong_is_named_with_its_path(
    kind: str, other: dict[str, Any], path: str, reason: str
) -> None:
    found, faults = declared.check(kind, {**FIELDS[kind], **other})
    assert found is None
    assert any(".".join(map(str, at)) == path and reason in str(why) for at, why in faults), faults
    with pytest.raises(Malformed):
        declared.parse(Statement(kind, {**HEAD, **FIELDS[kind], **other}))


def test_a_replacement_that_declares_nothing_is_none() -> None:
    bare = {key: PROJECT[key] for key in ("id", "name_zh", "name_en", "date")}
    found, faults = declared.check("replacement", bare)
    assert found is None and "nothing is declared but names" in str(faults[0][1])
