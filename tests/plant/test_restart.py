"""Kill, restart, speed: counters and the clock go on, the account is whole."""

from __future__ import annotations

import struct
import threading
import time
from datetime import datetime
from typing import Any

from plant import account

COMPRESSOR = (4, "holding", 0, 9)


def take(wire: Any) -> tuple[int, int, int]:
    """Read counter, clock and compressor.kwh (bytes DCBA)."""
    image = wire.registers(*COMPRESSOR)
    counter, clock = struct.unpack(">IQ", image[:12])
    return counter, clock, int.from_bytes(image[12:16], "little")


def test_kill_9_shows_in_no_counter_and_no_clock(plant: Any) -> None:
    words = ("--seed", "3", "--speed", "60", "--start", "2026-03-01T08:00:00+08:00")
    got: list[tuple[int, int, int]] = []
    for _ in range(2):
        plant.start(*words)

        def read(until: float) -> None:
            try:
                with plant.connect("compressor-meter") as wire:
                    while time.monotonic() < until:
                        got.append(take(wire))
            except ConnectionError:
                return  # killed

        reader = threading.Thread(target=read, args=(time.monotonic() + 5,))
        reader.start()
        time.sleep(0.4)
        plant.kill()
        reader.join()
    counters, clocks, steps = zip(*got, strict=True)
    assert len(set(counters)) == len(counters)
    assert list(clocks) == sorted(clocks)
    unrolled = [(s - steps[0]) % 2**32 for s in steps]
    assert unrolled == sorted(unrolled)
    assert steps[0] > steps[-1], "the counter has rolled over"
    rows = [r for r in plant.rows("compressor-meter") if r["tag"] == "compressor.kwh"]
    assert [int(r["counter"]) for r in rows] == list(range(1, len(rows) + 1))
    accounted = {int(r["counter"]): int(r["raw"]) for r in rows}
    assert all(accounted[c] == s for c, _, s in got), "what was read is in the account"
    assert len(rows) - len(got) <= 2, "at most one answer a kill was accounted but not received"
    assert datetime.fromtimestamp(clocks[0] / 1e9).astimezone().isoformat()  # a real time
    assert clocks[0] >= account.parse_time("2026-03-01T08:00:00+08:00")


def test_a_torn_line_is_cut_at_the_start(plant: Any) -> None:
    plant.start()
    with plant.connect("gas-meter") as wire:
        wire.registers(6, "holding", 0, 9)
    plant.kill()
    file = plant.folder / "account.csv"
    whole = file.read_bytes()
    file.write_bytes(whole + b"gas-meter,gas.total,2,2026-")
    plant.start()
    assert file.read_bytes() == whole
    with plant.connect("gas-meter") as wire:
        assert struct.unpack(">I", wire.registers(6, "holding", 0, 2))[0] == 2


def test_sigterm_ends_within_two_seconds_with_clients_connected(plant: Any) -> None:
    plant.start()
    with plant.connect("gas-meter") as wire:
        wire.registers(6, "holding", 0, 9)
        began = time.monotonic()
        plant.term()
        assert time.monotonic() - began < 2
    assert not (plant.folder / "control.sock").exists()


def test_hold_stops_the_values_and_not_the_clock(plant: Any) -> None:
    plant.start("--speed", "100")
    assert plant.command("hold").returncode == 0
    with plant.connect("compressor-meter") as wire:
        first = take(wire)
        time.sleep(0.2)
        second = take(wire)
    assert second[0] == first[0] + 1
    assert second[1] - first[1] > 10 * 10**9
    assert second[2] == first[2]


def test_a_full_disk_ends_the_plant_with_exit_code_3(plant: Any) -> None:
    """/dev/full refuses each write; the account stands in for a full disk."""
    plant.listed()
    (plant.folder / "account.csv").symlink_to("/dev/full")
    done = plant.command("run")
    assert done.returncode == 3
    assert "account.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_times_of_rfc_3339() -> None:
    assert account.parse_time("1970-01-01T00:00:01.000000007Z") == 1_000_000_007
    assert account.parse_time("2018-01-01T00:00:00+08:00") == 1_514_736_000_000_000_000
    assert account.Stamp()(1_514_736_000_000_000_001) == "2017-12-31T16:00:00.000000001Z"
