"""Import rules about single modules and calls, read from syntax trees (the layers are import-linter's)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    "contract", "cython_ext", "journal", "drivers", "accounts", "edge", "cloud", "verify", "plant", "demo",
    "firmware_configs", "settings", "languages", "mqtt", "scripts", "tests",
]  # fmt: skip
PURE = ("contract", "accounts", "cython_ext")
IO_MODULES = {
    "asyncio", "fcntl", "glob", "http", "io", "mmap", "multiprocessing", "os", "pathlib", "selectors",
    "shelve", "shutil", "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess",
    "tempfile", "threading", "urllib",
}  # fmt: skip
IO_CALLS = {"open", "print", "input", "exec", "eval"}
FILE_METHODS = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "tofile",
    "fromfile",
    "memmap",
}
STORE_ONLY = {"influxdb_client", "duckdb", "pyarrow.parquet"}


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of each Python file of the rooms."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Absolute names that a module imports: for `from a.b import c` both a.b and a.b.c."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def under(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def io_calls(tree: ast.Module) -> set[str]:
    """Names of calls that reach outside the process."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in IO_CALLS:
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute) and node.func.attr in FILE_METHODS:
                found.add(node.func.attr)
    return found


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_do_no_input_or_output(room: str) -> None:
    for path, tree in sources(room):
        assert not io_calls(tree), path
        assert not {name.split(".")[0] for name in imports(tree)} & IO_MODULES, path


def test_the_rule_sees_what_it_forbids() -> None:
    tree = ast.parse("import os\nfrom pathlib import Path\nopen('x')\nPath('x').read_text()\n")
    assert io_calls(tree) == {"open", "read_text"}
    assert {"os", "pathlib"} <= imports(tree)


def test_contract_imports_only_numpy_cryptography_and_the_standard_library() -> None:
    allowed = set(sys.stdlib_module_names) | {"numpy", "cryptography", "contract"}
    for path, tree in sources("contract"):
        assert {name.split(".")[0] for name in imports(tree)} <= allowed, path


def test_the_verifier_imports_only_numpy_cryptography_and_the_standard_library() -> None:
    allowed = set(sys.stdlib_module_names) | {"numpy", "cryptography", "verify"}
    for path, tree in sources("verify"):
        assert {name.split(".")[0] for name in imports(tree)} <= allowed, path


def test_databases_and_parquet_are_spoken_to_in_the_store_alone() -> None:
    for path, tree in sources(*(room for room in ROOMS if room != "tests")):
        if not path.startswith("cloud/store/"):
            used = {module for module in STORE_ONLY for name in imports(tree) if under(name, module)}
            assert not used, path


def test_mqtt_is_spoken_in_one_module_alone() -> None:
    for path, tree in sources(*(room for room in ROOMS if room != "tests")):
        if path != "mqtt/link.py":
            assert not any(under(name, "paho") for name in imports(tree)), path


def test_nobody_imports_the_folder_of_container_files_or_unsafe_loaders() -> None:
    for path, tree in sources(*ROOMS):
        assert not {name.split(".")[0] for name in imports(tree)} & {
            "docker",
            "pickle",
            "marshal",
            "shelve",
        }, path
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) != ("yaml", "load"), path


def test_no_room_is_called_by_a_word_that_says_nothing() -> None:
    for path, _ in sources(*ROOMS):
        assert Path(path).stem not in {"utils", "util", "helpers", "helper", "manager", "common", "misc"}, (
            path
        )


def test_every_kernel_has_its_types_beside_it() -> None:
    for kernel in (ROOT / "cython_ext").glob("*.pyx"):
        assert kernel.with_suffix(".pyi").is_file(), kernel.name
