"""Name files and functions that have grown past the project's measure; advice, never a failure."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = "contract cython_ext journal drivers accounts edge cloud verify plant demo firmware_configs settings scripts"
FILE_LINES = 250
FUNCTION_LINES = 40


def long_parts(path: Path) -> list[str]:
    """One line for the file, if it is long, and one for each long function in it."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    lines = text.count("\n")
    found = [f"{name}: {lines} lines (one duty?)"] if lines > FILE_LINES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                found.append(f"{name}:{node.lineno} {node.name}: {size} lines")
    return found


def main() -> int:
    """Print what is long; always 0."""
    for room in ROOMS.split():
        for path in sorted((ROOT / room).rglob("*.py")):
            for line in long_parts(path):
                print(f"long: {line}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
