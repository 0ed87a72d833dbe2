"""Which blocks to send when, and which the receipts free. Pure: no clock, no socket, no disk.

One lane a stream. Blocks go out in order within a window of bytes. Only a receipt frees a block, and only by its
hash. When blocks stay unreceipted for too long the lane stops sending, a hello asks with a new nonce, and the
receipts that echo it decide from where to send again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from contract import downlink
from contract.downlink import Receipt
from edge.stored_block import StoredBlock

SILENCE = 2 * 10**9
"""Least ns without progress after which a hello asks what the cloud has. A random part is added, the longest of which
doubles from SILENCE up to SILENCE_MOST with each hello without effect."""
SILENCE_MOST = 30 * 10**9
LEAST_WINDOW = 64 * 1024
"""Bytes to which the window of a lane is halved, while one hello after the other has no effect."""


@dataclass(frozen=True)
class Lane:
    """The unreceipted blocks of one stream in the order they were sealed; the first *sent* of them have been sent.

    asked: incarnations whose receipt a hello still waits for; while there are any, nothing is sent.
    """

    queue: tuple[StoredBlock, ...] = ()
    sent: int = 0
    asked: frozenset[int] = frozenset()
    nonce: str | None = None
    progress: int = 0


@dataclass(frozen=True)
class Answer:
    """The effect of a receipt: the lane after it, blocks that are free, seqs refused, seqs with another hash (fork)."""

    lane: Lane
    free: list[StoredBlock] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    forked: list[int] = field(default_factory=list)


def added(lane: Lane, blocks: Iterable[StoredBlock]) -> Lane:
    """The lane with newly sealed blocks at its end."""
    return replace(lane, queue=lane.queue + tuple(blocks))


def to_send(lane: Lane, now: int, window: int) -> tuple[Lane, list[StoredBlock]]:
    """Blocks to send now so that at most *window* bytes (but at least one block) are on their way."""
    if lane.asked:
        return lane, []
    out = sum(stored.size for stored in lane.queue[: lane.sent])
    sent = lane.sent
    while sent < len(lane.queue) and (out == 0 or out + lane.queue[sent].size <= window):
        out += lane.queue[sent].size
        sent += 1
    if sent == lane.sent:
        return lane, []
    progress = now if lane.sent == 0 else lane.progress
    return replace(lane, sent=sent, progress=progress), list(lane.queue[lane.sent : sent])


def asking(lane: Lane, nonce: str, most: int = 128) -> Lane:
    """The lane after a hello with *nonce*: silent until each incarnation that the hello names has been answered.

    These are the oldest *most* incarnations with unreceipted blocks.
    """
    oldest = list(dict.fromkeys(stored.incarnation for stored in lane.queue))[:most]
    return replace(lane, asked=frozenset(oldest), nonce=nonce)


def without(lane: Lane, gone: Iterable[StoredBlock]) -> Lane:
    """The lane less blocks that can't be sent any more."""
    return _without(lane, {(stored.incarnation, stored.seq) for stored in gone}, lane.progress)


def silent_since(lane: Lane) -> int | None:
    """When the lane last made progress (CLOCK_BOOTTIME, ns), if it waits for a receipt; else None."""
    return lane.progress if lane.sent else None


def received(lane: Lane, receipt: Receipt, now: int) -> Answer:
    """Apply a receipt of this stream. Blocks are free only if our hash of the last one of their run agrees."""
    incarnation = downlink.incarnation(receipt.incarnation)
    by_seq = {stored.seq: stored for stored in lane.queue if stored.incarnation == incarnation}
    free: set[int] = set()
    forked = []
    for run in receipt.runs:
        ours = by_seq.get(run.last)
        if ours is None:
            continue
        if ours.hash.hex() == run.hash:
            free.update(seq for seq in by_seq if run.first <= seq <= run.last)
        else:
            forked.append(run.last)
    refused = {
        item.seq: item.reason
        for item in receipt.refused
        if item.seq in by_seq and by_seq[item.seq].hash.hex() == item.hash
    }
    gone = {(incarnation, seq) for seq in free | set(refused)}
    lane = _without(lane, gone, now)
    if receipt.nonce is not None and receipt.nonce == lane.nonce and incarnation in lane.asked:
        lane = replace(lane, asked=lane.asked - {incarnation}, sent=0, progress=now)
    return Answer(lane, [by_seq[seq] for seq in sorted(free)], refused, forked)


def _without(lane: Lane, gone: set[tuple[int, int]], now: int) -> Lane:
    if not gone:
        return lane
    keep = [(stored.incarnation, stored.seq) not in gone for stored in lane.queue]
    queue = tuple(stored for stored, stays in zip(lane.queue, keep, strict=True) if stays)
    still = {stored.incarnation for stored in queue}
    return replace(lane, queue=queue, sent=sum(keep[: lane.sent]), asked=lane.asked & still, progress=now)
