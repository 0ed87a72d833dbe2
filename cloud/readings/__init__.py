"""Readings of counters by day, out of the ledger's blocks, and what new ones change."""

from cloud.readings.gathering import Gathering, Meter, Thinned

__all__ = ["Gathering", "Meter", "Thinned"]
