"""The small contract between a driver and the program that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from contract.message import Message
from contract.tags import Group, Rows

BOOL = npt.NDArray[np.bool_]


class Sink(Protocol):
    """Where a driver hands over what it read; called from the driver's event loop, must not block."""

    def rows(self, rows: Rows, /, first: BOOL | None = None) -> None:
        """Rows of one group, in the order they were read.

        first: bool[n], true for the value that was current when its subscription began. Its source time may be long
        ago, which says nothing about the source's clock.
        """

    def gap(self, group_id: str, cause: Message, /) -> None:
        """Values of the group may be missing from its last row until its next one."""

    def alive(self, group_id: str, until_ns: int, /) -> None:
        """A silent subscription was alive until *until_ns* (UTC ns): nothing has changed up to then."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One tag as it was read once, for people who commission a device.

    value: in *unit*, None when nothing was read; raw: as the device sent it; quality: a label of
    contract.quality; latency: seconds from request to answer; hex: the value's bytes on the wire;
    why: None when good.
    """

    tag: str
    value: float | None
    unit: str
    raw: int | float | None
    quality: str
    latency: float | None
    hex: str
    why: Message | None


class Driver(Protocol):
    """Reads the groups of one device."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that this driver reads."""

    async def run(self, sink: Sink, /) -> None:
        """Read until stop(); every failure is a gap and a reconnection, never the end.

        Raises CannotBeDone when reading must not start at all (the kernel decodes wrongly).
        """

    def stop(self) -> None:
        """Start no new reads. What is in flight is finished and handed over, then run() returns."""

    async def check(self) -> list[Reading]:
        """Read each tag once, in the order of the groups; a failure is a reading with its reason."""
