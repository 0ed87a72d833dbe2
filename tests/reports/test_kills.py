"""A cloud killed again and again while it takes blocks in gives the figures of one that nobody disturbed."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.statement import canonical
from tests.cloud.edge_twin import command, free_port, mosquitto, until
from tests.cloud.test_ingest_kills import Sender
from tests.desk.bench import Bench
from tests.reports.test_commands import SITE, YEAR, body_of, fill, meter

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.long]
ROW = "2023-01-01,2024-01-01,main,electricity,5000000,kWh\n"


def plain(body: dict[str, Any]) -> list[Any]:
    """The figures without the hashes of the blocks behind them: each import is sealed with a salt of its own."""
    return [{name: value for name, value in item.items() if name != "inputs"} for item in body["figures"]]


def _more(sender: Sender) -> Callable[[], bool]:
    """Tells when another receipt has come, or no more will."""
    known = len(sender.receipts)
    return lambda: len(sender.receipts) > known or sender.done


@pytest.mark.timeout(300)
def test_figures_after_kills_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    node, rng = meter(blocks=200, rows=2), random.Random(20)
    calm = Bench(tmp_path / "calm", SITE)
    fill(calm, node)
    calm.take(ROW)
    broker = free_port()
    storm = Bench(tmp_path / "storm", SITE, broker)
    node.trust(storm.folder / "cloud" / "trust")
    storm.take(ROW)
    words = command("ingest", "--workdir", str(storm.folder))
    with mosquitto(tmp_path / "broker", broker), (tmp_path / "cloud.log").open("ab") as log:
        sender = Sender(node, broker, storm.folder)
        sender.sealing = False
        sender.start()
        for number in range(9):
            heard = _more(sender)
            process = subprocess.Popen(words, stdout=log, stderr=log)
            try:
                until(heard)
                if number < 8:
                    time.sleep(rng.uniform(0, 0.1))
                    storm.run("summary", *YEAR, "-o", str(tmp_path / "between.json"))
                else:
                    until(lambda: sender.done, 60)
            finally:
                process.kill()
                process.wait(10)
        sender.stopped = True
        sender.join(10)
    bodies = []
    for bench in (calm, storm):
        bench.run("summary", *YEAR, "-o", str(bench.folder / "s.json"))
        bodies.append(body_of(bench.folder / "s.json"))
    calm_said, storm_said = (canonical(plain(body)) for body in bodies)
    assert calm_said == storm_said
    metered = [[item for item in body["figures"] if item["point"] == "read"] for body in bodies]
    assert metered[0] == metered[1] and len(metered[0]) == 1  # from the same blocks: their hashes as well
    assert bodies[0]["refused"] == bodies[1]["refused"]
    assert storm.sound()["duplicates"] == 0
