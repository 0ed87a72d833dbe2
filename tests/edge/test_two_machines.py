"""docs/own-plc.md as it stands: edge and cloud in two network namespaces, a broker with users and passwords between."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.long, pytest.mark.needs("mosquitto"), pytest.mark.needs("iproute2")]

DOC = Path(__file__).resolve().parents[2] / "docs" / "own-plc.md"
BIN = Path(sys.executable).parent
EDGE_NS, CLOUD_NS = f"sy-edge-{os.getpid()}", f"sy-cloud-{os.getpid()}"
PASSWORDS = {"edge": "edge-secret", "cloud": "cloud-secret"}


def blocks(kind: str) -> list[str]:
    """The fenced code blocks of the page of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@pytest.fixture
def machines() -> Iterator[None]:
    """Two namespaces joined by a wire; the edge's has the meter's address as well."""
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    with ExitStack() as stack:
        for name in (EDGE_NS, CLOUD_NS):
            ip("netns", "add", name)
            stack.callback(ip, "netns", "del", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("link", "add", "sy0", "netns", EDGE_NS, "type", "veth", "peer", "name", "sy1", "netns", CLOUD_NS)
        for name, device, addresses in (
            (EDGE_NS, "sy0", ("192.0.2.10/24", "192.0.2.11/24")),
            (CLOUD_NS, "sy1", ("192.0.2.20/24",)),
        ):
            for address in addresses:
                ip("-n", name, "address", "add", address, "dev", device)
            ip("-n", name, "link", "set", device, "up")
        yield


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Start a program in a namespace; all of them are ended after the test."""
    running: list[subprocess.Popen[bytes]] = []

    def go(namespace: str, folder: Path, *words: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{Path(words[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", namespace, *words], cwd=folder, stdout=log, stderr=log
            )
        running.append(process)
        return process

    yield go
    for process in reversed(running):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def once(namespace: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ip", "netns", "exec", namespace, *words], cwd=folder, capture_output=True, text=True, timeout=60
    )


def secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text + "\n")


def prepare(tmp_path: Path) -> tuple[Path, Path]:
    """Folders of the two machines with the files of the page."""
    edge, cloud = tmp_path / "edge", tmp_path / "cloud"
    edge_yaml, cloud_yaml = blocks("yaml")
    (conf,) = blocks("conf")
    for folder, name, text in ((edge, "edge.yaml", edge_yaml), (cloud, "cloud.yaml", cloud_yaml)):
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    (cloud / "mosquitto.conf").write_text(conf + "user root\n")
    secret(edge / "broker.password", PASSWORDS["edge"])
    secret(cloud / "broker.password", PASSWORDS["cloud"])
    for i, (user, password) in enumerate(PASSWORDS.items()):
        words = ["mosquitto_passwd", *(["-c"] if i == 0 else []), "-b", str(cloud / "mosquitto.passwd")]
        subprocess.run([*words, user, password], check=True, capture_output=True)
    return edge, cloud


def wait_for(what: Any, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.3)
    return what()


def latest(cloud: Path) -> dict[str, Any]:
    code = (
        "import sys,urllib.request as u; sys.stdout.write(u.urlopen(sys.argv[1],timeout=5).read().decode())"
    )
    url = "http://127.0.0.1:8000/api/v1/sites/my-site/latest"
    done = once(CLOUD_NS, cloud, sys.executable, "-c", code, url)
    return json.loads(done.stdout) if done.returncode == 0 else {"rows": []}


def test_the_page_brings_a_meter_from_one_machine_to_the_other(
    machines: None, start: Any, tmp_path: Path
) -> None:
    edge, cloud = prepare(tmp_path)
    plant = tmp_path / "plant"
    plant.mkdir()
    (plant / "plant.yaml").write_text("host: 192.0.2.10\nports: {main-meter: 502}\n")
    start(EDGE_NS, plant, str(BIN / "steelyard-plant"), "run", "--config", "plant.yaml")
    start(CLOUD_NS, cloud, shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", "mosquitto.conf")

    edge_cli, cloud_cli = str(BIN / "steelyard-edge"), str(BIN / "steelyard-cloud")
    assert once(EDGE_NS, edge, edge_cli, "validate", "edge.yaml").returncode == 0
    assert once(EDGE_NS, edge, edge_cli, "init", "--config", "edge.yaml").returncode == 0
    assert once(CLOUD_NS, cloud, cloud_cli, "init", "--config", "cloud.yaml").returncode == 0

    def read_once() -> Any:
        done = once(EDGE_NS, edge, edge_cli, "check", "--config", "edge.yaml", "--json")
        return done if done.returncode == 0 else None

    done = wait_for(read_once, 30)
    assert done is not None, "check never found the meter"
    json.loads(done.stdout)

    (cloud / "trust").mkdir(exist_ok=True)
    shutil.copy(edge / "node.pub", cloud / "trust" / "my-edge.pub")
    shutil.copy(cloud / "cloud.pub", edge / "trust" / "cloud.pub")
    start(CLOUD_NS, cloud, cloud_cli, "all", "--config", "cloud.yaml")
    start(EDGE_NS, edge, edge_cli, "run", "--config", "edge.yaml")

    assert wait_for(lambda: _fresh(cloud), 60), "no value came to the page"
    assert {row["tag"] for row in latest(cloud)["rows"]} == {"main.kwh", "main.kw"}

    def receipted() -> Any:
        done = once(EDGE_NS, edge, edge_cli, "status", "--config", "edge.yaml", "--json")
        return json.loads(done.stdout)["last_receipt"]

    assert wait_for(receipted, 20), "the edge knows of no receipt"

    ip("-n", EDGE_NS, "link", "set", "sy0", "down")
    time.sleep(8)
    ip("-n", EDGE_NS, "link", "set", "sy0", "up")
    assert wait_for(lambda: _blocks(cloud_cli, cloud)["gaps"] == [] and _fresh(cloud), 60), (
        "the page did not fill up"
    )


def _blocks(cli: str, cloud: Path) -> dict[str, Any]:
    done = once(CLOUD_NS, cloud, cli, "blocks", "--config", "cloud.yaml", "--verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _fresh(cloud: Path) -> bool:
    rows = latest(cloud)["rows"]
    return bool(rows) and all(row["age_s"] is not None and float(row["age_s"]) < 30 for row in rows)


def test_a_wrong_password_is_said_plainly(machines: None, start: Any, tmp_path: Path) -> None:
    edge, cloud = prepare(tmp_path)
    (edge / "broker.password").write_text("wrong\n")
    start(CLOUD_NS, cloud, shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", "mosquitto.conf")
    edge_cli = str(BIN / "steelyard-edge")
    once(EDGE_NS, edge, edge_cli, "init", "--config", "edge.yaml")
    time.sleep(1)
    start(EDGE_NS, edge, edge_cli, "run", "--config", "edge.yaml")
    log = tmp_path / "steelyard-edge.log"
    assert wait_for(lambda: "the broker refuses" in log.read_text(), 20), log.read_text()
    assert "wrong" not in log.read_text()


def test_a_password_that_others_can_read_is_refused(tmp_path: Path) -> None:
    edge, _ = prepare(tmp_path)
    os.chmod(edge / "broker.password", 0o644)
    run = [str(BIN / "steelyard-edge"), "init", "--config", "edge.yaml"]
    subprocess.run(run, cwd=edge, check=True, capture_output=True, timeout=60)
    words = [str(BIN / "steelyard-edge"), "run", "--config", "edge.yaml"]
    done = subprocess.run(words, cwd=edge, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "chmod 600" in done.stderr
    assert "Traceback" not in done.stderr
