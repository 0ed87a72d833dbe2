"""Replacements whose parts are of the wrong type or sense, sealed by the desk: named, never a traceback."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.verify import certified, certified_ends
from tests.verify.certified import PROJECT
from tests.verify.test_certificate import checked
from tests.verify.test_hostile import ODD, places, put
from verify.formats.findings import Bad
from verify.formats.shape import part
from verify.replacement import cash_flow, labour_oee, per_unit
from verify.replacement.interval_bounds import Avoided
from verify.replacement.terms import Terms
from verify.savings.ratio import Pair, Sums

METERED = certified_ends.project(PROJECT, "t", "0.72")
ROWS = Sums(tuple(Pair(at, Fraction(10 * at), Fraction(at)) for at in range(1, 6)))
AVOIDED = Avoided(Fraction(1000), Fraction(800), Fraction(1200), 365)


def made(said: dict[str, Any]) -> Terms:
    """The figures of all parts but the energy, with rows and an avoided energy that are there."""
    terms, found = Terms(), {name: part(said, name, "x") for name in ("money", "labour", "oee", "per_unit")}
    if found["money"] is not None:
        cash_flow.evaluate(found["money"], terms, "money", AVOIDED)
    if found["labour"] is not None:
        labour_oee.labour(found["labour"], terms, "labour")
    if found["oee"] is not None:
        labour_oee.oee(found["oee"], terms, "oee")
    if found["per_unit"] is not None:
        share = Fraction(9, 10)
        per_unit.per_unit(
            found["per_unit"],
            {"factor": "f"},
            lambda name: Fraction(1),
            terms,
            "per_unit",
            lambda *of: ROWS,
            share,
        )
    return terms


def test_an_odd_value_anywhere_in_a_project_is_refused_or_read() -> None:
    """Each place of the statement, odd values drawn anew: figures, refusals or one Bad with its place."""
    bad, chance = 0, random.Random(2)
    for path in places({**PROJECT, **{key: METERED[key] for key in ("money", "per_unit")}}):
        for odd in chance.sample(ODD, 8):
            said = copy.deepcopy(METERED)
            put(said, path, odd)
            try:
                made(said)
            except Bad as error:
                assert error.where and str(error)
                bad += 1
    assert bad > 300, bad


def test_an_odd_value_in_a_sealed_project_is_named_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole check of a pack, for values drawn anew in the energy and what is read beside it."""
    chance = random.Random(3)
    spots = [path for path in places(METERED) if path[0] in ("energy", "emissions", "per_unit")]
    for path in chance.sample(spots, 6):
        said = copy.deepcopy(PROJECT)
        said["per_unit"] = {"product_unit": "{piece}", "output": "production"}
        put(said, path, chance.choice(ODD))
        monkeypatch.setattr(certified, "PROJECT", said)
        report = checked(certified.planted())
        whys = [check.why for check in report.findings.checks if not check.ok]
        assert report.exit == 1 and whys, path
        assert not any("could not be checked" in why for why in whys), (path, whys)
