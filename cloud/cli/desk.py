"""Commands of the desk: declare, import, example, rebuild, token."""

from __future__ import annotations

import getpass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.cli.answer_messages import (
    DeskToken,
    NothingSealed,
    NoToken,
    ReadToken,
    Rebuilt,
    RevokedToken,
    RowRefused,
    RowsCounted,
    SealedBy,
    TokenRevoked,
)
from cloud.cli.frame import AsJson, Config, Workdir, exits, note, say, settings_of
from cloud.cli.refusal_messages import NoSite, NoValidToken
from contract.errors import BadInput
from contract.message import Message
from languages.command import Commands

Site = Annotated[str, typer.Option(help="id of the site")]
By = Annotated[str | None, typer.Option(help="name of the person who does it; by default the login name")]
token = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="Tokens: for a regulator who reads by the API, or a desk on another machine.",
)


class Example(Enum):
    """What an example is of."""

    SITE = "site"
    CSV = "csv"
    SAVINGS = "savings"
    REPLACEMENT = "replacement"
    PROJECT = "project"


class Format(Enum):
    """How an import is written."""

    CSV = "csv"


def add(app: typer.Typer) -> None:
    """Give the program these commands."""
    app.command()(declare)
    app.command("import")(import_)
    app.command()(example)
    app.command()(rebuild)
    app.add_typer(token, name="token")


def declare(
    file: Annotated[Path, typer.Argument(help="a YAML file; `example site` prints one")],
    workdir: Workdir = None,
    config: Config = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Seal what a file says of a site: names, meter tree, factors, tariff, permit, savings projects, replacements.

    What is declared so already is left as it is. The sections notes, correction (an imported value that was wrong; the
    note says why) and withdraw (undo a statement by the hash of its block, which --json prints) may be lists.
    Works while a cloud runs and without one.
    """
    from cloud.declarations import declare as desk

    with exits(as_json):
        done = desk.declare(settings_of(workdir, config), file, _person(by))
        site, sealed, person = done["site"], tuple(done["sealed"]), done["by"]
        say(done, as_json, [SealedBy(site, sealed, person) if sealed else NothingSealed(site, person)])


def import_(
    file: Annotated[Path, typer.Argument(help="a CSV file: from,to,point,quantity,value,unit")],
    site: Site,
    workdir: Workdir = None,
    config: Config = None,
    format_: Annotated[Format, typer.Option("--format", help="how the file is written")] = Format.CSV,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Seal the rows of a file; each row is accepted or refused with its line and the reason, then exit 1.

    Times without offset are in the site's zone, a date alone is its local midnight, `to` is the first moment that
    does not belong to the interval; empty, the row is a sample. A second import of the same file changes nothing.
    """
    from cloud.declarations import imports

    with exits(as_json):
        settings = settings_of(workdir, config)
        done = imports.take(settings, site, file, _person(by), note)
        lines = [RowRefused(str(file), line, why) for line, why in done.refused]
        counts = RowsCounted(done.lines, done.accepted, len(done.new), len(lines))
        say(done.report(), as_json, [*lines, counts])
        if done.refused:
            raise typer.Exit(1)


def example(what: Annotated[Example, typer.Argument(help="of what")]) -> None:
    """Print a valid file: a site for `declare`, a CSV that fits it, a project; input of `savings`, `replacement`."""
    from cloud.declarations import examples, replacement_examples

    found = {
        Example.SITE: examples.SITE,
        Example.CSV: examples.CSV,
        Example.REPLACEMENT: replacement_examples.EXAMPLE,
        Example.PROJECT: replacement_examples.PROJECT,
    }
    with exits():
        typer.echo(found.get(what) or examples.savings(), nl=False)


def rebuild(workdir: Workdir = None, config: Config = None, as_json: AsJson = False) -> None:
    """Make the registry anew from the ledger's statements; names of people and tokens are kept."""
    from cloud.registry import Registry

    with exits(as_json):
        registry = Registry(settings_of(workdir, config))
        done = registry.rebuild()
        registry.close()
        say(done, as_json, [Rebuilt(done["declarations"], done["readings"])])


@token.command("make")
def make_token(
    site: Site,
    for_: Annotated[str, typer.Option("--for", help="name of the person or office that gets it")],
    workdir: Workdir = None,
    config: Config = None,
    desk: Annotated[
        bool,
        typer.Option("--desk", help="it writes at the site's desk instead; the site may be one to be made"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a token that reads one site's summaries, packs and figures. It is shown now and never again."""
    from cloud.registry import Registry, sites
    from cloud.registry.tokens import DESK, READ

    with exits(as_json):
        settings = settings_of(workdir, config)
        registry = Registry(settings)
        registry.catch_up()
        if not desk and sites.find(settings, registry, site) is None:
            raise BadInput(NoSite(site))
        kind = DESK if desk else READ
        name, text = registry.tokens.make(site, registry.people.pseudonym(for_), kind)
        registry.close()
        say({"id": name, "site": site, "kind": kind, "token": text}, as_json, [text])


@token.command("list")
def list_tokens(site: Site, workdir: Workdir = None, config: Config = None, as_json: AsJson = False) -> None:
    """The tokens of a site without their secrets: id, holder, whether each still opens."""
    from cloud.registry import Registry
    from contract.times import rfc3339

    with exits(as_json):
        registry = Registry(settings_of(workdir, config))
        found = [
            {
                "id": item.id,
                "for": item.holder,
                "kind": item.kind,
                "made": rfc3339(item.made_at),
                "revoked": item.revoked_at is not None,
            }
            for item in registry.tokens.all(site)
        ]
        registry.close()
        lines = [_shown(item) for item in found]
        say({"site": site, "tokens": found}, as_json, lines or [NoToken(site)])


@token.command("revoke")
def revoke_token(
    name: Annotated[str, typer.Argument(metavar="ID", help="id of the token, as `token list` shows it")],
    workdir: Workdir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Take a token back; it opens nothing from now on."""
    from cloud.registry import Registry

    with exits(as_json):
        registry = Registry(settings_of(workdir, config))
        revoked = registry.tokens.revoke(name)
        registry.close()
        if not revoked:
            raise BadInput(NoValidToken(name))
        say({"id": name, "revoked": True}, as_json, [TokenRevoked(name)])


def _shown(item: dict[str, Any]) -> Message:
    name, holder = item["id"], str(item["for"])
    token_ = DeskToken(name, holder) if item["kind"] == "desk" else ReadToken(name, holder)
    return RevokedToken(token_) if item["revoked"] else token_


def _person(by: str | None) -> str:
    return by if by is not None else getpass.getuser()
