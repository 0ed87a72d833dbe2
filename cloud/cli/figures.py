"""Commands that make figures: figures, seal-hours. They work while a cloud runs and after."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cloud.cli.frame import AsJson, Config, Workdir, say, settings_of
from cloud.messages.rendering import plain
from languages.command import exits, language

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
        say(found, as_json, "\n".join(_lines(found)))


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
            raise BadInput(
                f"--to {after} must be later than --from {first}; it does not belong to the period"
            )
        done = seal(settings_of(workdir, config), site, first, after)
        counts = {"new": done.new, "revised": done.revised, "same": done.same}
        say(
            counts, as_json, f"{done.new} days sealed, {done.revised} revised, {done.same} stand as they were"
        )


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [
        f"{item['kind']:28} {item['point'] or '-':20} {item['value']:>16} {item['unit']:12} "
        f"complete {item['completeness']}"
        for item in found["figures"]
    ]
    refused = [
        f"{item['kind']:28} {item['point'] or '-':20} refused: {plain(item, language())}"
        for item in found["refused"]
    ]
    return lines + refused
