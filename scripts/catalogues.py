"""Check the page's languages: every string of its code and templates is translated in every catalogue.

Strings are those that Babel finds in cloud/ (gettext calls, N_ marks, Jinja2 `_()` and `trans`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CLOUD = ROOT / "cloud"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "encoding": "utf-8"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}

Key = str | tuple[str, ...]


def used() -> dict[Key, str]:
    """Message ids in the code with the first place of each (path:line)."""
    found: dict[Key, str] = {}
    for file, line, message, _comments, _context in extract_from_dir(
        CLOUD, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        key = tuple(message) if isinstance(message, list | tuple) else message
        found.setdefault(key, f"cloud/{file}:{line}")
    return found


def translated(catalogue: Catalog, key: Key) -> bool:
    """True when the catalogue has words for the message; English may leave them out and be itself."""
    message = catalogue.get(key if isinstance(key, str) else key[0])
    if message is None or message.fuzzy:
        return False
    words = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(words) or (catalogue.locale is not None and catalogue.locale.language == "en")


def errors() -> Iterator[str]:
    """What is missing, and what is left over, one line each."""
    sources = sorted(CLOUD.rglob("translations/*/LC_MESSAGES/*.po"))
    if not sources:
        yield "cloud: no catalogue"
    keys = used()
    if not keys:
        yield "cloud: no string found; are the extraction patterns right?"
    known = {key if isinstance(key, str) else key[0] for key in keys}
    for folder in sorted({source.parent for source in sources}):
        whole, name = Catalog(locale=folder.parent.name), folder.relative_to(ROOT)
        for source in sorted(folder.glob("*.po")):
            with source.open("rb") as file:
                catalogue = read_po(file, locale=folder.parent.name, abort_invalid=True)
            for message in catalogue:
                if message.id and message.id in whole:
                    yield f"{source.relative_to(ROOT)}: stands in another file too: {message.id!r}"
                elif message.id:
                    whole.add(message.id, message.string, flags=message.flags)
        yield from (
            f"{name}: not translated: {key!r} ({at})"
            for key, at in keys.items()
            if not translated(whole, key)
        )
        ids = {m.id if isinstance(m.id, str) else m.id[0] for m in whole if m.id}
        yield from (f"{name}: no longer used: {key!r}" for key in sorted(ids - known))


def main() -> int:
    """Print what is wrong; 1 when something is."""
    found = list(errors())
    print(*found, sep="\n" if found else "", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
