"""Reading the keys of a project: parts, quantities in a unit, the unit of a product."""

from __future__ import annotations

from accounts.replacement.declared_messages import TooSmall
from accounts.replacement.quantity import ANY, Known, Missing, Quantity, product_unit
from contract.errors import BadInput
from contract.fields import Fields
from contract.form_messages import MustBeMapping


def inside(look: Fields, key: str) -> Fields | None:
    """The object below a key; None when it is absent."""
    found = look.get(key, required=False)
    if found is not None and not isinstance(found, dict):
        look.fault(key, MustBeMapping())
        return None
    return None if found is None else Fields(found, look.faults, (*look.at, key))


def amount(look: Fields, key: str, unit: str, least: int | None = 0) -> Known:
    """A quantity in *unit*, at least *least*; Missing when it is absent."""
    found = look.get(key, required=False)
    if found is None:
        return Missing(dotted(look, key))
    try:
        value = Quantity.parse(found).to(unit)
    except BadInput as error:
        look.fault(key, error.message)
        return Missing(dotted(look, key))
    if least is not None and value < least:
        look.fault(key, TooSmall(least, unit, str(found)))
    return value


def dotted(look: Fields, key: str) -> str:
    """The path of a key as a person writes it."""
    return ".".join(map(str, (*look.at, key)))


def unit_of(look: Fields) -> str:
    """The unit in which a part counts its product; ANY when it can't be read."""
    text = look.text("product_unit")
    if not text:
        return ANY
    try:
        return product_unit(text)
    except BadInput as error:
        look.fault("product_unit", error.message)
        return ANY
