"""The spectrum of a window of samples, in steps that give the same bits on every machine with IEEE 754 doubles.

A fast Fourier transform of radix 2: every step is one addition, subtraction or multiplication of doubles by itself,
never fused with another; sines and cosines are worked out in integers and rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Band = tuple[float, float]
"""Hz: from the first to below the second."""

_BITS, _INEXACT = 120, 30
"""Bits of an integer behind its point, and how many of them collect the rounding of all steps."""
_PI = int("314159265358979323846264338327950288419716939937510")
_PI_DIGITS = 50
"""Pi times 10 to this power, cut off."""


@lru_cache(maxsize=32)
def circle(count: int) -> tuple[Doubles, Doubles]:
    """cos and -sin of k half turns / count, k below count up to 2 ** 20; the nearest doubles."""
    step_cos, step_sin = _cos_sin((_PI << _BITS) // (10**_PI_DIGITS * count))
    cos, sin, found = 1 << _BITS, 0, []
    for _ in range(count):
        found.append((_double(cos), _double(-sin)))
        cos, sin = (cos * step_cos - sin * step_sin) >> _BITS, (sin * step_cos + cos * step_sin) >> _BITS
    table = np.array(found, np.float64)
    return table[:, 0].copy(), table[:, 1].copy()


def _double(value: int) -> float:
    """Without the last bits, which are not exact: a zero is a zero."""
    return ((value + (1 << _INEXACT - 1)) >> _INEXACT) / (1 << (_BITS - _INEXACT))


def _cos_sin(angle: int) -> tuple[int, int]:
    """By their series; angle and results in units of 2 ** -_BITS."""
    sums, term, power = [0, 0], 1 << _BITS, 0
    while term:
        sums[power % 2] += -term if power % 4 > 1 else term
        power += 1
        term = term * angle // (power << _BITS)
    return sums[0], sums[1]


def power(samples: Doubles) -> Doubles:
    """Mean square in each bin of a window [n, channels], n a power of two -> [n / 2 + 1, channels].

    Bin k stands for k / n of the sampling rate. The bins of a channel sum up to the mean of its squares.
    """
    real, imaginary = _transform(samples)
    half = len(samples) // 2
    squares = real[: half + 1] * real[: half + 1] + imaginary[: half + 1] * imaginary[: half + 1]
    squares[1:half] *= 2.0
    return squares / float(len(samples) ** 2)


def _transform(samples: Doubles) -> tuple[Doubles, Doubles]:
    """Real and imaginary parts. Rows: transforms of every cols-th sample, joined two by two."""
    real, imaginary = samples[np.newaxis], np.zeros((1, *samples.shape))
    while real.shape[1] > 1:
        real, imaginary = _joined(real, imaginary)
    return real[:, 0], imaginary[:, 0]


def _joined(real: Doubles, imaginary: Doubles) -> tuple[Doubles, Doubles]:
    rows, cols = real.shape[0], real.shape[1] // 2
    cos, sin = (part[:, np.newaxis, np.newaxis] for part in circle(rows))
    even, odd = real[:, :cols], real[:, cols:]
    even_i, odd_i = imaginary[:, :cols], imaginary[:, cols:]
    turned = cos * odd - sin * odd_i
    turned_i = cos * odd_i + sin * odd
    return np.concatenate((even + turned, even - turned)), np.concatenate(
        (even_i + turned_i, even_i - turned_i)
    )


def bins(band: Band, rate: float, count: int) -> tuple[int, int]:
    """First bin of a band and the one behind its last, for a window of *count* samples at *rate* Hz; exact."""
    first, end = (math.ceil(Fraction(edge) * count / Fraction(rate)) for edge in band)
    return min(first, count // 2 + 1), min(end, count // 2 + 1)


def band_energies(samples: Doubles, rate: float, bands: Sequence[Band]) -> Doubles:
    """Mean square of what lies in each band -> [bands, channels]; bins are added without regard to their order."""
    found = power(samples)
    ranges = [bins(band, rate, len(samples)) for band in bands]
    sums = [[math.fsum(column.tolist()) for column in found[first:end].T] for first, end in ranges]
    return np.array(sums, np.float64).reshape(len(ranges), samples.shape[1])
