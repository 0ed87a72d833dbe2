from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

TYPES: tuple[str, ...]
TIERS: tuple[str, ...]

class BadStream(ValueError): ...

def encode(
    columns: Sequence[npt.NDArray[Any]], hints: Mapping[str, Sequence[int]] | None = None, tier: str = "auto"
) -> bytes: ...
def decode(
    blob: bytes | memoryview,
    dtypes: Sequence[npt.DTypeLike],
    hints: Mapping[str, Sequence[int]] | None = None,
) -> list[np.ndarray[Any, Any]]: ...
