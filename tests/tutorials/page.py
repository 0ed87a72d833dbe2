"""What a tutorial page asks its reader to do, in order: install, write a file, type commands.

The blocks of a page are marked by what stands behind their language:

    ```console install      make an environment; every other command runs as it stands
    ```console              `$ command` (`> ` goes on with it), then its output
    ```console again        the same, typed again until the output is as shown ("a few seconds later")
    ```yaml edge/edge.yaml  a file to write

In an output `…` stands for anything on that line, a line of `…` alone for any lines, `[exit 1]` for the exit status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXIT = re.compile(r"\[exit (\d+)\]")
ANY = "…"


@dataclass
class Step:
    """One thing to do. kind: install, file, command, again; text: the command or the file's content."""

    kind: str
    text: str
    line: int
    name: str = ""
    shown: list[str] = field(default_factory=list)
    status: int = 0


def steps(page: Path) -> list[Step]:
    """All steps of a page. ValueError for a block that is none of those above."""
    text = page.read_text(encoding="utf-8")
    found: list[Step] = []
    for match in FENCE.finditer(text):
        language, name, body = match[1], match[2] or "", match[3]
        line = text.count("\n", 0, match.start()) + 2
        if language == "console" and name in ("", "again", "install"):
            found += _commands(body, line, name or "command")
        elif name:
            found.append(Step("file", body, line, name))
        else:
            raise ValueError(f"{page.name}:{line}: a block without a meaning")
    return found


def _commands(body: str, line: int, kind: str) -> list[Step]:
    found: list[Step] = []
    for number, text in enumerate(body.splitlines(), line):
        if text.startswith("$ "):
            found.append(Step(kind, text[2:], number))
        elif text.startswith("> ") and found and not found[-1].shown:
            found[-1].text += "\n" + text[2:]
        elif not found:
            raise ValueError(f"line {number}: output before the first command")
        elif status := EXIT.fullmatch(text):
            found[-1].status = int(status[1])
        else:
            found[-1].shown.append(text)
    return found


def difference(shown: list[str], output: str) -> str:
    """Empty when the output is what the page shows, else what is missing or too much.

    Runs of spaces count as one, so that the columns of a table may be as wide as their values.
    """
    said = [" ".join(line.split()) for line in output.splitlines()]
    at, loose = 0, False
    for line in shown:
        if line.strip() == ANY:
            loose = True
            continue
        wanted = _pattern(line)
        hits = [n for n in range(at, len(said)) if wanted.fullmatch(said[n])]
        if not hits or (not loose and hits[0] != at):
            return f"the page shows {line!r}, the command said: " + "\n".join(said[at:] or ["nothing more"])
        at, loose = hits[0] + 1, False
    return "" if loose or at == len(said) else "more than the page shows: " + "\n".join(said[at:])


def _pattern(line: str) -> re.Pattern[str]:
    parts = re.split(rf" ?{ANY} ?", " ".join(line.split()))
    return re.compile(".*".join(re.escape(part) for part in parts))
