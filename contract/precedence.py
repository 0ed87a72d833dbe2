"""Who wins for one (tag, time): the lowest origin, then the best quality, then the smallest block hash."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def winners(
    time: npt.NDArray[np.int64],
    origin: npt.NDArray[np.uint8],
    quality: npt.NDArray[np.uint8],
    block: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Indices of the winning values of one tag, one for each distinct time, in order of time.

    All arrays have one entry a value; *block* is the rank of the value's block among the blocks at hand when they are
    sorted by hash. The result does not depend on the order in which the values are given.
    """
    order = np.lexsort((block, quality, origin, time))
    first = np.ones(len(order), bool)
    first[1:] = np.diff(time[order]) != 0
    return order[first]
