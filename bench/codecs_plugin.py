"""Our column codecs for the codec bench beside the project: `run.sh --plugin bench.codecs_plugin:CODECS`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cython_ext import columns


class Steelyard:
    """One tier; the bench knows rows and dtype, so the stream does not carry them."""

    def __init__(self, tier: str) -> None:
        self.name = f"steelyard {tier}"
        self._tier = tier

    def supports(self, dtype: np.dtype[Any]) -> bool:
        """Whether columns of this dtype are taken."""
        return dtype.str[1:] in columns.TYPES

    def encode(self, x: npt.NDArray[Any]) -> bytes:
        """One column."""
        return columns.encode([x], {"counts": [len(x)]}, self._tier)

    def decode(self, blob: bytes, n: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """One column."""
        return columns.decode(blob, [dtype], {"counts": [n]})[0]


CODECS = [Steelyard("dense"), Steelyard("auto")]
