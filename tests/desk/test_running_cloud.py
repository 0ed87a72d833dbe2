"""A desk beside a running cloud: through its socket, durable on return, sound after any kill on either end."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cloud.edge_twin import command, run, until
from tests.desk.bench import Bench
from tests.desk.test_imports import cells


@contextmanager
def running(bench: Bench, role: str = "ingest") -> Iterator[subprocess.Popen[bytes]]:
    """A cloud process over the bench that lets desks in; killed at the end if it is still there."""
    door = bench.folder / "cloud" / "cloud.sock"
    door.unlink(missing_ok=True)
    with (bench.folder / "cloud.log").open("ab") as log:
        process = subprocess.Popen(command(role, "--workdir", str(bench.folder)), stdout=log, stderr=log)
    try:
        until(lambda: door.exists() or process.poll() is not None)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_a_desk_hands_its_blocks_to_the_cloud_that_runs(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with running(bench) as process:
        door = bench.folder / "cloud" / "cloud.sock"
        assert door.is_socket() and door.stat().st_mode & 0o777 == 0o600
        assert bench.take(cells(3000))["new"] == 3000
        assert bench.take(cells(3000))["new"] == 0
        assert bench.declare("site: mill\npoints: [{id: main, carrier: electricity}]\n")["sealed"] == [
            "points"
        ]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert not door.exists()
    found = bench.sound()
    assert len(found["streams"]) == 3  # the site, the import, the points: an incarnation each
    assert bench.run("rebuild") == {"declarations": 3, "readings": 3000}


def sealing(bench: Bench, file: str) -> subprocess.Popen[bytes]:
    """An import that has just begun to hand over its blocks."""
    words = ("import", "--site", "mill", file, "--workdir", str(bench.folder), "--json")
    process = subprocess.Popen(command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    while line := process.stderr.readline():
        if line.startswith(b"sealing"):
            break
    return process


def of_file(bench: Bench, number: int) -> int:
    """How many rows of the file that begins at day number * 1000 count."""
    start = 1_704_067_200 * 10**9 + number * 1000 * 86400 * 10**9
    return sum(start <= row[2] < start + 1000 * 86400 * 10**9 for row in bench.rows())


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("victim", ["desk", "desk beside a cloud", "cloud"])
def test_kills_leave_nothing_half_in(tmp_path: Path, victim: str) -> None:
    """Six files of 3,000 rows; each import is killed while it hands over, and then done again."""
    bench, chance, whole = Bench(tmp_path), random.Random(victim), 0
    for number in range(6):
        early = 0.0 if number < 2 else 0.1
        file = bench.file("rows.csv", "from,to,point,quantity,value,unit\n" + cells(3000, number * 1000))
        if victim == "desk":
            kill(sealing(bench, file), chance.uniform(0, early))
        else:
            with running(bench) as cloud:
                process = sealing(bench, file)
                kill(process if victim.startswith("desk") else cloud, chance.uniform(0, early))
                process.communicate(timeout=60)
        bench.run("rebuild")
        count = of_file(bench, number)
        assert count in (0, 3000)
        whole += count == 3000
        assert bench.run("import", "--site", "mill", file)["new"] == 3000 - count
        assert of_file(bench, number) == 3000
    bench.sound()  # of all that the kills have left: nothing is ever taken out of a ledger
    assert bench.run("rebuild")["readings"] == 18_000
    assert whole < 6  # the kills were early enough to hit something


def kill(process: subprocess.Popen[bytes], wait: float) -> None:
    """Kill -9 a little later."""
    time.sleep(wait)
    process.kill()
    if process.stdout is not None:
        process.communicate(timeout=60)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_kills_at_any_moment_of_the_first_import_of_a_site_leave_it_usable(tmp_path: Path) -> None:
    """The key, the registry and the migration are made in these moments."""
    chance = random.Random(5)
    for number in range(8):
        folder = tmp_path / str(number)
        run("init", "--workdir", str(folder))
        file = folder / "site.yaml"
        file.write_text(run("example", "site").stdout, encoding="utf-8")
        words = ("declare", str(file), "--workdir", str(folder), "--json")
        process = subprocess.Popen(command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.3))
        process.kill()
        process.wait(10)
        done = run(*words)
        assert done.returncode == 0, done.stderr
        assert run("blocks", "--verify", "--workdir", str(folder)).returncode == 0
