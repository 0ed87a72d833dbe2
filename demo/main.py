"""steelyard-demo: one command runs a factory, its edge, its broker and its cloud, and compares the counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from demo.errors import DemoError, Stopped
from demo.manifest import NOT_JUDGED
from demo.options import Options
from demo.run import run

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
        for name, value in result.items():
            typer.echo(f"{name:<13} {value}")
    if figures is not None and not figures.agree:
        raise typer.Exit(1)


def _failed(error: DemoError, check: bool, as_json: bool) -> int:
    """Say why there is no result; the exit code. A run that nobody wanted judged may be stopped at any time."""
    if isinstance(error, Stopped) and not check:
        if as_json:
            typer.echo(json.dumps({"verdict": NOT_JUDGED}))
        typer.echo("steelyard-demo: stopped", err=True)
        return 0
    if as_json:
        typer.echo(json.dumps({"error": str(error)}, ensure_ascii=False))
    typer.echo(f"steelyard-demo: {error}", err=True)
    return error.exit_code


def main() -> None:
    """Entry point of the command."""
    app()
