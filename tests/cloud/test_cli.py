"""steelyard-cloud as a person calls it: init, errors, exit codes, one JSON object, a running ingest."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cloud.ledger import Ledger, read
from contract import downlink
from contract.downlink import Head, Hello
from journal.keyfiles import load_public
from tests.cloud.edge_twin import Client, Node, command, free_port, mosquitto, run, until, workdir


@contextmanager
def running(folder: Path, role: str = "ingest") -> Iterator[subprocess.Popen[bytes]]:
    """A cloud process, killed at the end if it is still there."""
    with (folder / "cloud.log").open("ab") as log:
        process = subprocess.Popen(command(role, "--workdir", str(folder)), stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_init_makes_a_key_once(tmp_path: Path) -> None:
    first = run("init", "--workdir", str(tmp_path), "--json")
    assert first.returncode == 0
    printed = json.loads(first.stdout)
    key = tmp_path / "cloud" / "cloud.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert printed["public_key"] == str(tmp_path / "cloud" / "cloud.pub") and printed["made"] is True
    before = key.read_bytes()
    second = run("init", "--workdir", str(tmp_path), "--json")
    assert key.read_bytes() == before and json.loads(second.stdout)["made"] is False
    assert json.loads(second.stdout)["fingerprint"] == printed["fingerprint"]


def test_the_starter_settings_are_good_and_their_ledger_is_empty(tmp_path: Path) -> None:
    run("init", "--workdir", str(tmp_path))
    done = run("blocks", "--workdir", str(tmp_path), "--verify", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert (found["blocks"], found["bad"], found["unprojected"]) == (0, [], 0)
    done = run("export", "--config", str(tmp_path / "cloud" / "cloud.yaml"), "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "time,tag,raw,value,quality\n")


BAD = [
    ("brokr: {}", 1, "brokr"),
    ("broker: {host: a, port: 70000}", 1, "broker.port"),
    ("http: {port: '8000'}", 1, "http.port"),
    ("data: .\nstore: {kind: sqlite}", 2, "store.kind"),
    ("broker: {password_file: x}", 1, "broker.password_file"),
    ("sites:\n  - {id: a, name_zh: a, name_en: a, tz: Asia/Shangai, province: 浙江}", 2, "sites[0].tz"),
    ("sites:\n  - {id: a, name_zh: a, name_en: a, tz: UTC}", 2, "sites[0].province"),
    (
        "sites:\n  - {id: a, name_zh: a, name_en: a, tz: UTC, province: 浙江}\n"
        "  - {id: a, name_zh: a, name_en: a, tz: UTC, province: 浙江}",
        3,
        "sites[1].id",
    ),
    ("sites:\n  - {id: a, name_zh: a, name_en: a, tz: UTC, province: 火星}", 2, "sites[0].province"),
    ("sites:\n  - {id: A b, name_zh: a, name_en: a, tz: UTC, province: 浙江}", 2, "sites[0].id"),
]


@pytest.mark.parametrize(("text", "line", "path"), BAD)
def test_wrong_settings_are_named_by_file_and_line(tmp_path: Path, text: str, line: int, path: str) -> None:
    file = tmp_path / "cloud.yaml"
    file.write_text(text + "\n", encoding="utf-8")
    done = run("blocks", "--config", str(file), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["message"] == done.stderr.strip()
    assert done.stderr.startswith(f"{file}:{line}: {path}: ") and "Traceback" not in done.stderr


def test_wrong_flags_and_missing_files_are_wrong_input(tmp_path: Path) -> None:
    for words in (
        ["blocks"],
        ["blocks", "--workdir", str(tmp_path)],
        ["all", "--workdir", str(tmp_path)],
        ["export", "--workdir", str(tmp_path), "--json"],
        ["export", "--workdir", str(tmp_path), "--format", "xml"],
    ):
        done = run(*words)
        assert done.returncode == 2 and "Traceback" not in done.stderr, words
        if "--json" in words:
            assert json.loads(done.stdout)["error"]["message"] == done.stderr.strip()
        else:
            assert done.stdout == ""


def test_keys_that_others_can_read_and_unknown_tags_are_wrong_input(tmp_path: Path) -> None:
    folder = workdir(tmp_path, 1, free_port())
    done = run("export", "--workdir", str(folder), "--tag", "nothing")
    assert done.returncode == 2 and "'nothing'" in done.stderr
    (folder / "cloud" / "cloud.key").chmod(0o644)
    done = run("ingest", "--workdir", str(folder))
    assert done.returncode == 2 and "chmod 600" in done.stderr


def test_a_busy_port_is_named_before_the_ledger_is_touched(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        folder = workdir(tmp_path, 1, port)
        done = run("all", "--workdir", str(folder))
    assert done.returncode == 3
    assert (
        f"http.port {port}" in done.stderr and "cloud.yaml" in done.stderr and "Traceback" not in done.stderr
    )
    assert not (folder / "cloud" / "ledger").exists()


@pytest.mark.needs("mosquitto")
def test_an_ingest_takes_receipts_and_ends_on_sigterm(tmp_path: Path) -> None:
    node, port = Node().begin(), free_port()
    folder = workdir(tmp_path, port, free_port(), node)
    cloud = load_public(folder / "cloud" / "cloud.pub")
    with mosquitto(tmp_path / "broker", port), running(folder) as process:
        client = Client(node.name, port)

        def have(sent: list[bytes]) -> int:
            for data in sent:
                client.send(data)
            return max((receipt.have for receipt in client.read(cloud)), default=-1)

        until(lambda: have(node.blocks) == 1)
        assert run("ingest", "--workdir", str(folder)).returncode == 3
        node.reading(1)
        node.reading(2)
        until(lambda: have(node.blocks[2:]) == 3)
        head = Head("account", f"{7:016x}", 2, 3, node.hashes[3].hex())
        client.send(downlink.write(Hello(node.name, "n1", (head,)), node.key), "hello")
        until(lambda: any(r.nonce == "n1" and r.have == 3 for r in client.read(cloud)))
        found = json.loads(run("blocks", "--workdir", str(folder), "--verify", "--json").stdout)
        assert (found["blocks"], found["values"], found["bad"]) == (4, 4, [])
        done = run("export", "--workdir", str(folder), "--tag", "main.kwh")
        assert [line.split(",")[2] for line in done.stdout.splitlines()[1:]] == ["1", "2"]
        late = Client(node.name, port)
        until(lambda: [r.have for r in late.read(cloud)] == [3])
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        client.close()
        late.close()
    assert [record.data for record in read(folder / "cloud" / "ledger")] == node.blocks


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    folder = workdir(tmp_path, 1, free_port())
    end, start = os.pipe()
    os.close(end)
    process = subprocess.Popen(
        command("export", "--workdir", str(folder)), stdout=start, stderr=subprocess.PIPE, text=True
    )
    os.close(start)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_one_flipped_byte_makes_verify_exit_1(tmp_path: Path) -> None:
    node = Node().begin()
    folder = workdir(tmp_path, 1, free_port(), node)
    ledger = Ledger(folder / "cloud" / "ledger")
    for data in node.blocks:
        ledger.append(1, data)
    ledger.sync()
    ledger.close()
    assert run("blocks", "--workdir", str(folder), "--verify").returncode == 0
    (path,) = (folder / "cloud" / "ledger").glob("*.seg")
    sound = path.read_bytes()
    path.write_bytes(sound[:200] + bytes([sound[200] ^ 1]) + sound[201:])
    done = run("blocks", "--workdir", str(folder), "--verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["bad"][0]["where"] == "00000000.seg:0"
