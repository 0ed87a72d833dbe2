"""Energy and output of a replacement from the rows of its energy (docs/methods-replacement.md, per_unit.output)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from verify.formats.quantities import AMOUNTS, PRODUCTION
from verify.reasons.reason import InsufficientData
from verify.savings.project_rows import Row
from verify.savings.ratio import Pair, Sums
from verify.savings.saving import Work


class Metered:
    """Answers with the sums of the periods of a project."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def __call__(self, when: str, column: str, unit: str) -> Sums:
        """The rows of `before` or `after` in which energy and the column are both known; raises InsufficientData.

        unit: that in which the output should be counted.
        """
        self._counted(column, unit)
        project = self.work.project
        each = {
            name: self.work.rows(span, column)
            for name, span in (("before", project.baseline), ("after", project.reporting))
        }
        self._even([*each["before"], *each["after"]])
        if not each[when]:
            raise InsufficientData(f"no row has both the energy and {column}")
        return Sums(
            tuple(Pair(row.number, row.energy or Fraction(0), row.drivers[column][0]) for row in each[when])
        )

    def _counted(self, column: str, unit: str) -> None:
        """Whether the site counts an amount of that name in that unit alone; raises InsufficientData."""
        if column not in self.work.drivers:
            raise InsufficientData(f"{column} is no driver of the energy")
        points = self.work.ground.points
        if column == "production":
            units = {AMOUNTS[code] for code in PRODUCTION.values() if points.carrying(code)}
        else:
            units = {AMOUNTS[column]} if column in AMOUNTS else set()
        if units != {unit}:
            raise InsufficientData(f"{column} is not counted in {unit}")

    def _even(self, rows: list[Row]) -> None:
        """Whether rows stand at equal intervals, as those of a saving must; raises InsufficientData."""
        if len(rows) < 2:
            raise InsufficientData("one row says nothing of its interval")
        steps = [later.number - earlier.number for earlier, later in pairwise(rows)]
        project = self.work.project
        if project.torn or (not project.monthly and 2 * steps.count(1) < len(steps)):
            raise InsufficientData("rows at unequal intervals")
