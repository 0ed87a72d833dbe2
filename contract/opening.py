"""The statement with which each incarnation of a stream begins, and the head that it links to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.statement import Statement


@dataclass(frozen=True)
class Head:
    """The last durable block of a stream: hash of its header; row_last: number of its last row, 0 without
    rows."""

    incarnation: int
    seq: int
    hash: bytes
    row_last: int = 0


def head_fields(head: Head | None) -> dict[str, Any] | None:
    """A head as the `previous` field of an `open` statement; None: there was nothing before."""
    if head is None:
        return None
    return {
        "incarnation": f"{head.incarnation:016x}",
        "seq": head.seq,
        "row_last": head.row_last,
        "hash": head.hash.hex(),
    }


def head_of(fields: dict[str, Any] | None) -> Head | None:
    """The head in such a field."""
    if fields is None:
        return None
    return Head(int(fields["incarnation"], 16), int(fields["seq"]), bytes.fromhex(fields["hash"]))


def opening(
    node: str,
    site: str,
    previous: Head | None,
    cause: str,
    boot: bytes,
    clocks: tuple[int, int],
    version: str,
) -> Statement:
    """`open`. site: "" for the accounts, which serve every site; boot: 16 bytes, the boot id; clocks: CLOCK_BOOTTIME
    and UTC of now, ns; version: of the program that writes."""
    fields = {
        "node": node,
        "site": site,
        "previous": head_fields(previous),
        "cause": cause,
        "boot": boot.hex(),
        "clock": {"boot_ns": str(clocks[0]), "utc_ns": str(clocks[1])},
        "version": version,
    }
    return Statement("open", fields)
