"""The running cloud: threads for ingest, projector and web, one object that they share, and how all of it ends."""

from __future__ import annotations

import secrets
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import structlog

from cloud.ingest import health
from cloud.ingest.channel import Intake
from cloud.ingest.commit import Commit, Trust
from cloud.ingest.control_socket import ControlSocket
from cloud.ingest.inbox import Inbox
from cloud.ingest.messages import PortTaken, ThreadFailed, UnknownHost, WebNotStarted
from cloud.ledger import Ledger
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import Settings
from cloud.web.messages import Starting
from contract import topics
from contract.errors import CannotBeDone, SteelyardError
from journal.keyfiles import load_key
from mqtt.link import Address, Link

log = structlog.get_logger()
GATHER_S = 0.05
"""How long a group commit waits for more messages, seconds."""
GROUP = 256
"""Most messages in one group commit."""
RECONNECT_S = (0.5, 10.0)
"""Longest wait before the first attempt to reach the broker again, and before any, seconds."""
PATIENCE_S = 10.0
"""How long a thread may take to end, seconds."""
RETRY_S = 5.0
"""Pause before a failed projector begins again, seconds."""


class Service:
    """One cloud. Making it takes the web's port and the ledger's lock, and reads the keys; run does the rest.

    Raises CannotBeDone when the port or the ledger is taken, BadInput for keys that can't be read.
    """

    def __init__(self, settings: Settings, web: bool) -> None:
        self.settings = settings
        self.counters = health.IngestCounters()
        self._socket = _listen(settings) if web else None
        self._key = load_key(settings.key_file)
        self._trust = Trust(settings.trust_folder)
        self._ledger = Ledger(settings.ledger_folder)
        broker = settings.broker
        password = None if broker.password_file is None else settings.secret(broker.password_file)
        self._inbox = Inbox()
        self._link = Link(
            Address(broker.host, broker.port, broker.user, password),
            f"steelyard-cloud-{secrets.token_hex(4)}",
            topics.all_up(),
            RECONNECT_S,
            self._inbox.receive,
        )
        self._stop, self._wake = threading.Event(), threading.Event()
        self.intake: Intake | None = None
        self.registry = CurrentRegistry(settings, lambda: self.counters.declared)
        self._failure: BaseException | None = None
        self._projector_problem: str | None = None
        self.projector: Any = None

    def health(self) -> dict[str, Any]:
        """The answer of GET /api/v1/health."""
        return health.report(
            self.settings, self.counters, self._inbox.dropped, self.projector, self._problem()
        )

    def way(self) -> Intake:
        """The way to the ledger. Raises CannotBeDone while it is being read."""
        if self.intake is None:
            raise CannotBeDone(Starting())
        return self.intake

    def stop(self) -> None:
        """Ask the service to end; run returns soon after."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises what made a thread fail: CannotBeDone for a disk that is full."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        threads = [self._thread("web", self._web)] if self._socket is not None else []
        threads += [self._thread("ingest", self._ingest), self._thread("projector", self._project)]
        threads += [self._thread("closing", self._close_days)]
        self._stop.wait()
        log.info("stopping")
        for thread in threads:
            thread.join(PATIENCE_S)
        self.registry.close()
        if self._failure is not None:
            raise self._failure

    def _thread(self, name: str, body: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._guarded, args=(name, body), name=name, daemon=True)
        thread.start()
        return thread

    def _guarded(self, name: str, body: Callable[[], None]) -> None:
        """A thread that fails ends the service; run raises its failure."""
        try:
            body()
        except SteelyardError as error:
            self._failure = self._failure or error
        except OSError as error:
            self._failure = self._failure or CannotBeDone(ThreadFailed(name, str(error)))
        except Exception as error:  # an error of ours: shown with its traceback, and nothing goes on half
            log.exception("a thread failed", thread=name)
            self._failure = self._failure or error
        finally:
            self.stop()

    def _ingest(self) -> None:
        intake = Intake(Commit(self._ledger, self._trust, self._key, self.counters), self._disk_failed)
        for damage in self._ledger.damage:
            log.error("the ledger is damaged", segment=damage.segment, offset=damage.offset, why=damage.why)
        log.info("ledger read", blocks=self.counters.blocks, bytes=self.counters.bytes)
        socket_of_desks = ControlSocket(self.settings.folder, intake, self._wake.set)
        self._link.start()
        self.intake = intake
        try:
            while not self._stop.is_set():
                messages = self._inbox.take(GROUP, 0.25, GATHER_S)
                if messages:
                    for item in intake.group(messages):
                        self._link.publish(item.topic, item.data, item.retain)
                    self._wake.set()
        finally:
            self._link.stop()
            intake.close()
            socket_of_desks.close()
            self._ledger.close()

    def _disk_failed(self, error: OSError) -> None:
        self._failure = self._failure or CannotBeDone(ThreadFailed("ledger", str(error)))
        self.stop()

    def _project(self) -> None:
        """Run the projector. Its failure stops nothing else: it is shown, and it begins again from its cursor."""
        while not self._stop.is_set():
            try:
                from cloud.projection.projector import Projector

                self.projector = Projector(self.settings)
                self._projector_problem = None
                self.projector.run(self._stop, self._wake)
            except Exception as error:  # whatever a store raises, ingest goes on
                log.exception("the projector failed; it begins again", pause_s=RETRY_S)
                self._projector_problem = f"projector: {type(error).__name__}: {error}"
                self._stop.wait(RETRY_S)

    def _close_days(self) -> None:
        from cloud.hourly.day_close import DayClose

        DayClose(self.settings, self.registry).run(self._stop, lambda: self.projector)

    def _web(self) -> None:
        import uvicorn

        from cloud.web.api import create_app

        assert self._socket is not None
        config = uvicorn.Config(
            create_app(self), log_config=None, access_log=False, timeout_graceful_shutdown=2, ws="none"
        )
        server = uvicorn.Server(config)
        ender = threading.Thread(target=self._end_web, args=(server,), name="web-end", daemon=True)
        ender.start()
        server.run(sockets=[self._socket])
        self._socket.close()
        if not server.started:
            raise CannotBeDone(WebNotStarted())

    def _end_web(self, server: Any) -> None:
        self._stop.wait()
        server.handle_exit(signal.SIGTERM, None)

    def _problem(self) -> str | None:
        if self._failure is not None or self._stop.is_set():
            return "stopping"
        if self.intake is None:
            return "starting: the ledger is being read"
        if not self._link.connected:
            return "no connection to the broker"
        lacking = None if self.projector is None else self.projector.problem
        return self._projector_problem or (None if lacking is None else f"store: {lacking}")


def _listen(settings: Settings) -> socket.socket:
    """Take the web's port before anything else is touched; connections wait until the web answers."""
    host, port = settings.http.host, settings.http.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        taken = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise CannotBeDone(UnknownHost(host, str(error.strerror))) from None
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        raise CannotBeDone(PortTaken(str(settings.file), port, host, str(error.strerror))) from None
    return taken
