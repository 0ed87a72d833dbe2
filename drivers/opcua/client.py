"""The OPC UA services that the driver needs, on a client of its own for each connection."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Sequence

import structlog
from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_client import UaClientState
from asyncua.ua.attribute_ids import AttributeIds

from contract.message import Message, Text
from drivers.messages import ConnectionLost
from drivers.opcua.messages import NoAnswer, NoServer, NothingReceived
from drivers.opcua.plan import OpcuaDevice
from drivers.opcua.subscription import Subscription

KEEP_ALIVE = 1.0
"""Seconds (or the publishing interval, if longer) after which a silent subscription is alive or gone."""
LIFETIME = 60.0
"""Seconds that the server keeps a subscription without a client."""
ITEMS_A_CALL = 200
POLL = 0.025
"""Seconds between checks whether the last publishes have come."""
SERVER_STATE = "i=2259"
"""A node that every server has."""
NS = 1_000_000_000

logging.getLogger("asyncua").setLevel(logging.CRITICAL)  # what fails is reported by the driver


class Session:
    """One connection to a server; it is not reused after a failure, the library does not come back by itself."""

    def __init__(self, device: OpcuaDevice) -> None:
        self._device = device
        self._client = Client(device.endpoint, timeout=device.timeout, watchdog_intervall=3600)
        self._client.name = self._client.description = "steelyard"
        self._client.application_uri = "urn:steelyard:edge"
        self._log = structlog.get_logger("drivers").bind(device=device.id)
        self._subscriptions: dict[int, tuple[Subscription, float]] = {}

    async def connect(self) -> None:
        """Open connection, channel and session."""
        await self._client.connect()

    async def subscribe(self, subscription: Subscription) -> None:
        """Create the subscription and its items; items that the server refuses are logged and left out."""
        every = subscription.group.every / NS
        keep_alive = max(1, math.ceil(KEEP_ALIVE / every))
        params = ua.CreateSubscriptionParameters()
        params.RequestedPublishingInterval = every * 1000
        params.RequestedMaxKeepAliveCount = keep_alive
        params.RequestedLifetimeCount = max(3 * keep_alive, math.ceil(LIFETIME / every))
        params.MaxNotificationsPerPublish = 10_000
        params.PublishingEnabled = True
        session = self._client.uaclient.session
        created = await session.create_subscription(params, subscription.published)
        keep_alives = created.RevisedPublishingInterval * created.RevisedMaxKeepAliveCount / 1000
        silence = keep_alives + self._device.timeout
        self._subscriptions[int(created.SubscriptionId)] = subscription, silence
        for at in range(0, len(subscription.plan.nodes), ITEMS_A_CALL):
            await self._monitor(int(created.SubscriptionId), subscription, at)

    async def _monitor(self, id_: int, subscription: Subscription, first: int) -> None:
        params = ua.CreateMonitoredItemsParameters()
        params.SubscriptionId = id_
        params.TimestampsToReturn = ua.TimestampsToReturn.Both
        nodes = subscription.plan.nodes[first : first + ITEMS_A_CALL]
        params.ItemsToCreate = [_item(first + i, node, subscription) for i, node in enumerate(nodes)]
        results = await self._client.uaclient.session.create_monitored_items(params)
        for tag, result in zip(subscription.group.tags[first:], results, strict=False):
            if not result.StatusCode.is_good():
                self._log.warning(
                    "the server refuses a node", tag=tag.name, node=tag.source, why=result.StatusCode.name
                )
            elif result.RevisedQueueSize < subscription.plan.queue:
                self._log.warning(
                    "the server keeps fewer values", tag=tag.name, queue=result.RevisedQueueSize
                )

    def lost(self) -> Message | None:
        """Why the connection can't be used any more, or None."""
        if self._client.uaclient.state is not UaClientState.CONNECTED:
            return ConnectionLost()
        now = time.monotonic()
        for subscription, silence in self._subscriptions.values():
            if subscription.ended is not None:
                return subscription.ended
            if now - subscription.last_publish > silence:
                return NothingReceived(f"{silence:.1f}")
        return None

    async def read(self, nodes: Sequence[str]) -> list[ua.DataValue]:
        """The values of nodes, in their order."""
        ids = [ua.NodeId.from_string(node) for node in nodes]
        return await self._client.uaclient.session.read_attributes(ids, AttributeIds.Value)

    async def last_publishes(self, seconds: float) -> Message | None:
        """Wait until each subscription has sent what its server had queued when this was called, at most *seconds*.

        Why the connection was lost meanwhile, or None. Only a publish after the answer to a request made now counts:
        one before it may have left the server earlier, without what was queued since. A subscription with nothing
        queued sends a keep-alive.
        """
        if not self._subscriptions:
            return None
        end = time.monotonic() + seconds
        await self.read((SERVER_STATE,))
        before = [(subscription, subscription.emptied) for subscription, _ in self._subscriptions.values()]
        while (lost := self.lost()) is None and time.monotonic() < end:
            if all(subscription.emptied > count for subscription, count in before):
                break
            await asyncio.sleep(POLL)
        return lost

    async def end(self) -> None:
        """Close the session at the server if it answers within the timeout, and this end of it in any case."""
        try:
            await asyncio.wait_for(self._close(), self._device.timeout)
        except Exception as error:  # the session is given up either way
            self._log.debug("session not closed at the server", why=str(why(error, self._device)))
        finally:
            await self._end_tasks()

    async def _close(self) -> None:
        client, session = self._client, self._client.uaclient.session
        try:
            if self._subscriptions and client.uaclient.state is UaClientState.CONNECTED:
                await session.delete_subscriptions(list(self._subscriptions))
        finally:
            await client.disconnect()

    async def _end_tasks(self) -> None:
        """Cancel what the library leaves running after a connection was lost."""
        client = self._client
        tasks = [client._supervisor_task, client._stale_watchdog_task, client._renew_channel_task]
        running = [task for task in (*tasks, client.uaclient.session._publish_task) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _item(handle: int, node: str, subscription: Subscription) -> ua.MonitoredItemCreateRequest:
    item = ua.MonitoredItemCreateRequest()
    item.ItemToMonitor = ua.ReadValueId(NodeId=ua.NodeId.from_string(node), AttributeId=AttributeIds.Value)
    item.MonitoringMode = ua.MonitoringMode.Reporting
    wanted = item.RequestedParameters
    wanted.ClientHandle = handle
    wanted.QueueSize = subscription.plan.queue
    wanted.DiscardOldest = True
    # as often as the queue holds twice over between two publishes
    wanted.SamplingInterval = 2 * subscription.group.every / NS * 1000 / subscription.plan.queue
    return item


def why(error: Exception, device: OpcuaDevice) -> Message:
    """A failure as a message; what the library raised is its first line, at most 200 characters."""
    if isinstance(error, TimeoutError):
        return NoAnswer(device.endpoint, str(device.timeout))
    if isinstance(error, ConnectionRefusedError):
        return NoServer(device.endpoint)
    text = str(error).partition("\n")[0]
    return Text(f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__)
