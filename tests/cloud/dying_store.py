"""Opens a store, writes late, settles and tidies it, and dies of SIGKILL before the given change of the disk."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from cloud.store.parquet import ParquetStore
from tests.cloud import test_store_days as days


def main(folder: Path, dies_at: int) -> None:
    """Count what changes the disk; die before change *dies_at*."""
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
    main(Path(sys.argv[1]), int(sys.argv[2]))
