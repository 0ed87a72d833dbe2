"""steelyard-cloud: take the blocks of edges in, keep them, and show what they say.

Exit codes: 0 done, 1 a difference or refusal found, 2 wrong input, 3 cannot be done here.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from cloud.settings import Settings, load
from cloud.starter import STARTER
from contract.errors import BadInput, CannotBeDone, SteelyardError

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

Workdir = Annotated[Path | None, typer.Option(help="folder of a demo; the settings are its cloud/cloud.yaml")]
Config = Annotated[Path | None, typer.Option(help="the settings, a cloud.yaml")]
AsJson = Annotated[bool, typer.Option("--json", help="print exactly one JSON object")]


class Format(Enum):
    """How an export is written."""

    CSV = "csv"


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
    """Make the cloud's key, and a starter cloud.yaml when there is none. A key that is there is kept."""
    from contract.seal import fingerprint
    from journal.keyfiles import load_key, make_key

    with _exits():
        path = _config(workdir, config)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(STARTER, encoding="utf-8")
            typer.echo(f"wrote a starter {path}; edit it to your sites", err=True)
        settings = load(path)
        made = not settings.key_file.exists()
        if made:
            make_key(settings.key_file, settings.public_file)
        else:
            typer.echo(f"{settings.key_file} is there already and is kept", err=True)
        settings.trust_folder.mkdir(parents=True, exist_ok=True)
        mark = fingerprint(load_key(settings.key_file).public_key())
        said = {
            "config": str(path),
            "public_key": str(settings.public_file),
            "fingerprint": mark,
            "made": made,
        }
        _say(said, as_json, f"key {mark}\ncopy {settings.public_file} to each edge as trust/cloud.pub")


@app.command("all")
def all_(workdir: Workdir = None, config: Config = None) -> None:
    """Take blocks in, project them and serve the page and the API, in one process, until SIGTERM."""
    _serve(workdir, config, web=True)


@app.command()
def ingest(workdir: Workdir = None, config: Config = None) -> None:
    """Take blocks in and project them, without the web, until SIGTERM."""
    _serve(workdir, config, web=False)


@app.command()
def export(
    workdir: Workdir = None,
    config: Config = None,
    tag: Annotated[str | None, typer.Option(help="one tag only")] = None,
    format_: Annotated[Format, typer.Option("--format", help="how it is written")] = Format.CSV,
    out: Annotated[Path | None, typer.Option(help="write to this file instead of stdout")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="with --out: print one JSON object that counts what was written")
    ] = False,
) -> None:
    """Values of the ledger after precedence, by tag then time: time,tag,raw,value,quality."""
    from cloud import export as table

    with _exits():
        if as_json and out is None:
            raise BadInput("--json needs --out FILE: the values take stdout")
        folder = _settings(workdir, config).ledger_folder
        if out is None:
            done = table.write(folder, sys.stdout, tag)
            sys.stdout.flush()
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                done = table.write(folder, file, tag)
            counts = {"rows": done.rows, "tags": done.tags, "unread": done.unread}
            _say(counts, as_json, f"{out}: {done.rows} rows of {done.tags} tags")
        if done.unread:
            typer.echo(f"{done.unread} blocks do not decode; `steelyard-cloud blocks` names them", err=True)
            raise typer.Exit(1)
        if not done.known:
            raise BadInput(f"no node has a tag named {tag!r}")


@app.command()
def blocks(
    workdir: Workdir = None,
    config: Config = None,
    verify: Annotated[bool, typer.Option("--verify", help="check every signature and link as well")] = False,
    as_json: AsJson = False,
) -> None:
    """What is in the ledger, and what in it is bad; exit 1 when anything is."""
    from cloud import blocks as look
    from cloud.projector import cursor
    from journal.keyfiles import load_trust

    with _exits():
        settings = _settings(workdir, config)
        keys = load_trust(settings.trust_folder) if verify else None
        reached = cursor(settings)
        found = look.survey(settings.ledger_folder, keys).report(reached)
        lines = [f"bad: {item['where']}: {item['why']}" for item in found["bad"]]
        counts = f"{found['blocks']} blocks, {found['values']} values, {found['statements']} statements"
        _say(found, as_json, "\n".join([*lines, counts]))
        if found["bad"]:
            raise typer.Exit(1)


@contextmanager
def _exits() -> Iterator[None]:
    """The exit code of each kind of error."""
    try:
        yield
    except BadInput as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        # The reader of stdout went away, as `head` does; nothing of ours went wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except (CannotBeDone, OSError) as error:
        typer.echo(f"cannot be done here: {error}", err=True)
        raise typer.Exit(3) from None
    except SteelyardError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _config(workdir: Path | None, config: Path | None) -> Path:
    if (workdir is None) == (config is None):
        raise BadInput("name the settings by one of --workdir DIR (its cloud/cloud.yaml) and --config FILE")
    return config if config is not None else Path(str(workdir)) / "cloud" / "cloud.yaml"


def _settings(workdir: Path | None, config: Path | None) -> Settings:
    return load(_config(workdir, config))


def _serve(workdir: Path | None, config: Path | None, web: bool) -> None:
    from cloud.service import Service

    with _exits():
        Service(_settings(workdir, config), web).run()


def _say(found: dict[str, Any], as_json: bool, text: str) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else text)
