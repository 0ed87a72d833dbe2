"""Statements into the intake log: by its lock where no cloud runs, else through the running cloud's socket."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud.ingest.channel import Channel, Intake
from cloud.ingest.commit import Commit, Trust
from cloud.ingest.control_socket import NAME, connect
from cloud.ingest.health import IngestCounters
from cloud.ledger import Ledger
from cloud.settings import Settings
from cloud.signing import keys
from cloud.signing.messages import NobodyAnswers, OthersWrite
from cloud.signing.writer import seal
from contract.errors import CannotBeDone
from contract.statement import Statement
from journal.keyfiles import load_key

ACCOUNTS = "accounts"
"""The node that seals hour facts, for every site."""
WAIT_S = 10.0
"""How long a ledger that is taken, or a cloud that is starting, is waited for, seconds."""
TRIES = 20


def node_of(site: str) -> str:
    """The desk of a site."""
    return f"desk-{site}"


def write(settings: Settings, node: str, site: str, statements: Sequence[Statement]) -> list[bytes]:
    """Seal statements as one incarnation of a node of this cloud; returns their block hashes once all are durable.

    node: ``desk-<site>``, or ``accounts`` with site "". Raises CannotBeDone when the ledger can't be reached,
    BadInput for keys that can't be read, Malformed for a statement that nobody could read.
    """
    with keys.turn(settings, node) as key, channel(settings) as way:
        return hand_over(way, key, node, site, statements)


def hand_over(
    way: Channel, key: Ed25519PrivateKey, node: str, site: str, statements: Sequence[Statement]
) -> list[bytes]:
    """Seal statements behind the node's last block and give them to the ledger's writer; returns their hashes."""
    for _ in range(TRIES):
        head = way.head(node)
        blocks = seal(node, site, key, head, statements)
        if way.take(node, head, [block.data for block in blocks]):
            return [block.hash for block in blocks[1:]]
    raise CannotBeDone(OthersWrite(node))


@contextmanager
def channel(settings: Settings) -> Iterator[Channel]:
    """The way to the ledger's writer. Raises CannotBeDone when neither lock nor socket can be had."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            ledger = Ledger(settings.ledger_folder)
        except CannotBeDone as error:
            with connect(settings.folder) as remote:
                if remote is not None:
                    yield remote
                    return
            if time.monotonic() > deadline:
                raise CannotBeDone(NobodyAnswers(error.message, str(settings.folder / NAME))) from None
            time.sleep(0.1)
            continue
        try:
            commit = Commit(
                ledger, Trust(settings.trust_folder), load_key(settings.key_file), IngestCounters()
            )
            yield Intake(commit, _ignore)
        finally:
            ledger.close()
        return


def _ignore(error: OSError) -> None:
    """The caller gets CannotBeDone."""
