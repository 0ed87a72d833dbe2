"""The command `savings`: a CSV file and two periods in, a saving with its interval out; no site is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cloud.cli.frame import AsJson, say
from cloud.messages.rendering import plain
from contract.errors import BadInput
from languages.command import exits, language

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
            raise BadInput("name one FILE.csv or one folder by --many DIR")
        if file is not None:
            result = evaluator(_text(file))
            say(result.as_dict(), as_json, _told(result))
            raise typer.Exit(1 if result.refused else 0)
        found, code = _each(Path(str(many)), evaluator)
        lines = [f"{name}: {_line(entry)}" for name, entry in found.items()]
        say({"sites": found}, as_json, "\n".join(lines))
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
        raise BadInput(f"there is no file {path}")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8 CSV") from None


def _each(folder: Path, evaluator: Evaluator) -> tuple[dict[str, Any], int]:
    """The answer or the error of each file, and the exit code: 2 where a file is bad, 1 where one is refused."""
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if not files:
        raise BadInput(f"no *.csv in the folder {folder}")
    found: dict[str, Any] = {}
    code = 0
    for path in files:
        try:
            found[path.name] = evaluator(_text(path)).as_dict()
            code = max(code, 1 if found[path.name]["refused"] else 0)
        except BadInput as error:
            found[path.name] = {"error": str(error)}
            typer.echo(f"{path.name}: {error}", err=True)
            code = 2
    return found, code


def _line(entry: Mapping[str, Any]) -> str:
    if "error" in entry:
        return f"bad: {entry['error']}"
    low, high = (_six(end) for end in entry["interval"])
    refused = (
        f"; REFUSED: {'; '.join(plain(one, language()) for one in entry['refused'])}"
        if entry["refused"]
        else ""
    )
    claim = "nothing" if entry["claimed"] is None else _six(entry["claimed"])
    return f"avoided {_six(entry['avoided'])} [{low}, {high}], claimed {claim}{refused}"


def _told(result: Result) -> str:
    """A result for a person; statistics to six significant digits."""
    fit, band = result.fit, result.band
    found = result.as_dict()
    terms = " ".join(f"{b:+.6g}*{name}" for name, b in zip(fit.names, fit.b, strict=True)).replace(
        "*intercept", ""
    )
    rho = "unknown" if fit.rho is None else f"{fit.rho:.4f}"
    lines = [
        f"avoided    {_six(result.avoided)} (adjusted baseline {_six(result.adjusted)}, "
        f"measured {_six(result.measured)}), in the unit of the energy column",
        f"interval   {_six(band.low)} .. {_six(band.high)} at {100 * result.confidence:g} %, form {band.form}",
        f"           t {band.t:.6g} (df {fit.df}), n {fit.n}, n' {found['n_effective']:.4g}, m {result.m}, "
        f"p {fit.p}, rho {rho}, s2 x {band.inflation:.4g}",
        f"form ols   {_six(result.ols.low)} .. {_six(result.ols.high)} (takes residuals as independent)",
        f"model      energy = {terms}; R2 {fit.r2:.4f}, CV(RMSE) {fit.cv:.4f}, {result.interval} rows",
        f"normalised {'none: no normal conditions' if result.normalised is None else _six(result.normalised.saving)}",
        f"claimed    {'nothing' if result.claimed is None else _six(result.claimed)}",
        *(f"REFUSED    {plain(one.json(), language())}" for one in result.refused),
        *(f"warning    {plain(one.json(), language())}" for one in result.warnings),
        "numbers are rounded to six significant digits; --json has them in full",
    ]
    return "\n".join(lines)


def _six(value: float) -> str:
    """Six significant digits, thousands apart."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = 5 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(digits, 0)}f}"
