"""Ways to falsify a pack, for an attacker without keys: inner hashes are made anew wherever he could.

Each takes the files of a pack and a position (0, 1, 2: first, middle, last of what it falsifies) and changes them.
`cloud` in its mark says that the summary is signed anew by the true cloud: a cloud that lies.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verify import sealing
from tests.verify.sealing import canonical, fingerprint, hash_of, key_of, public, record

Files = dict[str, bytes]
Change = Callable[["Pack", int], None]


@dataclass
class Pack:
    """The parts of a pack, taken apart. records: (stamp, data); index: by block hash, proofs as JSON."""

    body: dict[str, Any]
    envelope: dict[str, Any]
    records: list[tuple[int, bytes]]
    leaves: dict[str, Any]
    depth: str
    raw: Files

    @classmethod
    def of(cls, files: Files, depth: str) -> Pack:
        envelope = json.loads(files["summary.json"])
        segment, records, at = files["ledger.seg"], [], 0
        while at < len(segment):
            size, _, stamp = struct.unpack_from("<IIq", segment, at + 4)
            records.append((stamp, segment[at + 20 : at + 20 + size]))
            at += 20 + size
        leaves = json.loads(files["proofs.json"])["leaves"]
        return cls(envelope["body"], envelope, records, leaves, depth, {})

    def files(self) -> Files:
        """The files again; `raw` ones win."""
        return {
            "summary.json": canonical({**self.envelope, "body": self.body}),
            "ledger.seg": b"".join(record(stamp, data) for stamp, data in self.records),
            "proofs.json": canonical({"leaves": self.leaves}),
            "README.txt": sealing.README,
            **self.raw,
        }

    def sign(self, key: Ed25519PrivateKey) -> None:
        self.body["signer"] = public(key).hex()
        self.envelope.update(key=fingerprint(key), sig=key.sign(canonical(self.body)).hex())

    def at(self, position: int, kinds: tuple[str, ...] = ()) -> int:
        """Number of the first, middle or last record, of statements of these kinds when they are named."""
        found = [
            number
            for number, (_, data) in enumerate(self.records)
            if not kinds or statement(data).get("kind") in kinds
        ]
        return found[position * (len(found) - 1) // 2]

    def replace(self, number: int, data: bytes) -> None:
        """Another block in place of one; its proof goes over to it."""
        stamp, old = self.records[number]
        self.leaves[hash_of(data).hex()] = self.leaves.pop(hash_of(old).hex())
        self.records[number] = (stamp, data)


def header(data: bytes) -> int:
    return int.from_bytes(data[4:6], "little")


def statement(data: bytes) -> dict[str, Any]:
    """The statement of a block; empty for rows and headers alone."""
    try:
        fields = json.loads(data[header(data) + 64 + 16 :])
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def resealed(data: bytes, key: Ed25519PrivateKey | None, **more: Any) -> bytes:
    """The block with other members in its statement: hash and length of the body anew, signed if there is a key."""
    end = header(data)
    body = data[end + 64 : end + 80] + canonical({**statement(data), **more})
    head = data[: end - 36] + struct.pack("<I", len(body)) + hashlib.sha256(body).digest()
    signature = key.sign(hashlib.sha256(head).digest()) if key else data[end : end + 64]
    return head + signature + body


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _block(pack: Pack, position: int, where: Callable[[bytes], int], kinds: tuple[str, ...] = ()) -> None:
    number = pack.at(position, kinds)
    stamp, data = pack.records[number]
    changed = flipped(data, where(data))
    if hash_of(changed) != hash_of(data):
        pack.replace(number, changed)
    else:
        pack.records[number] = (stamp, changed)


def body_byte(pack: Pack, position: int) -> None:
    _block(pack, position, lambda data: len(data) - 2)


def salt_byte(pack: Pack, position: int) -> None:
    _block(pack, position, lambda data: header(data) + 64)


def header_link(pack: Pack, position: int) -> None:
    _block(pack, position, lambda data: data.index(b"account") + 7 + 16)


def header_time(pack: Pack, position: int) -> None:
    _block(pack, position, lambda data: header(data) - 50)


def signature_byte(pack: Pack, position: int) -> None:
    _block(pack, position, lambda data: header(data) + 5)


def received_at(pack: Pack, position: int) -> None:
    number = pack.at(position)
    stamp, data = pack.records[number]
    pack.records[number] = (stamp - 1, data)


def dropped(pack: Pack, position: int) -> None:
    _, data = pack.records.pop(pack.at(position))
    del pack.leaves[hash_of(data).hex()]


def dropped_with_proof(pack: Pack, position: int) -> None:
    pack.records.pop(pack.at(position))


def dropped_tail(pack: Pack, position: int) -> None:
    """The last blocks of the desk, the accounts or the edge."""
    node = (b"desk-", b"accounts", b"-edge")[position]
    mine = [number for number, (_, data) in enumerate(pack.records) if node in data[7:40]]
    for number in reversed(mine[-2:]):
        _, data = pack.records.pop(number)
        del pack.leaves[hash_of(data).hex()]


def dropped_chain(pack: Pack, position: int) -> None:
    node = (b"desk-", b"accounts", b"-edge")[position]
    for _, data in [item for item in pack.records if node in data_name(item[1])]:
        del pack.leaves[hash_of(data).hex()]
    pack.records = [item for item in pack.records if node not in data_name(item[1])]


def data_name(data: bytes) -> bytes:
    return data[7 : 7 + data[6]]


def doubled(pack: Pack, position: int) -> None:
    number = pack.at(position)
    pack.records.insert(number, pack.records[number])


def swapped_blocks(pack: Pack, position: int) -> None:
    number = min(pack.at(position), len(pack.records) - 2)
    pack.records[number : number + 2] = reversed(pack.records[number : number + 2])


def without_body(pack: Pack, position: int) -> None:
    number = pack.at(position, ("points", "tariff", "import", "factors", "schema", "site"))
    stamp, data = pack.records[number]
    pack.records[number] = (stamp, sealing.headed(data))


def hour_without_body(pack: Pack, position: int) -> None:
    number = pack.at(position, ("hours",))
    stamp, data = pack.records[number]
    pack.records[number] = (stamp, sealing.headed(data))


def hour_fact(pack: Pack, position: int) -> None:
    number = pack.at(position, ("hours",))
    data = pack.records[number][1]
    steps = statement(data)["steps"]
    pack.replace(number, resealed(data, None, steps=[steps[0] + 1, *steps[1:]]))


def hour_class(pack: Pack, position: int) -> None:
    number = pack.at(position, ("hours",))
    data = pack.records[number][1]
    pack.replace(number, resealed(data, key_of("thief"), **{"class": ["measured"] * 24}))


def imported_value(pack: Pack, position: int) -> None:
    number = pack.at(position, ("import",))
    data = pack.records[number][1]
    rows = [[*row[:4], "1", row[5]] for row in statement(data)["rows"]]
    pack.replace(number, resealed(data, None, rows=rows))


def other_key(pack: Pack, position: int) -> None:
    """A statement sealed by somebody else."""
    number = pack.at(position, ("tariff", "points", "permit"))
    pack.replace(number, resealed(pack.records[number][1], key_of("thief"), note="mine"))


def other_key_named(pack: Pack, position: int) -> None:
    """A statement sealed by somebody else, whose key the summary now names."""
    number = pack.at(position, ("tariff", "points", "permit"))
    data = pack.records[number][1]
    pack.replace(number, resealed(data, key_of("thief"), note="mine"))
    pack.body["keys"][data_name(data).decode()] = public(key_of("thief")).hex()


def foreign_block(pack: Pack, position: int) -> None:
    """A block of a chain that the summary does not name, with a proof borrowed from another."""
    chain = sealing.Chain("desk-evil", key_of("thief"))
    data = chain.opened("plain-mill", 1)
    number = pack.at(position)
    pack.records.insert(number, (pack.records[number][0], data))
    pack.leaves[hash_of(data).hex()] = pack.leaves[hash_of(pack.records[number + 1][1]).hex()]


def crc(pack: Pack, position: int) -> None:
    files = pack.files()
    at = (8, len(files["ledger.seg"]) // 2, len(files["ledger.seg"]) - 1)[position]
    pack.raw["ledger.seg"] = flipped(files["ledger.seg"], at)


def appended(pack: Pack, position: int) -> None:
    extra = (b"\0", b"\xa7SY\x01", bytes(400))[position]
    pack.raw["ledger.seg"] = pack.files()["ledger.seg"] + extra


def cut(pack: Pack, position: int) -> None:
    whole = pack.files()["ledger.seg"]
    pack.raw["ledger.seg"] = whole[: (10, len(whole) // 2, len(whole) - 1)[position]]


def proof_step(pack: Pack, position: int) -> None:
    leaf = pack.leaves[hash_of(pack.records[pack.at(position)][1]).hex()]
    leaf["path"][0] = "00" * 32


def proof_index(pack: Pack, position: int) -> None:
    pack.leaves[hash_of(pack.records[pack.at(position)][1]).hex()]["index"] += 1


def proof_missing(pack: Pack, position: int) -> None:
    del pack.leaves[hash_of(pack.records[pack.at(position)][1]).hex()]


def proof_too_many(pack: Pack, position: int) -> None:
    pack.leaves["ab" * 32] = {"index": position, "path": []}


def proof_spaced(pack: Pack, position: int) -> None:
    pack.raw["proofs.json"] = pack.files()["proofs.json"].replace(b":", b": ", position + 1)


def summary_spaced(pack: Pack, position: int) -> None:
    pack.raw["summary.json"] = pack.files()["summary.json"].replace(b":", b": ", position + 1)


LEDGER: dict[str, tuple[Change, str]] = {
    change.__name__: (change, name)
    for change, name in (
        (body_byte, "blocks"), (salt_byte, "blocks"), (header_link, "blocks"), (header_time, "blocks"),
        (signature_byte, "blocks"), (received_at, "tree"), (dropped, "links"), (dropped_with_proof, "tree"),
        (dropped_tail, "links"), (dropped_chain, "links"), (doubled, "blocks"), (swapped_blocks, "tree"),
        (without_body, "blocks"), (hour_without_body, "figures"), (hour_fact, "blocks"), (hour_class, "blocks"),
        (imported_value, "blocks"), (other_key, "blocks"), (other_key_named, "summary"), (foreign_block, "blocks"),
        (crc, "blocks"), (appended, "blocks"), (cut, "blocks"), (proof_step, "tree"), (proof_index, "tree"),
        (proof_missing, "tree"), (proof_too_many, "tree"), (proof_spaced, "tree"), (summary_spaced, "zip"),
    )
}  # fmt: skip
"""Falsifications of blocks and proofs, and the check that must find each."""
