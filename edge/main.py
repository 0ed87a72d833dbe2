"""steelyard-edge: read machines, keep every value, send it until the cloud has it.

Exit codes: 0 done, 1 a difference or refusal found, 2 wrong input, 3 cannot be done here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from contract.message import Message
from contract.seal import fingerprint
from edge import inspect
from edge.messages import KeyOfNode, SettingsGood, StarterWritten
from edge.paths import Paths, config_path
from edge.starter import STARTER
from journal.keyfiles import load_public, make_key
from languages.command import Commands, Lang, exits, language
from languages.render import plain

# A traceback with local variables would show the broker's password.
app = typer.Typer(
    cls=Commands, add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False
)
journal_app = typer.Typer(cls=Commands, no_args_is_help=True, help="Look into the journal.")
app.add_typer(journal_app, name="journal")

Workdir = Annotated[Path | None, typer.Option(help="folder of a demo; the settings are its edge/edge.yaml")]
Config = Annotated[Path | None, typer.Option(help="the settings, an edge.yaml")]
AsJson = Annotated[bool, typer.Option("--json", help="print exactly one JSON object")]


@app.callback()
def _language(lang: Lang = None) -> None:
    pass


def main() -> None:
    """Entry point: errors are one line on stderr, never a traceback."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app()


@app.command()
def init(workdir: Workdir = None, config: Config = None, as_json: AsJson = False) -> None:
    """Make the node's key, and a starter edge.yaml when there is none; prints how the cloud gets to trust the key."""
    from edge.settings import load

    with exits(as_json):
        path = config_path(workdir, config)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(STARTER, encoding="utf-8")
            typer.echo(_text(StarterWritten(str(path))), err=True)
        settings = load(path)
        place = Paths(settings.folder)
        if not place.key.exists():
            make_key(place.key, place.public)
        place.trust.mkdir(parents=True, exist_ok=True)
        mark = fingerprint(load_public(place.public))
        made = {
            "node": settings.node,
            "public_key": str(place.public),
            "fingerprint": mark,
            "list_as": f"{settings.node}.pub",
        }
        _print(made, as_json, _text(KeyOfNode(settings.node, mark, str(place.public))))


@app.command()
def run(
    workdir: Workdir = None,
    config: Config = None,
    trace_accepted: Annotated[
        int | None, typer.Option(help="file descriptor that gets one line for each accepted row")
    ] = None,
    drain: Annotated[float, typer.Option(min=0, help="seconds to wait for receipts at the stop")] = 5.0,
) -> None:
    """Read, keep and send until SIGTERM; then seal everything and wait for receipts."""
    from edge.run import start

    with exits():
        start(config_path(workdir, config), trace_accepted, drain)


@app.command()
def validate(file: Annotated[Path, typer.Argument(help="an edge.yaml")], as_json: AsJson = False) -> None:
    """Check a settings file; every problem with its line, exit 2 when there is one."""
    from edge.settings import validate as check_file

    with exits(as_json):
        found = check_file(file)
    lines = [
        f"{e['file']}:{e['line']}: " + ": ".join(t for t in (e["path"], e["message"]) if t)
        for e in found["errors"]
    ]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo("\n".join(lines) if lines else _text(SettingsGood(str(file))), err=bool(lines))
    raise typer.Exit(0 if found["ok"] else 2)


@app.command()
def check(workdir: Workdir = None, config: Config = None, as_json: AsJson = False) -> None:
    """Read each tag once: value, unit, quality, latency, raw hex, and why it is bad; exit 1 when one is."""
    from edge.check import as_object, as_text, check_all, good
    from edge.settings import load

    with exits(as_json):
        readings = asyncio.run(check_all(load(config_path(workdir, config))))
        _print(as_object(readings), as_json, as_text(readings, language()))
    raise typer.Exit(0 if good(readings) else 1)


@app.command()
def decode(
    words: Annotated[
        str, typer.Option(help="registers as read, hex (0x41C8) or decimal, separated by commas or spaces")
    ],
    as_json: AsJson = False,
) -> None:
    """Every reading of these registers by each type and byte order of a tag that takes so many, and as text.

    The most plausible stand first: dates from 2000 to 2099 and text of 5 characters or more; then 0 and numbers from
    0.001 to 10⁹ in size; then all others; last NaN, infinities and denormal numbers. Among numbers, those with fewer
    significant digits stand first (25 before 16840), then the usual order. Registers that are no value of a type (a
    BCD digit above 9, an impossible date) are no reading of it. Bits of a word are not listed.
    """
    from drivers.modbus.readings import candidates
    from edge.decode import as_object, as_text, registers

    with exits(as_json):
        found = candidates(registers(words))
        _print(as_object(found), as_json, as_text(found, language()))


@app.command()
def status(workdir: Workdir = None, config: Config = None, as_json: AsJson = False) -> None:
    """Version, last receipt, journal bytes, days to full, refused and unknown-key counts."""
    from edge.settings import load

    with exits(as_json):
        found = inspect.status(Paths(load(config_path(workdir, config)).folder).journal)
        _print(found, as_json, inspect.status_text(found, language()))


@app.command()
def frames(
    layout: Annotated[Path, typer.Argument(help="a layout of frames (docs/frames.md)")],
    file: Annotated[str, typer.Argument(help="a file of raw frames; - reads standard input")],
    as_json: AsJson = False,
) -> None:
    """Count good, bad and lost frames of a raw sensor stream; exit 0 whatever the counts, 2 for a bad layout or file.

    samples_sha256 is over all samples of the good frames in their order, little-endian, row by row, as the decoded
    type: int16 for int12, uint12 and int16, int32 for uint16, int24 and int32, else float32.
    """
    from drivers.frames.layout import load
    from edge.frames import count

    with exits(as_json):
        found = count(load(layout).decoder(), file, lambda message: typer.echo(_text(message), err=True))
        _print(found.json(), as_json, _text(found.result))


@journal_app.command("list")
def journal_list(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a demo's folder, or a journal")],
    as_json: AsJson = False,
) -> None:
    """Streams in a journal, how many of their blocks have no receipt, rows that no block holds yet."""
    with exits(as_json):
        found = inspect.journal(inspect.find(folder))
        _print(found, as_json, inspect.journal_text(found, language()))


def _print(found: dict[str, Any], as_json: bool, text: str) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else text)


def _text(message: Message) -> str:
    return plain(message.json(), language())
