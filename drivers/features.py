"""What a window of raw samples comes to, channel by channel; the same bits on every machine, whatever the order.

Sums of integer samples are exact, root mean square and kurtosis are rounded from the exact quotient. Sums of float32
samples are correctly rounded sums (math.fsum) of terms in double precision. Bands: drivers.spectrum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from contract.errors import BadInput
from drivers.messages import BandForm, SampleNotFinite, WindowForm, WindowLength
from drivers.spectrum import Band, Doubles, band_energies

MAX_WINDOW = 1 << 20
"""Samples; sums of halves of integers stay within 64 bits."""
_LOW = (1 << 32) - 1
_HALF = (1 << 31) - 1


@dataclass(frozen=True)
class Features:
    """A float64 a channel; nan where there is none. bands: [bands, channels].

    rms: root of the mean square, of the samples as they are. peak: largest amount. crest: peak / rms. kurtosis: fourth
    central moment / square of the second (3 for a normal distribution). bands: mean square of what lies in a band.
    """

    rms: Doubles
    peak: Doubles
    crest: Doubles
    kurtosis: Doubles
    bands: Doubles


def features(samples: npt.NDArray[Any], rate: float = 1.0, bands: Sequence[Band] = ()) -> Features:
    """The features of a window [samples, channels] of int16, int32 or float32 at *rate* Hz.

    bands: (from, to) in Hz; the window is then a power of two long. Raises BadInput for another window or band, and for
    a float that is not finite.
    """
    _check(samples, rate, bands)
    moments = _of_integers if samples.dtype.kind == "i" else _of_floats
    found = np.array([moments(column) for column in samples.T], np.float64).reshape(-1, 2)
    rms, kurtosis = found[:, 0], found[:, 1]
    wide = samples.astype(np.float64)
    peak = np.abs(wide).max(axis=0)
    crest = np.divide(peak, rms, out=np.full(len(rms), np.nan), where=rms > 0)
    energies = band_energies(wide, rate, bands) if bands else np.empty((0, len(rms)))
    return Features(rms, peak, crest, kurtosis, energies)


def _check(samples: npt.NDArray[Any], rate: float, bands: Sequence[Band]) -> None:
    if samples.ndim != 2 or samples.dtype not in (np.int16, np.int32, np.float32):
        raise BadInput(WindowForm(str(samples.shape), str(samples.dtype)))
    count = len(samples)
    if not 1 <= count <= MAX_WINDOW or (bands and (count < 2 or count & (count - 1))):
        raise BadInput(WindowLength(count, MAX_WINDOW))
    for low, high in bands:
        if not (0 < rate < math.inf and 0 <= low < high < math.inf):
            raise BadInput(BandForm(repr(low), repr(high), repr(rate)))
    if samples.dtype.kind == "f" and not np.isfinite(samples).all():
        row, channel = np.argwhere(~np.isfinite(samples))[0]
        raise BadInput(SampleNotFinite(int(row), int(channel)))


def _of_integers(column: npt.NDArray[Any]) -> tuple[float, float]:
    """(rms, kurtosis), each from exact sums of powers."""
    x = column.astype(np.int64)
    n, (one, two, three, four) = len(x), _power_sums(x)
    second = n * two - one * one
    fourth = n**3 * four - 4 * n * n * three * one + 6 * n * two * one * one - 3 * one**4
    return math.sqrt(two / n), fourth / second**2 if second else math.nan


def _power_sums(x: npt.NDArray[np.int64]) -> tuple[int, int, int, int]:
    """Exact sums of x, x**2, x**3, x**4 of numbers of 32 bits: squares are cut into halves of 31 bits."""
    square = x * x
    high, low = square >> 31, square & _HALF
    three = (_sum(high * x) << 31) + _sum(low * x)
    four = (_sum(high * high) << 62) + (_sum(high * low) << 32) + _sum(low * low)
    return _sum(x), _sum(square), three, four


def _sum(x: npt.NDArray[np.int64]) -> int:
    return (int((x >> 32).sum()) << 32) + int((x & _LOW).sum())


def _of_floats(column: npt.NDArray[Any]) -> tuple[float, float]:
    """(rms, kurtosis): the squares of float32 are exact in doubles, those of the deviations are rounded."""
    x = column.astype(np.float64)
    away = x - _mean(x)
    square = away * away
    second, fourth = _mean(square), _mean(square * square)
    return math.sqrt(_mean(x * x)), fourth / (second * second) if second else math.nan


def _mean(x: Doubles) -> float:
    return math.fsum(x.tolist()) / len(x)
