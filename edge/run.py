"""From a settings file to a running agent: keys, trust, the journal's lock, drivers."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import structlog

from contract.schema import Schema
from drivers.modbus.settings import ModbusSettings
from drivers.recorded import load as load_recorded
from drivers.table import driver
from edge.agent import NS, Agent, Plan
from edge.history import History
from edge.node import Node
from edge.paths import Paths, lock
from edge.settings import Settings, load, read_counters, to_devices, to_schema
from edge.trace import Trace
from journal.keyfiles import load_key, load_secret, load_trust
from mqtt.link import Address

log = structlog.get_logger()


def start(path: Path, trace_fd: int | None, drain: float) -> None:
    """Run the edge of a settings file until it gets SIGTERM or SIGINT. Raises BadInput, CannotBeDone, OSError."""
    settings = load(path)
    place, schema = Paths(settings.folder), to_schema(settings)
    plan = Plan(
        journal=place.journal,
        node=Node(settings.node, settings.site, load_key(place.key)),
        schema=schema,
        trust=load_trust(place.trust),
        broker=_address(settings),
        flush=settings.flush,
        max_skew=round(settings.max_skew * NS),
        window=settings.window,
        drain=drain,
        history=_history(settings, schema),
        keep=settings.keep,
    )
    if not plan.trust:
        log.warning("no cloud is trusted: no receipt will free anything", folder=str(place.trust))
    trace = None if trace_fd is None else Trace(trace_fd, read_counters(settings))
    locked = lock(place.journal)
    try:
        asyncio.run(Agent(plan, [driver(device) for device in to_devices(settings, schema)], trace).run())
    finally:
        os.close(locked)


def _history(settings: Settings, schema: Schema) -> History:
    """The recorded rows that devices name. Raises BadInput for a file that does not fit."""
    recorded = []
    for device in settings.devices:
        if isinstance(device, ModbusSettings) and device.history is not None:
            groups = [group for group in schema.groups if group.device == device.id]
            recorded += load_recorded(settings.beside(device.history), groups)
    return History(recorded)


def _address(settings: Settings) -> Address:
    broker = settings.broker
    secret = None if broker.password_file is None else load_secret(settings.beside(broker.password_file))
    return Address(broker.host, broker.port, broker.user, secret)
