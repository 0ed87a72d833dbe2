"""docs/integrator.md and docs/regulator.md, typed from top to bottom in an empty folder and fresh environments."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.project.building import built, copied, environment, install, run
from tests.reports.printing import PRINTING
from tests.tutorials import page
from tests.tutorials.shell import Shell

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PATIENCE_S = 60.0
"""How long a block marked `again` may take to be as shown."""
PIP = re.compile(r"(\S+)/bin/pip install '?\S*steelyard[/[](\w+)\]?'?")
"""`pip install 'steelyard[cloud]'` or `pip install steelyard/verify`: the environment, and what it is of."""
LONG = pytest.mark.long
pytestmark = pytest.mark.timeout(400)
Environment = Callable[[str], Path]
ROOMS = ("edge", "cloud", "contract", "drivers", "settings", "journal", "accounts", "mqtt", "verify")


@pytest.fixture(scope="module")
def tree(needs: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clone to build from."""
    needs("git")
    return copied(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def make_environment(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Gives the fresh environment of an extra: its locked packages and, offline, the wheel with that extra.

    `verify` is the verifier's own wheel.
    """
    folders: list[Path] = []
    wheel = cache(built)

    @cache
    def made(extra: str) -> Path:
        folders.append(folder := tmp_path_factory.mktemp(extra))
        python = environment(folder, extra)
        if extra == "verify":
            install(python, wheel(tree / "verify"))
        else:
            install(python, f"steelyard[{extra}] @ {wheel(tree).as_uri()}")
        return folder / "venv"

    yield made
    for folder in folders:
        shutil.rmtree(folder)  # a gigabyte that pytest would keep


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    try:
        started = Shell(tmp_path)
    except LookupError as error:
        pytest.skip(str(error))
    yield started
    started.close()


def follow(name: str, shell: Shell, make_environment: Environment) -> None:
    """Do all that the page says, and compare each output with what it shows."""
    for step in page.steps(DOCS / name):
        where = f"{name}:{step.line}: {step.text}"
        if step.kind == "file":
            (shell.folder / step.name).write_text(step.text, encoding="utf-8")
        elif step.kind != "install":
            wrong = _typed(step, shell)
            assert not wrong, f"{where}\n{wrong}"
        else:
            _install(step.text, shell.folder, make_environment)


def _install(command: str, folder: Path, make_environment: Environment) -> None:
    """Put a fresh environment of the wheel where the command would have made one from the clone."""
    if command == "make -C steelyard install":
        place, extra = "steelyard/.venv", "demo"  # the development packages of `make install` are not needed
    elif found := PIP.fullmatch(command):
        place, extra = found[1], found[2]
    else:
        assert command.startswith(("git clone ", "python3 -m venv ")), command
        return
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).symlink_to(make_environment(extra))


def _typed(step: page.Step, shell: Shell) -> str:
    deadline = time.monotonic() + (PATIENCE_S if step.kind == "again" else 0)
    while True:
        status, said = shell.type(step.text)
        wrong = "" if status == step.status else f"exit {status}: {said}"
        wrong = wrong or page.difference(step.shown, said)
        if not wrong or time.monotonic() > deadline:
            return wrong
        time.sleep(0.5)


@LONG
@pytest.mark.needs("iproute2")
def test_the_integrators_page(shell: Shell, make_environment: Environment) -> None:
    follow("integrator.md", shell, make_environment)
    assert shell.close() == [], "the page leaves programs running"


@LONG
@pytest.mark.needs("iproute2")
@PRINTING
def test_the_regulators_page(shell: Shell, make_environment: Environment) -> None:
    follow("regulator.md", shell, make_environment)
    assert shell.close() == [], "the page leaves programs running"


@LONG
def test_the_regulators_environment_has_no_cloud(make_environment: Environment) -> None:
    python = make_environment("verify") / "bin" / "python"
    code = "import importlib.util as u, sys; sys.exit([n for n in sys.argv[1:] if u.find_spec(n)] or None)"
    run(python, "-I", "-c", code, "fastapi", "paho", "duckdb", "sqlalchemy", "pydantic", "typer", cwd=ROOT)


@pytest.mark.parametrize("name", ["integrator.md", "regulator.md"])
def test_a_line_that_a_table_explains_is_one_that_a_program_says(name: str) -> None:
    sources = "\n".join(
        file.read_text(encoding="utf-8") for room in ROOMS for file in (ROOT / room).rglob("*.py")
    )
    text = (DOCS / name).read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([^`]+)`", text.partition("| it says |")[2], re.MULTILINE)
    assert len(lines) >= 5
    parts = [part.strip() for line in lines for part in line.split(page.ANY) if len(part.strip()) > 3]
    assert not [part for part in parts if part not in sources]


def test_output_is_compared_line_by_line() -> None:
    said = "blocks   12\nkey 1f\nroot 22\ndone\n"
    assert page.difference(["blocks 12", "key …", "…", "done"], said) == ""
    assert page.difference(["blocks 12", "…"], said) == ""
    assert "nothing more" in page.difference(["…", "done", "x"], said)
    assert page.difference(["blocks 1", "…"], said)
    assert page.difference(["blocks 12", "done"], said)
    assert page.difference(["blocks 12", "key …"], said).startswith("more than the page shows: root 22")
    assert page.difference([], said)
