"""A slow plain twin of the frames kernel: the whole stream at once, one number after the other, bit by bit."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

BITS = {"int16": 16, "uint16": 16, "int12": 12, "uint12": 12, "int24": 24, "int32": 32, "float32": 32}


@dataclass(frozen=True)
class Sum:
    """A checksum over the bytes start to end of a frame."""

    start: int
    end: int
    width: int
    big: bool
    poly: int
    init: int
    xorout: int
    reflected: bool

    def of(self, data: bytes) -> int:
        """By its definition: a division of polynomials, bit after bit."""
        value, top = self.init, 1 << (self.width - 1)
        for byte in data:
            for bit in range(8):
                one = byte >> (bit if self.reflected else 7 - bit) & 1
                out = bool(value & top) ^ bool(one)
                value = (value << 1) & (2 * top - 1)
                value ^= self.poly if out else 0
        if self.reflected:
            value = int(format(value, f"0{self.width}b")[::-1], 2)
        return value ^ self.xorout


@dataclass(frozen=True)
class Twin:
    """A layout, as of cython_ext.frames.Decoder."""

    sync: bytes
    sequence: tuple[int, int, bool]
    payload: tuple[int, int, int, str, bool]
    sum: Sum | None

    @property
    def payload_end(self) -> int:
        at, samples, channels, form, _ = self.payload
        return at + -(-samples * channels * BITS[form] // 8)

    @property
    def size(self) -> int:
        return self.payload_end + (self.sum.width // 8 if self.sum else 0)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the kernel is given."""
        return (
            self.sync,
            self.sequence,
            self.payload,
            None if self.sum is None else tuple(vars(self.sum).values()),
        )

    def frame(self, sequence: int, between: bytes, body: bytes) -> bytes:
        """A good frame. between: the bytes from the sync word to the payload, the counter is written over them."""
        at, size, big = self.sequence
        head = bytearray(self.sync + between)
        head[at : at + size] = (sequence % 256**size).to_bytes(size, order(big))
        frame = bytes(head) + body
        if self.sum is None:
            return frame
        value = self.sum.of(frame[self.sum.start : self.sum.end])
        return frame + value.to_bytes(self.sum.width // 8, order(self.sum.big))

    def numbers(self, frame: bytes) -> list[int]:
        """The values of a frame; a float32 as its bits."""
        at, samples, channels, form, big = self.payload
        body, count = frame[at : self.payload_end], samples * channels
        if BITS[form] == 12:
            return [twelve(body[i // 2 * 3 :], i % 2, form == "int12", big) for i in range(count)]
        size = BITS[form] // 8
        parts = [body[i * size : i * size + size] for i in range(count)]
        return [int.from_bytes(part, order(big), signed=form.startswith("int")) for part in parts]

    def is_good(self, data: bytes, at: int) -> bool:
        frame, after = data[at : at + self.size], data[at + self.size :][: len(self.sync)]
        if self.sum is not None:
            stated = int.from_bytes(frame[-self.sum.width // 8 :], order(self.sum.big))
            return stated == self.sum.of(frame[self.sum.start : self.sum.end])
        inside = any(
            data[q : q + len(self.sync)] == self.sync[: len(data) - q] for q in range(at + 1, at + self.size)
        )
        return after == self.sync[: len(after)] or not inside


@dataclass
class Answer:
    """What a stream holds."""

    sequences: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    bad: int = 0
    lost: int = 0
    restarts: int = 0

    def add(self, twin: Twin, frame: bytes) -> None:
        at, size, big = twin.sequence
        number = int.from_bytes(frame[at : at + size], order(big))
        if self.sequences:
            step = (number - self.sequences[-1]) % 256**size
            back = step == 0 or step > 256**size // 2
            self.restarts += back
            self.lost += 0 if back else step - 1
        self.sequences.append(number)
        self.values += twin.numbers(frame)


def decode(twin: Twin, data: bytes) -> Answer:
    """The answer to the whole stream."""
    found, at, covered = Answer(), 0, 0
    while True:
        at = data.find(twin.sync, at)
        if at < 0:
            return found
        whole = at + twin.size <= len(data)
        if whole and twin.is_good(data, at):
            found.add(twin, data[at : at + twin.size])
            at += twin.size
            continue
        if at >= covered:
            found.bad, covered = found.bad + 1, at + twin.size
        at += 1


def order(big: bool) -> Any:
    return "big" if big else "little"


def twelve(three: bytes, second: int, signed: bool, big: bool) -> int:
    """A number of twelve bits among the bits of three bytes (two, where it is the last of an odd count)."""
    bits = int.from_bytes(three[:3].ljust(3, b"\0"), order(big))
    value = bits >> (12 if big != bool(second) else 0) & 0xFFF
    return value - 4096 if signed and value >= 2048 else value


def of_float(value: float) -> int:
    return int(struct.unpack("<I", struct.pack("<f", value))[0])
