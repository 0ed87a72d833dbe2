"""One pass over the ledger: its tree, the chains of a site, and which of their blocks a pack holds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from cloud import ledger
from cloud.ledger import refusals
from cloud.ledger.heads import ChainKey, key_of
from cloud.ledger.tree import Tree, leaf
from cloud.reports.messages import LedgerIsShorter
from contract import block, statement
from contract.block import SALT, STATEMENT, Header
from contract.downlink import RefusedSeq
from contract.errors import BadInput, Malformed
from journal.records import Record

log = structlog.get_logger()
ACCOUNTS = "accounts"
"""The node that writes the hour facts of every site."""
DESK = "desk-"
"""How the names of desks begin."""
SIGNATURE = 64


@dataclass
class SiteChain:
    """The blocks of one incarnation that the tree has; site: what its open statement names, None without one."""

    key: ChainKey
    site: str | None = None
    blocks: int = 0
    last: int = -1
    hash: bytes = b""
    runs: list[list[int]] = field(default_factory=list)

    def add(self, header: Header, digest: bytes, site: str | None) -> None:
        """Note a block; its seq may come after a later one that was taken first."""
        if header.seq == 0:
            self.site = site
        if header.seq > self.last:
            self.last, self.hash = header.seq, digest
        self.blocks += 1
        if self.runs and self.runs[-1][1] == header.seq:
            self.runs[-1][1] += 1
        else:
            self.runs.append([header.seq, header.seq + 1])

    def lacks(self, seq: int) -> bool:
        """Whether the number stands before the last one and its block is not there."""
        return 0 <= seq < self.last and not any(first <= seq < end for first, end in self.runs)

    def head(self) -> dict[str, object]:
        """The chain's entry in a summary."""
        node, stream, number = self.key
        return {
            "node": node, "stream": stream, "incarnation": f"{number:016x}",
            "blocks": self.blocks, "last": self.last, "hash": self.hash.hex(),
        }  # fmt: skip


@dataclass
class Survey:
    """A ledger up to a size: its tree, its chains in the order they began, when its last block came, where it ends."""

    tree: Tree = field(default_factory=Tree)
    chains: dict[ChainKey, SiteChain] = field(default_factory=dict)
    as_of: int = 0
    end: int = 0

    def of(self, site: str) -> dict[ChainKey, SiteChain]:
        """The chains of a site, with those of the accounts."""
        return {key: chain for key, chain in self.chains.items() if chain.site == site or key[0] == ACCOUNTS}


@dataclass(frozen=True)
class Piece:
    """A block for a pack: its number and hash, when it came, and its bytes, with or without the body."""

    index: int
    hash: bytes
    received_at: int
    data: bytes


def survey(folder: Path, size: int | None = None) -> Survey:
    """Read a ledger folder, also while its writer goes on; its first *size* blocks, by default all that are there.

    Raises BadInput when it has fewer.
    """
    found = Survey()
    for record, header, body in _blocks(folder):
        if size is not None and len(found.tree) >= size:
            break
        digest = header.hash
        key = key_of(header)
        found.chains.setdefault(key, SiteChain(key)).add(header, digest, _site(header, body))
        found.tree.append(leaf(digest, record.stamp))
        found.as_of, found.end = record.stamp, record.next
    if size is not None and len(found.tree) < size:
        raise BadInput(LedgerIsShorter(len(found.tree), size))
    return found


def not_taken(folder: Path, chains: dict[ChainKey, SiteChain]) -> list[dict[str, object]]:
    """The refused blocks that stand in sequence gaps of these chains, in order of chain and seq."""
    found: dict[tuple[int, int], tuple[ChainKey, RefusedSeq]] = {}
    order = {key: number for number, key in enumerate(chains)}
    for key, item in refusals.read(folder):
        if key in chains and chains[key].lacks(item.seq):
            found[order[key], item.seq] = key, item
    return [
        {
            "node": key[0], "stream": key[1], "incarnation": f"{key[2]:016x}",
            "seq": item.seq, "hash": item.hash, "reason": item.reason,
        }
        for _, (key, item) in sorted(found.items())
    ]  # fmt: skip


def statements(folder: Path, of: Survey, wanted: set[bytes]) -> dict[bytes, dict[str, object]]:
    """The statements of blocks (by hash) that the survey covers."""
    found: dict[bytes, dict[str, object]] = {}
    for index, (_, header, body) in enumerate(_blocks(folder)):
        if index >= len(of.tree) or len(found) == len(wanted):
            break
        if header.hash in wanted:
            fields = statement.parse(body[SALT:])
            assert isinstance(fields, dict)
            found[header.hash] = fields
    return found


def pieces(folder: Path, of: Survey, site: str, full: bool) -> Iterator[Piece]:
    """The blocks that a pack of a site holds, in the order of the ledger."""
    chains = of.of(site)
    for index, (record, header, body) in enumerate(_blocks(folder)):
        if index >= len(of.tree):
            return
        if key_of(header) not in chains:
            continue
        data = _part(record.data, header, body, site, full)
        if data is not None:
            yield Piece(index, header.hash, record.stamp, data)


def _part(data: bytes, header: Header, body: bytes, site: str, full: bool) -> bytes | None:
    """What a pack keeps of a block of a chosen chain: all, header and signature, or nothing."""
    if header.node == ACCOUNTS:
        return data if _site(header, body) in (site, "", None) else bare(data)
    if header.node.startswith(DESK):
        return data
    if header.stream != "account" or (header.kind != STATEMENT and not full):
        return None
    return data


def bare(data: bytes) -> bytes:
    """A block without its body."""
    (length,) = struct.unpack_from("<H", data, 4)
    return data[: length + SIGNATURE]


def _blocks(folder: Path) -> Iterator[tuple[Record, Header, bytes]]:
    """Every block of a ledger folder, in order. What is no block has no leaf; `blocks --verify` names it."""
    reader = ledger.read(folder)
    for record in reader:
        try:
            header, _, body = block.parse(record.data)
        except Malformed as error:
            log.warning("a record of the ledger is no block", position=record.position, why=str(error))
            continue
        yield record, header, body
    for damage in reader.damage:
        log.warning("the ledger is damaged", segment=damage.segment, offset=damage.offset, why=damage.why)


def _site(header: Header, body: bytes) -> str | None:
    """The site that a statement names; None where it names none."""
    if header.kind != STATEMENT:
        return None
    try:
        fields = statement.parse(body[SALT:])
    except Malformed:
        return None
    site = fields.get("site") if isinstance(fields, dict) else None
    return site if isinstance(site, str) else None
