"""First contentful paint of pages of a running cloud, beside a plain uPlot page of the same chart. One JSON object.

    python -m bench.pages [http://127.0.0.1:8000/] [--loads 20] [--chart http://127.0.0.1:8000/api/v1/sites/S/charts/ID]

Without an address a demo of its own is started and measured once its year is filled.
Loads alternate between the page and the plain one, each in a fresh context of one Chromium (no cache), so that what
else the machine does falls on both. Times in milliseconds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

VENDOR = Path(__file__).resolve().parent.parent / "cloud" / "web" / "static" / "vendor"
CHROMIUM = "/usr/bin/chromium"
PATIENCE_S = 240.0
PLAIN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>plain</title>
<link rel="stylesheet" href="/uPlot.min.css"><script src="/uPlot.iife.min.js"></script>
<body><div id="at"></div><script>
fetch("/data").then(r => r.json()).then(data => new uPlot({width: 800, height: 300, series:
  data.map((_, i) => i ? {label: "s" + i, stroke: "steelblue"} : {})}, data, document.getElementById("at")));
</script></body></html>
"""
FCP = """() => new Promise(done => {
  const seen = performance.getEntriesByName("first-contentful-paint")[0];
  if (seen) return done(seen.startTime);
  new PerformanceObserver(list => {
    const found = list.getEntriesByName("first-contentful-paint")[0];
    if (found) done(found.startTime);
  }).observe({type: "paint", buffered: true});
})"""


@contextmanager
def plain_page(columns: list[Any]) -> Iterator[str]:
    """A server of the plain page with these columns; gives its address."""
    files = {"/": ("text/html", PLAIN.encode()), "/data": ("application/json", json.dumps(columns).encode())}
    for name, kind in (("uPlot.min.css", "text/css"), ("uPlot.iife.min.js", "text/javascript")):
        files[f"/{name}"] = (kind, (VENDOR / name).read_bytes())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, data = files.get(self.path, ("text/plain", b""))
            self.send_response(200 if data else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def filled_demo() -> Iterator[str]:
    """A demo in a folder of its own, its year filled; gives the address of its first screen. TimeoutError."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        program = str(Path(sys.executable).parent / "steelyard-demo")
        command = [program, "--workdir", f"{folder}/demo", "--port", str(port)]
        demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}/"
            end = time.monotonic() + PATIENCE_S
            while not _filled(url):
                if time.monotonic() > end:
                    raise TimeoutError(f"the demo is not filled after {PATIENCE_S:g} s")
                time.sleep(1)
            yield url
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(40)


def _filled(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}api/v1/health", timeout=5) as answer:
            health = json.load(answer)
    except OSError:
        return False
    whole = [past["share"] == "1.0000" for past in health["history"].values()]
    return bool(whole) and all(whole) and health["projector"]["lag_blocks"] == 0


def first_paint(browser: Browser, url: str) -> float:
    """First contentful paint of one load in a fresh context, ms."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(url, wait_until="commit")
        return float(page.evaluate(FCP))
    finally:
        context.close()


def measure(urls: dict[str, str], loads: int) -> dict[str, list[float]]:
    """*loads* first paints of each url by its name, in turns; one load of each before is not counted."""
    found: dict[str, list[float]] = {name: [] for name in urls}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for turn in range(loads + 1):
            for name, url in urls.items():
                taken = first_paint(browser, url)
                if turn:
                    found[name].append(taken)
        browser.close()
    return found


def columns_of(url: str | None) -> list[Any]:
    """The columns of a chart of the cloud, or ten minutes of one value a second."""
    if url is None:
        return [list(range(600)), [second % 60 for second in range(600)]]
    with urllib.request.urlopen(url, timeout=30) as answer:
        return list(json.load(answer)["columns"])


def report(times: dict[str, list[float]]) -> dict[str, Any]:
    """Median, lowest and highest of each page, and the ratio of the medians."""
    measured: dict[str, Any] = {
        name: {"median_ms": round(statistics.median(of), 1), "min_ms": round(min(of), 1), "max_ms": round(max(of), 1)}
        for name, of in times.items()
    }  # fmt: skip
    measured["ratio"] = round(measured["page"]["median_ms"] / measured["plain"]["median_ms"], 3)
    return measured


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", nargs="?", help="the page of a running cloud")
    parser.add_argument("--loads", type=int, default=20)
    parser.add_argument("--chart", help="address of a chart's JSON that the plain page draws")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = given.url or stack.enter_context(filled_demo())
        plain = stack.enter_context(plain_page(columns_of(given.chart)))
        times = measure({"page": url, "plain": plain}, given.loads)
    print(json.dumps({"url": url, "loads": given.loads} | report(times)))


if __name__ == "__main__":
    main()
