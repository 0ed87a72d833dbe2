"""Modbus on a raw socket against the plant's account."""

from __future__ import annotations

import random
import socket
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest


def tags_of(plant: Any, device: str) -> list[dict[str, Any]]:
    return [tag for tag in plant.listed()["tags"] if tag["device"] == device]


def read_all(plant: Any, device: str) -> bytes:
    """One read of a device's whole map; its bytes."""
    tags = tags_of(plant, device)
    end = max(t["address"] + {"16": 1, "32": 2, "64": 4}[t["type"][-2:]] for t in tags)
    with plant.connect(device) as wire:
        image: bytes = wire.registers(tags[0]["unit"], tags[0]["table"], 0, end)
        return image


METERS = ("main", "dyeing", "stenter", "compressor", "steam", "gas", "water")


@pytest.mark.parametrize("meter", METERS)
def test_the_account_says_what_was_on_the_wire(
    running: Any, decoded: Callable[[bytes, str, str], float], meter: str
) -> None:
    device = f"{meter}-meter"
    image = read_all(running, device)
    counter, clock = struct.unpack(">IQ", image[:12])
    rows = {row["tag"]: row for row in running.rows(device) if row["counter"] == str(counter)}
    tags = tags_of(running, device)
    assert set(rows) == {t["tag"] for t in tags if not t["time"]}
    for tag in tags:
        at = 2 * tag["address"]
        wire = image[at : at + int(tag["type"][-2:]) // 8]
        number = decoded(wire, tag["type"], tag["order"])
        if tag["time"]:
            assert number == clock
            continue
        assert rows[tag["tag"]]["hex"] == wire.hex()
        assert rows[tag["tag"]]["raw"] == repr(number)
    second, fraction = divmod(clock, 10**9)
    text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert {row["time"] for row in rows.values()} == {f"{text}.{fraction:09d}Z"}
    assert abs(clock - time.time_ns()) < 5 * 10**9


def test_all_orders_and_mixed_types_are_there(running: Any) -> None:
    tags = [tag for tag in running.listed()["tags"] if tag["table"] and not tag["time"]]
    assert {t["order"] for t in tags if t["type"] == "uint32"} >= {"ABCD", "CDAB", "BADC", "DCBA"}
    assert {t["type"] for t in tags} >= {"uint32", "int32", "uint16", "int16", "float32", "float64"}
    assert {t["table"] for t in tags} == {"holding", "input"}
    assert {t["carrier"] for t in tags} >= {"electricity", "steam", "gas", "water"}
    names = [t["tag"] for t in running.listed()["tags"]]
    assert len(names) == len(set(names))


def test_sub_meters_and_the_rest_make_the_main_meter(running: Any) -> None:
    """Power: the main meter shows more than its sub meters together, by the unaccounted rest of some 30-60 kW."""
    shown: dict[str, float] = {}
    for meter in ("main", "dyeing", "stenter", "compressor"):
        read_all(running, f"{meter}-meter")
        row = [r for r in running.rows(f"{meter}-meter") if r["tag"] == f"{meter}.kw"][-1]
        scale = next(t["scale"] for t in running.listed()["tags"] if t["tag"] == f"{meter}.kw")
        shown[meter] = float(row["raw"]) * float(scale)
    rest = shown.pop("main") - sum(shown.values())
    assert 20 < rest < 70


def test_the_read_counter_counts_answers(running: Any) -> None:
    with running.connect("gas-meter") as wire:
        counts = [struct.unpack(">I", wire.registers(6, "holding", 0, 2))[0] for _ in range(5)]
    assert counts == list(range(counts[0], counts[0] + 5))


def test_part_of_a_map_accounts_only_the_whole_tags_in_it(running: Any) -> None:
    with running.connect("gas-meter") as wire:
        wire.registers(6, "holding", 7, 2)  # half of gas.total, all of gas.flow
        assert running.rows("gas-meter")[-1]["tag"] == "gas.flow"
        before = len(running.rows("gas-meter"))
        wire.registers(6, "holding", 6, 1)  # no whole tag: nothing served
        assert len(running.rows("gas-meter")) == before


@pytest.mark.parametrize(
    ("pdu", "code"),
    [
        (struct.pack(">BHH", 1, 0, 1), 1),
        (struct.pack(">BHHBH", 16, 0, 1, 2, 7), 1),
        (bytes([0x2B]), 1),
        (struct.pack(">BHH", 3, 0, 126), 3),
        (struct.pack(">BHH", 3, 0, 0), 3),
        (struct.pack(">BH", 3, 0), 3),
        (struct.pack(">BHHB", 3, 0, 1, 0), 3),
        (struct.pack(">BHH", 3, 0, 14), 2),
        (struct.pack(">BHH", 3, 65535, 2), 2),
        (struct.pack(">BHH", 4, 0, 1), 2),
    ],
)
def test_exceptions(running: Any, pdu: bytes, code: int) -> None:
    before = len(running.rows())
    with running.connect("main-meter") as wire:
        assert wire.request(1, pdu) == bytes([pdu[0] | 0x80, code])
        assert wire.request(9, struct.pack(">BHH", 3, 0, 1)) == bytes([0x83, 11])
    assert len(running.rows()) == before


def test_garbage_harms_nobody_else(running: Any) -> None:
    chance = random.Random(11)
    with running.connect("main-meter") as good:
        for size in [1, 5, 7, 8, 60, 300, 5000] * 6:
            with running.connect("main-meter") as bad:
                bad.sock.sendall(chance.randbytes(size))
                bad.sock.shutdown(socket.SHUT_WR)
            assert len(good.registers(1, "holding", 0, 8)) == 16


def test_a_frame_may_come_in_pieces_and_many_in_one(running: Any) -> None:
    frame = struct.pack(">HHHBBHH", 5, 0, 6, 1, 3, 0, 8)
    with running.connect("main-meter") as wire:
        for byte in frame:
            wire.sock.sendall(bytes([byte]))
            time.sleep(0.002)
        assert wire.answer(5, 1)[0] == 3
        wire.sock.sendall(frame * 50)
        counts = [struct.unpack(">I", wire.answer(5, 1)[2:6])[0] for _ in range(50)]
    assert counts == list(range(counts[0], counts[0] + 50))


def flood(sock: socket.socket, data: bytes, begin: int) -> int:
    """Send data over and over, from a byte on, until none is taken for the socket's timeout; the byte to go on from."""
    for _ in range(4000):
        try:
            begin = (begin + sock.send(data[begin:])) % len(data)
        except TimeoutError:
            return begin
    raise AssertionError("it takes what is sent without end")


def test_a_client_that_reads_nothing_is_not_served_without_end(running: Any) -> None:
    frame = struct.pack(">HHHBBHH", 5, 0, 6, 7, 3, 0, 10)
    with running.connect("water-meter") as deaf:
        deaf.sock.settimeout(1)
        begin, sizes = 0, [-2, -1]
        while sizes[-1] != sizes[-2]:  # a busy plant may pause for a second before it has stopped
            assert len(sizes) < 20, "it is served without end"
            begin = flood(deaf.sock, frame * 500, begin)
            time.sleep(0.5)
            sizes.append((running.folder / "account.csv").stat().st_size)


def test_stop_and_start(running: Any) -> None:
    with running.connect("stenter-meter") as wire:
        first = struct.unpack(">I", wire.registers(3, "input", 0, 2))[0]
        assert running.command("stop", "stenter-meter").returncode == 0
        with pytest.raises((ConnectionError, OSError)):
            wire.registers(3, "input", 0, 2)
    with pytest.raises(ConnectionRefusedError):
        running.connect("stenter-meter")
    assert running.command("stop", "stenter-meter").returncode == 0
    assert running.command("start", "stenter-meter").returncode == 0
    with running.connect("stenter-meter") as wire:
        assert struct.unpack(">I", wire.registers(3, "input", 0, 2))[0] == first + 1


def test_unknown_device_and_no_plant(running: Any, plant: Any) -> None:
    done = running.command("stop", "no-such-meter")
    assert done.returncode == 2
    assert "no-such-meter" in done.stderr
    done = plant.command("start", "main-meter")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
