"""Seals blocks, builds trees and zips packs, written from docs/block-format.md and docs/pack-format.md alone.

It imports nothing of ours: neither the contract nor the verifier that its packs are fed to.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMS = {
    "bool": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q", "uint64": "Q",
    "float32": "f", "float64": "d",
}  # fmt: skip
README = b"An evidence pack of Steelyard. Check it with: steelyard-verify FILE --trust FINGERPRINT\n"
Column = tuple[str, Sequence[float]]


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def key_of(name: str) -> Ed25519PrivateKey:
    """A key that a name determines: tests only."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def fingerprint(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(public(key)).hexdigest()


def packed(columns: list[Column]) -> bytes:
    """Columns as the stored form of codec 1: byte planes, nothing squeezed."""
    planes = b""
    for kind, values in columns:
        form = "B" if kind == "u8" else FORMS[kind]
        words = struct.pack(f"<{len(values)}{form}", *values)
        width = struct.calcsize(form)
        planes += b"".join(words[at::width] for at in range(width))
    return b"\0" + planes


def table(
    group: int,
    times: list[int],
    columns: list[Column],
    status: list[list[int]] | None = None,
    origin: int = 0,
) -> bytes:
    """A table part; status: a list of codes for each tag."""
    n = len(times)
    held: list[Column] = [("int64", times)]
    if status is not None:
        held.append(("u8", [code for codes in status for code in codes]))
    data = packed([*held, *columns])
    flags = 0 if status is None else 1
    return struct.pack("<HBBBBIqBI", group, 0, origin, 0, flags, n, 0, 1, len(data)) + data


def events(
    group: int, times: list[int], runs: list[tuple[int, Column]], alive: int = 0, origin: int = 0
) -> bytes:
    """An events part: for each run the tag's number and its column; times in the order of the runs."""
    data = packed([("int64", times), *(column for _, column in runs)])
    head = struct.pack("<HBBBBIqBI", group, 1, origin, 0, 0, len(times), alive, 1, len(data))
    counts = b"".join(struct.pack("<HI", tag, len(column[1])) for tag, column in runs)
    return head + struct.pack("<H", len(runs)) + counts + data


@dataclass
class Chain:
    """One incarnation of one stream of a node; seal() links and signs its next block."""

    node: str
    key: Ed25519PrivateKey
    stream: str = "account"
    incarnation: int = 0x1122334455667788
    seq: int = 0
    prev: bytes = bytes(32)
    schema: tuple[int, bytes] = (0, bytes(8))
    row_next: int = 1
    last: tuple[int, bytes] | None = None

    def seal(
        self, content: dict[str, Any] | list[bytes], now: int, times: Sequence[int] = (), origins: int = 1
    ) -> bytes:
        """A block of a statement, or of parts with their row times; now: UTC ns."""
        body = hashlib.sha256(f"salt {self.node} {self.seq}".encode()).digest()[:16]
        if isinstance(content, dict):
            body += canonical(content)
        else:
            body += struct.pack("<H", len(content)) + b"".join(content)
        kind = 1 if isinstance(content, dict) else 0
        utc = (1, min(times), max(times)) if times else (0, 0, 0)
        fixed = struct.pack(
            "<QQ32sQ8sQQ16sqqBqqqBBI32s", self.incarnation, self.seq, self.prev, *self.schema, self.row_next,
            self.row_next + len(times) - 1, b"boot" * 4, 1, 2, *utc, now, origins if times else 0, kind, len(body),
            hashlib.sha256(body).digest(),
        )  # fmt: skip
        names = b"".join(bytes([len(name)]) + name.encode() for name in (self.node, self.stream))
        head = b"SYB1" + struct.pack("<H", 6 + len(names) + len(fixed)) + names + fixed
        digest = hashlib.sha256(head).digest()
        if isinstance(content, dict) and content["kind"] == "schema":
            self.schema = (self.seq, digest[:8])
        self.last = (self.seq, digest)
        self.seq, self.prev, self.row_next = self.seq + 1, digest, self.row_next + len(times)
        return head + self.key.sign(digest) + body

    def opened(self, site: str, now: int) -> bytes:
        """The open statement that an incarnation begins with."""
        clock = {"boot_ns": "1", "utc_ns": str(now)}
        return self.seal(
            {"kind": "open", "node": self.node, "site": site, "previous": None, "cause": "start",
             "boot": (b"boot" * 4).hex(), "clock": clock, "version": "0"},
            now,
        )  # fmt: skip


def hash_of(block: bytes) -> bytes:
    return hashlib.sha256(block[: int.from_bytes(block[4:6], "little")]).digest()


def record(stamp: int, data: bytes) -> bytes:
    body = struct.pack("<q", stamp) + data
    return b"\xa7SY\x01" + struct.pack("<II", len(data), zlib.crc32(body)) + body


def leaf(stamp: int, block: bytes) -> bytes:
    return hashlib.sha256(b"\0" + hash_of(block) + struct.pack("<q", stamp)).digest()


def root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(leaves: list[bytes], m: int) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if m < k:
        return [*path(leaves[:k], m), root(leaves[k:])]
    return [*path(leaves[k:], m - k), root(leaves[:k])]


def headed(block: bytes) -> bytes:
    """Header and signature alone."""
    return block[: int.from_bytes(block[4:6], "little") + 64]


@dataclass
class Log:
    """The intake log: blocks with the time at which they were received; every block of it goes into the pack whole,
    unless `without_body` or `left_out` names its number."""

    records: list[tuple[int, bytes]] = field(default_factory=list)
    without_body: set[int] = field(default_factory=set)
    left_out: set[int] = field(default_factory=set)

    def add(self, block: bytes, stamp: int) -> int:
        self.records.append((stamp, block))
        return len(self.records) - 1

    @property
    def leaves(self) -> list[bytes]:
        return [leaf(stamp, block) for stamp, block in self.records]

    def segment(self) -> bytes:
        made = b""
        for number, (stamp, block) in enumerate(self.records):
            if number not in self.left_out:
                made += record(stamp, headed(block) if number in self.without_body else block)
        return made

    def proofs(self) -> bytes:
        leaves = self.leaves
        named = {
            hash_of(block).hex(): {"index": number, "path": [step.hex() for step in path(leaves, number)]}
            for number, (_, block) in enumerate(self.records)
            if number not in self.left_out
        }
        return canonical({"leaves": named})


def signed(body: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    return canonical({"body": body, "key": fingerprint(key), "sig": key.sign(canonical(body)).hex()})


def zipped(files: dict[str, bytes]) -> bytes:
    """The files as they are, in their order, stored, dated 1980."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def bundled(files: dict[str, bytes], depth: str) -> bytes:
    """A pack of its files: the manifest is made anew."""
    certificates = sorted(name for name in files if name.startswith("certificate-"))  # json, pdf, view.json
    names = ("summary.json", "ledger.seg", "proofs.json", *certificates, "README.txt")
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in names if name in files}
    manifest = canonical({"format": "steelyard-pack/1", "depth": depth, "files": hashes})
    return zipped({"manifest.json": manifest, **{name: files[name] for name in names if name in files}})
