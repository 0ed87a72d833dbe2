"""Energy and CO2 a unit of output, before and after, with one grid factor; and what the grid itself changed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from accounts.figure.carbon import tonnes
from accounts.figure.factors import Factor
from accounts.figure.rounding import NoFigure
from accounts.replacement.messages import NoOutput
from accounts.replacement.quantity import Known, Missing


@dataclass(frozen=True)
class Use:
    """Electricity and good output of a period; None where they are refused."""

    energy_kwh: Known | None
    output: Known | None


@dataclass(frozen=True)
class PerUnit:
    """Both periods, as ratios of sums. column: the output among the rows of the energy, whose sums then count."""

    product_unit: str
    before: Use
    after: Use
    column: str | None = None


@dataclass(frozen=True)
class Emissions:
    """Ids of grid factors. factor weighs both periods; the other two are each period's own, for the grid effect."""

    factor: str | Missing
    factor_before: str | Missing
    factor_after: str | Missing


def per_unit(energy_kwh: Fraction, output: Fraction) -> Fraction | NoFigure:
    """kWh for one unit of output."""
    return energy_kwh / output if output > 0 else NoFigure(NoOutput())


def avoided_tonnes(
    kwh_before: Fraction, kwh_after: Fraction, output_after: Fraction, factor: Factor
) -> Fraction:
    """t of CO2 avoided by the machines at the reporting period's output: one factor for both periods."""
    return tonnes((kwh_before - kwh_after) * output_after, factor)


def grid_tonnes(
    kwh_before: Fraction,
    kwh_after: Fraction,
    output_after: Fraction,
    factor: Factor,
    factor_before: Factor,
    factor_after: Factor,
) -> Fraction:
    """t of CO2 less at the same output because the grid's factor changed, and that no machine saved.

    Both effects add up to the whole difference: (e_b*f_b - e_a*f_a)*Q = (e_b - e_a)*f*Q + this.
    """
    before = tonnes(kwh_before * output_after, factor_before)
    after = tonnes(kwh_after * output_after, factor_after)
    return before - after - avoided_tonnes(kwh_before, kwh_after, output_after, factor)
