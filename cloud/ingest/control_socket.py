"""The unix socket by which a desk hands blocks to the running cloud. Only the owner of the folder can open it.

A message is u32 LE length and JSON, for `take` followed by the blocks: {"ask": "head", "node"} -> {"head"};
{"ask": "take", "node", "head", "sizes"} + bytes -> {"taken"}; or {"error": {"code", "params", "message"}} for either.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import structlog

from cloud.ingest.channel import Channel
from cloud.ingest.messages import HungUp, HungUpUnsure
from contract.block import MAX_BLOCK
from contract.errors import CannotBeDone, SteelyardError
from contract.message import of_json
from contract.opening import Head, head_fields, head_of
from journal.messages import PathError

log = structlog.get_logger()
NAME = "cloud.sock"
PATIENCE_S = 30.0
"""How long either end waits for the other, seconds."""
MAX_HEAD = 1 << 20
MAX_BLOCKS = 20_000
_LENGTH = struct.Struct("<I")


class ControlSocket:
    """Listens in a folder until it is closed. taken: called after blocks were taken. Raises CannotBeDone."""

    def __init__(self, folder: Path, channel: Channel, taken: Callable[[], None]) -> None:
        self._channel, self._taken = channel, taken
        self._path, self._stop = folder / NAME, threading.Event()
        self._path.unlink(missing_ok=True)  # of a cloud that was killed: the caller holds the ledger
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            with _address(folder) as address:
                self._listener.bind(address)
            self._listener.listen(8)
        except OSError as error:
            raise CannotBeDone(PathError(str(self._path), str(error.strerror))) from None
        finally:
            os.umask(before)
        self._listener.settimeout(0.25)
        self._thread = threading.Thread(target=self._serve, name="control-socket", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Accept no new connection; one that is being served is served."""
        self._stop.set()
        self._thread.join(PATIENCE_S)
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._listener.accept()
            except TimeoutError:
                continue
            with peer:
                peer.settimeout(PATIENCE_S)
                try:
                    self._talk(peer)
                except (OSError, ValueError, KeyError, TypeError) as error:
                    log.warning("a desk hung up or sent no request", why=repr(error))

    def _talk(self, peer: socket.socket) -> None:
        while (request := _receive(peer)) is not None:
            try:
                answer = self._answer(peer, request)
            except SteelyardError as error:
                answer = {"error": error.message.json()}
            _send(peer, answer)

    def _answer(self, peer: socket.socket, request: dict[str, Any]) -> dict[str, Any]:
        node = str(request["node"])
        if request["ask"] == "head":
            return {"head": head_fields(self._channel.head(node))}
        sizes = [int(size) for size in request["sizes"]]
        if len(sizes) > MAX_BLOCKS or not all(0 < size <= MAX_BLOCK for size in sizes):
            raise ValueError("more or larger blocks than a desk seals")
        blocks = [_exactly(peer, size) for size in sizes]
        taken = self._channel.take(node, head_of(request["head"]), blocks)
        if taken:
            self._taken()
        return {"taken": taken}


class Remote:
    """The running cloud's end, seen from another process. Raises CannotBeDone whenever it can't be reached."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer

    def head(self, node: str) -> Head | None:
        """The last block of a node that the ledger has."""
        return head_of(self._ask({"ask": "head", "node": node})["head"])

    def take(self, node: str, head: Head | None, blocks: Sequence[bytes]) -> bool:
        """Hand blocks over; see Channel."""
        sizes = [len(data) for data in blocks]
        request = {"ask": "take", "node": node, "head": head_fields(head), "sizes": sizes}
        return bool(self._ask(request, b"".join(blocks))["taken"])

    def _ask(self, request: dict[str, Any], more: bytes = b"") -> dict[str, Any]:
        try:
            _send(self._peer, request, more)
            answer = _receive(self._peer)
        except OSError as error:
            raise CannotBeDone(HungUp(str(error))) from None
        if answer is None:
            raise CannotBeDone(HungUpUnsure())
        if "error" in answer:
            raise CannotBeDone(of_json(answer["error"]))
        return answer


@contextlib.contextmanager
def connect(folder: Path) -> Iterator[Remote | None]:
    """The cloud that runs over a data folder, or None where none answers."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with peer:
        peer.settimeout(PATIENCE_S)
        try:
            with _address(folder) as address:
                peer.connect(address)
        except OSError:
            yield None
            return
        yield Remote(peer)


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    """A path to the socket that is short whatever the folder's is (sun_path holds 107 bytes)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)


def _send(peer: socket.socket, value: dict[str, Any], more: bytes = b"") -> None:
    data = json.dumps(value).encode()
    peer.sendall(_LENGTH.pack(len(data)) + data + more)


def _receive(peer: socket.socket) -> dict[str, Any] | None:
    """The next JSON message, None when the peer has closed between two. Raises OSError, ValueError."""
    first = peer.recv(1)
    if not first:
        return None
    (length,) = _LENGTH.unpack(first + _exactly(peer, _LENGTH.size - 1))
    if length > MAX_HEAD:
        raise ValueError(f"a message of {length} bytes")
    value = json.loads(_exactly(peer, length))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _exactly(peer: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = peer.recv(min(size - len(data), 1 << 18))
        if not piece:
            raise ConnectionError("the peer went away")
        data += piece
    return bytes(data)
