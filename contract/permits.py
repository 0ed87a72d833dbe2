"""A discharge permit as a statement has it: limits of parameters at points."""

from __future__ import annotations

from contract import units
from contract.declared_messages import AboveLimit, BeforeValidFrom, LimitTwice, NoUnitOfParameter
from contract.fields import Fields
from contract.form_messages import IdOfPoint
from contract.messages import UnknownUnitHere
from contract.sites import Limit, Permit
from contract.tags import TAG_NAME

PARAMETERS = {"cod": "mg/L", "nh3n": "mg/L", "ph": "[pH]", "tn": "mg/L", "tp": "mg/L", "ss": "mg/L"}
"""Parameters that a permit may limit, and a unit of each one's kind."""
STATISTICS = ("day", "hour")


def permit(look: Fields) -> Permit:
    """Read the fields of a permit; faults are noted."""
    document, example = look.text("document"), look.truth("example")
    since, until = look.day("valid_from"), look.maybe_day("valid_to")
    if until is not None and until < since:
        look.fault("valid_to", BeforeValidFrom(str(since)))
    limits: list[Limit] = []
    for item in look.objects("limits"):
        limit = _limit(item)
        if any(
            (limit.point, limit.parameter, limit.statistic) == (o.point, o.parameter, o.statistic)
            for o in limits
        ):
            item.fault("parameter", LimitTwice())
        limits.append(limit)
    return Permit(document, example, since, until, tuple(limits))


def _limit(item: Fields) -> Limit:
    point = item.text("point", TAG_NAME, IdOfPoint())
    parameter, unit = item.choice("parameter", PARAMETERS), item.text("unit")
    if unit and not units.known(unit):
        item.fault("unit", UnknownUnitHere(unit))
    elif unit and parameter and units.dimension(unit) != units.dimension(PARAMETERS[parameter]):
        item.fault("unit", NoUnitOfParameter(unit, parameter, PARAMETERS[parameter]))
    high = item.number("limit")
    low = item.number("limit_low") if item.get("limit_low", required=False) is not None else None
    if low is not None and low > high:
        item.fault("limit_low", AboveLimit(str(high)))
    return Limit(point, parameter, high, low, unit, item.choice("statistic", STATISTICS))
