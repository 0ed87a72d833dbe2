"""Commands that make and run a cloud: init, all, ingest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cloud.cli.answer_messages import CopyKey, EmptyStarterWritten, KeyIs, KeyKept, StarterWritten
from cloud.cli.frame import AsJson, Config, Workdir, config_file, exits, note, say, settings_of
from cloud.settings import load
from cloud.starter import EMPTY, STARTER


def add(app: typer.Typer) -> None:
    """Give the program these commands."""
    app.command()(init)
    app.command("all")(all_)
    app.command()(ingest)


def init(
    workdir: Workdir = None,
    config: Config = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="a starter without a site; the wizard of the page makes the first")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the cloud's key, and a starter cloud.yaml when there is none. A key that is there is kept."""
    from contract.seal import fingerprint
    from journal.keyfiles import load_key, make_key

    with exits(as_json):
        path = config_file(workdir, config)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(EMPTY if empty else STARTER, encoding="utf-8")
            note(EmptyStarterWritten(str(path)) if empty else StarterWritten(str(path)))
        settings = load(path)
        made = not settings.key_file.exists()
        if made:
            make_key(settings.key_file, settings.public_file)
        else:
            note(KeyKept(str(settings.key_file)))
        settings.trust_folder.mkdir(parents=True, exist_ok=True)
        mark = fingerprint(load_key(settings.key_file).public_key())
        fields = {
            "config": str(path),
            "public_key": str(settings.public_file),
            "fingerprint": mark,
            "made": made,
        }
        say(fields, as_json, [KeyIs(mark), CopyKey(str(settings.public_file))])


def all_(workdir: Workdir = None, config: Config = None) -> None:
    """Take blocks in, project them and serve the page and the API, in one process, until SIGTERM."""
    _serve(workdir, config, web=True)


def ingest(workdir: Workdir = None, config: Config = None) -> None:
    """Take blocks in and project them, without the web, until SIGTERM."""
    _serve(workdir, config, web=False)


def _serve(workdir: Path | None, config: Path | None, web: bool) -> None:
    from cloud.service import Service

    with exits():
        Service(settings_of(workdir, config), web).run()
