"""The core of the frames kernel under the compiler's sanitizers: no byte outside of its buffers is read or written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CORE = HERE.parent.parent / "cython_ext" / "core"
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
ROUNDS = 2000


def built(folder: Path, core: Path) -> Path:
    """The program of frames_memory.c with the headers of *core*."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc, which compiles the kernels too")
    program = folder / "frames_memory"
    warnings = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    source = ["-I", str(core), str(HERE / "frames_memory.c"), "-o", str(program)]
    subprocess.run(["gcc", *warnings, *SANITIZERS, *source], check=True)
    return program


def test_random_layouts_and_bytes_stay_in_their_buffers(tmp_path: Path) -> None:
    done = subprocess.run([built(tmp_path, CORE), str(ROUNDS)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 10 * ROUNDS, "good frames are among them"


def test_a_read_of_one_byte_too_many_is_found(tmp_path: Path) -> None:
    core = shutil.copytree(CORE, tmp_path / "core")
    path = core / "frames.h"
    text = path.read_text("utf-8")
    wrong = text.replace(
        "stream->held - at < layout->size + after", "stream->held - at + 1 < layout->size + after"
    )
    assert wrong != text
    path.write_text(wrong, "utf-8")
    done = subprocess.run([built(tmp_path, core), str(ROUNDS)], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "Sanitizer" in done.stderr
