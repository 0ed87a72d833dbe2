"""The files of an edge, and the lock that lets one program write its journal."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from contract.errors import BadInput, CannotBeDone
from edge.messages import JournalInUse, NoSettingsNamed


@dataclass(frozen=True)
class Paths:
    """The folder of a node: its key, the keys it trusts, its journal."""

    folder: Path

    @property
    def key(self) -> Path:
        """The node's private key."""
        return self.folder / "node.key"

    @property
    def public(self) -> Path:
        """The node's public key, to be listed in the cloud's trust folder."""
        return self.folder / "node.pub"

    @property
    def trust(self) -> Path:
        """Public keys of the clouds whose receipts are accepted."""
        return self.folder / "trust"

    @property
    def journal(self) -> Path:
        """Folder of blocks, write-ahead logs and the cursor."""
        return self.folder / "journal"


def config_path(workdir: Path | None, config: Path | None) -> Path:
    """The edge.yaml that the flags name; raises BadInput when they name none or two."""
    if (workdir is None) == (config is None):
        raise BadInput(NoSettingsNamed())
    return config if config is not None else Path(str(workdir)) / "edge" / "edge.yaml"


def lock(folder: Path) -> int:
    """Lock a journal for this process: its file descriptor. Raises CannotBeDone when another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise CannotBeDone(JournalInUse(str(folder))) from None
    return fd
