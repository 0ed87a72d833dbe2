"""Whether every block of a ledger links to the one before it, and each incarnation to the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloud.ledger.heads import ChainKey
from cloud.ledger.messages import (
    AbsentLinked,
    AbsentOpened,
    NotLinked,
    OpenedOther,
    OpenNamesOther,
    OpenWithoutPrevious,
)
from contract.message import Message


@dataclass(frozen=True)
class Finding:
    """Something that is wrong in a ledger. where: stream/incarnation/seq of a block, or segment:offset."""

    where: str
    why: Message

    def json(self) -> dict[str, Any]:
        """{where, code, params, message}."""
        return {"where": self.where, **self.why.json()}


@dataclass
class LinkCheck:
    """Blocks of one incarnation: hash and previous hash by seq; the open statement; the row numbers covered."""

    links: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    opened: dict[str, Any] | None = None
    row_first: int = 1 << 64
    row_last: int = -1


def broken(
    chains: Mapping[ChainKey, LinkCheck], accounted: Mapping[tuple[ChainKey, int], str]
) -> Iterator[Finding]:
    """Blocks whose predecessor is another one or is not there, unless it is accounted for.

    accounted: the hash of each missing block that a refusal names, and of the last one of each declared sequence gap.
    """
    for key, chain in chains.items():
        for seq, (_, prev) in sorted(chain.links.items()):
            where = f"{key[1]}/{key[2]:016x}/"
            if seq == 0:
                continue
            before = chain.links.get(seq - 1)
            if before is not None and before[0] != prev:
                yield Finding(f"{where}{seq}", NotLinked())
            elif before is None and accounted.get((key, seq - 1)) != prev.hex():
                yield Finding(f"{where}{seq - 1}", AbsentLinked(seq))
        yield from _broken_opening(key, chain, chains, accounted)


def _broken_opening(
    key: ChainKey,
    chain: LinkCheck,
    chains: Mapping[ChainKey, LinkCheck],
    accounted: Mapping[tuple[ChainKey, int], str],
) -> Iterator[Finding]:
    """An incarnation whose open statement names a last block that the incarnation before it does not have.

    No finding where the ledger has no block at all of the incarnation before: it may never have been sent here.
    """
    previous = (chain.opened or {}).get("previous")
    if not isinstance(previous, dict):
        return
    try:
        before_key = (key[0], key[1], int(previous["incarnation"], 16))
        seq, digest = int(previous["seq"]), str(previous["hash"])
    except (KeyError, TypeError, ValueError):
        yield Finding(f"{key[1]}/{key[2]:016x}/0", OpenWithoutPrevious())
        return
    if 0 in chain.links and chain.links[0][1].hex() != digest:
        yield Finding(f"{key[1]}/{key[2]:016x}/0", OpenNamesOther())
    before = chains.get(before_key)
    where = f"{key[1]}/{before_key[2]:016x}/{seq}"
    if before is None or accounted.get((before_key, seq)) == digest:
        return
    if seq not in before.links:
        yield Finding(where, AbsentOpened(f"{key[2]:016x}"))
    elif before.links[seq][0].hex() != digest:
        yield Finding(where, OpenedOther(f"{key[2]:016x}"))
