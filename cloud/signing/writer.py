"""Statements -> linked, sealed blocks: one incarnation for each delivery, so that its statements stand together."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud.ingest.channel import STREAM
from contract.block import NO_HASH, SALT
from contract.opening import Head, opening
from contract.seal import Clock, Sealed, Sealer, seal_statement
from contract.statement import Statement

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def seal(
    node: str, site: str, key: Ed25519PrivateKey, head: Head | None, statements: Iterable[Statement]
) -> list[Sealed]:
    """Blocks of a new incarnation that links to *head*: `open`, then each statement. Raises Malformed.

    site: as the `open` names it; "" for the accounts, which serve every site.
    """
    boot = uuid.UUID(_BOOT_ID.read_text().strip()).bytes
    prev = NO_HASH if head is None else head.hash
    chain = Sealer(node, STREAM, secrets.randbits(64), boot, prev=prev)
    cause, clock = "start" if head is None else "restart", _clock()
    clocks = clock.boot_last, clock.utc
    opened = opening(node, site, head, cause, boot, clocks, version("steelyard"))
    blocks: list[Sealed] = []
    for statement in (opened, *statements):
        sealed = seal_statement(statement, chain, _clock(), key, secrets.token_bytes(SALT))
        chain = sealed.chain
        blocks.append(sealed)
    return blocks


def _clock() -> Clock:
    boot = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return Clock(time.time_ns(), boot, boot)
