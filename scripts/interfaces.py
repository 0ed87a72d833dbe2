"""Make docs/interfaces.md from the code: commands, exit codes, settings, HTTP API.

`python -m scripts.interfaces` writes the page; with `--check` it exits 1 when the page differs from what
the code says. Either exits 1 when a flag or a key of the settings has no description.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from typer.main import get_command

from scripts.http_interfaces import http_sections
from scripts.markdown import table
from scripts.settings_table import setting_rows

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "interfaces.md"
COMMANDS = ("edge", "cloud", "plant", "demo")
SETTINGS = (
    ("edge.yaml", "edge.settings", "Settings"),
    ("cloud.yaml", "cloud.settings", "Settings"),
    ("A layout of raw sensor frames ([frames.md](frames.md))", "drivers.frames.layout", "FrameLayout"),
)

HEAD = """# Interfaces

Made from the code by `scripts/interfaces.py`; `make check` fails when it is stale. Do not edit by hand.

Every command with `--json` prints exactly one JSON object on standard output; logs go to standard error. With 2 or 3
the object of edge, cloud, plant and demo is `{"error": {"code", "params", "message"}}` (codes of edge and cloud:
[messages.md](messages.md)), and standard error says the same in the language of `--lang`. A command line that can't be
read is answered on standard error alone.

| exit status | meaning |
| --- | --- |
| 0 | done |
| 1 | a difference or a refusal was found |
| 2 | bad input: a flag, a file, a setting |
| 3 | cannot be done here: busy port, no broker, full disk |
"""


IMPORT = """`steelyard-cloud import` takes a CSV file in UTF-8 with the header `from,to,point,quantity,value,unit`.
`steelyard-cloud example csv` prints one that fits `steelyard-cloud example site`.

- A time is a date (local midnight), `2025-01-31 08:00`, `2025-01-31T08:00:00`, or one of these with `Z` or `+08:00`.
  Without an offset it is the site's zone; a time that was twice, or never, that night is refused.
- `to` is the first moment that does not belong to the interval. Empty, the row is a sample at `from`.
- `point` is one that the site has declared. A point with a carrier takes only its carrier's quantity, and no import
  when a node reads it.
- No two rows of one point and quantity may overlap, in a file or in the ledger. The same row again is accepted and
  changes nothing; another value for its interval is refused.
- Values are plain decimal numbers of zero or more. All values of one point and quantity have units of one kind.
- Each row below the header is accepted or refused with its line and the reason. All new rows of a file count, or none.
"""


class Undescribed(Exception):
    """Names of flags and keys that say nothing of themselves."""


def type_name(parameter: Any) -> str:
    """Short name of a parameter's type as the code annotates it."""
    annotation = parameter.type_descriptor.annotation
    if inspect.isclass(annotation) and issubclass(annotation, Enum):
        return ", ".join(f"`{choice.value}`" for choice in annotation)
    return annotation.__name__ if inspect.isclass(annotation) else str(annotation)


def parameter_row(parameter: Any) -> tuple[str, str, str, str]:
    """(flag, type, default, help) of one parameter."""
    is_option = parameter.opts[0].startswith("-")
    names = parameter.opts + parameter.secondary_opts if is_option else [parameter.name.upper()]
    is_flag = is_option and parameter.is_flag
    kind = "flag" if is_flag else type_name(parameter) if is_option else "argument"
    if parameter.required:
        default = "required"
    elif is_flag or parameter.default is None or parameter.default == ():
        default = ""
    else:
        default = f"`{getattr(parameter.default, 'value', parameter.default)}`"
    return (", ".join(f"`{name}`" for name in names), kind, default, parameter.help or "")


def leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """(full name, command) of a command and its subcommands, hidden ones left out."""
    if not hasattr(command, "commands") or any(not p.hidden for p in command.params):
        yield name, command
    for key in sorted(getattr(command, "commands", {})):
        inner = command.get_command(None, key)
        if not inner.hidden:
            yield from leaves(f"{name} {key}", inner)


def command_sections(room: str) -> Iterator[str]:
    """One section a command of `room`.main.app."""
    program = f"steelyard-{room}"
    for name, command in leaves(program, get_command(importlib.import_module(f"{room}.main").app)):
        shown = [p for p in command.params if not p.hidden and p.name != "help"]
        rows = [parameter_row(p) for p in shown]
        text = inspect.cleandoc(command.help or "")
        if missing := [row[0] for row in rows if not row[3]] or ([] if text else ["what it does"]):
            raise Undescribed(f"{name}: {', '.join(missing)}")
        yield f"### {name}\n\n{text}\n"
        if rows:
            yield table(("argument or flag", "type", "default", "meaning"), list(rows))


def verifier_section() -> Iterator[str]:
    """The section of steelyard-verify, which knows no typer: it needs two packages only."""
    parser = importlib.import_module("verify.main").parser()
    rows = []
    for action in parser._actions:
        if "--help" in action.option_strings:
            continue
        flags = ", ".join(f"`{name}`" for name in action.option_strings) or action.metavar
        kind = action.metavar.replace("|", " or ") if action.option_strings and action.metavar else "argument"
        if action.choices:
            kind = ", ".join(f"`{choice}`" for choice in action.choices)
        kind = "flag" if action.nargs == 0 else kind
        default = f"`{action.default}`" if isinstance(action.default, str) else ""
        rows.append((flags, kind, "required" if action.required else default, action.help or ""))
    if missing := [row[0] for row in rows if not row[3]]:
        raise Undescribed(f"{parser.prog}: {', '.join(missing)}")
    yield f"### {parser.prog}\n\n{parser.description} {parser.epilog[0].upper()}{parser.epilog[1:]}.\n"
    yield table(("argument or flag", "type", "default", "meaning"), rows)


def settings_sections() -> Iterator[str]:
    """One table a settings file, a row for each key."""
    for file, module, model in SETTINGS:
        rows = list(setting_rows(getattr(importlib.import_module(module), model)))
        if missing := [row[0] for row in rows if not row[3]]:
            raise Undescribed(f"{file}: {', '.join(missing)}")
        yield f"### {file}\n"
        yield table(("key", "type", "default", "meaning"), list(rows))


def quantity_sections() -> Iterator[str]:
    """What an import may speak of, from contract/quantities.py."""
    found = importlib.import_module("contract.quantities")
    units = importlib.import_module("contract.units")
    rows = []
    for item in found.QUANTITIES.values():
        codes = [code for code in units.codes() if found.fits(item, code)]
        what = "amount of an interval" if item.amount else "mean of an interval, or a sample"
        names = ", ".join(f"`{code}`" for code in codes)
        rows.append((f"`{item.code}`", f"{item.zh}, {item.en}", what, f"`{item.unit}`", names))
    yield IMPORT
    yield table(("quantity", "meaning", "a row is", "unit of figures", "units it may have"), rows)
    ways: dict[str, list[str]] = {}
    for alias, code in found.ALIASES.items():
        ways.setdefault(code, []).append(f"`{alias}`")
    yield table(("unit", "also written"), [(f"`{code}`", ", ".join(names)) for code, names in ways.items()])


def page() -> str:
    """The whole page. Raises Undescribed."""
    parts = [HEAD, "## Commands\n"]
    for room in COMMANDS:
        parts += command_sections(room)
    parts += [
        *verifier_section(),
        "## Settings\n",
        *settings_sections(),
        "## Imports\n",
        *quantity_sections(),
        "## HTTP\n",
        *http_sections(),
    ]
    return "\n".join(parts)


def main() -> int:
    """Write the page, or with --check compare it; 0 when all is well."""
    try:
        text = page()
    except Undescribed as error:
        print(f"no description: {error}", file=sys.stderr)
        return 1
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if before == text:
        return 0
    changes = difflib.unified_diff(
        before.splitlines(), text.splitlines(), "the page", "the code", lineterm="", n=0
    )
    print(
        "docs/interfaces.md is stale; run python -m scripts.interfaces:",
        *list(changes)[:20],
        sep="\n",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
