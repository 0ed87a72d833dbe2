"""A lock under which a busy writer lets readers in."""

from __future__ import annotations

import threading
from types import TracebackType


class FairLock:
    """A lock for ``with`` that the one who lets it go can't take again before those who wait for it.

    ``threading.Lock`` promises no order: a thread that releases and takes it in a loop, as the projector does while it
    catches up, can shut out all others for seconds. Here whoever waits holds the entrance, and the next one, the
    former holder too, waits behind. Not reentrant.
    """

    def __init__(self) -> None:
        self._entrance, self._inner = threading.Lock(), threading.Lock()

    def __enter__(self) -> None:
        with self._entrance:
            self._inner.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inner.release()
