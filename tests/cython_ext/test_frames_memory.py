"""The core of the frames kernel under the compiler's sanitizers: no byte outside of its buffers is read or written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.cython_ext.conftest import CORE, Sanitized

ROUNDS = 2000


def test_random_layouts_and_bytes_stay_in_their_buffers(sanitized: Sanitized) -> None:
    done = subprocess.run(
        [sanitized("frames_memory"), str(ROUNDS)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 10 * ROUNDS, "good frames are among them"


def test_a_read_of_one_byte_too_many_is_found(sanitized: Sanitized, tmp_path: Path) -> None:
    core = shutil.copytree(CORE, tmp_path / "core")
    path = core / "frames.h"
    text = path.read_text("utf-8")
    wrong = text.replace(
        "stream->held - at < layout->size + after", "stream->held - at + 1 < layout->size + after"
    )
    assert wrong != text
    path.write_text(wrong, "utf-8")
    done = subprocess.run(
        [sanitized("frames_memory", core), str(ROUNDS)], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0 and "Sanitizer" in done.stderr
