"""The OPC UA server of the mill, with an account of every value that a subscriber is sent.

A value is served when the server puts it into the queue of a subscription; that is where it is accounted,
before any response can carry it. A subscription ends with the connection of its client.
"""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from asyncua import ua
from asyncua.server.binary_server_asyncio import BinaryServer
from asyncua.server.internal_subscription import InternalSubscription
from asyncua.server.server import Server
from asyncua.server.subscription_service import SubscriptionService
from asyncua.ua.attribute_ids import AttributeIds

from plant.account import Account, Stamp
from plant.catalogue import NAMESPACE, Device
from plant.clock import Clock
from plant.errors import PlantError
from plant.opcua_variable import EPOCH, Variable, node_id
from plant.sources import Source

TICK_S = 0.2
"""Real seconds between looks for changes: a queue of 100 lasts at least 20 s at any speed of the clock."""


class _Watched(SubscriptionService):
    """A subscription service that tells of each value before it queues it for a client."""

    queued: Callable[[ua.NodeId, ua.DataValue], None]

    async def create_subscription(self, *args: Any, **kwargs: Any) -> ua.CreateSubscriptionResult:
        result = await super().create_subscription(*args, **kwargs)
        self._watch(self.subscriptions[result.SubscriptionId])
        return result

    def _watch(self, subscription: InternalSubscription) -> None:
        enqueue = subscription.enqueue_datachange_event

        async def enqueue_watched(mid: int, event: ua.MonitoredItemNotification, size: int) -> None:
            item = subscription.monitored_item_srv._monitored_items[mid].read_value_id
            if item is not None and item.AttributeId == AttributeIds.Value:
                self.queued(item.NodeId, event.Value)
            await enqueue(mid, event, size)

        setattr(subscription, "enqueue_datachange_event", enqueue_watched)  # noqa: B010  (a method of one object)


class _Listening(BinaryServer):
    """The binary server on a socket that is bound already."""

    async def start_on(self, listener: socket.socket) -> None:
        self._server = await asyncio.get_running_loop().create_server(self._make_protocol, sock=listener)
        self.cleanup_task = asyncio.create_task(self._close_task_loop())


async def address_space() -> Server:
    """A server with the standard address space only.

    It is tens of thousands of objects that stay: looking for garbage among them would double the second that it takes.
    """
    server = Server()
    server.disable_clock()
    server.allow_remote_admin(False)
    gc.disable()
    try:
        await server.init()
    finally:
        gc.freeze()
        gc.enable()
    return server


class OpcUaServer:
    """The OPC UA device. *latest* holds the time (UTC ns) up to which each tag has been accounted."""

    def __init__(
        self,
        server: Server,
        device: Device,
        sources: list[Source],
        clock: Clock,
        account: Account,
        latest: dict[str, int],
    ) -> None:
        self.device = device
        self._clock = clock
        self._account = account
        self._latest = latest
        self._stamp = Stamp()
        self._variables = [
            Variable(tag, source, 7_000_000 * (i + 1))
            for i, (tag, source) in enumerate(zip(device.tags, sources, strict=True))
        ]
        self._by_node = {variable.node_id: variable for variable in self._variables}
        self._server = server
        self._listener: _Listening | None = None
        self._failure: PlantError | None = None

    @property
    def running(self) -> bool:
        """Whether the device answers."""
        return self._listener is not None

    async def prepare(self, host: str, port: int) -> None:
        """Add the nodes and show their first values."""
        server = self._server
        service = _Watched(server.iserver.aspace, iserver=server.iserver)
        service.queued = self._queued
        server.iserver.subscription_service = service
        server.iserver.isession.subscription_service = service
        server.set_endpoint(f"opc.tcp://{host}:{port}")
        server.set_server_name("Simulated dyeing mill")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        await server.register_namespace("urn:steelyard:plant")
        await self._add_nodes()
        await self.tick()

    async def start(self, listener: socket.socket) -> None:
        """Answer on a bound socket."""
        if not self._server._policies:
            await self._server._setup_server_nodes()
            await self._server.iserver.start()
        host, port = listener.getsockname()[:2]
        self._listener = _Listening(self._server.iserver, host, port, self._server.limits)
        self._listener.set_policies(self._server._policies)
        await self._listener.start_on(listener)

    async def stop(self) -> None:
        """Send what is queued, close the listener and drop the connections. The nodes are kept."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        for subscription in list(self._service.subscriptions.values()):
            await subscription.publish_results()
        await listener.stop()
        await self._prune(set())

    async def close(self) -> None:
        """End for good."""
        await self.stop()
        if self._server._policies:
            await self._server.iserver.stop()

    async def run(self) -> None:
        """Look for changes until cancelled. Raises CannotRun when the account cannot be written."""
        while True:
            await asyncio.sleep(TICK_S)
            await self.tick()

    async def tick(self) -> None:
        """Drop sessions and subscriptions whose client has gone, then show what has changed."""
        await self._prune(self._connected())
        if self._clock.held:
            return
        now = self._clock.now()
        for variable in self._variables:
            change = variable.change(now)
            if change is not None:
                await self._server.iserver.aspace.write_attribute_value(
                    variable.node_id, AttributeIds.Value, change
                )
        if self._failure is not None:
            raise self._failure

    @property
    def _service(self) -> SubscriptionService:
        return self._server.iserver.subscription_service

    def _connected(self) -> set[ua.NodeId]:
        clients = self._listener.clients if self._listener is not None else []
        sessions = [client.processor.session for client in clients if client.processor is not None]
        return {session.session_id for session in sessions if session is not None}

    async def _prune(self, sessions: set[ua.NodeId]) -> None:
        for session in list(self._server.iserver._external_sessions.values()):
            if session.session_id not in sessions:
                await session.close_session(True)
        gone = [i for i, sub in self._service.subscriptions.items() if sub.session_id not in sessions]
        if gone:
            await self._service.delete_subscriptions(gone)

    async def _add_nodes(self) -> None:
        objects, folders = self._server.nodes.objects, {}
        for variable in self._variables:
            tag = variable.tag
            owner = str(tag.node).partition(".")[0]
            if owner not in folders:
                folders[owner] = await objects.add_object(node_id(owner), f"{NAMESPACE}:{owner}")
            name = ua.QualifiedName(tag.name, NAMESPACE)
            await folders[owner].add_variable(variable.node_id, name, 0, variable.variant)

    def _queued(self, node_id: ua.NodeId, value: ua.DataValue) -> None:
        """Account a value that goes to a subscriber, once for each (tag, source time)."""
        variable = self._by_node.get(node_id)
        if variable is None or value.Value is None or value.SourceTimestamp is None:
            return
        tag = variable.tag
        time_ns = (value.SourceTimestamp - EPOCH) // timedelta(microseconds=1) * 1000
        if time_ns <= self._latest.get(tag.name, 0):
            return
        number = value.Value.Value
        wire = variable.layout.pack(number).hex()
        line = f"{self.device.id},{tag.name},,{self._stamp(time_ns)},{number!r},{wire}\n"
        try:
            self._account.write(line.encode(), 1)
        except PlantError as error:
            self._failure = error
            raise
        self._latest[tag.name] = time_ns
