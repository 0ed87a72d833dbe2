"""Check the messages: each has Chinese with the same places, each is made somewhere, no catalogue says more.

`--write` makes the .mo files and docs/messages.md anew; without it a stale one is an error.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from collections.abc import Iterable, Iterator
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


def modules(rooms: Iterable[str]) -> list[str]:
    """The catalogue modules of rooms: every file whose name ends in `messages.py`, and contract.message."""
    paths = [path for room in rooms for path in sorted((ROOT / room).rglob("*messages.py"))]
    return ["contract.message", *(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths)]


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


def page(catalogue: dict[str, type[Any]], files: dict[Path, Catalog]) -> str:
    """docs/messages.md."""
    chinese = {entry.id: entry.string for entries in files.values() for entry in entries if entry.id}
    rows = [
        f"| `{code}` | {each.TEXT} | {chinese.get(code, '')} |" for code, each in sorted(catalogue.items())
    ]
    return "\n".join(
        [HEAD, "| code | English | 中文 |", "| --- | --- | --- |", *(_cell(row) for row in rows), ""]
    )


def _cell(row: str) -> str:
    return row.replace("\n", " ")


def main() -> int:
    """Print what is wrong; 1 when something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="make the .mo files and the page anew")
    write = parser.parse_args().write
    for name in modules(OURS):
        importlib.import_module(name)
    from contract.message import CATALOGUE
    from languages.catalogue import FOLDER

    files = po_files(FOLDER)
    wanted = {path.with_suffix(".mo"): compiled(entries) for path, entries in files.items()}
    wanted[PAGE] = page(CATALOGUE, files).encode()
    found = list(errors(CATALOGUE, files, made(OURS)))
    for path, data in wanted.items():
        if write:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            found.append(f"{path.relative_to(ROOT)}: stale; run python -m scripts.messages --write")
    found += [f"{path.name}: no .po beside it" for path in FOLDER.glob("*.mo") if path not in wanted]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
