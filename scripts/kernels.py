"""Compile the kernels of cython_ext in place, but only those whose source is newer than the built module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def stale(folder: Path) -> list[Path]:
    """Sources (.pyx) in `folder` without a built module, or newer than it (a .pxd or .h counts for all)."""
    shared = max(
        (p.stat().st_mtime for form in ("*.pxd", "core/*.h") for p in folder.glob(form)), default=0.0
    )
    found = []
    for source in sorted(folder.glob("*.pyx")):
        built = [p.stat().st_mtime for p in folder.glob(f"{source.stem}.*.so")]
        if not built or min(built) < max(source.stat().st_mtime, shared):
            found.append(source)
    return found


def main() -> int:
    """Build what is stale; exit status of the compiler."""
    sources = stale(ROOT / "cython_ext")
    if not sources:
        return 0
    print("compiling " + " ".join(p.name for p in sources), file=sys.stderr)
    command = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace", "--force"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
