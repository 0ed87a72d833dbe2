"""Opens a store, writes late, settles and tidies it, and dies of SIGKILL before the given change of the disk."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

from cloud.store import dayfile
from cloud.store.parquet import ParquetStore
from tests.cloud import test_store_days as days


def hasty(path: Path, hours: Any) -> Any:
    """A planted fault: the files of the hours go before the day's file is in place."""
    tables = {hour: table() for hour, table in hours.items()}
    for file in path.parent.glob("??.parquet"):
        os.unlink(file)
    return WRITE(path, {hour: partial(tables.__getitem__, hour) for hour in tables})


WRITE = dayfile.write


def main(folder: Path, dies_at: int, planted: bool) -> None:
    """Count what changes the disk; die before change *dies_at*."""
    if planted:
        dayfile.write = hasty
    store, plain, count = ParquetStore(folder), days.Plain(), iter(range(10**6))

    def deadly(call: Any) -> Any:
        def instead(*args: Any, **more: Any) -> Any:
            if next(count) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **more)

        return instead

    for name in ("replace", "fsync", "unlink"):
        setattr(os, name, deadly(getattr(os, name)))
    days.write(store, plain, days.FIRST + 30, 5)
    days.settle(store, days.FIRST + 30, days.FIRST + 30)
    print("settled", flush=True)
    while store.tidy():
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["planted"])
