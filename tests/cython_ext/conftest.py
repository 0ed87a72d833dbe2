"""Programs over the core of the kernels, compiled with the sanitizers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CORE = HERE.parents[1] / "cython_ext" / "core"
WARNINGS = ("-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-unused-function", "-Wno-unused-parameter")
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
Sanitized = Callable[..., Path]


@pytest.fixture
def sanitized(tmp_path: Path) -> Sanitized:
    """sanitized(NAME, core=CORE): the program of NAME.c with the headers of *core*, by the compiler of the kernels."""

    def built(name: str, core: Path = CORE) -> Path:
        program = tmp_path / name
        flags = ("-std=c11", "-O1", "-g", "-ffp-contract=off", *WARNINGS, *SANITIZERS)
        source = (f"-I{core}", str(HERE / f"{name}.c"), "-o", str(program), "-lm")
        done = subprocess.run(
            ["gcc", *flags, *source], capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr
        return program

    return built
