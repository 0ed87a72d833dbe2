"""The MQTT broker: a child of ours with a configuration of its own, or one that is there already."""

from __future__ import annotations

import getpass
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from demo import ports
from demo.errors import BadInput, CannotRun
from demo.folder import write_text
from demo.words import Text

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Broker:
    """Where it listens, and the command that runs it (None: it is not ours)."""

    kind: str
    host: str
    port: int
    command: list[str] | None = None
    version: str | None = None


def plan(kind: str, folder: Path, kept: int | None) -> Broker:
    """Write the configuration of `kind` (nats, mosquitto, HOST:PORT) into `folder`.

    Its port is `kept` from an earlier run if it is still free, else a new one. BadInput for an unknown
    kind, CannotRun where the program is missing or nothing answers.
    """
    if ":" in kind:
        return _external(kind)
    if kind not in _KINDS:
        raise BadInput(Text.NO_BROKER(broker=kind))
    port = kept if kept is not None and ports.is_free(kept) else ports.choose()
    return _KINDS[kind](folder, port)


def _external(address: str) -> Broker:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadInput(Text.NO_ADDRESS(address=address))
    if not ports.answers(host, int(port), timeout=3.0):
        raise CannotRun(Text.BROKER_SILENT(address=address))
    return Broker(address, host, int(port))


def _nats(folder: Path, port: int) -> Broker:
    """nats-server with its MQTT listener; its store starts empty in a new folder, its monitoring is off."""
    beside = Path(sys.executable).parent / "nats-server"
    program = str(beside) if beside.is_file() else shutil.which("nats-server")
    if program is None:
        raise CannotRun(Text.NO_NATS())
    config = folder / "nats.conf"
    write_text(
        config,
        "# written by steelyard-demo at each start\n"
        f'server_name: steelyard-demo\nlisten: "{HOST}:-1"\n'
        f"jetstream {{ store_dir: {json.dumps(str(folder.absolute() / 'jetstream'), ensure_ascii=False)} }}\n"
        f'mqtt {{ listen: "{HOST}:{port}" }}\n',
    )
    version = _first_line([program, "--version"]).removeprefix("nats-server: v")
    return Broker("nats", HOST, port, [program, "-c", str(config.absolute())], version)


def _mosquitto(folder: Path, port: int) -> Broker:
    """Debian's mosquitto, keeping nothing on disk."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise CannotRun(Text.NO_MOSQUITTO())
    config = folder / "mosquitto.conf"
    # `user`: started by root it would change to another user, and a change of user ends the order to
    # die with its parent.
    write_text(
        config,
        "# written by steelyard-demo at each start\n"
        f"listener {port} {HOST}\nallow_anonymous true\npersistence false\nlog_dest stderr\n"
        f"user {getpass.getuser()}\n",
    )
    version = _first_line([program, "-h"]).removeprefix("mosquitto version ")
    return Broker("mosquitto", HOST, port, [program, "-c", str(config.absolute())], version)


def _first_line(command: list[str]) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return (answer.stdout or answer.stderr).partition("\n")[0].strip()


_KINDS = {"nats": _nats, "mosquitto": _mosquitto}
