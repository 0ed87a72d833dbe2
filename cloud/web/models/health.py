"""How the cloud is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cloud.web.models.base import Model, Share, Utc

Count = Annotated[int, Field(ge=0)]


class LedgerHealth(Model):
    """How much the ledger holds."""

    blocks: Count
    bytes: Count = Field(description="size of the blocks in bytes")
    damage: Count = Field(description="damaged places that were found at the start")
    free_bytes: Count = Field(description="bytes that are free on its disk")
    bytes_per_day: int | None = Field(description="bytes that a day adds; null while nobody can know it")
    days_to_full: float | None = Field(
        description="days until the disk is full; null while nobody can know it"
    )


class ProjectorHealth(Model):
    """How far the ledger has been read."""

    lag_blocks: int | None = Field(description="blocks that are not in the store yet; null at the start")
    values: int | None = Field(description="values in the store")
    counted: bool = Field(description="whether these numbers are of now")


class RecordedRows(Model):
    """How far the rows that were recorded before the node was there have come."""

    from_: Utc = Field(alias="from")
    to: Utc
    until: Utc | None
    rows: Count
    share: Share


class StreamHealth(Model):
    """A stream of a node."""

    stream: str = Field(examples=["account"])
    incarnation: str = Field(description="16 hex digits")
    last: int = Field(description="seq of the newest block that is here")
    have: int = Field(description="seq up to which no block is missing")


class NodeHealth(Model):
    """A node that has written blocks."""

    node: str
    site: str | None
    trusted: bool = Field(description="whether its key is among the trusted ones")
    last_received: Utc
    streams: list[StreamHealth]


class Health(Model):
    """The cloud's own counts since its start."""

    status: str = Field(description="ok, or what is wrong", examples=["ok"])
    version: str
    time: Utc
    ledger: LedgerHealth
    projector: ProjectorHealth
    refused: Count = Field(description="blocks refused")
    unknown_keys: Count = Field(description="blocks of keys that are not trusted")
    forks: Count = Field(description="blocks beside another of the same number")
    unlinked: Count = Field(description="blocks that came out of order")
    duplicates: Count
    dropped: Count = Field(description="messages that were no block")
    overflowed: Count = Field(description="messages for which there was no room")
    unknown_sites: Count = Field(description="sites that nodes name and nobody declared")
    last_received: Utc | None
    history: dict[str, RecordedRows] = Field(description="by site, where it has recorded rows")
    nodes: list[NodeHealth]
