"""The plant's settings: plant.yaml (optional) and the ports kept in ports.json."""

from __future__ import annotations

import ipaddress
import json
import os
import random
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from plant.catalogue import Mill
from plant.errors import BadInput, CannotRun
from plant.words import Message, Text

FREE_PORTS = range(20000, 30000)
"""Where free ports are looked for: below the range from which systems give ports to outgoing connections."""


_Error = tuple[int, str, Message]
"""Line, path of the key, why it is wrong."""


@dataclass(frozen=True, slots=True)
class Settings:
    """host to listen on, seed of the values (None: kept or 1), ports by device that plant.yaml fixes."""

    folder: Path
    host: str = "127.0.0.1"
    seed: int | None = None
    ports: dict[str, int] = field(default_factory=dict)


def read(folder: Path, file: Path | None, devices: set[str]) -> Settings:
    """The settings of *file* (default: plant.yaml in *folder*, which may be missing).

    Raises BadInput with one `file:line: path: message` line for each error.
    """
    path = file or folder / "plant.yaml"
    if not path.exists():
        if file is not None:
            raise BadInput(Text.NO_SUCH_FILE(path=file))
        return Settings(folder)
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, yaml.SafeLoader)
        plain = yaml.safe_load(text)
    except OSError as error:
        raise BadInput(Text.SYSTEM(path=path, why=str(error.strerror))) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        problem = getattr(error, "problem", None)
        why = Text.NO_UTF8() if problem is None else Text.FROM_LIBRARY(why=problem)
        raise BadInput(Text.AT_LINE(path=path, line=line, key="", why=why)) from None
    if root is None:
        return Settings(folder)
    if not isinstance(root, yaml.MappingNode) or not isinstance(plain, dict):
        raise BadInput(Text.AT_LINE(path=path, line=1, key="", why=Text.NO_SETTINGS()))
    problems = tuple(
        Text.AT_LINE(path=path, line=line, key=key, why=why)
        for line, key, why in _errors(root, plain, devices)
    )
    if problems:
        raise BadInput(Text.PROBLEMS(problems=problems))
    return Settings(folder, plain.get("host", "127.0.0.1"), plain.get("seed"), plain.get("ports") or {})


def _errors(root: yaml.MappingNode, plain: dict[Any, Any], devices: set[str]) -> list[_Error]:
    errors: list[_Error] = []
    for key_node, value_node in root.value:
        line, key = key_node.start_mark.line + 1, str(key_node.value)
        value = plain.get(key)
        if key not in ("host", "seed", "ports"):
            errors.append((line, key, Text.UNKNOWN_KEY()))
        elif key == "host" and not _address(value):
            errors.append((line, key, Text.NO_ADDRESS()))
        elif key == "seed" and not _whole(value, 0, 2**63 - 1):
            errors.append((line, key, Text.NO_SEED()))
        elif key == "ports" and isinstance(value, dict):
            errors += _port_errors(value_node, value, devices)
        elif key == "ports":
            errors.append((line, key, Text.NO_PORTS()))
    return errors


def _port_errors(node: yaml.MappingNode, ports: dict[Any, Any], devices: set[str]) -> list[_Error]:
    errors = []
    for key_node, _ in node.value:
        line, device = key_node.start_mark.line + 1, str(key_node.value)
        if device not in devices:
            errors.append((line, f"ports.{device}", Text.UNKNOWN_DEVICE_KEY(devices=tuple(sorted(devices)))))
        elif not _whole(ports.get(device), 1, 65535):
            errors.append((line, f"ports.{device}", Text.NO_PORT()))
        elif list(ports.values()).count(ports[device]) > 1:
            errors.append((line, f"ports.{device}", Text.PORT_TWICE(port=ports[device])))
    return errors


def _address(value: object) -> bool:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def ports(settings: Settings, mill: Mill) -> dict[str, int]:
    """The port of every device: fixed by plant.yaml, else kept in ports.json, else free ones chosen and kept.

    Raises BadInput when ports.json is no mapping from device to port, CannotRun when it cannot be written.
    """
    path = settings.folder / "ports.json"
    kept = _kept(path) | settings.ports
    missing = [device.id for device in mill.devices if device.id not in kept]
    if missing:
        kept |= dict(zip(missing, _free(settings.host, len(missing), set(kept.values())), strict=True))
    if kept != _kept(path):
        write_json(path, kept)
    return kept


def _kept(path: Path) -> dict[str, int]:
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(Text.AT_LINE(path=path, line=1, key="", why=str(error))) from None
    if not isinstance(kept, dict) or not all(_whole(port, 1, 65535) for port in kept.values()):
        raise BadInput(Text.AT_LINE(path=path, line=1, key="", why=Text.NO_PORTS()))
    return kept


def _free(host: str, count: int, taken: set[int]) -> list[int]:
    chance = random.SystemRandom()
    found: list[int] = []
    for port in chance.sample(FREE_PORTS, len(FREE_PORTS)):
        if len(found) == count:
            return found
        if port not in taken and _is_free(host, port):
            found.append(port)
    first, last = FREE_PORTS.start, FREE_PORTS.stop
    raise CannotRun(Text.NO_FREE_PORTS(count=count, host=host, first=first, last=last))


def _is_free(host: str, port: int) -> bool:
    try:
        listen(host, port, "").close()
    except CannotRun:
        return False
    return True


def listen(host: str, port: int, device: str) -> socket.socket:
    """A bound TCP socket. Raises CannotRun naming the port when that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(64)
    except OSError as error:
        sock.close()
        why = os.strerror(error.errno or 0)
        raise CannotRun(Text.PORT_REFUSED(port=port, device=device, host=host, why=why)) from None
    return sock


def make_folder(folder: Path) -> None:
    """Make the plant's folder. Raises CannotRun when that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(Text.SYSTEM(path=folder, why=str(error.strerror))) from None


def write_json(path: Path, plain: object) -> None:
    """Write a file in one step (tmp + rename). Raises CannotRun when it cannot be written."""
    tmp = path.with_name(f"{path.name}.tmp")
    try:
        text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)
        tmp.write_text(f"{text}\n", encoding="utf-8")
        tmp.replace(path)
    except OSError as error:
        raise CannotRun(Text.SYSTEM(path=path, why=str(error.strerror))) from None
