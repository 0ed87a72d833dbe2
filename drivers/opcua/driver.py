"""The OPC UA driver: subscribes to the groups of one server, and checks its tags once."""

from __future__ import annotations

from contract.message import Message
from contract.tags import Group
from drivers.backoff import Backoff, Stop
from drivers.base import Reading, Sink
from drivers.opcua.check import check
from drivers.opcua.client import Session, why
from drivers.opcua.plan import OpcuaDevice
from drivers.opcua.subscription import Subscription

POLL = 0.1
"""Seconds between checks whether the connection still stands."""
LAST_PUBLISH = 3.0
"""Most seconds that stop() waits for a last publish of each subscription."""


class OpcuaDriver:
    """Reads one OPC UA server. Row time is the source's, to the microsecond."""

    def __init__(self, device: OpcuaDevice) -> None:
        self._device = device
        self._stop = Stop()
        self._backoff = Backoff(device=device.id)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that this driver reads."""
        return tuple(group.group for group in self._device.groups)

    def stop(self) -> None:
        """Take what the server has queued by now (waiting at most 3 s for it), unsubscribe; then run() returns.

        What changes after this call may still come or not.
        """
        self._stop.set()

    async def check(self) -> list[Reading]:
        """Read each tag once, on a connection of its own."""
        return await check(self._device)

    async def run(self, sink: Sink, /) -> None:
        """Read until stop(). What the sink raises ends it."""
        reported = False
        while not self._stop:
            subscriptions = [Subscription(group, sink) for group in self._device.groups]
            cause = await self._session(subscriptions)
            for subscription in subscriptions:
                if subscription.failure is not None:
                    raise subscription.failure
            if cause is None:
                return
            if not reported or any(subscription.publishes for subscription in subscriptions):
                for group in self.groups:
                    sink.gap(group.id, cause)
            reported = True
            await self._stop.sleep(self._backoff.failed(cause))

    async def _session(self, subscriptions: list[Subscription]) -> Message | None:
        """One connection from beginning to end; why it ended, None after stop() or when the sink failed."""
        session = Session(self._device)
        cause = None
        try:
            await self._stop.unless(self._begin(session, subscriptions))
            while not self._stop and cause is None and not any(each.failure for each in subscriptions):
                await self._stop.sleep(POLL)
                cause = session.lost()
                if any(each.publishes for each in subscriptions):
                    self._backoff.succeeded()
            if cause is None and self._stop:
                cause = await session.last_publishes(LAST_PUBLISH)
        except Exception as error:  # the library raises whatever it met: each is a reason to begin anew
            cause = why(error, self._device)
        finally:
            await session.end()
        return cause

    async def _begin(self, session: Session, subscriptions: list[Subscription]) -> None:
        await session.connect()
        for subscription in subscriptions:
            await session.subscribe(subscription)
