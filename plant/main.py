"""The command steelyard-plant: run the simulated mill, list what it serves, stop and start its devices.

Exit codes: 0 done, 2 wrong input, 3 cannot be done here (busy port, no plant running, full disk).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from plant import account, control, history, settings, state
from plant.errors import BadInput, PlantError
from plant.language import Commands, Lang, language
from plant.listing import listing, mill_of
from plant.options import Options
from plant.words import Text, line

app = typer.Typer(
    cls=Commands, add_completion=False, help="A simulated printing-and-dyeing mill on real protocols."
)

Workdir = Annotated[Path, typer.Option("--workdir", help="the demo's folder; the plant lives in its plant/")]
Config = Annotated[Path | None, typer.Option("--config", help="a plant.yaml; the plant lives beside it")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]
Table = Annotated[Path | None, typer.Option("--replay", help="a recorded table, .npz or .csv")]
DeviceName = Annotated[str, typer.Argument(metavar="DEVICE", help="a device's id as --list names it")]
DEFAULT_WORKDIR = Path(".demo")


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    list_: Annotated[bool, typer.Option("--list", help="list devices and tags")] = False,
    as_json: AsJson = False,
    workdir: Workdir = DEFAULT_WORKDIR,
    config: Config = None,
    replay: Table = None,
    lang: Lang = None,
) -> None:
    """A simulated printing-and-dyeing mill on real protocols."""
    _logs_to_stderr()
    if context.invoked_subcommand is not None:
        return
    if not list_:
        typer.echo(context.get_help())
        raise typer.Exit(2)
    _guard(lambda: _list(_folder(workdir, config), config, replay is not None, as_json), as_json)


@app.command()
def run(
    workdir: Workdir = DEFAULT_WORKDIR,
    config: Config = None,
    speed: Annotated[str, typer.Option(help="times real time; max: next row once read")] = "1",
    start: Annotated[str | None, typer.Option(help="first plant time, RFC 3339")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="of the simulated values")] = None,
    replay: Table = None,
    column: Annotated[str | None, typer.Option(help="its column of register readings, 0.01 kWh")] = None,
) -> None:
    """Run the plant until SIGTERM."""
    _guard(lambda: _run(_folder(workdir, config), config, _options(speed, start, seed, replay, column)))


@app.command("history")
def past(
    until: Annotated[str, typer.Option(help="where it ends, RFC 3339")],
    workdir: Workdir = DEFAULT_WORKDIR,
    config: Config = None,
    days: Annotated[int, typer.Option(help="whole days before that of --until")] = 365,
    seed: Annotated[int, typer.Option(min=0, help="of the simulated values")] = 1,
    no_retrofit: Annotated[
        bool,
        typer.Option(
            "--no-retrofit", help="the old dyeing machines stay: the same draws without the measure"
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a recorded past of the mill into history/: 15-minute rows a meter, production and wastewater as CSV."""
    _guard(lambda: _past(_folder(workdir, config), until, days, seed, not no_retrofit, as_json), as_json)


@app.command()
def stop(
    device: DeviceName, workdir: Workdir = DEFAULT_WORKDIR, config: Config = None, as_json: AsJson = False
) -> None:
    """Let a device answer nothing."""
    _guard(lambda: _ask(_folder(workdir, config), "stop", device, as_json), as_json)


@app.command()
def start(
    device: DeviceName, workdir: Workdir = DEFAULT_WORKDIR, config: Config = None, as_json: AsJson = False
) -> None:
    """Let a stopped device answer again."""
    _guard(lambda: _ask(_folder(workdir, config), "start", device, as_json), as_json)


@app.command(hidden=True)
def hold(workdir: Workdir = DEFAULT_WORKDIR, config: Config = None, as_json: AsJson = False) -> None:
    """Let values change no more; clocks run on."""
    _guard(lambda: _ask(_folder(workdir, config), "hold", None, as_json), as_json)


@app.command(hidden=True)
def status(workdir: Workdir = DEFAULT_WORKDIR, config: Config = None, as_json: AsJson = False) -> None:
    """Say how far the running plant is."""
    _guard(lambda: _ask(_folder(workdir, config), "status", None, as_json), as_json)


def main() -> None:
    """Entry point of steelyard-plant."""
    app()


def _guard(action: Callable[[], None], as_json: bool = False) -> None:
    """Run a command; an error goes to stderr in the language of the command, with *as_json* to stdout as well."""
    try:
        action()
    except PlantError as error:
        typer.echo(f"steelyard-plant: {error.message.shown(language())}", err=True)
        if as_json:
            typer.echo(json.dumps({"error": error.message.json()}, ensure_ascii=False))
        raise typer.Exit(error.exit_code) from None


def _folder(workdir: Path, config: Path | None) -> Path:
    return workdir / "plant" if config is None else config.resolve().parent


def _settings(folder: Path, config: Path | None) -> settings.Settings:
    return settings.read(folder, config, {device.id for device in mill_of(False).devices})


def _list(folder: Path, config: Path | None, replayed: bool, as_json: bool) -> None:
    chosen, kept = _settings(folder, config), state.load(folder)
    shown = mill_of(replayed or (kept is not None and kept.source != Options().source))
    settings.make_folder(folder)
    plain = listing(shown, chosen.host, settings.ports(chosen, shown))
    if as_json:
        typer.echo(json.dumps(plain, ensure_ascii=False))
        return
    for tag in plain["tags"]:
        where = tag["node"] or f"{tag['table']} {tag['address']}"
        what = f"{tag['type']} {tag['order'] or ''}".rstrip()
        typer.echo(f"{tag['tag']:<24} {tag['host']}:{tag['port']} {where} {what}")


def _run(folder: Path, config: Path | None, options: Options) -> None:
    # asyncua takes half a second to import; only the running mill needs it.
    from plant import mill

    mill.run(_settings(folder, config), options)


def _past(folder: Path, until: str, days: int, seed: int, retrofit: bool, as_json: bool) -> None:
    shown = mill_of(False)
    found = history.past(shown, seed, _moment("--until", until), days, retrofit)
    _print(history.write(shown, found, folder / "history"), as_json)


def _ask(folder: Path, command: str, device: str | None, as_json: bool) -> None:
    _print(control.ask(folder, command, device), as_json)


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        typer.echo(
            line({key: json.dumps(value, ensure_ascii=False) for key, value in result.items()}, language())
        )


def _options(
    speed: str, start: str | None, seed: int | None, table: Path | None, column: str | None
) -> Options:
    if (table is None) != (column is None):
        raise BadInput(Text.TABLE_AND_COLUMN())
    return Options(_speed(speed, table), _start(start), seed, table, column)


def _speed(text: str, table: Path | None) -> float:
    if text == "max":
        if table is None:
            raise BadInput(Text.MAX_NEEDS_TABLE())
        return float("inf")
    try:
        speed = float(text)
    except ValueError:
        raise BadInput(Text.NO_SPEED(speed=text)) from None
    if not 0.0 < speed <= 1e6:
        raise BadInput(Text.SPEED_RANGE(speed=text))
    return speed


def _start(text: str | None) -> int | None:
    return None if text is None else _moment("--start", text)


def _moment(flag: str, text: str) -> int:
    try:
        return account.parse_time(text)
    except ValueError:
        raise BadInput(Text.NO_TIME(flag=flag, value=text)) from None


def _logs_to_stderr() -> None:
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("asyncua").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    main()
