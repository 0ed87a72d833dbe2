from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FORMATS: dict[str, tuple[int, np.dtype[Any]]]
"""Bits on the wire and type of the decoded samples, by format."""
MAX_CHANNELS: int
MAX_SAMPLES: int
MAX_HEADER: int
"""Most bytes between sync word and payload."""

class Frames(NamedTuple):
    """Samples [samples of all frames, channels], C-contiguous; the counter of each frame; counts of this call.

    bad: frames that were begun and are broken. lost: numbers missing in the counters of the good ones. restarts:
    how often a counter stood still or went back.
    """

    samples: npt.NDArray[Any]
    sequences: npt.NDArray[np.uint32]
    frames: int
    bad: int
    lost: int
    restarts: int

def payload_bytes(format: str, samples: int, channels: int) -> int: ...

class Decoder:
    def __init__(
        self,
        sync: bytes,
        sequence: tuple[int, int, bool],
        payload: tuple[int, int, int, str, bool],
        checksum: tuple[int, int, int, bool, int, int, int, bool] | None = None,
    ) -> None: ...
    @property
    def size(self) -> int: ...
    def feed(self, chunk: bytes | bytearray | memoryview | npt.NDArray[np.uint8]) -> Frames: ...
    def finish(self) -> Frames: ...
