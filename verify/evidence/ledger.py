"""The blocks of a pack against their keys, the tree and each other (docs/pack-format.md, checks 3 to 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.evidence.summary import Chain, Summary
from verify.formats import canonical_json, merkle
from verify.formats.block import Block, body_holds, parse, signed
from verify.formats.findings import Bad, Findings
from verify.formats.records import Record, records
from verify.formats.shape import digest, listed, members, whole

MOST_STATEMENT = 65_536
ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Entry:
    """A record of ledger.seg. index: its number in the tree; said: its statement, None for rows or without body."""

    record: Record
    block: Block
    index: int
    said: dict[str, Any] | None

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
        raise Bad("a statement of more than 65,536 bytes")
    said = canonical_json.load(block.body[16:])
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str):
        raise Bad("a statement without kind")
    return said


def _proofs(data: bytes) -> dict[bytes, tuple[int, list[bytes]]]:
    value = members(canonical_json.load(data, 64), "proofs.json", "leaves")["leaves"]
    if not isinstance(value, dict):
        raise Bad("not an object", "proofs.json: leaves")
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
            findings.bad(
                "summary", f"summary.json: keys.{node[:80]}", "keys are not those of the nodes in heads"
            )

    def _key(self, node: str, raw: bytes) -> None:
        try:
            self.keys[node] = Ed25519PublicKey.from_public_bytes(raw)
        except ValueError:
            self.findings.bad("summary", f"summary.json: keys.{node[:80]}", "no Ed25519 key")

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
                    self.findings.bad("tree", entry.name, "stands out of the order of the ledger")
                last = entry.index
                entries.append(entry)
        except Bad as bad:
            self.findings.bad("blocks", bad.where, bad.why)
        for name in paths.keys() - seen:
            self.findings.bad(
                "tree", f"proofs.json: {name.hex()}", "a proof of a block that the pack does not have"
            )
        self.findings.settle("blocks", f"{len(entries)} blocks: form, body, signature")
        self.findings.settle("tree", f"{len(entries)} paths to the root of {self.summary.size} leaves")
        return entries

    def _entry(
        self, record: Record, paths: dict[bytes, tuple[int, list[bytes]]], seen: set[bytes]
    ) -> Entry | None:
        where = f"ledger.seg:{record.offset}"
        try:
            block = parse(record.data)
            where = f"{block.header.name} (ledger.seg:{record.offset})"
            if block.hash in seen:
                raise Bad("a block that stands twice")
            seen.add(block.hash)
            self._of_its_node(block)
            said = _statement(block)
            self._depth(block, said)
        except Bad as bad:
            self.findings.bad("blocks", where, bad.why)
            return None
        index = self._index(record, block, paths, where)
        return None if index is None else Entry(record, block, index, said)

    def _of_its_node(self, block: Block) -> None:
        header = block.header
        if header.chain not in self.summary.heads:
            raise Bad("a block of a chain that the summary does not name")
        key = self.keys.get(header.node)
        if key is None:
            raise Bad("a block of a node whose key the summary does not name")
        if not body_holds(block):
            raise Bad("the body is not the one that was sealed: its hash differs")
        if not signed(block, key):
            raise Bad("the signature is not that of the node's key")

    def _depth(self, block: Block, said: dict[str, Any] | None) -> None:
        """Refuse blocks and left out bodies that the depth of the pack does not have."""
        header = block.header
        if not complete(header.chain, self.depth) and (header.stream != "account" or header.kind == 0):
            raise Bad(f"a block that a pack of depth {self.depth} does not hold")
        if header.node == ACCOUNTS:
            if said is not None and said.get("site", self.summary.site) not in (self.summary.site, ""):
                raise Bad("a whole statement of another site")
        elif block.body is None:
            raise Bad("the body was left out, which this depth does not allow")

    def _index(
        self, record: Record, block: Block, paths: dict[bytes, tuple[int, list[bytes]]], where: str
    ) -> int | None:
        if block.hash not in paths:
            self.findings.bad("tree", where, "no proof that the tree holds the block")
            return None
        index, path = paths[block.hash]
        leaf = merkle.leaf(block.hash, record.stamp)
        if merkle.root_of_path(leaf, index, self.summary.size, path) != self.summary.root:
            self.findings.bad("tree", where, "its path does not lead to the root of the tree head")
            return None
        if record.stamp > self.summary.as_of:
            self.findings.bad("tree", where, "was received after the time of which the summary speaks")
        return index
