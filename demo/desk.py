"""The mill's desk at a start, for people: declare the site once, and import the rows that are kept by hand."""

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
from demo.words import Text

BY = ("--by", "Demo mill")


def declare(ready: Ready, folder: Folder, supervisor: Supervisor, screen: Screen) -> None:
    """Declare meters and desk rows, so that figures, summaries and packs can be made; then import the rows.

    What is sealed already is not sealed again. A failure is shown and ends nothing.
    """
    file, where = folder.root / "cloud" / "site.yaml", ["--workdir", str(folder.root)]
    site = settings.SITE["id"]
    try:
        if not file.exists():
            _declare(file, ready, supervisor, where)
            screen.say("cloud", Text.DECLARED(site=site))
        for path in ready.past.imports() if ready.past is not None else ():
            command = ["steelyard-cloud", "import", str(path), "--site", site, *where, *BY]
            run_all(supervisor, {"it": command}, PATIENCE)
            screen.say("cloud", Text.IMPORTED(file=path.name))
    except Stopped:
        raise
    except DemoError as error:
        screen.say("cloud", Text.DESK_FAILED(why=error.message))


def _declare(file: Path, ready: Ready, supervisor: Supervisor, where: list[str]) -> None:
    """The file is there only when all of it is sealed."""
    past = ready.past
    declared = settings.declaration(ready.listing, past.places() if past is not None else {})
    declared |= retrofit.section(past.folder) if past is not None else {}
    write_text(file, yaml_text(declared))
    try:
        run_all(supervisor, {"it": ["steelyard-cloud", "declare", str(file), *where, *BY]}, PATIENCE)
    except DemoError:
        file.unlink()
        raise
