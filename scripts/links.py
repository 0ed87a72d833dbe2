"""Check that every relative link of the Markdown pages leads to a file of the project."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("*.md", "docs/**/*.md", "docker/*.md", "firmware_configs/**/*.md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)|<(?:img|a)\b[^>]*\b(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`", flags=re.S)


def broken(page: Path) -> list[str]:
    """Targets of links in `page` that do not exist; addresses and anchors are passed over."""
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    targets = [a or b for a, b in LINK.findall(text)]
    files = [t.split("#")[0] for t in targets if not re.match(r"[a-z]+:|#", t)]
    return [target for target in files if not (page.parent / target).exists()]


def main() -> int:
    """Print what leads nowhere; 1 when something does."""
    pages = sorted({page for pattern in PAGES for page in ROOT.glob(pattern)})
    found = [f"{page.relative_to(ROOT)}: no {target}" for page in pages for target in broken(page)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
