"""The command `replacement`: what a machine replacement (机器换人) brought, of a YAML file or of a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ConfigDict

import settings
from cloud.cli.frame import AsJson, Config, Workdir, exits, say, settings_of
from cloud.cli.refusal_messages import FileOrProject, FileStandsAlone, NoReplacement, SeveralSites
from cloud.cli.replacement_messages import (
    AvoidedEnergy,
    Between,
    Confident,
    DiscountedPayback,
    EffectOf,
    GridEffect,
    Irr,
    Measured,
    NoValue,
    Npv,
    OfPart,
    Payback,
    Plain,
    Refused,
    Warned,
    With,
    YearlySaving,
    YearsOf,
)
from cloud.messages import rendering
from contract.errors import BadInput
from contract.message import Message, Text, of_json
from languages.command import language
from settings import Root, suggest
from settings.model import Fault

if TYPE_CHECKING:
    from accounts.figure.factors import Factor
    from cloud.settings import Settings


class _File(Root):
    """Any mapping: its keys are checked by accounts.replacement, whose faults get their lines here."""

    model_config = ConfigDict(extra="allow")

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """Every fault of the project."""
        from accounts.replacement import read

        yield from read(_plain(data), _factors())[1]


def add(app: typer.Typer) -> None:
    """Give the program this command."""
    app.command()(replacement)


def replacement(
    file: Annotated[
        Path | None, typer.Argument(help="a YAML file; `example replacement` prints one; none with --project")
    ] = None,
    project: Annotated[str | None, typer.Option(help="id of a replacement that a site declared")] = None,
    site: Annotated[
        str | None, typer.Option(help="its site; may be left out where one site only has such a project")
    ] = None,
    workdir: Workdir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """What a machine replacement saved, earned and changed; exit 1 when a figure is refused.

    Of a site's project (--project), avoided energy from its own readings and rows, or from a file alone: avoided energy
    with its interval, payback, NPV, IRR, labour, OEE, energy and CO2 a unit of output.
    """
    with exits(as_json):
        if (file is None) == (project is None):
            raise BadInput(FileOrProject())
        if file is not None and (workdir or config or site) is not None:
            raise BadInput(FileStandsAlone())
        found = (
            _of_file(file) if file is not None else _of_site(settings_of(workdir, config), site, str(project))
        )
        say(found, as_json, _lines(found))
        raise typer.Exit(1 if found["refused"] else 0)


def _of_file(file: Path) -> dict[str, Any]:
    from accounts.replacement import evaluate, read

    loaded, factors = settings.load(file, _File), _factors()
    project, _ = read(_plain(loaded.model_extra), factors)
    assert project is not None  # load has raised on any fault
    return {**evaluate(project, factors), "input_sha256": loaded.digest}


def _of_site(cloud: Settings, site: str | None, project: str) -> dict[str, Any]:
    from cloud.figures import replacements

    return replacements.evaluate(cloud, site or _site_with(cloud, project), project)


def _site_with(cloud: Settings, project: str) -> str:
    """The one site that has declared the project."""
    from cloud.registry import Registry

    registry = Registry(cloud)
    registry.catch_up()
    known = {site.id: [item.id for item in registry.replacements(site.id)] for site in registry.sites()}
    registry.close()
    found = [site for site, names in known.items() if project in names]
    if not found:
        names = sorted({name for each in known.values() for name in each})
        raise BadInput(suggest(NoReplacement(project), project, names))
    if len(found) > 1:
        raise BadInput(SeveralSites(tuple(found), project))
    return found[0]


def _factors() -> Mapping[str, Factor]:
    """The grid factors that may be used, by id."""
    from cloud.figures.replacements import usable

    return usable()


def _plain(value: Any) -> Any:
    """The same values with lists for tuples, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _lines(found: dict[str, Any]) -> Iterator[Message | str]:
    """The figures for a person, one a line; what is refused and doubted after them."""
    yield found["name"]
    if found["avoided"] is not None:
        yield AvoidedEnergy(_shown(found["avoided"], "kW.h", found["interval"], found))
    yield from _money(found)
    for name in ("labour", "oee", "per_unit"):
        if found[name] is not None:
            yield from _part(name, found)
    yield from (Refused(item["kind"], of_json(item)) for item in found["refused"])
    yield from (Warned(of_json(item)) for item in found["warnings"])
    yield rendering.plain(found["conformity"], language())


def _money(found: dict[str, Any]) -> Iterator[Message]:
    part = found["money"]
    if part is None:
        return
    currency = part["currency"]
    for name, value in part["effects"].items():
        yield EffectOf(name, _or_none(value), currency)
    yield YearlySaving(_shown(part["yearly_saving"], currency, part["yearly_saving_interval"], found))
    yield Payback(_years("payback", found))
    yield DiscountedPayback(_years("discounted_payback", found))
    yield Npv(_shown(found["npv"], currency, found["npv_interval"], found))
    unit = "" if found["irr_percent"] is None else "%"
    yield Irr(_shown(found["irr_percent"], unit, found["irr_percent_interval"], found))


def _years(key: str, found: dict[str, Any]) -> Message:
    value, ends = found[f"{key}_years"], found[f"{key}_interval"]
    return With(YearsOf(_or_none(value)), _spread(ends, found)) if ends else YearsOf(_or_none(value))


def _shown(value: str | None, unit: str, ends: list[str | None] | None, found: dict[str, Any]) -> Message:
    """A number with its unit, and its interval where it has one."""
    plain = Measured(_or_none(value), unit) if unit else Plain(_or_none(value))
    return plain if ends is None else With(plain, _spread(ends, found))


def _spread(ends: list[str | None], found: dict[str, Any]) -> Message:
    low, high = map(_or_none, ends)
    if not found["savings"]:
        return Between(low, high)
    return Confident(f"{100 * found['savings']['confidence']:g}", low, high)


def _part(name: str, found: dict[str, Any]) -> Iterator[Message | str]:
    """Each number of a part, by its path."""
    part: dict[str, Any] = found[name]
    units = part.get("units", {})
    for key, value in part.items():
        if isinstance(value, dict) and key in ("before", "after"):
            for inner, number in value.items():
                if isinstance(number, str):
                    ends = value.get(f"{inner}_interval")
                    yield OfPart(f"{name} {key}: {inner}", _shown(number, units.get(inner, ""), ends, found))
        elif key == "grid_effect" and value is not None:
            yield GridEffect(name, _or_none(value["tco2"]))
        elif isinstance(value, str) and key not in ("product_unit", "output"):
            yield f"{name}: {key} {value} {units.get(key, '')}".rstrip()


def _or_none(value: str | None) -> Message:
    return NoValue() if value is None else Text(value)
