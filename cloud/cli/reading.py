"""Commands that read the ledger: export, blocks. They work while a cloud runs and after."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from cloud.cli.answer_messages import BadBlock, BlocksCounted, Exported
from cloud.cli.frame import AsJson, Config, Workdir, exits, note, say, settings_of
from cloud.cli.refusal_messages import JsonNeedsOut, NoTag, NotDecoded
from contract.errors import BadInput


class Format(Enum):
    """How a table is written or read."""

    CSV = "csv"


def add(app: typer.Typer) -> None:
    """Give the program these commands."""
    app.command()(export)
    app.command()(blocks)


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
    from cloud.ledger import columns as table

    with exits(as_json):
        if as_json and out is None:
            raise BadInput(JsonNeedsOut())
        folder = settings_of(workdir, config).ledger_folder
        if out is None:
            done = table.write(folder, sys.stdout, tag)
            sys.stdout.flush()
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                done = table.write(folder, file, tag)
        if not done.known and not done.unread:
            raise BadInput(NoTag(str(tag)))
        if out is not None:
            counts = {"rows": done.rows, "tags": done.tags, "unread": done.unread}
            say(counts, as_json, [Exported(str(out), done.rows, done.tags)])
        if done.unread:
            note(NotDecoded(done.unread))
            raise typer.Exit(1)


def blocks(
    workdir: Workdir = None,
    config: Config = None,
    verify: Annotated[bool, typer.Option("--verify", help="check every signature and link as well")] = False,
    as_json: AsJson = False,
) -> None:
    """What is in the ledger, and what in it is bad; exit 1 when anything is."""
    from cloud.ledger import integrity
    from cloud.projection.projector import cursor
    from journal.keyfiles import load_trust

    with exits(as_json):
        settings = settings_of(workdir, config)
        keys = load_trust(settings.trust_folder) if verify else None
        reached = cursor(settings)
        found = integrity.survey(settings.ledger_folder, keys)
        lines = [BadBlock(item.where, item.why) for item in found.bad]
        counts = BlocksCounted(found.blocks, found.values, found.statements)
        say(found.report(reached), as_json, [*lines, counts])
        if found.bad:
            raise typer.Exit(1)
