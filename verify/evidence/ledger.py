"""The blocks of a pack against their keys, the tree and each other (docs/pack-format.md, checks 3 to 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.blocks import merkle
from verify.blocks.block import Block, body_holds, parse, signed
from verify.blocks.messages import StatementTooLong, StatementWithoutKind
from verify.blocks.records import Record, records
from verify.evidence.messages import (
    BlocksHold,
    BlockTwice,
    BlockWithoutProof,
    BodyChanged,
    BodyLeftOut,
    FalseNodeSignature,
    FalsePath,
    NodeWithoutKey,
    NoEd25519Key,
    NotOfThisDepth,
    OtherKeys,
    OutOfOrder,
    PathsHold,
    ProofWithoutBlock,
    ReceivedLater,
    StatementOfOtherSite,
    UnknownChain,
)
from verify.evidence.summary import Chain, Summary
from verify.formats import canonical_json
from verify.formats.findings import Bad, Findings
from verify.formats.messages import NotAnObject
from verify.formats.shape import digest, listed, members, whole

MOST_STATEMENT = 65_536
ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Entry:
    """A record of ledger.seg. index: its number in the tree; statement: None for rows and for a body left out."""

    record: Record
    block: Block
    index: int
    statement: dict[str, Any] | None

    @property
    def name(self) -> str:
        return self.block.header.name

    @property
    def whole(self) -> bool:
        return self.block.body is not None


def is_desk(node: str) -> bool:
    return node.startswith("desk-")


def complete(chain: Chain, depth: str) -> bool:
    """Whether a pack of this depth holds every block of the chain."""
    node, stream, _ = chain
    return is_desk(node) or node == ACCOUNTS or (depth == "full" and stream == "account")


def statements_only(chain: Chain, depth: str) -> bool:
    return not complete(chain, depth) and chain[1] == "account"


def _statement(block: Block) -> dict[str, Any] | None:
    """The statement of a block; None for rows and for a body that was left out."""
    if block.header.kind != 1 or block.body is None:
        return None
    if len(block.body) - 16 > MOST_STATEMENT:
        raise Bad(StatementTooLong())
    statement = canonical_json.load(block.body[16:])
    if not isinstance(statement, dict) or not isinstance(statement.get("kind"), str):
        raise Bad(StatementWithoutKind())
    return statement


def _proofs(data: bytes) -> dict[bytes, tuple[int, list[bytes]]]:
    value = members(canonical_json.load(data, 64), "proofs.json", "leaves")["leaves"]
    if not isinstance(value, dict):
        raise Bad(NotAnObject(), "proofs.json: leaves")
    made = {}
    for name, item in value.items():
        where = f"proofs.json: {name[:64]}"
        members(item, where, "index path")
        path = [digest(step, where) for step in listed(item["path"], where)]
        made[digest(name, where)] = (whole(item["index"], where), path)
    return made


class Reader:
    """Reads ledger.seg and proofs.json; what holds of them goes into the findings."""

    def __init__(self, summary: Summary, depth: str, findings: Findings) -> None:
        self.summary, self.depth, self.findings = summary, depth, findings
        self.keys: dict[str, Ed25519PublicKey] = {}
        for node, raw in summary.keys.items():
            self._key(node, raw)
        for node in {chain[0] for chain in summary.heads} ^ summary.keys.keys():
            findings.bad("summary", f"summary.json: keys.{node[:80]}", OtherKeys())

    def _key(self, node: str, raw: bytes) -> None:
        try:
            self.keys[node] = Ed25519PublicKey.from_public_bytes(raw)
        except ValueError:
            self.findings.bad("summary", f"summary.json: keys.{node[:80]}", NoEd25519Key())

    def read(self, segment: bytes, proofs: bytes) -> list[Entry]:
        """The entries whose signature and place in the tree hold, in the order of the file."""
        try:
            paths = _proofs(proofs)
        except Bad as bad:
            self.findings.bad("tree", bad.where or "proofs.json", bad.why)
            paths = {}
        entries: list[Entry] = []
        seen: set[bytes] = set()
        last = -1
        try:
            for record in records(segment):
                entry = self._entry(record, paths, seen)
                if entry is None:
                    continue
                if entry.index <= last:
                    self.findings.bad("tree", entry.name, OutOfOrder())
                last = entry.index
                entries.append(entry)
        except Bad as bad:
            self.findings.bad("blocks", bad.where, bad.why)
        for name in paths.keys() - seen:
            self.findings.bad("tree", f"proofs.json: {name.hex()}", ProofWithoutBlock())
        self.findings.settle("blocks", BlocksHold(len(entries)))
        self.findings.settle("tree", PathsHold(len(entries), self.summary.size))
        return entries

    def _entry(
        self, record: Record, paths: dict[bytes, tuple[int, list[bytes]]], seen: set[bytes]
    ) -> Entry | None:
        where = f"ledger.seg:{record.offset}"
        try:
            block = parse(record.data)
            where = f"{block.header.name} (ledger.seg:{record.offset})"
            if block.hash in seen:
                raise Bad(BlockTwice())
            seen.add(block.hash)
            self._of_its_node(block)
            statement = _statement(block)
            self._depth(block, statement)
        except Bad as bad:
            self.findings.bad("blocks", where, bad.why)
            return None
        index = self._index(record, block, paths, where)
        return None if index is None else Entry(record, block, index, statement)

    def _of_its_node(self, block: Block) -> None:
        header = block.header
        if header.chain not in self.summary.heads:
            raise Bad(UnknownChain())
        key = self.keys.get(header.node)
        if key is None:
            raise Bad(NodeWithoutKey())
        if not body_holds(block):
            raise Bad(BodyChanged())
        if not signed(block, key):
            raise Bad(FalseNodeSignature())

    def _depth(self, block: Block, statement: dict[str, Any] | None) -> None:
        """Refuse blocks and left out bodies that the depth of the pack does not have."""
        header = block.header
        if not complete(header.chain, self.depth) and (header.stream != "account" or header.kind == 0):
            raise Bad(NotOfThisDepth(self.depth))
        if header.node == ACCOUNTS:
            if statement is not None and statement.get("site", self.summary.site) not in (
                self.summary.site,
                "",
            ):
                raise Bad(StatementOfOtherSite())
        elif block.body is None:
            raise Bad(BodyLeftOut())

    def _index(
        self, record: Record, block: Block, paths: dict[bytes, tuple[int, list[bytes]]], where: str
    ) -> int | None:
        if block.hash not in paths:
            self.findings.bad("tree", where, BlockWithoutProof())
            return None
        index, path = paths[block.hash]
        leaf = merkle.leaf(block.hash, record.stamp)
        if merkle.root_of_path(leaf, index, self.summary.size, path) != self.summary.root:
            self.findings.bad("tree", where, FalsePath())
            return None
        if record.stamp > self.summary.as_of:
            self.findings.bad("tree", where, ReceivedLater())
        return index
