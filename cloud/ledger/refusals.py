"""Which blocks were refused and why, kept beside the ledger: after a restart the next block still links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cloud.ledger.heads import ChainKey
from contract import statement
from contract.downlink import RefusedSeq, incarnation
from contract.errors import Malformed
from journal.records import Record
from journal.segments import Segments

FOLDER = "refused"


class Refusals:
    """The log of refused blocks; one writer, the ledger's."""

    def __init__(self, folder: Path) -> None:
        self._segments = Segments(folder / FOLDER)
        self._dirty = False

    def append(self, received_at: int, key: ChainKey, item: RefusedSeq) -> None:
        """Write one refusal; durable after the next sync. Raises OSError."""
        node, stream, number = key
        place = {"node": node, "stream": stream, "incarnation": f"{number:016x}"}
        what = {"seq": item.seq, "hash": item.hash, "reason": item.reason}
        self._segments.append(received_at, statement.canonical({**place, **what}))
        self._dirty = True

    def sync(self) -> None:
        """Return once every refusal is on the disk; costs nothing when there is none. Raises OSError."""
        if self._dirty:
            self._segments.sync()
            self._dirty = False

    def scan(self) -> Iterator[tuple[ChainKey, RefusedSeq]]:
        """Every refusal, oldest first."""
        return _read(self._segments.scan())

    def close(self) -> None:
        """Sync and close."""
        self._segments.close()


def read(folder: Path) -> Iterator[tuple[ChainKey, RefusedSeq]]:
    """The refusals of a ledger folder that another process may be writing."""
    return _read(Segments.read(folder / FOLDER))


def _read(records: Iterable[Record]) -> Iterator[tuple[ChainKey, RefusedSeq]]:
    for record in records:
        try:
            item = statement.parse(record.data)
            key = (item["node"], item["stream"], incarnation(item["incarnation"]))
            yield key, RefusedSeq(item["seq"], item["hash"], item["reason"])
        except (KeyError, TypeError) as error:
            raise Malformed(f"not a refusal: {error!r}") from error
