"""Commands that make figures: figures, seal-hours. They work while a cloud runs and after."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cloud.cli.answer_messages import DaysSealed
from cloud.cli.figure_messages import Figure, RefusedFigure
from cloud.cli.frame import AsJson, Config, Workdir, exits, say, settings_of
from cloud.cli.refusal_messages import ToNotLater
from contract.message import Message, of_json

SiteId = Annotated[str, typer.Option("--site", help="id of the site")]
From = Annotated[str, typer.Option("--from", help="first local date, YYYY-MM-DD")]
To = Annotated[str, typer.Option("--to", help="local date after the last one, YYYY-MM-DD")]


def add(app: typer.Typer) -> None:
    """Give the program these commands."""
    app.command()(figures)
    app.command("seal-hours")(seal_hours)


def figures(
    site: SiteId, from_: From, to: To, workdir: Workdir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """Energy, coal equivalent, CO2, cost, pollutant mass, savings of a period, each with its proof or refused."""
    from cloud.figures.compute import compute, day

    with exits(as_json):
        settings = settings_of(workdir, config)
        answer = compute(settings, site, day("--from", from_), day("--to", to))
        found = answer.report()
        say(found, as_json, _lines(found))


def seal_hours(
    site: SiteId, from_: From, to: To, workdir: Workdir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """Seal the hour facts of a period that are new or were changed by late data; the same command changes nothing."""
    from cloud.figures.compute import day
    from cloud.hourly.records import seal
    from contract.errors import BadInput

    with exits(as_json):
        first, after = day("--from", from_), day("--to", to)
        if after <= first:
            raise BadInput(ToNotLater(str(after), str(first)))
        done = seal(settings_of(workdir, config), site, first, after)
        counts = {"new": done.new, "revised": done.revised, "same": done.same}
        say(counts, as_json, [DaysSealed(done.new, done.revised, done.same)])


def _lines(found: dict[str, Any]) -> list[Message]:
    figures = [
        Figure(f"{_of(item)} {item['value']:>16} {item['unit']:12}", str(item["completeness"]))
        for item in found["figures"]
    ]
    return [*figures, *(RefusedFigure(_of(item), of_json(item)) for item in found["refused"])]


def _of(item: dict[str, Any]) -> str:
    """The kind and the point of a figure, as columns."""
    return f"{item['kind']:28} {item['point'] or '-':20}"
