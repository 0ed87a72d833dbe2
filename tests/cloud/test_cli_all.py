"""steelyard-cloud all: the web answers at once, whatever the broker and the ledger do, and ends when told."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from cloud.ledger import Ledger
from tests.cloud.edge_twin import Client, Node, command, free_port, mosquitto, run, until, workdir


def health(port: int) -> dict[str, Any] | None:
    """The answer of /api/v1/health, if there is one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        assert answer.status == 200
        found: dict[str, Any] = json.loads(answer.read())
        return found
    except ConnectionError:
        return None
    finally:
        connection.close()


@pytest.mark.needs("mosquitto")
def test_all_serves_health_before_there_is_a_broker_and_counts_afterwards(tmp_path: Path) -> None:
    node, broker, port = Node().begin(), free_port(), free_port()
    stranger = Node(name="stranger").begin()
    folder = workdir(tmp_path, broker, port, node)
    with (tmp_path / "cloud.log").open("ab") as log:
        process = subprocess.Popen(command("all", "--workdir", str(folder)), stdout=log, stderr=log)
    try:
        found = until(lambda: health(port))
        assert found["ledger"]["blocks"] == 0 and found["nodes"] == []
        until(lambda: (health(port) or {}).get("status") == "no connection to the broker")
        second = run("all", "--workdir", str(folder))
        assert second.returncode == 3 and f"http.port {port}" in second.stderr
        with mosquitto(tmp_path / "broker", broker):
            until(lambda: (health(port) or {}).get("status") == "ok")
            client = Client(node.name, broker)
            node.reading(1)

            def arrived() -> bool:
                for data in node.blocks:
                    client.send(data)
                client.send(stranger.blocks[0], node="stranger")
                now = health(port) or {}
                return bool(now["ledger"]["blocks"] == 3 and now["unknown_keys"] and now["duplicates"])

            until(arrived)
            until(
                lambda: (health(port) or {})["projector"] == {"lag_blocks": 0, "values": 2, "counted": True}
            )
            found = health(port)
            assert found is not None
            assert [(item["node"], item["site"], item["trusted"]) for item in found["nodes"]] == [
                ("mill-edge", "demo-mill", True)
            ]
            client.close()
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0
        done = json.loads(run("blocks", "--workdir", str(folder), "--verify", "--json").stdout)
        assert (done["blocks"], done["bad"], done["unprojected"]) == (3, [], 0)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_the_port_is_taken_while_a_large_ledger_is_still_being_read(tmp_path: Path) -> None:
    node, port = Node().begin(), free_port()
    folder = workdir(tmp_path, free_port(), port, node)
    ledger = Ledger(folder / "cloud" / "ledger")
    for number in range(3000):
        ledger.append(1, node.reading(number).data)
    ledger.sync()
    ledger.close()
    with (tmp_path / "cloud.log").open("ab") as log:
        process = subprocess.Popen(command("all", "--workdir", str(folder)), stdout=log, stderr=log)
    try:
        begun = time.monotonic()
        until(lambda: health(port))
        assert time.monotonic() - begun < 10
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
