"""Compiles the kernels of cython_ext; everything else stands in pyproject.toml."""

from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

ROOT = Path(__file__).resolve().parent


def kernels() -> list[Extension]:
    """One extension for each .pyx; a compiler failure fails the build."""
    sources = sorted((ROOT / "cython_ext").glob("*.pyx"))
    return [
        Extension(
            f"cython_ext.{source.stem}",
            [source.relative_to(ROOT).as_posix()],
            depends=[
                header.relative_to(ROOT).as_posix() for header in (ROOT / "cython_ext" / "core").glob("*.h")
            ],
            extra_compile_args=["-O3", "-ffp-contract=off", "-Wno-unreachable-code", "-Wno-unused-function"],
            libraries=["m"],
        )
        for source in sources
    ]


setup(
    ext_modules=cythonize(
        kernels(),
        build_dir="build/cython",
        language_level=3,
        compiler_directives={"binding": True, "embedsignature": True},
    )
)
