"""Features of a window against exact arithmetic in fractions, in any order of the samples."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import BadInput
from drivers.features import features
from drivers.spectrum import bins, circle

ULP = Fraction(1, 2**53)
INTEGERS = {np.int16: 2**15, np.int32: 2**31}


def moments(column: list[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """(mean square, second, fourth central moment), by their definitions."""
    n = len(column)
    mean = sum(column, Fraction()) / n
    second, fourth = (sum(((x - mean) ** power for x in column), Fraction()) / n for power in (2, 4))
    return sum((x * x for x in column), Fraction()) / n, second, fourth


def root(value: Fraction) -> Fraction:
    """The square root, cut off after 200 bits."""
    scale = 2**400
    return Fraction(math.isqrt(value.numerator * scale // value.denominator), 2**200)


def near(got: float, want: Fraction, ulps: float) -> bool:
    """Whether got is want but for a relative error of so many times 2**-53."""
    return abs(Fraction(got) - want) <= Fraction(ulps) * ULP * abs(want)


@st.composite
def integers(draw: st.DrawFn) -> npt.NDArray[Any]:
    kind = draw(st.sampled_from(list(INTEGERS)))
    most = INTEGERS[kind]
    values = st.one_of(st.sampled_from([-most, most - 1]), st.integers(-most, most - 1), st.integers(-9, 9))
    count, channels = draw(st.integers(1, 40)), draw(st.integers(1, 3))
    return np.array(
        draw(st.lists(values, min_size=count * channels, max_size=count * channels)), kind
    ).reshape(count, channels)


@given(integers())
def test_of_integers_rms_and_kurtosis_are_rounded_from_exact_values(window: npt.NDArray[Any]) -> None:
    found = features(window)
    for channel, column in enumerate(window.T.tolist()):
        square, second, fourth = moments([Fraction(x) for x in column])
        assert near(found.rms[channel], root(square), 1.5)
        assert found.peak[channel] == max(abs(x) for x in column)
        assert (
            found.kurtosis[channel] == float(fourth / second**2)
            if second
            else np.isnan(found.kurtosis[channel])
        )
        if square:
            assert near(found.crest[channel], max(abs(x) for x in column) / root(square), 2.6)
        else:
            assert np.isnan(found.crest[channel])


FLOATS = st.one_of(st.floats(-1e3, 1e3, width=32), st.floats(width=32, allow_nan=False, allow_infinity=False))


@given(st.lists(FLOATS, min_size=1, max_size=40))
def test_of_floats_rms_is_within_two_units(values: list[float]) -> None:
    found = features(np.array(values, np.float32)[:, np.newaxis])
    square, _, _ = moments([Fraction(x) for x in values])
    assert near(found.rms[0], root(square), 2.1) and found.peak[0] == max(abs(x) for x in values)


@pytest.mark.parametrize("offset", [0.0, 1.0, 1000.0])
def test_of_floats_kurtosis_is_as_near_as_its_mean_lets_it(offset: float) -> None:
    rng = random.Random(1)
    for _ in range(20):
        window = np.array([[rng.gauss(offset, 1)] for _ in range(500)], np.float32)
        _, second, fourth = moments([Fraction(float(x)) for x in window[:, 0]])
        assert near(features(window).kurtosis[0], fourth / second**2, 16 + 8 * offset)


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.float32])
def test_the_order_of_samples_changes_no_bit(kind: Any) -> None:
    rng = np.random.default_rng(3)
    window = (rng.normal(size=(2048, 4)) * 3e4).clip(-32768, 32767).astype(kind)
    first = features(window)
    for _ in range(5):
        rng.shuffle(window)
        again = features(window)
        for name in ("rms", "peak", "crest", "kurtosis"):
            assert getattr(again, name).tobytes() == getattr(first, name).tobytes()


def exact_cos_sin(turn: Fraction) -> tuple[Fraction, Fraction]:
    """Cosine and sine of a part of a whole turn, by Machin's formula for pi and their series, to 60 digits."""
    digits = 10**60

    def arctan(inverse: int) -> Fraction:
        return sum((Fraction((-1) ** k, (2 * k + 1) * inverse ** (2 * k + 1)) for k in range(45)), Fraction())

    angle = Fraction(int(8 * (4 * arctan(5) - arctan(239)) * turn * digits), digits)
    cos = sin = Fraction()
    term = Fraction(1)
    for k in range(70):
        cos, sin = (cos + term * (1, 0, -1, 0)[k % 4], sin + term * (0, 1, 0, -1)[k % 4])
        term = Fraction(int(term * angle / (k + 1) * digits), digits)
    return cos, sin


def exact_bands(column: list[int], rate: int, band: tuple[int, int]) -> Fraction:
    """Mean square of a band, by the sum that defines each bin."""
    n, total = len(column), Fraction()
    circle_ = [exact_cos_sin(Fraction(k, n)) for k in range(n)]
    for k in range(n // 2 + 1):
        if band[0] <= Fraction(k * rate, n) < band[1]:
            turned = [circle_[i * k % n] for i in range(n)]
            real, imaginary = (
                sum((x * turn[part] for x, turn in zip(column, turned, strict=True)), Fraction())
                for part in (0, 1)
            )
            total += (real**2 + imaginary**2) * (1 if k in (0, n // 2) else 2) / n**2
    return total


@pytest.mark.parametrize("count", [2, 8, 32])
def test_bands_are_near_exact_ones(count: int) -> None:
    """Bound: 8 log2(n) 2**-53 of the whole mean square."""
    rng, bands = random.Random(count), [(0, 100), (100, 251), (251, 600)]
    window = np.array([[rng.randrange(-(2**23), 2**23)] for _ in range(count)], np.int32)
    found = features(window, 1000, bands).bands[:, 0]
    column = window[:, 0].tolist()
    whole = Fraction(sum(x * x for x in column), count)
    for got, band in zip(found, bands, strict=True):
        want = exact_bands(column, 1000, band)
        assert abs(Fraction(float(got)) - want) <= 8 * int(math.log2(count)) * ULP * whole
    assert abs(Fraction(float(sum(found))) - whole) <= 8 * count * ULP * whole, "all bands are all there is"


def test_a_large_window_agrees_with_numpys_transform() -> None:
    rng = np.random.default_rng(5)
    window = rng.integers(-(2**23), 2**23, (4096, 8)).astype(np.int32)
    bands = [(0.0, 1000.0), (1000.0, 5000.0), (5000.0, 25601.0)]
    power = np.abs(np.fft.rfft(window, axis=0)) ** 2 / 4096**2
    power[1:-1] *= 2
    frequency = np.arange(2049) * 51200 / 4096
    want = np.array([power[(frequency >= low) & (frequency < high)].sum(axis=0) for low, high in bands])
    assert np.allclose(features(window, 51200.0, bands).bands, want, rtol=1e-12, atol=0)


def test_a_tone_lies_in_its_band() -> None:
    time = np.arange(1024) / 1024
    window = np.stack([np.sin(2 * np.pi * 50 * time), np.cos(2 * np.pi * 200 * time) + 3], axis=1).astype(
        np.float32
    )
    found = features(window, 1024, [(0, 1), (45, 55), (195, 205)])
    assert np.allclose(found.bands, np.array([[0, 9], [0.5, 0], [0, 0.5]]), atol=1e-6)
    assert np.allclose(found.crest[0], math.sqrt(2)) and np.allclose(found.kurtosis, 1.5)


def test_cosines_and_sines_are_the_nearest_doubles() -> None:
    for count in (1, 2, 8, 256):
        cos, sin = circle(count)
        for k in range(0, count, max(count // 16, 1)):
            want = exact_cos_sin(Fraction(k, 2 * count))
            for got, exact in ((cos[k], want[0]), (-sin[k], want[1])):
                assert got == (0 if abs(exact) < Fraction(1, 10**40) else float(exact))


def test_a_bin_on_the_edge_of_two_bands_is_in_the_upper_one() -> None:
    assert bins((0, 125), 1000, 8) == (0, 1) and bins((125, 500), 1000, 8) == (1, 4)
    assert bins((500, 501), 1000, 8) == (4, 5) and bins((600, 700), 1000, 8) == (5, 5)
    assert bins((0.1, 0.3), 0.8, 8) == (1, 3), "0.1 and 0.3 as the doubles that they are"


@pytest.mark.parametrize(
    ("window", "rate", "bands", "said"),
    [
        (
            np.zeros(8, np.int16),
            1,
            [],
            "must be samples by channels of int16, int32 or float32 (it is (8,) of int16)",
        ),
        (np.zeros((8, 1), np.int64), 1, [], "(it is (8, 1) of int64)"),
        (np.zeros((0, 1), np.int16), 1, [], "a window has 1 to 1048576 samples"),
        (np.zeros((12, 1), np.int16), 1, [(0, 1)], "a power of two from 2 on (it has 12)"),
        (np.zeros((8, 1), np.int16), 1, [(1, 1)], "(it is 1 to 1 at 1 Hz)"),
        (np.zeros((8, 1), np.int16), math.nan, [(0, 1)], "(it is 0 to 1 at nan Hz)"),
        (np.array([[1, 1], [1, np.inf]], np.float32), 1, [], "sample 1 of channel 1 is not finite"),
    ],
)
def test_what_has_no_features_is_refused(window: Any, rate: float, bands: Any, said: str) -> None:
    with pytest.raises(BadInput) as error:
        features(window, rate, bands)
    assert said in str(error.value)
