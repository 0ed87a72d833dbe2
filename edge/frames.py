"""A file of raw sensor frames -> what it holds, in constant memory, for `steelyard-edge frames`."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

from contract.errors import BadInput
from contract.message import Message
from cython_ext.frames import Decoder, Frames
from edge.messages import CounterWentBack, FramesDecoded, FramesSoFar
from journal.messages import PathError

CHUNK = 1 << 20
"""Bytes that are read at once."""
PROGRESS = 5.0
"""Seconds between two lines of progress."""
STDIN = "-"


@dataclass
class FrameCounts:
    """What a stream has held so far."""

    frames: int = 0
    bad: int = 0
    lost: int = 0
    restarts: int = 0
    read: int = 0
    _samples: Any = field(default_factory=hashlib.sha256)

    def add(self, found: Frames) -> None:
        """Count one call of the decoder."""
        self.frames += found.frames
        self.bad += found.bad
        self.lost += found.lost
        self.restarts += found.restarts
        little = found.samples.dtype.newbyteorder("<")
        self._samples.update(found.samples.astype(little, copy=False).data)

    def json(self) -> dict[str, Any]:
        """{frames, bad, lost, samples_sha256}."""
        return {
            "frames": self.frames,
            "bad": self.bad,
            "lost": self.lost,
            "samples_sha256": self._samples.hexdigest(),
        }

    @property
    def result(self) -> Message:
        """The same for people."""
        return FramesDecoded(self.frames, self.bad, self.lost, self._samples.hexdigest())

    @property
    def progress(self) -> Message:
        """What has been read."""
        return FramesSoFar(self.read // 1_000_000, self.frames, self.bad, self.lost)

    def warnings(self) -> Iterator[Message]:
        """What the counts do not say."""
        if self.restarts:
            yield CounterWentBack(self.restarts)


def count(
    decoder: Decoder, name: str, show: Callable[[Message], None], every: float = PROGRESS
) -> FrameCounts:
    """What the file *name* holds, `-` for stdin; *show* gets the progress every so many seconds, and warnings.

    Raises BadInput for a file that can't be read.
    """
    counts, due = FrameCounts(), time.monotonic() + every
    for chunk in _chunks(name):
        counts.add(decoder.feed(chunk))
        counts.read += len(chunk)
        if time.monotonic() >= due:
            show(counts.progress)
            due = time.monotonic() + every
    counts.add(decoder.finish())
    for warning in counts.warnings():
        show(warning)
    return counts


def _chunks(name: str) -> Iterator[bytes]:
    try:
        if name == STDIN:
            yield from _read(sys.stdin.buffer)  # type: ignore[arg-type]  # typed as any binary stream
        else:
            with Path(name).open("rb") as file:
                yield from _read(file)
    except OSError as error:
        raise BadInput(PathError(name, str(error.strerror))) from None


def _read(file: BufferedReader) -> Iterator[bytes]:
    while chunk := file.read1(CHUNK):
        yield chunk
