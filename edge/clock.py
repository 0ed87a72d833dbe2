"""The edge's clocks: UTC and CLOCK_BOOTTIME in ns, and the id of this boot."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

from contract.seal import Clock


def utc() -> int:
    """UTC now, ns since 1970."""
    return time.time_ns()


def boottime() -> int:
    """Ns since boot, suspended time included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def boot_id() -> bytes:
    """16 bytes that differ for every boot of the machine."""
    return uuid.UUID(Path("/proc/sys/kernel/random/boot_id").read_text().strip()).bytes


def now(first: int | None = None) -> Clock:
    """Both clocks at sealing; *first* is the CLOCK_BOOTTIME of the first row (now when absent)."""
    boot = boottime()
    return Clock(utc(), boot if first is None else first, boot)
