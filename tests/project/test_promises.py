"""scripts/promises.py, the judge of docs/promises.md, on pages that are right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import promises

ROOT = Path(__file__).resolve().parents[2]
HEAD = "| line | shown by | number | commit | date |\n| --- | --- | --- | --- | --- |\n"


def test_the_page_of_the_project_is_right() -> None:
    text = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    assert len(promises.rows(text)) >= 30
    assert promises.errors(ROOT, text) == []


@pytest.mark.parametrize(
    "cell",
    [
        "`tests/project/test_promises.py::test_the_page_of_the_project_is_right`",
        "`make test-long`",
        "`steelyard-demo --check`",
        "*open*",
        "*missed: 70 s*",
    ],
)
def test_a_row_with_proof_or_an_admission_passes(cell: str) -> None:
    assert promises.errors(ROOT, HEAD + f"| it works | {cell} | | | |\n") == []


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("`tests/project/test_promises.py::test_absent`", "no test"),
        ("`tests/project/test_absent.py::test_it`", "no test"),
        ("`make everything`", "no target everything"),
        ("`steelyard-oracle`", "no command steelyard-oracle"),
        ("we believe so", "neither shown"),
        ("", "neither shown"),
    ],
)
def test_a_row_that_points_at_nothing_is_named(cell: str, why: str) -> None:
    found = promises.errors(ROOT, HEAD + f"| it works | {cell} | | | |\n")
    assert len(found) == 1
    assert found[0].startswith("line 3: ") and why in found[0]


def test_another_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table with the columns"):
        promises.rows("| a | b |\n| - | - |\n")
