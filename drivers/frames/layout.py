"""The layout of raw sensor frames as a file, and the decoder that it makes.

Bytes of a frame: sync word, header, payload, checksum. Places are counted from 0, the first byte of the sync word.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

import settings
from cython_ext.frames import MAX_CHANNELS, MAX_HEADER, MAX_SAMPLES, Decoder, payload_bytes
from drivers.frames.checksum import Checksum
from drivers.frames.messages import (
    ChecksumBounds,
    ChecksumCoversNothing,
    CounterOutsideHeader,
    NoRoomForCounter,
    SyncForm,
)
from settings.model import Fault

Order = Literal["big", "little"]


def _sync(text: str) -> str:
    try:
        size = len(bytes.fromhex(text))
    except ValueError:
        size = 0
    if not 1 <= size <= 8:
        raise ValueError(SyncForm(text[:40]))
    return text


class Sequence(settings.Model):
    """The counter of frames."""

    offset: int = Field(
        ge=0, description="place of its first byte in the frame, from 0; it lies in the header"
    )
    bits: Literal[8, 16, 32] = Field(description="size; it goes up by one a frame and wraps to 0")
    order: Order = Field(description="order of its bytes")

    @property
    def size(self) -> int:
        """Bytes."""
        return self.bits // 8


class Payload(settings.Model):
    """The samples, one after the other, each with the values of all channels."""

    samples: int = Field(ge=1, le=MAX_SAMPLES, description="samples in a frame")
    channels: int = Field(ge=1, le=MAX_CHANNELS, description="values in a sample")
    format: Literal["int16", "uint16", "int12", "uint12", "int24", "int32", "float32"] = Field(
        description="type of a value; two of 12 bits share three bytes (decoded: int16 for int12, uint12 and int16,"
        " int32 for uint16, int24 and int32, float32)"
    )
    order: Order = Field(
        description="order of a value's bytes; for 12 bits, whether the first byte has the high bits of the first"
        " value (big) or its low bits (little)"
    )

    @property
    def size(self) -> int:
        """Bytes."""
        return payload_bytes(self.format, self.samples, self.channels)


class FrameLayout(settings.Root):
    """A whole layout file."""

    sync: Annotated[str, AfterValidator(_sync)] = Field(description="bytes that begin a frame, hex in quotes")
    header: int = Field(
        ge=1, le=MAX_HEADER, description="bytes between sync word and payload, the counter among them"
    )
    sequence: Sequence = Field(description="the counter of frames")
    payload: Payload = Field(description="the samples")
    checksum: Checksum | None = Field(None, description="the last bytes of a frame, behind the payload")

    @model_validator(mode="after")
    def _check(self) -> FrameLayout:
        settings.faults("layout", self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        size, last = self.sequence.size, self.payload_at - 1
        if self.header < size:
            yield settings.fault("header", NoRoomForCounter(self.sequence.bits, size))
        elif not len(self.word) <= self.sequence.offset <= self.payload_at - size:
            yield ("sequence", "offset"), CounterOutsideHeader(size, len(self.word), last)
        if self.checksum is not None:
            yield from self._checksum_faults(self.checksum)

    def _checksum_faults(self, checksum: Checksum) -> Iterator[Fault]:
        end = self.payload_end if checksum.end is None else checksum.end
        if not 1 <= end <= self.payload_end:
            yield ("checksum", "end"), ChecksumBounds(self.payload_end)
        elif checksum.start >= end:
            yield ("checksum", "start"), ChecksumCoversNothing(end)

    @property
    def word(self) -> bytes:
        """The sync word."""
        return bytes.fromhex(self.sync)

    @property
    def payload_at(self) -> int:
        """Place of the first byte of the payload."""
        return len(self.word) + self.header

    @property
    def payload_end(self) -> int:
        """Place of the first byte behind the payload."""
        return self.payload_at + self.payload.size

    def decoder(self) -> Decoder:
        """A new decoder of a stream of these frames."""
        counter, body = self.sequence, self.payload
        return Decoder(
            self.word,
            (counter.offset, counter.size, counter.order == "big"),
            (self.payload_at, body.samples, body.channels, body.format, body.order == "big"),
            None if self.checksum is None else self.checksum.for_kernel(self.payload_end),
        )


def load(path: Path) -> FrameLayout:
    """The layout in *path*; raises settings.SettingsError with every problem and its line."""
    return settings.load(path, FrameLayout)
