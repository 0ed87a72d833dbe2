"""The command `replacement`: what a machine replacement (机器换人) brought, of a YAML file or of a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ConfigDict

import settings
from cloud.cli.frame import AsJson, Config, Workdir, say, settings_of
from cloud.messages.rendering import plain
from contract.errors import BadInput
from languages.command import exits, language
from settings import Root, nearest
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
            raise BadInput("name either a FILE or, with --workdir or --config, the --project of a site")
        if file is not None and (workdir or config or site) is not None:
            raise BadInput("a FILE stands alone; --workdir, --config and --site go with --project")
        found = (
            _of_file(file) if file is not None else _of_site(settings_of(workdir, config), site, str(project))
        )
        say(found, as_json, "\n".join(_told(found)))
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
        raise BadInput(f"no site has a replacement {project!r}{nearest(project, names)}")
    if len(found) > 1:
        raise BadInput(f"{', '.join(found)} each have a replacement {project!r}; name the --site")
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


def _told(found: dict[str, Any]) -> Iterator[str]:
    """The figures for a person, one a line; what is refused and doubted after them."""
    yield found["name"]
    if found["avoided"] is not None:
        yield f"avoided energy {found['avoided']} kW.h{_spread(found['interval'], found)}"
    yield from _money_told(found)
    for name in ("labour", "oee", "per_unit"):
        if found[name] is not None:
            yield from _part_told(name, found)
    yield from (f"refused: {item['kind']}: {plain(item, language())}" for item in found["refused"])
    yield from (f"warning: {plain(said, language())}" for said in found["warnings"])
    yield found["conformity"]


def _money_told(found: dict[str, Any]) -> Iterator[str]:
    part = found["money"]
    if part is None:
        return
    for name, value in part["effects"].items():
        yield f"effect of {name}: {_or_none(value)} {part['currency']} a year (positive: less cost)"
    for said, value, unit, ends in (
        ("yearly saving", part["yearly_saving"], part["currency"], part["yearly_saving_interval"]),
        ("payback", found["payback_years"], "years", found["payback_interval"]),
        (
            "discounted payback",
            found["discounted_payback_years"],
            "years",
            found["discounted_payback_interval"],
        ),
        ("NPV", found["npv"], part["currency"], found["npv_interval"]),
        ("IRR", found["irr_percent"], "%", found["irr_percent_interval"]),
    ):
        unit = "" if said == "IRR" and value is None else f" {unit}"
        yield f"{said} {_or_none(value)}{unit}{_spread(ends, found)}"


def _spread(ends: list[str | None] | None, found: dict[str, Any]) -> str:
    """An interval behind its figure: `` (90 %: 1.58 to none)``; nothing where there is none."""
    if ends is None:
        return ""
    low, high = map(_or_none, ends)
    percent = f"{100 * found['savings']['confidence']:g} %" if found["savings"] else "interval"
    return f" ({percent}: {low} to {high})"


def _part_told(name: str, found: dict[str, Any]) -> Iterator[str]:
    """Each number of a part, by its path."""
    part: dict[str, Any] = found[name]
    units = part.get("units", {})
    for key, value in part.items():
        if isinstance(value, dict) and key in ("before", "after"):
            yield from (
                f"{name} {key}: {inner} {number} {units.get(inner, '')}".rstrip()
                + _spread(value.get(f"{inner}_interval"), found)
                for inner, number in value.items()
                if isinstance(number, str)
            )
        elif key == "grid_effect" and value is not None:
            yield f"{name}: grid_effect {_or_none(value['tco2'])} t (the grid's own change, no saving)"
        elif isinstance(value, str) and key not in ("product_unit", "output"):
            yield f"{name}: {key} {value} {units.get(key, '')}".rstrip()


def _or_none(value: str | None) -> str:
    return "none" if value is None else value
