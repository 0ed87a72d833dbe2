from enum import IntEnum

import numpy as np
import numpy.typing as npt

class Kind(IntEnum):
    NUMBER = 0
    BOOL = 1
    BITS = 2
    BCD = 3
    MOD10K = 4
    SIGNED_MOD10K = 5
    TEXT = 6
    TIME_IEC = 7
    TIME_POWERLOGIC = 8
    TIME_CET = 9
    TIME_REGISTERS = 10
    TIME_SICAM = 11

def decode(
    data: bytes | bytearray | memoryview | npt.NDArray[np.uint8],
    fields: npt.NDArray[np.int32],
    row: bytearray | memoryview | npt.NDArray[np.uint8],
    bad: bytearray | memoryview | npt.NDArray[np.uint8],
) -> int: ...
