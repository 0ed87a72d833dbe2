"""Check docs/promises.md: what each row points at exists, and a row without proof says so itself.

A row is `| line | shown by | number | commit | date |`. In "shown by" a name in backquotes is a test
(`tests/room/test_file.py::test_name`), a make target (`make test-long`) or a command (`steelyard-demo`).
A row that names none of these must say *open* or *missed:* with what was measured.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ("line", "shown by", "number", "commit", "date")
CODE = re.compile(r"`([^`]+)`")
ADMITTED = re.compile(r"\*(open|missed:)[^*]*\*")


def rows(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of the table's rows; raises ValueError when the columns are not those above."""
    found: list[tuple[int, list[str]]] = []
    seen_header = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if tuple(cells) == COLUMNS:
            seen_header = True
        elif not seen_header:
            break
        elif set("".join(cells)) - set("-: "):
            if len(cells) != len(COLUMNS):
                raise ValueError(f"line {number}: {len(cells)} cells, not {len(COLUMNS)}")
            found.append((number, cells))
    if not seen_header:
        raise ValueError(f"no table with the columns {' | '.join(COLUMNS)}")
    return found


def test_exists(root: Path, reference: str) -> bool:
    """True when the file has the named test, at its top level or in a class; parameters are left aside."""
    name, *parts = reference.split("[")[0].split("::")
    path = root / name
    if not path.is_file():
        return False
    body: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    for part in parts:
        named = [n for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        match = next((n for n in named if n.name == part), None)
        if match is None:
            return False
        body = match.body
    return True


def reference_error(root: Path, reference: str) -> str | None:
    """Why a name in backquotes points at nothing, or None; text that is no reference is passed over."""
    if reference.startswith("tests/"):
        return None if test_exists(root, reference) else f"no test {reference}"
    if reference.startswith("make "):
        makefile = (root / "Makefile").read_text(encoding="utf-8")
        target = reference.split()[1]
        return None if re.search(rf"^{re.escape(target)}:", makefile, flags=re.M) else f"no target {target}"
    if reference.startswith("steelyard-"):
        settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        command = reference.split()[0]
        return None if command in settings["project"]["scripts"] else f"no command {command}"
    return None


def is_proof(reference: str) -> bool:
    return reference.startswith(("tests/", "make ", "steelyard-"))


def errors(root: Path, text: str) -> list[str]:
    """What is wrong with the page, one line each."""
    found = []
    for number, (line, shown, *rest) in rows(text):
        references = CODE.findall(shown)
        found += [f"line {number}: {e}" for r in references if (e := reference_error(root, r))]
        if not any(map(is_proof, references)) and not ADMITTED.search(" ".join([shown, *rest])):
            found.append(f"line {number}: neither shown by anything nor *open* nor *missed:*: {line[:60]}")
    return found


def main() -> int:
    """Print what is wrong; 1 when something is."""
    page = ROOT / "docs" / "promises.md"
    try:
        found = errors(ROOT, page.read_text(encoding="utf-8"))
    except ValueError as error:
        found = [str(error)]
    for line in found:
        print(f"docs/promises.md: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
