"""The work folder of a demo: what lies where, who may use it, what may be deleted."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from demo.errors import BadInput, CannotRun
from demo.words import Text

LOCK = ".lock"


@dataclass(frozen=True)
class Folder:
    """Paths under DIR. The manifest marks a folder as ours: only such a one is ever reset."""

    root: Path

    @property
    def manifest(self) -> Path:
        """The hand-over document."""
        return self.root / "manifest.json"

    @property
    def trace(self) -> Path:
        """The acceptance trace."""
        return self.root / "trace.txt"

    @property
    def plant_ready(self) -> Path:
        """The plant's control socket: it is there once every device answers."""
        return self.root / "plant" / "control.sock"

    def log(self, name: str) -> Path:
        """The log of one program."""
        return self.root / "logs" / f"{name}.log"

    def claim(self, reset: bool) -> IO[str]:
        """Make the folder and lock it for this process; keep the answer open as long as it is used.

        BadInput if it holds something that is not a demo's, CannotRun if another demo runs in it.
        """
        if self.root.exists() and not self.root.is_dir():
            raise BadInput(Text.NO_FOLDER(folder=self.root))
        self.root.mkdir(parents=True, exist_ok=True)
        content = [path for path in self.root.iterdir() if path.name != LOCK]
        if content and not self.manifest.is_file():
            raise BadInput(Text.FOREIGN_FOLDER(folder=self.root))
        lock = self._locked()
        if reset:
            _delete(content)
        if not self.manifest.is_file():
            write_json(self.manifest, {})
        for part in ("logs", "plant", "edge/trust", "cloud/trust", "broker"):
            (self.root / part).mkdir(parents=True, exist_ok=True)
        return lock

    def _locked(self) -> IO[str]:
        lock = (self.root / LOCK).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise CannotRun(Text.DEMO_RUNS(folder=self.root)) from None
        return lock

    def known(self) -> dict[str, Any]:
        """The manifest as it is, {} if there is none; BadInput if it cannot be read."""
        try:
            found = json.loads(self.manifest.read_text())
        except FileNotFoundError:
            return {}
        except json.JSONDecodeError as error:
            raise BadInput(Text.BAD_MANIFEST(path=self.manifest, why=str(error))) from error
        return found if isinstance(found, dict) else {}

    def keys(self) -> dict[str, Path]:
        """Public keys that the two init commands made: of the edge's node, of the cloud."""
        return {"edge": self.root / "edge" / "node.pub", "cloud": self.root / "cloud" / "cloud.pub"}

    def exchange_keys(self, node: str) -> None:
        """Put each one's public key where the other looks for keys it trusts."""
        keys = self.keys()
        shutil.copyfile(keys["edge"], self.root / "cloud" / "trust" / f"{node}.pub")
        shutil.copyfile(keys["cloud"], self.root / "edge" / "trust" / "cloud.pub")


def _delete(content: list[Path]) -> None:
    """The manifest goes last: a deletion that was cut off can be asked for again."""
    for path in sorted(content, key=lambda path: path.name == "manifest.json"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def fingerprint(public: Path) -> str:
    """SHA-256, in hex, of the raw Ed25519 key (the last 32 bytes of a PEM file): its name in envelopes."""
    lines = [line for line in public.read_text().splitlines() if line and not line.startswith("-----")]
    return hashlib.sha256(base64.b64decode("".join(lines))[-32:]).hexdigest()


def write_json(path: Path, content: Any) -> None:
    """Replace `path` as a whole, so that a reader sees the old or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    os.replace(fresh, path)


def write_text(path: Path, content: str) -> None:
    """As write_json, for text."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(content)
    os.replace(fresh, path)
