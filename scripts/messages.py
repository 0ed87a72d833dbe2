"""Check the messages: each has Chinese with the same places, each is made somewhere, no catalogue says more.

`--write` makes the .mo files and docs/messages.md anew; without it a stale one is an error. The verifier has its own
catalogue. A code of ours that it has too, as it works out the same refusals and warnings, must have the same English in
both; its Chinese is made from ours.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "messages.md"
OURS = ("contract", "languages", "settings", "journal", "drivers", "accounts", "edge", "cloud")
NO_DATE = datetime(2014, 1, 1, tzinfo=UTC)
"""In the header of each .mo file, so that the same source makes the same bytes."""
HEAD = """# Messages

Made from code by `python -m scripts.messages --write`. A refusal, a warning and an error is a code with parameters:
JSON and signed files carry `{"code", "params", "message"}`, where *message* is the English text.
"""


SHARED = "shared.mo"
"""Of the verifier: the Chinese of the codes that it shares with ours."""


@dataclass(frozen=True)
class Domain:
    """Rooms that share a catalogue. root: the module of their Message; folder: of their .po files."""

    rooms: tuple[str, ...]
    root: str
    folder: Path

    def catalogue(self) -> dict[str, type[Any]]:
        """Their message classes by code."""
        for name in modules(self.rooms):
            importlib.import_module(name)
        found: dict[str, type[Any]] = importlib.import_module(self.root).CATALOGUE
        return found


CLOUD = Domain(OURS, "contract.message", ROOT / "languages" / "zh_CN")
VERIFIER = Domain(("verify",), "verify.formats.message", ROOT / "verify" / "zh_CN")


def modules(rooms: Iterable[str]) -> list[str]:
    """The catalogue modules of rooms: every file whose name ends in `messages.py`."""
    paths = [path for room in rooms for path in sorted((ROOT / room).rglob("*messages.py"))]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]


def po_files(folder: Path) -> dict[Path, Catalog]:
    """The catalogues of a folder. Raises ValueError for a broken one."""
    found = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale="zh_CN", abort_invalid=True)
    return found


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue."""
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def made(rooms: Iterable[str]) -> set[str]:
    """Names that the code of rooms calls, outside its catalogues."""
    found = set[str]()
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            if not path.name.endswith(("messages.py", "message.py")):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found |= {name for node in ast.walk(tree) for name in _names(node)}
    return found


def _names(node: ast.AST) -> Iterator[str]:
    """A class may be called, or handed on to be called: any use of its name in the code counts."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr


def errors(catalogue: dict[str, type[Any]], files: dict[Path, Catalog], used: set[str]) -> Iterator[str]:
    """What is wrong with messages and their Chinese, one line each."""
    from contract.message import places

    chinese = dict[str, str]()
    for path, entries in files.items():
        for entry in entries:
            if entry.id:
                if entry.id in chinese:
                    yield f"{path.name}: {entry.id} stands twice"
                chinese[str(entry.id)] = str(entry.string)
    for code, each in catalogue.items():
        if code not in chinese:
            yield f"{code}: no Chinese: {each.TEXT}"
        elif not set(places(chinese[code])) <= set(places(each.TEXT)):
            yield f"{code}: its Chinese has places that the message has not: {chinese[code]}"
        elif set(places(each.TEXT)) - set(places(chinese[code])):
            yield f"{code}: its Chinese leaves out a place: {chinese[code]}"
        elif _wordy(each.TEXT) and not any("\u3000" <= letter <= "\uffef" for letter in chinese[code]):
            yield f"{code}: its Chinese is none: {chinese[code]}"
        if each.__name__ not in used:
            yield f"{code}: no code makes it"
    yield from (f"{code}: no such message" for code in chinese.keys() - catalogue.keys())


def _wordy(template: str) -> bool:
    """Whether a template says anything outside of its places."""
    return any(letter.isalpha() for text, _, _, _ in Formatter().parse(template) for letter in text)


def split(catalogue: Mapping[str, type[Any]], ours: Mapping[str, type[Any]]) -> Iterator[str]:
    """Codes that both have and that are not the same sentence in both, one line each."""
    for code in sorted(catalogue.keys() & ours.keys()):
        one, other = catalogue[code], ours[code]
        if (one.TEXT, one.ONE or one.TEXT) != (other.TEXT, other.ONE or other.TEXT):
            yield f"{code}: the verifier has {one.TEXT!r}, the cloud {other.TEXT!r}"


def shared(codes: Iterable[str], files: dict[Path, Catalog]) -> Catalog:
    """The entries of codes."""
    found = Catalog(locale="zh_CN")
    for entries in files.values():
        for entry in entries:
            if entry.id in set(codes):
                found.add(entry.id, entry.string)
    return found


def page(*domains: tuple[str, Mapping[str, type[Any]], dict[Path, Catalog]]) -> str:
    """docs/messages.md, from (heading, messages, files) of each domain."""
    lines = [HEAD.rstrip("\n")]
    for heading, catalogue, files in domains:
        chinese = {entry.id: entry.string for entries in files.values() for entry in entries if entry.id}
        lines += ["", f"## {heading}", "", "| code | English | 中文 |", "| --- | --- | --- |"]
        lines += [
            f"| `{code}` | {each.TEXT} | {chinese.get(code, '')} |".replace("\n", " ")
            for code, each in sorted(catalogue.items())
        ]
    return "\n".join([*lines, ""])


def main() -> int:
    """Print what is wrong; 1 when something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="make the .mo files and the page anew")
    write = parser.parse_args().write
    ours, verifier = CLOUD.catalogue(), VERIFIER.catalogue()
    own = {code: each for code, each in verifier.items() if code not in ours}
    files, own_files = po_files(CLOUD.folder), po_files(VERIFIER.folder)
    wanted = {
        path.with_suffix(".mo"): compiled(entries) for path, entries in [*files.items(), *own_files.items()]
    }
    wanted[VERIFIER.folder / SHARED] = compiled(shared(verifier.keys() & ours.keys(), files))
    wanted[PAGE] = page(("steelyard", ours, files), ("steelyard-verify", own, own_files)).encode()
    found = [
        *errors(ours, files, made(CLOUD.rooms)), *errors(own, own_files, made(VERIFIER.rooms)), *split(verifier, ours)
    ]  # fmt: skip
    for path, data in wanted.items():
        if write:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            found.append(f"{path.relative_to(ROOT)}: stale; run python -m scripts.messages --write")
    there = [path for domain in (CLOUD, VERIFIER) for path in domain.folder.glob("*.mo")]
    found += [f"{path.name}: no .po beside it" for path in there if path not in wanted]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
