"""A plain decoder of the dense stream of columns, number by number, in Python integers: the judge of the kernel."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

CORE = Path(__file__).resolve().parents[2] / "cython_ext" / "core"
RATE = [int(655_360 / (10 * seen + 16)) for seen in range(41)]
WORD = 1 << 64
FLOATS = {"f8": ("<q", 64), "f4": ("<i", 32)}


def table(name: str) -> list[list[int]]:
    """A table of the priors' file."""
    text = (CORE / "priors.h").read_text()
    body = text[text.index(name) :].split("= {")[1].split("};")[0]
    return [[int(number) for number in row.split(",")] for row in re.findall(r"\{([^}]*)\}", body)]


ZERO, TREE = table("ZERO_PRIOR"), table("TREE_PRIOR")


def signed(value: int, bits: int = 64) -> int:
    """A number that wraps around, as a signed one."""
    value %= 1 << bits
    return value - (1 << bits) if value >> (bits - 1) else value


class Chance:
    """The probability of a 0, of 65536, and how many bits it has learnt from."""

    def __init__(self, zero: int = 32768, seen: int = 1) -> None:
        self.zero, self.seen = zero, seen


def even(count: int, seen: int = 1) -> list[Chance]:
    """Chances of a half."""
    return [Chance(seen=seen) for _ in range(count)]


class Reader:
    """Bits of a stream; zeros behind its end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 8
        self.low, self.range = int.from_bytes(data[:8].ljust(8, b"\0"), "big"), WORD - 1

    def bit(self, chance: Chance) -> int:
        """One bit with a probability, which learns from it."""
        zero = (self.range >> 16) * chance.zero
        bit, rate = int(self.low >= zero), RATE[chance.seen]
        if bit:
            self.low, self.range = self.low - zero, self.range - zero
            chance.zero = max(chance.zero - (chance.zero * rate >> 16), 24)
        else:
            self.range = zero
            chance.zero = min(chance.zero + ((65535 - chance.zero) * rate >> 16), 65512)
        chance.seen = min(chance.seen + 1, 40)
        self._shift()
        return bit

    def raw(self, count: int) -> int:
        """So many bits as they are."""
        value = 0
        while count > 0:
            now = min(count, 16)
            count -= now
            self.range >>= now
            part = min(self.low // self.range, (1 << now) - 1)
            self.low -= part * self.range
            value = value << now | part
            self._shift()
        return value

    def tree(self, chances: list[Chance], depth: int) -> int:
        """So many bits, each with the chance of those before it."""
        node = 1
        for _ in range(depth):
            node = 2 * node + self.bit(chances[node])
        return node - (1 << depth)

    def number(self, chances: list[Chance]) -> int:
        """A signed number."""
        bits = min(self.tree(chances, 7), 64)
        folded = 1 << (bits - 1) | self.raw(bits - 1) if bits > 1 else bits
        return signed(folded >> 1 ^ -(folded & 1))

    def escape(self, chances: list[Chance]) -> int:
        """A number from 0 on."""
        bits = 0
        while bits < 63 and self.bit(chances[min(bits, 39)]):
            bits += 1
        return (1 << bits | self.raw(bits)) - 1

    def _shift(self) -> None:
        if self.range < 1 << 32:
            word = int.from_bytes(self.data[self.at : self.at + 4].ljust(4, b"\0"), "big")
            self.low, self.range, self.at = self.low << 32 | word, self.range << 32, self.at + 4


class Model:
    """What a call learns."""

    def __init__(self) -> None:
        self.zero = [[Chance(zero, 3) for zero in row] for row in ZERO]
        self.trees = [[Chance(zero, 3) for zero in row] for row in TREE]
        self.sign, self.escapes = even(3, 6), [even(40, 2), even(40, 2)]
        self.numbers = [even(128) for _ in range(3)]
        self.constant, self.divided, self.shifted, self.listed, self.fresh = even(5)
        self.kind, self.order, self.precision, self.start = even(8), even(32), even(16), even(64)
        self.lattice, self.decimals = even(8), [even(16), even(16)]
        self.first, self.rank = even(8), even(64)


class Residuals:
    """Residuals of a predictor, one after the other."""

    def __init__(self, reader: Reader, model: Model, mean: int, memory: int) -> None:
        self.reader, self.model, self.mean, self.memory = reader, model, mean, memory
        self.run = self.history = self.last = 0

    def next(self) -> int:
        """The next one."""
        size = self._small() if self.mean < 512 else self._large()
        negative = bool(size and self.reader.bit(self.model.sign[self.last + 1]))
        self.run = 0 if size else self.run + 1
        self.history = size if size < 2 else 2 if size < 4 else 3
        self.last = 0 if size == 0 else -1 if negative else 1
        seen = min(size, 1 << 54) << 8
        if self.mean < 1 << 58:
            seen = min(seen, 4 * self.mean + 1024)
        self.mean = max(self.mean + (seen - self.mean >> self.memory), 1)
        return signed(-size if negative else size)

    def _small(self) -> int:
        level = level_of(self.mean)
        zeros = self.history
        if self.run:
            zeros = 7 if self.run >= 16 else 6 if self.run >= 6 else 5 if self.run >= 3 else 4
        if not self.reader.bit(self.model.zero[level][zeros]):
            return 0
        leaf = self.reader.tree(self.model.trees[max(level - 16, 0) // 2], 4)
        return leaf + 1 if leaf < 15 else 16 + self.reader.escape(self.model.escapes[0])

    def _large(self) -> int:
        bits = self.mean.bit_length()
        leaf = self.reader.tree(self.model.trees[8 + (self.mean >> (bits - 3) & 3)], 4)
        high = leaf if leaf < 15 else 15 + self.reader.escape(self.model.escapes[1])
        return (high << (bits - 10) | self.reader.raw(bits - 10)) % WORD


def level_of(mean: int) -> int:
    """Four times the logarithm of a quarter of a mean."""
    return mean if mean < 4 else 4 * (mean.bit_length() - 2) + (mean >> (mean.bit_length() - 3) & 3)


def integers(reader: Reader, model: Model, count: int) -> list[int]:
    """A column of integers."""
    if count == 0:
        return []
    if reader.bit(model.constant):
        return [reader.number(model.numbers[0])] * count
    divisor = reader.number(model.numbers[1]) if reader.bit(model.divided) else 1
    first = reader.number(model.numbers[0]) * divisor
    if divisor > 1 and reader.bit(model.shifted):
        first += reader.number(model.numbers[1])
    predict, memory = predictor(reader, model)
    if reader.bit(model.listed):
        residuals = listed(reader, model, count)
    else:
        start = reader.tree(model.start, 6)
        level = 4 * start + 2
        mean = min(level if level < 4 else ((4 + (level & 3)) << (level // 4 - 1)) % WORD, 1 << 62)
        each = Residuals(reader, model, mean, memory)
        residuals = [each.next() for _ in range(count - 1)]
    values, smooth = [0], 0
    for residual in residuals:
        values.append(signed(predict(values, smooth) + residual))
        smooth = signed(smooth + (signed(values[-1] - smooth) >> 2))
    return [signed(value * divisor + first) for value in values]


def predictor(reader: Reader, model: Model) -> tuple[Callable[[list[int], int], int], int]:
    """What predicts from the values before and the running one, and the memory of the mean residual."""
    kind = reader.tree(model.kind, 3)
    if kind == 0:
        level = reader.number(model.numbers[2])
        return lambda k, smooth: level, 2
    if kind == 2:
        return lambda k, smooth: 2 * k[-1] - k[-2] if len(k) > 1 else k[-1], 2
    if kind == 3:
        return lambda k, smooth: 3 * (k[-1] - k[-2]) + k[-3] if len(k) > 2 else k[-1], 2
    if kind == 4:
        return lambda k, smooth: smooth, 2
    if kind == 5:
        return linear(reader, model), 4
    return lambda k, smooth: k[-1], 2


def linear(reader: Reader, model: Model) -> Callable[[list[int], int], int]:
    """A weighted sum of the last values."""
    order = reader.tree(model.order, 5) + 1
    shift = max(reader.tree(model.precision, 4), 1)
    weights = [signed(reader.number(model.numbers[1]), 32) for _ in range(order)]

    def predict(k: list[int], smooth: int) -> int:
        if len(k) < order:
            return k[-1]
        total = sum(weight * value for weight, value in zip(weights, reversed(k), strict=False))
        return signed(total + (1 << (shift - 1))) >> shift

    return predict


def listed(reader: Reader, model: Model, count: int) -> list[int]:
    """Residuals by their places in a list by how often they came."""
    known: list[list[int]] = []
    run, found = 0, []
    for _ in range(count - 1):
        at, value = 0, None
        history = 7 if run > 15 else 6 if run > 7 else 5 if run > 3 else run
        other = not known or reader.bit(model.first[history])
        if other:
            if len(known) < 2 or (len(known) < 64 and reader.bit(model.fresh)):
                value = reader.number(model.numbers[1])
                known.append([value, 0])
                at = len(known) - 1
            else:
                at = min(1 + reader.tree(model.rank, 6), len(known) - 1)
        run = 0 if other else run + 1
        found.append(known[at][0])
        known[at][1] += 1
        while at > 0 and known[at - 1][1] < known[at][1]:
            known[at - 1 : at + 1] = known[at], known[at - 1]
            at -= 1
    return found


def floats(reader: Reader, model: Model, count: int, code: str) -> list[bytes]:
    """The bytes of each float of a column."""
    whole, bits = FLOATS[code]
    kind, decimals, step = reader.tree(model.lattice, 3), 0, 0.0
    if kind in (1, 2):
        decimals = reader.tree(model.decimals[kind - 1], 4)
        decimals = decimals if decimals < 12 else 0
    if kind in (3, 4):
        (step,) = struct.unpack("<d", struct.pack("<Q", reader.raw(64)))
    k = integers(reader, model, count)
    if not 1 <= kind <= 4:
        return [struct.pack(whole, ordered(each, bits)) for each in k]
    beside = integers(reader, model, count)
    found = []
    for number, more in zip(k, beside, strict=True):
        value = float(number) / 10.0**decimals if kind < 3 else number * step if kind == 3 else number / step
        with np.errstate(over="ignore"):
            single = np.float32(value)
        value = float(single) if kind == 2 else value
        (at,) = struct.unpack(whole, single.tobytes() if code == "f4" else struct.pack("<d", value))
        found.append(struct.pack(whole, ordered(signed(ordered(at, bits) + more), bits)))
    return found


def ordered(number: int, bits: int) -> int:
    """Bits of a float in the order of the numbers, and back."""
    number = signed(number, bits)
    return number ^ ((1 << (bits - 1)) - 1) if number < 0 else number


def decode(data: bytes, dtypes: Sequence[str], counts: Sequence[int]) -> list[bytes]:
    """The bytes of each column, whose dtypes are such as "f8"; the counts are known."""
    reader, model, found = Reader(data), Model(), []
    assert reader.bit(Chance(0xFC00, 0)) == 0
    for code, count in zip(dtypes, counts, strict=True):
        if code in FLOATS:
            found.append(b"".join(floats(reader, model, count, code)))
        else:
            width = int(code[1])
            whole: list[Any] = integers(reader, model, count)
            found.append(b"".join((each % (1 << 8 * width)).to_bytes(width, "little") for each in whole))
    return found
