"""One bash that types what a page says, in a network of its own, so that the page's ports are free."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

BARE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MARK = "end-of-command"


def _own_network() -> list[str]:
    """The words that put a program into a network with nothing but a loopback; LookupError where that is denied."""
    words = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    up = [*words, "ip", "link", "set", "lo", "up"]
    if shutil.which("unshare") is None or subprocess.run(up, capture_output=True, check=False).returncode:
        raise LookupError("needs unshare and ip, and the right to make a network namespace")
    return words


class Shell:
    """Raises LookupError where no network of its own can be had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where the shell is now."""
        (folder / "home").mkdir()
        env = {"PATH": BARE_PATH, "HOME": str(folder / "home"), "LANG": "C.UTF-8", "COLUMNS": "200"}
        env |= {k: v for k, v in os.environ.items() if k == "STEELYARD_TEST_RUN"}
        self._bash = subprocess.Popen(
            [*_own_network(), "bash", "--norc"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self.type("ip link set lo up")

    def _listen(self) -> None:
        assert self._bash.stdout is not None
        for line in self._bash.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def type(self, command: str, seconds: float = 60.0) -> tuple[int, str]:
        """Exit status and all that the command said. TimeoutError when it does not come back."""
        assert self._bash.stdin is not None
        self._bash.stdin.write(f"{{ {command}\n}} </dev/null 2>&1; printf '{MARK} %s %s\\n' $? \"$PWD\"\n")
        self._bash.stdin.flush()
        said = ""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"{command}: no end after {seconds:.0f} s; so far: {said}") from None
            if line is None:
                raise ChildProcessError(f"{command}: ended the shell; it said: {said}")
            before, mark, after = line.partition(MARK + " ")
            said += before
            if mark:
                status, _, folder = after.rstrip("\n").partition(" ")
                self.folder = Path(folder)
                return int(status), said

    def close(self) -> list[str]:
        """End the shell and what it left running; returns what that was. A second call does nothing."""
        if self._bash.poll() is not None:
            return []
        try:
            left = self.type("jobs -r", 10)[1].splitlines()
        finally:
            os.killpg(self._bash.pid, signal.SIGKILL)
            self._bash.wait()
            self._thread.join()
            for pipe in (self._bash.stdin, self._bash.stdout):
                if pipe is not None:
                    pipe.close()
        return left
