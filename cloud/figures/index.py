"""Which question has which figure, by the figure's id: a file of lines that may be deleted, then ids are found again.

A question is its kind and what it asks for as text: ("answer", first day, day after), ("replacement", project).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path

import structlog

from cloud.settings import Settings

log = structlog.get_logger()
Question = tuple[str, ...]
Place = tuple[str, Question]
"""Site and question."""


class FigureIndex:
    """The file of one ledger, which other processes may write to as well. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._path: Path = settings.store_folder / "figures.jsonl"
        self._lock = threading.Lock()
        self._places: dict[str, Place] = {}
        self._read, self._whole = 0, True

    def of(self, name: str) -> Place | None:
        """The site and question whose answer holds a figure."""
        with self._lock:
            if name not in self._places:
                self._catch_up()
            return self._places.get(name)

    def note(self, site: str, question: Question, names: Iterable[str]) -> None:
        """Remember the figures of a question."""
        with self._lock:
            wanted = [name for name in names if name not in self._places]
            if wanted:
                self._catch_up()
            new = [name for name in wanted if name not in self._places]
            if not new:
                return
            self._places.update(dict.fromkeys(new, (site, question)))
            try:
                self._append("".join(_line(name, site, question) for name in new))
            except OSError as error:
                log.warning("figures can't be found by id", file=str(self._path), why=error.strerror)

    def _append(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text if self._whole else "\n" + text)

    def _catch_up(self) -> None:
        """Read what the file has beyond what was read; all of it when it was deleted."""
        try:
            with self._path.open("rb") as file:
                start = self._read if file.seek(0, 2) >= self._read else 0
                file.seek(start)
                data = file.read()
        except OSError:
            return
        whole = data.rfind(b"\n") + 1
        self._read, self._whole = start + whole, whole == len(data)
        for line in data[:whole].splitlines():
            found = _parse(line)
            if found is not None:
                self._places.setdefault(*found)


def _line(name: str, site: str, question: Question) -> str:
    return json.dumps({"id": name, "site": site, "asked": question}) + "\n"


def _parse(line: bytes) -> tuple[str, Place] | None:
    """The id and place of a line; None for one that a crash cut short."""
    try:
        entry = json.loads(line)
        question = entry["asked"] if "asked" in entry else ("answer", entry["from"], entry["to"])
        return str(entry["id"]), (str(entry["site"]), tuple(str(word) for word in question))
    except (ValueError, KeyError, TypeError):
        return None
