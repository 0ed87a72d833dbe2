"""kill -9 of a running ingest, again and again: what was receipted is in the ledger, once and in order."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from pathlib import Path

import pytest

from cloud.ledger import read
from cloud.ledger.integrity import survey
from contract.downlink import Receipt
from journal.keyfiles import load_public
from tests.cloud.edge_twin import Client, Node, command, free_port, mosquitto, until, workdir

pytestmark = pytest.mark.needs("mosquitto")
WINDOW = 40


class Sender(threading.Thread):
    """Sends the blocks of a node behind the last receipt, over and over, a new one every few milliseconds."""

    def __init__(self, node: Node, port: int, folder: Path) -> None:
        super().__init__(daemon=True)
        self._node, self._cloud = node, load_public(folder / "cloud" / "cloud.pub")
        self._client = Client(node.name, port)
        self._seen, self._have = 0, -1
        self.receipts: list[Receipt] = []
        self.sealing, self.stopped = True, False

    def run(self) -> None:
        """Until stopped: look at the receipts, seal one block, send the window."""
        number = 0
        while not self.stopped:
            self.look()
            if self.sealing:
                self._node.reading(number)
                number += 1
            for data in self._node.blocks[self._have + 1 : self._have + 1 + WINDOW]:
                self._client.send(data)
            time.sleep(0.004)
        self._client.close()

    def look(self) -> None:
        """Take the new receipts in."""
        fresh = self._client.read(self._cloud)[self._seen :]
        self._seen += len(fresh)
        self.receipts += fresh
        self._have = max([self._have, *(receipt.have for receipt in fresh)])

    @property
    def done(self) -> bool:
        """Whether every block is receipted."""
        return self._have == len(self._node.blocks) - 1


def check(folder: Path, node: Node, sender: Sender) -> int:
    """Everything receipted so far is in the ledger, and the ledger is the chain's beginning, each block once."""
    receipts = list(sender.receipts)
    held = [record.data for record in read(folder / "cloud" / "ledger")]
    assert held == node.blocks[: len(held)]
    for receipt in receipts:
        for run in receipt.runs:
            assert run.last < len(held) and run.hash == node.hashes[run.last].hex()
    return len(held)


def kill_loop(tmp_path: Path, kills: int, seed: int) -> None:
    """Start, wait for a receipt, kill -9 a random while later, check; at the end everything arrives."""
    rng, node, port = random.Random(seed), Node().begin(), free_port()
    folder = workdir(tmp_path, port, free_port(), node)
    with mosquitto(tmp_path / "broker", port), (tmp_path / "cloud.log").open("ab") as log:
        sender = Sender(node, port, folder)
        sender.start()
        for _ in range(kills):
            known = len(sender.receipts)
            process = subprocess.Popen(command("ingest", "--workdir", str(folder)), stdout=log, stderr=log)
            try:
                until(lambda: len(sender.receipts) > known + 2)  # noqa: B023 -- used at once
                time.sleep(rng.uniform(0, 0.3))
            finally:
                process.kill()
                process.wait(10)
            time.sleep(0.1)  # receipts that the broker already has still come
            check(folder, node, sender)
        process = subprocess.Popen(command("ingest", "--workdir", str(folder)), stdout=log, stderr=log)
        try:
            sender.sealing = False
            until(lambda: sender.done, 60)
        finally:
            process.terminate()
            assert process.wait(15) == 0
        sender.stopped = True
        sender.join(10)
    assert check(folder, node, sender) == len(node.blocks)
    found = survey(folder / "cloud" / "ledger", {node.name: node.key.public_key()}).report(None)
    assert (found["bad"], found["duplicates"], found["blocks"]) == ([], 0, len(node.blocks))


def test_two_kills(tmp_path: Path) -> None:
    kill_loop(tmp_path, 2, 1)


@pytest.mark.long
def test_many_kills(tmp_path: Path) -> None:
    kill_loop(tmp_path, 20, 2)
