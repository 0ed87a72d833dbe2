"""One subscription: every publish becomes one piece of rows, sorted by tag, then time."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import structlog
from asyncua import ua

from contract.errors import Malformed
from contract.message import Message
from contract.quality import Quality
from contract.tags import EVENT, Rows
from drivers.base import BOOL, Sink
from drivers.opcua.messages import NotificationsLost, Overflow, SubscriptionEnded
from drivers.opcua.plan import OpcuaGroup
from drivers.opcua.values import bits, overflowed, quality, time_ns

_Event = tuple[int, int, int, int, bool]
"""Tag index, UTC ns, bits, quality, whether it is the tag's first value of this subscription."""


class Subscription:
    """The state of one group's subscription at the server.

    last_publish: monotonic seconds of it, until then of the beginning. ended: why the server or the sink
    ended it, else None. emptied: publishes that left nothing queued at the server. inexact: values that did not fit
    the declared type, by reason.
    """

    def __init__(self, group: OpcuaGroup, sink: Sink) -> None:
        self.plan = group
        self.group = group.group
        self.last_publish = time.monotonic()
        self.publishes = 0
        self.emptied = 0
        self.ended: Message | None = None
        self.failure: Exception | None = None
        self.inexact: Counter[str] = Counter()
        self._sink = sink
        self._sequence: int | None = None
        self._seen: set[int] = set()

    def published(self, result: ua.PublishResult) -> None:
        """Take one publish; the library that calls this drops errors, so *failure* has the last one."""
        self.last_publish = time.monotonic()
        try:
            self._take(result)
        except Exception as error:
            self.failure = error
        self.publishes += 1
        self.emptied += not result.MoreNotifications

    def _take(self, result: ua.PublishResult) -> None:
        message = result.NotificationMessage
        now = time.time_ns()
        if self._lost(int(message.SequenceNumber), bool(message.NotificationData)):
            self._sink.gap(self.group.id, NotificationsLost())
        items = []
        for part in message.NotificationData or ():
            if isinstance(part, ua.DataChangeNotification):
                items += part.MonitoredItems
            elif isinstance(part, ua.StatusChangeNotification):
                self.ended = SubscriptionEnded(part.Status.name)
        if items:
            if any(overflowed(_status(item.Value)) for item in items):
                self._sink.gap(self.group.id, Overflow())
            rows, first = self._rows(items, now)
            if len(rows):
                self._sink.rows(rows, first)
        if self.ended is None and not result.MoreNotifications:
            self._sink.alive(self.group.id, now)

    def _lost(self, sequence: int, with_data: bool) -> bool:
        """Whether messages are missing before this one; one without data carries the number of the next.

        The library sets number 0 where the connection is gone.
        """
        if sequence == 0:
            return False
        expected = self._sequence
        following = 1 if sequence == 0xFFFFFFFF else sequence + 1
        self._sequence = following if with_data else sequence
        return expected is not None and sequence != expected

    def _rows(self, items: list[ua.MonitoredItemNotification], now: int) -> tuple[Rows, BOOL]:
        events = [self._event(item.ClientHandle, item.Value, now) for item in items if self._known(item)]
        table = np.array(events, np.uint64).reshape(-1, 5)
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        data = np.empty(len(table), EVENT)
        data["tag"], data["value"] = table[:, 0], table[:, 2]
        status = table[:, 3].astype(np.uint8)
        rows = Rows(self.group, table[:, 1].astype("<i8"), data, status if status.any() else None)
        return rows, table[:, 4].astype(bool)

    def _known(self, item: ua.MonitoredItemNotification) -> bool:
        return 0 <= int(item.ClientHandle) < len(self.group.tags)

    def _event(self, tag: int, value: ua.DataValue, now: int) -> _Event:
        at = time_ns(value.SourceTimestamp) or time_ns(value.ServerTimestamp) or now
        found = quality(_status(value))
        raw = value.Value.Value if value.Value is not None else None
        first = tag not in self._seen
        self._seen.add(tag)
        if raw is None or found is Quality.MISSING:
            return tag, at, 0, Quality.MISSING if found is Quality.GOOD else found, first
        try:
            return tag, at, bits(self.group.tags[tag].type, raw), found, first
        except Malformed as error:
            self._note_inexact(tag, str(error))
            return tag, at, 0, Quality.BAD, first

    def _note_inexact(self, tag: int, reason: str) -> None:
        name = self.group.tags[tag].name
        if not self.inexact[name]:
            structlog.get_logger("drivers").warning("value does not fit the tag's type", tag=name, why=reason)
        self.inexact[name] += 1


def _status(value: ua.DataValue) -> int:
    return int(value.StatusCode.value) if value.StatusCode is not None else 0
