"""Every sentence that the code can say to a person, by reading the code: texts with a space in them, as templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHOLE = (
    "accounts/**/*.py",
    "cloud/figures/compute.py", "cloud/figures/replacements.py", "cloud/statements/*.py", "cloud/read_models/*.py",
)  # fmt: skip
"""Modules of which every sentence can reach a page, a form or a PDF."""
RAISED = (
    "cloud/web/views/*.py", "cloud/figures/meter_energy.py",
)  # fmt: skip
"""Modules of which what they raise can: their other texts are words of the catalogues of the pages."""
SAYING = frozenset(("BadInput", "CannotBeDone", "HTTPException", "InsufficientData"))
SILENT = frozenset((
    "compile", "warning", "info", "error", "debug", "exception", "strftime", "tell", "Malformed", "N_", "_amount",
    "_level", "ValueError", "Message", "sub", "count", "replace", "partition", "split", "startswith", "endswith",
))  # fmt: skip
"""Calls whose texts no person reads on a page: patterns, the log, progress of a command, errors of programs."""
SILENT_NAMES = frozenset(("summary", "description", "__all__"))
HOLE, QUOTED = "{}", "{!r}"


@dataclass(frozen=True)
class Said:
    """A sentence of the code. shape: with {} and {!r} for what is put into it; at: file:line."""

    shape: str
    at: str


def collected() -> list[Said]:
    """Every sentence, in the order of the files."""
    found = [
        said
        for glob in WHOLE
        for path in sorted(ROOT.glob(glob))
        if not path.name.endswith("messages.py")
        for said in of(path, path.read_text(), False)
    ]
    found += [
        said
        for glob in RAISED
        for path in sorted(ROOT.glob(glob))
        if not path.name.endswith("messages.py")
        for said in of(path, path.read_text(), True)
    ]
    return found


def of(path: Path, source: str, raised_only: bool) -> Iterator[Said]:
    """The sentences of one module."""
    tree = ast.parse(source)
    outer = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        above = outer.get(node)
        if not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) or _inside(node, above):
            continue
        calls, names = _around(node, outer)
        if names & SILENT_NAMES or calls & SILENT or (raised_only and not calls & SAYING):
            continue
        place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        yield from (Said(shape, f"{place}:{node.lineno}") for shape in shapes(node) if _sentence(shape))


def shapes(node: ast.expr) -> list[str]:
    """What a text can be; of a choice inside it, each one."""
    if isinstance(node, ast.Constant):
        return [node.value.replace("{", "{{").replace("}", "}}")] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return [*_or_hole(node.body), *_or_hole(node.orelse)]
    if isinstance(node, ast.FormattedValue):
        if node.conversion == ord("r"):
            return [QUOTED]
        return shapes(node.value) if isinstance(node.value, ast.IfExp | ast.JoinedStr) else [HOLE]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*(shapes(part) for part in node.values))]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return ["".join(parts) for parts in product(_or_hole(node.left), _or_hole(node.right))]
    return []


def _or_hole(node: ast.expr) -> list[str]:
    return shapes(node) or [HOLE]


def _inside(node: ast.expr, above: ast.AST | None) -> bool:
    """Whether a text is no sentence by itself: a part of one, a docstring, a key, an annotation."""
    if isinstance(above, ast.Expr | ast.JoinedStr | ast.FormattedValue | ast.Subscript):
        return True
    return isinstance(above, ast.BinOp) and bool(shapes(above))


def _around(node: ast.AST, outer: dict[ast.AST, ast.AST]) -> tuple[set[str], set[str]]:
    """Names of the calls, and of the keywords and assignments, in which a text stands."""
    calls, names = set[str](), set[str]()
    below, above = node, outer.get(node)
    while above is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Call) and below is not above.func:
            calls.add(_name(above.func))
        if isinstance(above, ast.keyword) and above.arg:
            names.add(above.arg)
        below, above = above, outer.get(above)
    if isinstance(above, ast.Assign | ast.AnnAssign):
        targets = above.targets if isinstance(above, ast.Assign) else [above.target]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return calls, names


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _sentence(shape: str) -> bool:
    """A text of two words at least that begins as one does."""
    bare = shape.replace(QUOTED, "").replace(HOLE, "")
    begins = shape[:1].isalnum() or shape[:1] in "{-"
    return begins and " " in shape.strip() and any(char.isalpha() and char.isascii() for char in bare)
