"""A real InfluxDB server of a test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.cloud.edge_twin import free_port

TOKEN = "secret-of-a-test"  # only this test's own server knows it


@dataclass
class Influxd:
    """A real influxd in a folder of its own."""

    binary: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        paths = {"bolt-path": "i.bolt", "sqlite-path": "i.sqlite", "engine-path": "engine"}
        where = [f"--{name}={self.folder / file}" for name, file in paths.items()]
        command = [
            str(self.binary),
            "run",
            f"--http-bind-address=127.0.0.1:{self.port}",
            *where,
            "--reporting-disabled",
        ]
        environment = {**os.environ, "HOME": str(self.folder), "INFLUXD_LOG_LEVEL": "error"}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                if httpx.get(f"{self.url}/health", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("influxd does not come up")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def bucket(self, name: str) -> str:
        headers = {"Authorization": f"Token {TOKEN}"}
        orgs = httpx.get(f"{self.url}/api/v2/orgs", headers=headers).json()["orgs"]
        body = {"name": name, "orgID": orgs[0]["id"], "retentionRules": []}
        assert httpx.post(f"{self.url}/api/v2/buckets", json=body, headers=headers).status_code == 201
        return name


@contextmanager
def running(binary: Path, folder: Path) -> Iterator[Influxd]:
    """A server that is set up, killed at the end."""
    folder.mkdir(exist_ok=True)
    server = Influxd(binary, folder, free_port())
    server.start()
    try:
        names = {"username": "test", "password": "long-enough", "org": "steelyard", "bucket": "unused"}
        assert httpx.post(f"{server.url}/api/v2/setup", json=names | {"token": TOKEN}).status_code == 201
        yield server
    finally:
        server.kill()
