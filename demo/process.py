"""Child processes that cannot outlive the supervisor."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1

Process = subprocess.Popen[bytes]


def tool(name: str) -> str:
    """Path of a console script of the environment that runs us."""
    return str(Path(sys.executable).parent / name)


def start(
    command: Sequence[str], stdout: IO[bytes] | int, stderr: IO[bytes] | int, fds: Sequence[int] = ()
) -> Process:
    """Start `command` in a process group of its own, without input, bound to die when we do.

    Call it from the main thread only: the kernel sends the signal when the thread that forked ends.
    OSError if it cannot be started.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        process_group=0,
        pass_fds=fds,
        preexec_fn=_die_with(os.getpid()),
    )


def _die_with(parent: int) -> Callable[[], None]:
    def in_child() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # we died before the child could say so
            os._exit(1)

    return in_child


def signal_group(process: Process, number: signal.Signals) -> None:
    """Send to the child and whatever it started; nothing if all are gone."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def tail(path: Path, lines: int = 5) -> str:
    """The last lines of a log, for a message."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
