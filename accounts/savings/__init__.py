"""Savings: what use would have been without the change, less what was measured, with an interval.

Pure: no I/O. Formulas, forms and criteria with their sources: docs/methods-savings.md.

    table = read_csv(text)                      # or Table.of(times, energy, {"production": [...]}) from hour facts
    result = evaluate(
        table,
        Period.parse("2022-01-01..2023-12-31"),      # baseline, both ends included
        Period.parse("2024-01-01..2024-12-31"),      # reporting period
        drivers=["production", "cdd"],          # None: every subset of the columns is tried
        normal=None,                            # read_normal(text): fixed conditions for `normalised`
        confidence=0.9,
    )
    result.claimed                              # float | None: the saving that may be claimed
    result.refused, result.warnings             # one sentence each; refused is empty when the model is accepted
    result.as_dict()                            # what the command prints as JSON
    emission_twin(result.avoided, factor)       # t of CO2, one factor for both periods
    course(table, result)                       # row by row, cumulated, each sum with its interval

Energy is in the unit of the column that was given and positive when saved. Rows are daily or monthly. What a
person can mend in the data (a time twice, a cell that is no number, collinear drivers) raises
contract.errors.BadInput with one line; a model that may not be used gives a Result whose `refused` says why.
"""

from accounts.savings.course import METHOD as COURSE
from accounts.savings.course import Course, Line, course, lines
from accounts.savings.emissions import emission_twin
from accounts.savings.evaluate import evaluate
from accounts.savings.periods import Period
from accounts.savings.result import Result
from accounts.savings.table import Table, read_csv, read_normal

__all__ = [
    "COURSE", "Course", "Line", "Period", "Result", "Table", "course", "emission_twin", "evaluate", "lines", "read_csv",
    "read_normal",
]  # fmt: skip
