"""One run of the demo from an empty folder to the verdict."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field
from typing import Any

from demo import findings, manifest, ports
from demo.commands import run_all, run_json
from demo.desk import declare
from demo.errors import CannotRun, Stopped
from demo.folder import Folder, write_json
from demo.inspections import specs
from demo.judge import Figures
from demo.judging import judge_folder
from demo.language import language
from demo.options import Options
from demo.page import Page
from demo.process import signal_group, tail, tool
from demo.screen import Screen
from demo.setup import Ready, set_up
from demo.supervisor import Child, Supervisor
from demo.trace import TraceLog
from demo.words import Text

FIRST_ROW = 60.0  # s from the start of the programs to the first accepted row
SETTLE = 30.0  # s for the edge's drain and the projector together
PUBLISHING = 1.0  # s, interval of the OPC UA subscriptions in edge.yaml


@dataclass
class Run:
    """Start, wait, wind up, judge: each step is a method, in this order."""

    options: Options
    folder: Folder
    screen: Screen
    supervisor: Supervisor
    page: Page = field(init=False)
    seconds: float = 0.0
    asked_replay: float = 0.0

    def __post_init__(self) -> None:
        self.page = Page(self.options.port)

    def go(self) -> tuple[dict[str, Any], Figures | None]:
        """The whole run; answers the result object and, with --check, the figures. DemoError if it cannot."""
        self.supervisor.watch_signals()
        figures = None
        try:
            ready = set_up(self.options, self.folder, self.screen, self.supervisor)
            self._start()
            self._run(ready)
            self._wind_up()
            if self.options.check:
                figures = self._judge(ready)
        finally:
            self.supervisor.end_all()
            self.supervisor.trace.close()
            self.screen.say("demo", Text.ALL_STOPPED())
        return self._result(ready, figures), figures

    def _start(self) -> None:
        """Plant and cloud at once; the edge when the plant is ready, so that no first read comes in vain."""
        where = self._where()
        ready = self.folder.plant_ready
        ready.unlink(missing_ok=True)  # left by a plant that was killed
        self._keep("plant", "steelyard-plant", "run", *where, *self.options.plant)
        self._keep("cloud", "steelyard-cloud", "all", *where)
        self.supervisor.pump(FIRST_ROW, ready.exists)
        self._keep("edge", "steelyard-edge", "run", *where, "--drain", str(self.options.drain))

    def _keep(self, name: str, script: str, *arguments: str) -> None:
        command = [tool(script), *arguments]
        self.supervisor.run(Child(name, command, self.folder.log(name), traced=name == "edge"))

    def _run(self, ready: Ready) -> None:
        """Until the time is over, the replay is read, or somebody stops it."""
        try:
            self._first_row()
            if not self.options.check and self.options.replay is None:
                declare(ready, self.folder, self.supervisor, self.screen)
            self._last_row()
        except Stopped:
            if self.supervisor.trace.first_at is None:
                raise
            self.screen.say("demo", Text.STOPPING())
        self.seconds = time.monotonic() - (self.supervisor.trace.first_at or time.monotonic())

    def _first_row(self) -> None:
        trace = self.supervisor.trace
        self.screen.status(Text.WAITING())
        if not self.supervisor.pump(FIRST_ROW, lambda: self.page.health() is not None):
            raise CannotRun(
                Text.NO_PAGE(address=self.page.address, seconds=f"{FIRST_ROW:g}", log=self._log("cloud"))
            )
        self.screen.say("cloud", Text.DASHBOARD(address=self.page.address))
        if not self.supervisor.pump(FIRST_ROW, lambda: trace.first_at is not None or self._replay_done()):
            raise CannotRun(Text.NO_ROW(seconds=f"{FIRST_ROW:g}", log=self._log("edge")))
        open_end = self.options.seconds is None
        self.screen.say("edge", Text.FIRST_ROW_UNTIL_STOPPED() if open_end else Text.FIRST_ROW())

    def _log(self, name: str) -> str:
        return tail(self.folder.log(name))

    def _last_row(self) -> None:
        trace, reported = self.supervisor.trace, False
        end = time.monotonic() + 1e9
        if self.options.seconds is not None:
            end = (trace.first_at or time.monotonic()) + self.options.seconds
        while (left := end - time.monotonic()) > 0:
            self.screen.status(Text.PROGRESS(rows=f"{trace.rows:,}", restarts=self.supervisor.restarts))
            self.supervisor.pump(min(1.0, left))
            if not reported and self._replay_done():
                if self.options.check or self.options.seconds is not None:
                    return
                reported = True
                self.screen.say("plant", Text.TABLE_READ())

    def _replay_done(self) -> bool:
        """Asked only while nothing is accepted: the question costs a process."""
        last = max(self.supervisor.trace.last_at or 0.0, self.asked_replay)
        if self.options.replay is None or time.monotonic() - last < 2.0:
            return False
        self.asked_replay = time.monotonic()
        try:
            status = run_json(self.supervisor, ["steelyard-plant", "status", *self._where(), "--json"])
        except CannotRun:
            return False  # it is being started
        return bool(status["replay_done"])

    def _where(self) -> list[str]:
        return ["--workdir", str(self.folder.root)]

    def _wind_up(self) -> None:
        """Stop scanning, let the edge deliver and the store take all."""
        if self.options.check and self.options.replay is None:
            self.screen.status(Text.HOLDING())
            try:
                run_all(self.supervisor, {"hold": ["steelyard-plant", "hold", *self._where()]}, patience=10.0)
            except CannotRun as error:
                self.screen.say("plant", Text.NOT_HELD(why=error.message))
            self.supervisor.pump(2 * PUBLISHING + 0.5)
        end = time.monotonic() + (SETTLE if self.options.check else self.options.drain)
        self.screen.status(Text.DELIVERING())
        self._drain(end)
        if self.options.check and not self.supervisor.pump(
            max(2.0, end - time.monotonic()), self.page.projected_all
        ):
            self.screen.say("cloud", Text.STORE_LAGS())

    def _drain(self, end: float) -> None:
        """SIGTERM to the edge, until it ends by itself; one that dies on the way is started once more."""
        edge = self.supervisor.children["edge"]
        if not edge.running:
            self.supervisor.pump(10.0, lambda: edge.running)
            self.supervisor.pump(2.0)
        while True:
            edge.wanted = False
            if edge.process is not None:
                signal_group(edge.process, signal.SIGTERM)
            ended = self.supervisor.pump(max(1.0, end - time.monotonic()), lambda: not edge.running)
            if not ended or edge.exit_code == 0 or time.monotonic() > end:
                return
            self.screen.say("edge", Text.EDGE_ENDED(code=str(edge.exit_code)))
            edge.wanted = True
            self.supervisor.pump(2.0)

    def _judge(self, ready: Ready) -> Figures:
        self.screen.status(Text.JUDGING())
        began = time.monotonic()
        figures = judge_folder(self.supervisor, self.folder.root, ready.listing, self.page)
        self.screen.say("judge", Text.JUDGED(seconds=f"{time.monotonic() - began:.1f}"))
        for kind, examples in figures.examples.items():
            for example in examples:
                self.screen.say(
                    "judge", Text.DIFFERENCE(kind=findings.key(kind, language()), example=example)
                )
        return figures

    def _result(self, ready: Ready, figures: Figures | None) -> dict[str, Any]:
        result = manifest.result(
            figures,
            self.options.broker,
            self.seconds,
            len(ready.devices),
            self.supervisor.restarts,
            self.supervisor.hits,
        )
        write_json(self.folder.manifest, manifest.ended(ready.manifest, result, figures))
        return result


def run(options: Options) -> tuple[dict[str, Any], Figures | None]:
    """Run the demo in its folder. DemoError, with the exit code of its kind, if that cannot be done."""
    folder = Folder(options.workdir)
    if not ports.is_free(options.port):
        raise CannotRun(Text.PORT_BUSY(port=options.port))
    with Screen() as screen:
        lock = folder.claim(options.reset)
        try:
            supervisor = Supervisor(
                folder.root / "pids.json", screen, TraceLog(folder.trace), specs(str(folder.root))
            )
            return Run(options, folder, screen, supervisor).go()
        finally:
            lock.close()
