import numpy as np
import numpy.typing as npt

def decode(
    data: bytes | bytearray | memoryview | npt.NDArray[np.uint8],
    fields: npt.NDArray[np.int32],
    row: bytearray | memoryview | npt.NDArray[np.uint8],
) -> int: ...
