"""What the mill's desk says at a start, for people: its declaration once, and the rows that its people keep by hand."""

from __future__ import annotations

from pathlib import Path

from demo import retrofit, settings
from demo.commands import run_all
from demo.errors import DemoError, Stopped
from demo.folder import Folder, write_text
from demo.history import PATIENCE
from demo.screen import Screen
from demo.setup import Ready, yaml_text
from demo.supervisor import Supervisor

BY = ("--by", "Demo mill")


def declare(ready: Ready, folder: Folder, supervisor: Supervisor, screen: Screen) -> None:
    """Declare meters and desk rows, so that figures, summaries and packs can be made; then import the rows.

    What is sealed already is not sealed again. What fails is told and ends nothing.
    """
    file, where = folder.root / "cloud" / "site.yaml", ["--workdir", str(folder.root)]
    site = settings.SITE["id"]
    try:
        if not file.exists():
            _declare(file, ready, supervisor, where)
            screen.say("cloud", f"site {site} is declared from cloud/site.yaml")
        for path in ready.past.imports() if ready.past is not None else ():
            command = ["steelyard-cloud", "import", str(path), "--site", site, *where, *BY]
            run_all(supervisor, {"it": command}, PATIENCE)
            screen.say("cloud", f"{path.name} is imported")
    except Stopped:
        raise
    except DemoError as error:
        screen.say("cloud", f"the desk could not say all: {error}")


def _declare(file: Path, ready: Ready, supervisor: Supervisor, where: list[str]) -> None:
    """The file is there only when all of it is sealed."""
    past = ready.past
    said = settings.declaration(ready.listing, past.places() if past is not None else {})
    said |= retrofit.section(past.folder) if past is not None else {}
    write_text(file, yaml_text(said))
    try:
        run_all(supervisor, {"it": ["steelyard-cloud", "declare", str(file), *where, *BY]}, PATIENCE)
    except DemoError:
        file.unlink()
        raise
