"""What the commands share: how settings are named, how a command answers, in which language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.cli.refusal_messages import NoSettingsNamed
from cloud.messages.place_words import word
from cloud.settings import Settings, load
from contract.errors import BadInput
from contract.message import Message
from languages import command
from languages.render import plain

Workdir = Annotated[Path | None, typer.Option(help="folder of a demo; the settings are its cloud/cloud.yaml")]
Config = Annotated[Path | None, typer.Option(help="the settings, a cloud.yaml")]
AsJson = Annotated[bool, typer.Option("--json", help="print exactly one JSON object")]


def config_file(workdir: Path | None, config: Path | None) -> Path:
    """The cloud.yaml that the two flags name; raises BadInput unless exactly one is given."""
    if (workdir is None) == (config is None):
        raise BadInput(NoSettingsNamed())
    return config if config is not None else Path(str(workdir)) / "cloud" / "cloud.yaml"


def settings_of(workdir: Path | None, config: Path | None) -> Settings:
    """The settings that the two flags name; raises BadInput."""
    return load(config_file(workdir, config))


def exits(as_json: bool = False) -> AbstractContextManager[None]:
    """The exit code of each kind of error, with the words of a cloud in its message; see languages.command."""
    return command.exits(as_json, word)


def say(found: dict[str, Any], as_json: bool, lines: Iterable[Message | str]) -> None:
    """Answer on stdout: one JSON object, or lines for a person."""
    shown = json.dumps(found, ensure_ascii=False) if as_json else "\n".join(map(_line, lines))
    typer.echo(shown)


def note(message: Message) -> None:
    """Say something on stderr, in the language of the command."""
    typer.echo(_line(message), err=True)


def _line(message: Message | str) -> str:
    return message if isinstance(message, str) else plain(message.json(), command.language(), word)
