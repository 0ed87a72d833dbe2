"""What every store does: keep values by (site, node, tag, time), and give series back for charts.

A store receives what won for each (tag, time), never what lost. Writing the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from cloud.ledger.columns import values
from contract.errors import CannotBeDone
from contract.tags import Tag

if TYPE_CHECKING:
    import pyarrow as pa

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
How = Literal["mean", "last"]

_EXACT = 1 << 53


class StoreDown(CannotBeDone):
    """The store can't be reached or can't write now; the same write may succeed later."""


class StoreRefuses(CannotBeDone):
    """The store is there and will not take these values."""


class StoreLost(CannotBeDone):
    """What the store kept can't be read: it has given itself a new identity, and is to be filled anew."""


@dataclass(frozen=True)
class Column:
    """Values of one tag of one node in order of time.

    time: int64 UTC ns, strictly increasing; raw: as read, in the tag's dtype; status: Quality; origin: Origin.
    """

    node: str
    tag: Tag
    time: I64
    raw: npt.NDArray[Any]
    status: U8
    origin: U8

    def __len__(self) -> int:
        return len(self.time)

    @property
    def value(self) -> npt.NDArray[np.float64]:
        """raw * scale + offset in the tag's unit, computed exactly and rounded once."""
        return scaled(self.tag, self.raw)


class Store(Protocol):
    """Where values go for charts. Called by one writer; series and count by any thread."""

    volatile: bool
    """Whether what was written is durable only after it was settled; else it is when the call returns."""

    def identity(self) -> str:
        """Names this store and its content: another one when the store was emptied or replaced."""
        ...

    def write(self, site: str, columns: Sequence[Column]) -> None:
        """Keep values that are new, or the same as before. Raises StoreDown, StoreRefuses, StoreLost."""
        ...

    def rewrite(self, site: str, node: str, from_: int, to: int, columns: Sequence[Column]) -> None:
        """Make *columns* all that the store has of a node with from_ < time <= to."""
        ...

    def settle(self, site: str, from_: int, to: int) -> None:
        """Make what was written with from_ < time <= to durable, and let go of the memory it takes."""
        ...

    def tidy(self) -> bool:
        """Do a little of what can wait until there is nothing else to do. Whether there was any. Raises StoreDown."""
        ...

    def series(self, site: str, tags: Sequence[str], from_: int, to: int, step: int, how: How) -> pa.Table:
        """SERIES of tags with from_ <= time < to (UTC ns).

        step 0: every value; else one for each *step* ns that has a finite one: its mean or last, at the step's start.
        """
        ...

    def count(self) -> int:
        """How many distinct (site, node, tag, time) the store has. Raises StoreDown, StoreLost."""
        ...

    def clear(self) -> None:
        """Forget everything, where that is this store's to do."""
        ...

    def close(self) -> None:
        """Let go of files and connections. What was not settled may be lost."""
        ...


def scaled(tag: Tag, raw: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """raw * scale + offset, computed exactly and rounded once; nan and inf stay."""
    times, plus, under = _terms(tag.scale, tag.offset)
    if (times, plus, under) == (1, 0, 1):
        return raw.astype(np.float64)
    if raw.dtype.kind in "iu" and len(raw):
        largest = max(abs(int(raw.min())), abs(int(raw.max()))) * abs(times) + abs(plus)
        if largest < _EXACT and under < _EXACT:  # both sides are exact floats: dividing rounds once
            return (raw.astype(np.int64) * times + plus) / np.float64(under)
    bits = raw.view(f"u{raw.dtype.itemsize}")
    _, first, back = np.unique(bits, return_index=True, return_inverse=True)
    found = np.fromiter(values(tag, raw[first].tolist()), np.float64, len(first))
    return found[back]


@lru_cache(1024)
def _terms(scale: str, offset: str) -> tuple[int, int, int]:
    """t, p, u of value = (raw * t + p) / u."""
    a, b = Fraction(scale), Fraction(offset)
    return a.numerator * b.denominator, b.numerator * a.denominator, a.denominator * b.denominator
