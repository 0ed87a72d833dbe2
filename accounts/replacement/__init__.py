"""Machine replacement (机器换人): what a project saves, earns and changes. Pure: no I/O.

Formulas and their ids: docs/methods-replacement.md. They are named Steelyard methods without a claim of conformity.

    project, faults = read(plain, factor_ids)    # plain values as a person wrote them; faults: (path, sentence)
    found = evaluate(project, factors)           # one JSON object; factors: {id: Factor}

Figures are decimal strings; a figure whose input is missing is null and stands in ``refused`` with the input's name.
"""

from accounts.replacement.declared import read, read_parts
from accounts.replacement.evaluate import Measured, evaluate
from accounts.replacement.per_unit import Paired
from accounts.replacement.project import Project

__all__ = ["Measured", "Paired", "Project", "evaluate", "read", "read_parts"]
