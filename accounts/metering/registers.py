"""Steps between readings of a counting register that rolls over."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
BOOL = npt.NDArray[np.bool_]

_MARGIN = 1e-9


@dataclass(frozen=True)
class Register:
    """A counting register: its width, how fast it can run, how long a time between two readings is covered.

    rate: most steps in a nanosecond; None when that was not declared: then no step backwards is a rollover.
    slack: nanoseconds by which the stamps of two readings may be off against each other.
    reach: nanoseconds; the time between two readings counts as covered when it is at most this long.
    """

    bits: int
    rate: Fraction | None
    reach: int
    slack: int = 0


def increments(before: U64, after: U64, elapsed: I64, register: Register) -> tuple[I64, BOOL]:
    """Steps from each reading to the next, and whether they can be true.

    (after - before) mod 2**bits where that is at most rate * (elapsed + slack) + 1, else 0 and False: never a guess.
    The one step more is what counting in whole steps can add to a difference.
    Registers that run on for 2**63 steps or more are beyond what is summed up here.
    Raw readings are taken modulo 2**bits, so that a signed register may be given by its bits.
    """
    steps = after - before
    if register.bits < 64:
        steps = steps & np.uint64((1 << register.bits) - 1)
    good = (
        after >= before if register.rate is None else _at_most(steps, register.rate, elapsed + register.slack)
    )
    return np.where(good, steps, np.uint64(0)).astype(np.int64), good


def _at_most(steps: U64, rate: Fraction, elapsed: I64) -> BOOL:
    """steps <= rate * elapsed + 1, exactly: floats decide what is clear, integers what is near."""
    limit, wanted = elapsed * float(rate) + 1, steps.astype(np.float64)
    good: BOOL = wanted <= limit * (1 - _MARGIN)
    near = ~good & (wanted <= limit * (1 + _MARGIN) + 1)
    for i in np.flatnonzero(near):
        good[i] = (int(steps[i]) - 1) * rate.denominator <= rate.numerator * int(elapsed[i])
    return good
