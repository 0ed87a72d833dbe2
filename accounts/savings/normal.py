"""Normalised saving: both periods' models at the same normal conditions."""

from __future__ import annotations

import math
from collections.abc import Mapping

from accounts.savings import criteria
from accounts.savings.criteria import Effect
from accounts.savings.fit import Fit, design, fit
from accounts.savings.model_messages import NoNormalColumn, NoNormalInterval, NoNormalModel, NormalModelFails
from accounts.savings.parts import Part
from accounts.savings.result import Normalised
from accounts.savings.table import Floats
from contract.errors import BadInput
from contract.message import Message


def normalised(
    model: Fit, report: Part, normal: Mapping[str, Floats] | None
) -> tuple[Normalised | None, list[Message]]:
    """The saving at *normal* conditions, and its warnings; None without such conditions.

    None with a message when the reporting period does not carry a model of its own. BadInput when *normal* lacks
    a driver of the model.
    """
    if normal is None:
        return None, []
    for name in model.drivers:
        if name not in normal:
            raise BadInput(NoNormalColumn(name))
    try:
        now = fit(report.energy, report.of(model.drivers), model.drivers, report.follows)
    except BadInput as error:
        return None, [NoNormalModel(error.message)]
    given = [normal[name] for name in model.drivers]
    x = design(given, len(given[0]))
    found = Normalised(math.fsum(x @ model.b), math.fsum(x @ now.b), len(x), now)
    failed = criteria.failed([*criteria.model(now), *criteria.signs(now)], Effect.REFUSE)
    warnings: list[Message] = [NoNormalInterval()]
    return found, warnings + [NormalModelFails(one) for one in failed]
