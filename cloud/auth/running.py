"""What the guarded routes, of regulators and of the desk, need of a running cloud."""

from __future__ import annotations

from typing import Protocol

from cloud.ingest.channel import Channel
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import Settings


class Running(Protocol):
    """A cloud that is up: its settings, its registry, and the way by which statements are sealed."""

    settings: Settings
    registry: CurrentRegistry

    def way(self) -> Channel:
        """The way to the ledger. Raises CannotBeDone while there is none."""
        ...
