"""The plant's control socket: one JSON request a line, one JSON reply a line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from plant.errors import BadInput, CannotRun, PlantError
from plant.words import Message, Text

NAME = "control.sock"
_LIMIT = 65536
_PATIENCE_S = 10.0

Handler = Callable[[str, str | None], Awaitable[dict[str, Any]]]
"""From command and device to the reply; raises PlantError."""


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    """A path to the socket that is short whatever the folder's is (sun_path holds 107 bytes)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)


async def serve(folder: Path, handler: Handler) -> asyncio.Server:
    """Listen in *folder*, for the owner only. The caller holds the account, so an old socket is dead."""
    (folder / NAME).unlink(missing_ok=True)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            reply = await _reply(await reader.readline(), handler)
            writer.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        except (ConnectionError, ValueError):
            pass  # the caller has gone or sends no lines: there is no one to answer
        finally:
            writer.close()

    before = os.umask(0o177)
    try:
        with _address(folder) as address:
            return await asyncio.start_unix_server(talk, address, limit=_LIMIT)
    except OSError as error:
        raise CannotRun(Text.SYSTEM(path=folder / NAME, why=str(error.strerror))) from None
    finally:
        os.umask(before)


async def _reply(line: bytes, handler: Handler) -> dict[str, Any]:
    try:
        request = json.loads(line)
        command, device = request["command"], request.get("device")
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"error": Text.BAD_REQUEST().json(), "exit": BadInput.exit_code}
    try:
        return await handler(str(command), device)
    except PlantError as error:
        return {"error": error.message.json(), "exit": error.exit_code}


def ask(folder: Path, command: str, device: str | None = None) -> dict[str, Any]:
    """Send one command to the plant that runs in *folder* and return its reply.

    Raises CannotRun when none runs there, and what the plant raised.
    """
    try:
        with _address(folder) as address, socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(_PATIENCE_S)
            sock.connect(address)
            sock.sendall(json.dumps({"command": command, "device": device}).encode() + b"\n")
            with sock.makefile("rb") as answers:
                line = answers.readline()
    except OSError as error:
        raise CannotRun(Text.NO_PLANT(folder=folder, why=str(error.strerror or error))) from None
    if not line:
        raise CannotRun(Text.NO_REPLY(folder=folder))
    reply: dict[str, Any] = json.loads(line)
    if "error" in reply:
        kind = BadInput if reply["exit"] == BadInput.exit_code else CannotRun
        raise kind(Message.of(reply["error"]))
    return reply
