"""A real Chromium, and a real cloud behind a real broker, fed by a node whose blocks the test seals itself."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from journal.keyfiles import make_key
from tests.web.small_edge import Node

BIN = Path(sys.executable).parent
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
CLOUD_YAML = """\
broker: {{host: 127.0.0.1, port: {broker}}}
http: {{host: 127.0.0.1, port: {http}}}
sites:
  - {{id: small-mill, name_zh: 小染厂, name_en: Small mill, tz: Asia/Shanghai, province: 浙江}}
"""


class Visit:
    """One page in a browser context of its own, with everything that it said and asked for."""

    def __init__(self, browser: Browser, url: str, **context: Any) -> None:
        self.url = url
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(url)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def live(self) -> None:
        """Wait until an event has been shown."""
        self.page.wait_for_selector("#link[data-link=up]")

    def foreign(self) -> list[str]:
        """Requests to anywhere but the page's own server."""
        home = self.url.split("/", 3)[2]
        return [asked for asked in self.requests if asked.split("/", 3)[2] != home]

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.2, levels A and AA: rule, place, why."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        run = "levels => axe.run({runOnly: {type: 'tag', values: levels}})"
        found = self.page.evaluate(run, LEVELS)["violations"]
        return [
            f"{each['id']}: {n['target']}: {n['failureSummary']}" for each in found for n in each["nodes"]
        ]


class SmallMill:
    """Broker, cloud and node; the cloud can be killed and started again."""

    def __init__(self, folder: Path, more: str = "") -> None:
        """*more*: further lines of cloud.yaml."""
        self.broker_port, self.http_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.http_port}"
        self.folder = folder
        (folder / "trust").mkdir()
        settings = CLOUD_YAML.format(broker=self.broker_port, http=self.http_port)
        (folder / "cloud.yaml").write_text(settings + more, encoding="utf-8")
        (folder / "nats.conf").write_text(
            f'server_name: test\nlisten: "127.0.0.1:-1"\njetstream {{ store_dir: "{folder}/js" }}\n'
            f'mqtt {{ listen: "127.0.0.1:{self.broker_port}" }}\n'
        )
        self._broker = self._spawn("broker", [str(BIN / "nats-server"), "-c", str(folder / "nats.conf")])
        wait_until(lambda: _answers(self.broker_port), 10)
        subprocess.run([BIN / "steelyard-cloud", "init", "--config", folder / "cloud.yaml"], check=True)
        key = make_key(folder / "small-edge.key", folder / "trust" / "small-edge.pub")
        self.cloud = self._spawn("cloud", self._cloud_command())
        self.await_cloud()
        self.node = Node(key, self.broker_port)
        self.node.start()

    def _cloud_command(self) -> list[str]:
        return [str(BIN / "steelyard-cloud"), "all", "--config", str(self.folder / "cloud.yaml")]

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)

    def kill_cloud(self) -> None:
        """kill -9."""
        self.cloud.kill()
        self.cloud.wait(10)

    def start_cloud(self) -> None:
        """Start the cloud anew, without waiting for it."""
        self.cloud = self._spawn("cloud", self._cloud_command())

    def await_cloud(self) -> None:
        """Wait until the page answers."""
        wait_until(lambda: status(f"{self.url}/api/v1/health") == 200, 30)

    def close(self) -> None:
        """End all of it."""
        self.node.close()
        for process in (self.cloud, self._broker):
            process.terminate()
            process.wait(15)


def wait_until(holds: Any, seconds: float) -> None:
    """Poll until it holds. Raises AssertionError when the time is over."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"did not come within {seconds} s"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as to:
        to.settimeout(0.5)
        return to.connect_ex(("127.0.0.1", port)) == 0


def status(url: str) -> int | None:
    """The status of an answer; None when nobody answers or the answer is an error."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return int(answer.status)
    except (urllib.error.URLError, TimeoutError):
        return None


@pytest.fixture(scope="module")
def browser(needs: Any) -> Iterator[Browser]:
    """Debian's Chromium, without a word to the outside."""
    needs("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Iterator[Any]:
    """`visit(url, locale=..., color_scheme=..., viewport=...)` opens a page; all are closed at the end."""
    opened: list[Visit] = []

    def open_page(url: str, **context: Any) -> Visit:
        opened.append(Visit(browser, url, **context))
        return opened[-1]

    yield open_page
    for each in opened:
        each.context.close()


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallMill]:
    """A small mill that runs."""
    made = SmallMill(tmp_path_factory.mktemp("mill"))
    yield made
    made.close()
