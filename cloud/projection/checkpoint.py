"""The projector's state as two files: written under another name, synced, renamed. Losing them loses nothing.

``state.npz`` holds the cursor and everything that changes from block to block; ``closed-N.npz`` the hours that are
closed, written only when one closes or opens. Statements stand in a log of their own and are learnt again.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from accounts.metering.hours import BIN
from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection.hour_chunk import VALUE, HourChunk
from cloud.projection.state import Key, State
from cloud.store.rows import Growing

VERSION = 1
_DAMAGE = (OSError, KeyError, IndexError, ValueError, TypeError, EOFError, zipfile.BadZipFile)
I64 = npt.NDArray[np.int64]


class Unusable(Exception):
    """The files are not there, are damaged, or are of another version: everything is made anew from the ledger."""


@dataclass
class Progress:
    """How far the projector has come.

    cursor: ledger position of the next block; last, last_hash: position and hash (hex) of the block before it, -1 for
    none; store: identity of the store that was written to; dirty: hours that the store lacks, and whether another value
    was there before.
    """

    cursor: int = 0
    last: int = -1
    last_hash: str = ""
    store: str = ""
    dirty: dict[Key, bool] = field(default_factory=dict)


class Names:
    """Numbers for places and words, so that they can stand in arrays."""

    def __init__(self, names: list[Any] | None = None) -> None:
        self.list = names or []
        self._index = {name: i for i, name in enumerate(self.list)}

    def number(self, name: Any) -> int:
        """The number of a name, given on first sight."""
        if name not in self._index:
            self._index[name] = len(self.list)
            self.list.append(name)
        return self._index[name]


class Checkpoint:
    """The two files in *folder*."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._closed: tuple[str, int] = ("", -1)

    def save(self, state: State, progress: Progress) -> None:
        """Write the state; when this returns, a restart begins from it. Raises OSError."""
        closed = self._save_closed(state)
        places, words = Names(), Names()
        arrays = _chunks(state, places, words) | _rest(state, progress, places, words)
        meta = asdict(progress) | {"dirty": None, "version": VERSION, "closed": closed}
        meta |= {"places": places.list, "words": words.list, "homeless": state.homeless}
        _write(self._folder / "state.npz", arrays | {"meta": _packed(meta)})
        for path in self._folder.glob("closed-*.npz"):
            if path.name != closed:
                path.unlink()

    def load(self, state: State) -> Progress:
        """Fill an empty state whose catalogue has learnt its statements. Raises Unusable."""
        if not (self._folder / "state.npz").exists():
            raise Unusable("there is no state yet")
        try:
            arrays = _read(self._folder / "state.npz")
            meta = json.loads(arrays["meta"].tobytes())
            if meta["version"] != VERSION:
                raise Unusable("another version")
            _fill(state, arrays, [SiteNode(*place) for place in meta["places"]], meta["words"])
            self._load_closed(state, meta["closed"])
            state.homeless = meta["homeless"]
            dirty = [(int(p), int(h), bool(r)) for p, h, r in arrays["dirty"]]
            places = [SiteNode(*place) for place in meta["places"]]
            return Progress(
                meta["cursor"],
                meta["last"],
                meta["last_hash"],
                meta["store"],
                {(places[p], h): r for p, h, r in dirty},
            )
        except _DAMAGE as error:
            raise Unusable(repr(error)) from error

    def _save_closed(self, state: State) -> str:
        name, version = self._closed
        if version != state.hours.version:
            places, words = Names(), Names()
            items = state.hours.items()
            index = [(places.number(p), words.number(tag), hour, len(bins)) for p, tag, hour, bins in items]
            meta = {"places": places.list, "words": words.list}
            arrays = {
                "index": _table(index, 4),
                "bins": np.concatenate([np.empty(0, BIN), *(i[3] for i in items)]),
            }
            number = int(name.removeprefix("closed-").removesuffix(".npz") or 0) + 1
            name = f"closed-{number}.npz"
            _write(self._folder / name, arrays | {"meta": _packed(meta)})
            self._closed = name, state.hours.version
        return name

    def _load_closed(self, state: State, name: str) -> None:
        arrays = _read(self._folder / Path(name).name)
        meta = json.loads(arrays["meta"].tobytes())
        at = 0
        for place, word, hour, count in arrays["index"].tolist():
            state.hours.put(
                SiteNode(*meta["places"][place]), meta["words"][word], hour, arrays["bins"][at : at + count]
            )
            at += count
        self._closed = name, state.hours.version


def cursor(folder: Path) -> int:
    """The durable cursor: ledger position of the next block after a restart; 0 when there is none."""
    try:
        return int(json.loads(_read(folder / "state.npz", "meta")["meta"].tobytes())["cursor"])
    except _DAMAGE:
        return 0


def _chunks(state: State, places: Names, words: Names) -> dict[str, npt.NDArray[Any]]:
    chunks: list[Any] = []
    columns, alive, values = [], [], [np.empty(0, VALUE)]
    for place, hour in state.open_keys():
        chunk = state.chunks[place][hour]
        for name, growing in chunk.values.items():
            columns.append((len(chunks), words.number(name), len(growing)))
            values.append(growing.array())
        alive += [
            (len(chunks), words.number(group), at) for group, times in chunk.alive.items() for at in times
        ]
        chunks.append((places.number(place), hour))
    return {
        "chunks": _table(chunks, 2),
        "columns": _table(columns, 3),
        "chunk_alive": _table(alive, 3),
        "values": np.concatenate(values),
    }


def _rest(state: State, progress: Progress, places: Names, words: Names) -> dict[str, npt.NDArray[Any]]:
    latest = state.latest
    numbered: dict[str, list[Any]] = {
        "latest": [(places.number(p), words.number(tag)) for p, tag in latest.values],
        "alive": [(places.number(p), words.number(group), at) for (p, group), at in latest.alive.items()],
        "heads": [(places.number(p), words.number(stream), at) for (p, stream), at in latest.heads.items()],
        "spans": [
            (places.number(p), hour, *span) for (p, hour), spans in state.spans.items() for span in spans
        ],
        "dirty": [(places.number(p), hour, replaced) for (p, hour), replaced in progress.dirty.items()],
    }
    widths = {"latest": 2, "alive": 3, "heads": 3, "spans": 4, "dirty": 3}
    arrays = {name: _table(rows, widths[name]) for name, rows in numbered.items()}
    return arrays | {"newest": np.concatenate([np.empty(0, VALUE), *latest.values.values()])}


def _fill(
    state: State, arrays: dict[str, npt.NDArray[Any]], places: list[SiteNode], words: list[str]
) -> None:
    chunks: list[tuple[SiteNode, HourChunk]] = []
    for place, hour in arrays["chunks"].tolist():
        chunks.append((places[place], HourChunk()))
        state.chunks.setdefault(places[place], {})[hour] = chunks[-1][1]
    at = 0
    for number, word, count in arrays["columns"].tolist():
        place, chunk = chunks[number]
        known = state.catalogue.tags(place)[words[word]]
        chunk.kinds[words[word]] = known.tag, known.group
        chunk.values[words[word]] = Growing(arrays["values"][at : at + count])
        at += count
    for number, word, time in arrays["chunk_alive"].tolist():
        chunks[number][1].alive.setdefault(words[word], set()).add(time)
    latest = state.latest
    for i, (place, word) in enumerate(arrays["latest"].tolist()):
        latest.values[places[place], words[word]] = arrays["newest"][i : i + 1]
    for table, of in ((latest.alive, "alive"), (latest.heads, "heads")):
        for place, word, time in arrays[of].tolist():
            table[places[place], words[word]] = time
    for place, hour, first, last in arrays["spans"].tolist():
        state.spans.setdefault((places[place], hour), []).append((first, last))


def _table(rows: list[Any], width: int) -> I64:
    return np.array(rows, np.int64).reshape(-1, width)


def _packed(meta: dict[str, Any]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(meta).encode(), np.uint8)


def _read(path: Path, *only: str) -> dict[str, npt.NDArray[Any]]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in only or arrays.files}


def _write(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    tmp = path.with_name(path.name + ".tmp")
    with tmp.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(tmp, path)
    fd = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
