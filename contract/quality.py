"""Quality codes of a value, one enumeration for every source, ordered by severity."""

from __future__ import annotations

from enum import IntEnum


class Quality(IntEnum):
    """uint8 status of one value. The order is the order of precedence: smaller wins."""

    GOOD = 0
    ESTIMATED = 1
    UNCERTAIN = 2
    UNCERTAIN_CLOCK = 3
    MANUAL = 4
    MAINTENANCE = 5
    CALIBRATION = 6
    OVER_RANGE = 7
    UNDER_RANGE = 8
    STALE = 9
    COMM_FAULT = 10
    SENSOR_FAULT = 11
    OFFLINE = 12
    BAD = 13
    MISSING = 14

    @property
    def label(self) -> str:
        """The name printed in exports and pages, such as ``good`` or ``uncertain:clock``."""
        return "uncertain:clock" if self is Quality.UNCERTAIN_CLOCK else self.name.lower()


class Origin(IntEnum):
    """How a row came to be; the order is the order of precedence, live first."""

    LIVE = 0
    BACKFILL = 1
    REPLAY = 2
    DIGEST = 3
    DESK = 4
