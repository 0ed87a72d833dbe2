"""Student's t and Fisher's F, the only two distributions that a saving needs.

scipy takes half a second to import: the first saving waits for it, not every command that may meet one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def t_two_sided(t: NDArray[np.float64], df: int) -> NDArray[np.float64]:
    """The probability of an absolute t at least this large by chance."""
    from scipy.special import stdtr  # type: ignore[import-untyped]

    return np.asarray(2.0 * stdtr(df, -np.abs(t)), dtype=np.float64)


def t_quantile(confidence: float, df: int) -> float:
    """t that bounds the middle *confidence* of the distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(df, (1.0 + confidence) / 2.0))


def f_above(f: float, df1: int, df2: int) -> float:
    """The probability of an F at least this large by chance."""
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, f))
