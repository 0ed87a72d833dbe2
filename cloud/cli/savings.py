"""The command `savings`: a CSV file and two periods in, a saving with its interval out; no site is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cloud.cli.figure_messages import (
    Avoided,
    AvoidedRefused,
    AvoidedShort,
    AvoidedUnclaimed,
    BadTable,
    Claimed,
    IntervalIs,
    Model,
    Normalised,
    NothingClaimed,
    NotNormalised,
    OfTable,
    PlainInterval,
    SavingRefused,
    SavingWarning,
    SixDigits,
    Statistics,
    Unknown,
)
from cloud.cli.frame import AsJson, exits, note, say
from cloud.cli.refusal_messages import FileOrFolder, NoFile, NoTables, NotUtf8
from contract.errors import BadInput
from contract.message import Message, Text, of_json

if TYPE_CHECKING:
    from accounts.savings import Result

Evaluator = Callable[[str], "Result"]


def add(app: typer.Typer) -> None:
    """Give the program this command."""
    app.command()(savings)


def savings(
    baseline: Annotated[str, typer.Option(help="A..B: dates, both included, before the change")],
    reporting: Annotated[str, typer.Option(help="C..D: dates, both included, that the saving is of")],
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV with the columns time, energy and one a driver; daily or monthly rows"),
    ] = None,
    many: Annotated[
        Path | None, typer.Option(help="evaluate each *.csv of this folder instead of one file")
    ] = None,
    drivers: Annotated[
        str | None, typer.Option(help="columns of the model, with commas; without it every subset is tried")
    ] = None,
    normal: Annotated[
        Path | None, typer.Option(help="CSV of the drivers at normal conditions, for the normalised saving")
    ] = None,
    confidence: Annotated[float, typer.Option(help="of the two-sided interval, between 0 and 1")] = 0.9,
    as_json: AsJson = False,
) -> None:
    """Avoided energy against a baseline regression, with an interval; exit 1 when the model is refused."""
    with exits(as_json):
        evaluator = _evaluator(baseline, reporting, drivers, normal, confidence)
        if (file is None) == (many is None):
            raise BadInput(FileOrFolder())
        if file is not None:
            result = evaluator(_text(file))
            say(result.as_dict(), as_json, _messages(result))
            raise typer.Exit(1 if result.refused else 0)
        found, code = _each(Path(str(many)), evaluator)
        lines = [OfTable(name, _line(entry)) for name, entry in found.items()]
        say({"sites": found}, as_json, lines)
        raise typer.Exit(code)


def _evaluator(
    baseline: str, reporting: str, drivers: str | None, normal: Path | None, confidence: float
) -> Evaluator:
    # scipy takes half a second to import; other commands do not wait for it.
    from accounts.savings import Period, evaluate, read_csv, read_normal

    periods = Period.parse(baseline), Period.parse(reporting)
    names = None if drivers is None else [name.strip() for name in drivers.split(",")]
    fixed = None if normal is None else read_normal(_text(normal))
    return lambda text: evaluate(read_csv(text), *periods, names, fixed, confidence)


def _text(path: Path) -> str:
    if not path.is_file():
        raise BadInput(NoFile(str(path)))
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(NotUtf8(str(path), error.start)) from None


def _each(folder: Path, evaluator: Evaluator) -> tuple[dict[str, Any], int]:
    """The answer or the error of each file, and the exit code: 2 where a file is bad, 1 where one is refused."""
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if not files:
        raise BadInput(NoTables(str(folder)))
    found: dict[str, Any] = {}
    code = 0
    for path in files:
        try:
            found[path.name] = evaluator(_text(path)).as_dict()
            code = max(code, 1 if found[path.name]["refused"] else 0)
        except BadInput as error:
            found[path.name] = {"error": error.message.json()}
            note(OfTable(path.name, error.message))
            code = 2
    return found, code


def _line(entry: Mapping[str, Any]) -> Message:
    if "error" in entry:
        return BadTable(of_json(entry["error"]))
    low, high = (_six(end) for end in entry["interval"])
    if not entry["refused"] and entry["claimed"] is None:
        return AvoidedUnclaimed(_six(entry["avoided"]), low, high)
    if entry["claimed"] is not None:
        return AvoidedShort(_six(entry["avoided"]), low, high, _six(entry["claimed"]))
    return AvoidedRefused(_six(entry["avoided"]), low, high, tuple(map(of_json, entry["refused"])))


def _messages(result: Result) -> Iterator[Message]:
    """A result for a person; statistics to six significant digits."""
    fit, band = result.fit, result.band
    found = result.as_dict()
    terms = " ".join(f"{b:+.6g}*{name}" for name, b in zip(fit.names, fit.b, strict=True)).replace(
        "*intercept", ""
    )
    rho = Unknown() if fit.rho is None else Text(f"{fit.rho:.4f}")
    yield Avoided(_six(result.avoided), _six(result.adjusted), _six(result.measured))
    yield IntervalIs(_six(band.low), _six(band.high), f"{100 * result.confidence:g}", band.form)
    yield Statistics(
        f"{band.t:.6g}",
        fit.df,
        fit.n,
        f"{found['n_effective']:.4g}",
        result.m,
        fit.p,
        rho,
        f"{band.inflation:.4g}",
    )
    yield PlainInterval(_six(result.ols.low), _six(result.ols.high))
    yield Model(terms, f"{fit.r2:.4f}", f"{fit.cv:.4f}", result.interval)
    fixed = result.normalised
    yield NotNormalised() if fixed is None else Normalised(_six(fixed.saving))
    yield NothingClaimed() if result.claimed is None else Claimed(_six(result.claimed))
    yield from (SavingRefused(why) for why in result.refused)
    yield from (SavingWarning(why) for why in result.warnings)
    yield SixDigits()


def _six(value: float) -> str:
    """Six significant digits, thousands apart."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = 5 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(digits, 0)}f}"
