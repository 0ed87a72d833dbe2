"""What the commands share: how settings are named, how errors become exit codes, how a command answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.settings import Settings, load
from contract.errors import BadInput, CannotBeDone, SteelyardError

Workdir = Annotated[Path | None, typer.Option(help="folder of a demo; the settings are its cloud/cloud.yaml")]
Config = Annotated[Path | None, typer.Option(help="the settings, a cloud.yaml")]
AsJson = Annotated[bool, typer.Option("--json", help="print exactly one JSON object")]


@contextmanager
def exits() -> Iterator[None]:
    """The exit code of each kind of error: 2 wrong input, 3 cannot be done here, 1 any other that is foreseen."""
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
