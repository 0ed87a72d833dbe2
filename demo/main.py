"""steelyard-demo: one command runs a factory, its edge, its broker and its cloud, and compares the counts."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Annotated, Any

import typer

from demo.errors import DemoError, Stopped
from demo.findings import key, value
from demo.language import Lang, language
from demo.manifest import NOT_JUDGED
from demo.options import Options
from demo.run import run
from demo.words import Text

app = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})


@app.command()
def demo(
    seconds: Annotated[
        float | None, typer.Option(help="Stop this long after the first accepted row.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Judge at the end: exit 1 if the counts differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of the plant's values.")] = None,
    workdir: Annotated[Path, typer.Option(help="Folder of the demo; kept for the next run.")] = Path(".demo"),
    port: Annotated[int, typer.Option(help="Port of the page.")] = 8000,
    broker: Annotated[str, typer.Option(help="nats, mosquitto or HOST:PORT.")] = "nats",
    replay: Annotated[
        Path | None, typer.Option(help="Table (.npz or .csv) that the main meter shows.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="Its column.")] = None,
    speed: Annotated[
        str | None, typer.Option(help="Speed of the plant's clock, or max. [default: 1]")
    ] = None,
    start: Annotated[str | None, typer.Option(help="Where the plant's clock begins (RFC 3339).")] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Delete the folder's content and begin anew.")
    ] = False,
    history_days: Annotated[
        int | None,
        typer.Option(
            help="Days back-filled at the first start, 0 for none. [default: 365; 0 with --check or --seconds]"
        ),
    ] = None,
    store: Annotated[str, typer.Option(help="Where charts are kept: parquet or influx.")] = "parquet",
    influx_url: Annotated[
        str | None, typer.Option(help="An InfluxDB 2 that is there; without it one is started.")
    ] = None,
    influx_org: Annotated[str | None, typer.Option(help="Its organisation.")] = None,
    influx_token: Annotated[
        str | None, typer.Option(help="A token that may make a bucket; or STEELYARD_INFLUX_TOKEN.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Run plant, broker, edge and cloud on this machine until Ctrl-C."""
    options = Options(
        workdir, port, broker, seconds, check, seed, replay, column, speed, start, reset, store=store,
        influx_url=influx_url, influx_org=influx_org, influx_token=influx_token, history_days=history_days,
    )  # fmt: skip
    try:
        result, figures = run(options.check_all())
    except DemoError as error:
        raise typer.Exit(_failed(error, check, as_json)) from error
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    elif check:
        typer.echo(_table(result))
    if figures is not None and not figures.agree:
        raise typer.Exit(1)


def _table(result: dict[str, Any]) -> str:
    """A result for people: one line a key."""
    names = {name: key(name, language()) for name in result}
    width = max(13, *(_width(name) for name in names.values()))
    return "\n".join(
        f"{names[name]}{' ' * (width - _width(names[name]))} {value(name, each, language())}"
        for name, each in result.items()
    )


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _failed(error: DemoError, check: bool, as_json: bool) -> int:
    """Print why there is no result; the exit code. Without --check a stop is no error."""
    if isinstance(error, Stopped) and not check:
        if as_json:
            typer.echo(json.dumps({"verdict": NOT_JUDGED}))
        typer.echo(f"steelyard-demo: {Text.STOPPED().shown(language())}", err=True)
        return 0
    if as_json:
        typer.echo(json.dumps({"error": error.message.json()}, ensure_ascii=False))
    typer.echo(f"steelyard-demo: {error.message.shown(language())}", err=True)
    return error.exit_code


def main() -> None:
    """Entry point of the command."""
    app()
