"""What the commands share: how settings are named, how a command answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.settings import Settings, load
from contract.errors import BadInput

Workdir = Annotated[Path | None, typer.Option(help="folder of a demo; the settings are its cloud/cloud.yaml")]
Config = Annotated[Path | None, typer.Option(help="the settings, a cloud.yaml")]
AsJson = Annotated[bool, typer.Option("--json", help="print exactly one JSON object")]


def config_file(workdir: Path | None, config: Path | None) -> Path:
    """The cloud.yaml that the two flags name; raises BadInput unless exactly one is given."""
    if (workdir is None) == (config is None):
        raise BadInput("name the settings by one of --workdir DIR (its cloud/cloud.yaml) and --config FILE")
    return config if config is not None else Path(str(workdir)) / "cloud" / "cloud.yaml"


def settings_of(workdir: Path | None, config: Path | None) -> Settings:
    """The settings that the two flags name; raises BadInput."""
    return load(config_file(workdir, config))


def say(found: dict[str, Any], as_json: bool, text: str) -> None:
    """Answer on stdout: one JSON object, or text for a person."""
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else text)
