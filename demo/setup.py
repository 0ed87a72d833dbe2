"""Everything that must be there before plant, cloud and edge start: ports, settings, keys, the broker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from demo import brokers, history, influx, manifest, settings
from demo.commands import run_all, run_json
from demo.errors import BadInput
from demo.evidence import tags_of
from demo.folder import Folder, write_json, write_text
from demo.options import REPLAYED_DEVICE, Options
from demo.screen import Screen
from demo.supervisor import Child, Supervisor
from demo.words import Text

_HEAD = "# written by steelyard-demo at each start\n"


@dataclass(frozen=True)
class Ready:
    """What the rest of the run needs to know."""

    listing: dict[str, Any]
    devices: list[str]
    manifest: dict[str, Any]
    past: history.Past | None = None


def set_up(options: Options, folder: Folder, screen: Screen, supervisor: Supervisor) -> Ready:
    """Plan and start the broker, write both settings, make and exchange the keys. DemoError if it cannot."""
    known = folder.known()
    _same_mode(known, options, folder)
    place = Text.WORK_FOLDER_KEPT if known.get("begun") else Text.WORK_FOLDER
    screen.say("demo", place(folder=folder.root))
    broker = _broker(options, folder, known, screen, supervisor)
    address = (broker.host, broker.port)
    database = _influx(options, folder, known, screen, supervisor)
    store = None if database is None else database.store
    _write_yaml(folder, "cloud", settings.cloud(address, options.port, store))
    where = ["--workdir", str(folder.root)]
    listing = run_json(supervisor, ["steelyard-plant", "--list", "--json", *where, *options.table])
    _show_ports(known, listing, screen)
    screen.status(Text.MAKING_PAST())
    past = history.past(options, folder, known, supervisor)
    only = REPLAYED_DEVICE if options.replay is not None else None
    of = (lambda device: None) if past is None else past.file
    edge = settings.edge(listing, address, device_time=options.device_time, only=only, history=of)
    _write_yaml(folder, "edge", edge)
    if not all(path.is_file() for path in folder.keys().values()):
        screen.status(Text.MAKING_KEYS())
        run_all(supervisor, {n: [f"steelyard-{n}", "init", *where] for n in ("edge", "cloud")})
    folder.exchange_keys(settings.NODE)
    begun = manifest.begun(folder, options, broker, listing)
    if database is not None:
        begun["ports"]["influx"] = database.port
        begun["versions"]["influxdb"] = influx.version(database)
    if past is not None:
        begun["history"] = past.noted()
    write_json(folder.manifest, begun)
    return Ready(listing, [device["id"] for device in edge["devices"]], begun, past)


def _same_mode(known: dict[str, Any], options: Options, folder: Folder) -> None:
    before = known.get("mode")
    if before is not None and before != manifest.mode(options):
        raise BadInput(Text.OTHER_RUN(folder=folder.root, mode=str(before)))


def _broker(
    options: Options, folder: Folder, known: dict[str, Any], screen: Screen, supervisor: Supervisor
) -> brokers.Broker:
    kept = known.get("ports", {}).get("broker")
    broker = brokers.plan(options.broker, folder.root / "broker", kept)
    if broker.command is None:
        screen.say("broker", Text.BROKER_THERE(host=broker.host, port=broker.port))
        return broker
    if kept is not None and kept != broker.port:
        screen.say("broker", Text.BROKER_MOVED(kept=kept, port=broker.port))
    at = Text.BROKER_AT(kind=broker.kind, version=str(broker.version), host=broker.host, port=broker.port)
    screen.say("broker", at)
    supervisor.run(Child("broker", broker.command, folder.log("broker")))
    return broker


def _influx(
    options: Options, folder: Folder, known: dict[str, Any], screen: Screen, supervisor: Supervisor
) -> influx.Influx | None:
    """The InfluxDB of this run, answering and set up; None where the embedded store is wanted."""
    if options.store != "influx":
        return None
    database = influx.plan(options, folder.root, known.get("ports", {}).get("influx"))
    if database.command is not None:
        supervisor.run(Child("influx", database.command, folder.log("influx")))
    screen.status(Text.WAITING_FOR_INFLUX())
    influx.ready(database, supervisor.pump)
    at = Text.INFLUX_AT(version=influx.version(database), url=database.url, org=database.org)
    screen.say("influx", at)
    return database


def _show_ports(known: dict[str, Any], listing: dict[str, Any], screen: Screen) -> None:
    now, before = manifest.plant_ports(listing), known.get("ports", {}).get("plant", {})
    moved = tuple(
        f"{name} {before[name]} -> {port}" for name, port in now.items() if before.get(name, port) != port
    )
    if moved:
        screen.say("plant", Text.PORTS_MOVED(moved=moved))
    span, tags = sorted(set(now.values())), len(tags_of(listing))
    screen.say("plant", Text.PLANT(devices=len(now), tags=tags, first=span[0], last=span[-1]))


def yaml_text(content: dict[str, Any]) -> str:
    """A settings file that people can read."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _write_yaml(folder: Folder, room: str, content: dict[str, Any]) -> None:
    write_text(folder.root / room / f"{room}.yaml", _HEAD + yaml_text(content))
