"""Commands that hand figures over: summary, certificate, pack. They work while a cloud runs and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.cli.answer_messages import CertificateIs, FiguresCounted, FileWritten, KeyIs, SummaryIs, TreeIs
from cloud.cli.frame import AsJson, Config, Workdir, exits, say, settings_of
from cloud.cli.refusal_messages import OtherSuffix, UnknownLanguage, UnknownView
from contract.errors import BadInput
from contract.message import Message

SiteId = Annotated[str, typer.Option("--site", help="id of the site")]
From = Annotated[str, typer.Option("--from", help="first local date, YYYY-MM-DD")]
To = Annotated[str, typer.Option("--to", help="local date after the last one, YYYY-MM-DD")]
VIEWS = ("json", "pdf", "csv")


def add(app: typer.Typer) -> None:
    """Give the program these commands."""
    app.command()(summary)
    app.command()(certificate)
    app.command()(pack)


def summary(
    site: SiteId,
    from_: From,
    to: To,
    out: Annotated[
        Path, typer.Option("-o", "--out", help="FILE.json, or FILE.pdf or .csv for that view too")
    ],
    workdir: Workdir = None,
    config: Config = None,
    formats: Annotated[
        str, typer.Option("--format", help="views beside the JSON, parted by commas: pdf, csv")
    ] = "",
    lang: Annotated[str, typer.Option(help="languages of the PDF: zh, en or both")] = "both",
    as_json: AsJson = False,
) -> None:
    """Write the signed summary of a site and period as FILE.json, and as PDF and CSV on demand."""
    from cloud.reports import files, issue, pdf, table

    with exits(as_json):
        stem, wanted = _wanted(out, formats)
        languages = _languages(lang)
        made = issue.make(settings_of(workdir, config), site, from_, to)
        parts = {".json": made.data}
        if "csv" in wanted:
            parts[".csv"] = table.render(made.data, made.body)
        if "pdf" in wanted:
            parts[".pdf"] = pdf.render(made.data, made.body, f"{stem.name}.zip", languages)
        for suffix, data in parts.items():
            files.write(stem.with_name(stem.name + suffix), data)
        names = [str(stem.with_name(stem.name + suffix)) for suffix in parts]
        found = {**issue.summary_json(made), "files": names}
        say(found, as_json, _lines(found))


def certificate(
    site: SiteId,
    project: Annotated[str, typer.Option("--project", help="id of the machine replacement")],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="FILE.json; FILE.pdf for that view too; FILE.zip for its pack")
    ],
    workdir: Workdir = None,
    config: Config = None,
    lang: Annotated[str, typer.Option(help="languages of the PDF: zh, en or both")] = "both",
    as_json: AsJson = False,
) -> None:
    """Write the signed certificate of a machine replacement (机器换人) or its pack; exit 1 if a figure is refused."""
    from cloud.reports import certificate_view, files, issue

    with exits(as_json):
        settings, languages = settings_of(workdir, config), _languages(lang)
        if out.suffix not in (".json", ".pdf", ".zip"):
            raise BadInput(OtherSuffix(out.name))
        made, one = issue.certificate(settings, site, project, out if out.suffix == ".zip" else None)
        parts = {} if out.suffix == ".zip" else {".json": one.data}
        if out.suffix == ".pdf":
            parts[".pdf"] = certificate_view.render(one.data, one.body, f"{out.stem}.zip", languages)
        for suffix, data in parts.items():
            files.write(out.with_suffix(suffix), data)
        names = [str(out.with_suffix(suffix)) for suffix in parts] or [str(out)]
        found = {**issue.certificate_json(made, one), "files": names}
        say(found, as_json, _lines(found))
        raise typer.Exit(1 if one.body["refused"] else 0)


def pack(
    site: SiteId,
    from_: From,
    to: To,
    out: Annotated[Path, typer.Option("-o", "--out", help="the zip to write")],
    workdir: Workdir = None,
    config: Config = None,
    depth: Annotated[
        str, typer.Option(help="summary: statements and hour facts; full: the rows behind them as well")
    ] = "summary",
    pdf: Annotated[bool, typer.Option(help="put the PDF of each certificate in too")] = True,
    as_json: AsJson = False,
) -> None:
    """Write the evidence pack of a site and period: its summary and the sealed blocks that prove it."""
    from cloud.reports import issue

    with exits(as_json):
        settings = settings_of(workdir, config)
        made, written = issue.pack(settings, site, from_, to, out, depth, pdf)
        found = {**issue.summary_json(made), "files": [str(out)], "depth": depth, **written}
        say(found, as_json, _lines(found))


def _languages(lang: str) -> tuple[str, ...]:
    """The languages that `--lang` names."""
    from cloud.messages.words import LANGUAGES

    if lang not in (*LANGUAGES, "both"):
        raise BadInput(UnknownLanguage(lang))
    return tuple(LANGUAGES) if lang == "both" else (lang,)


def _wanted(out: Path, formats: str) -> tuple[Path, set[str]]:
    """The file without its suffix, and the views to write."""
    wanted = {name for name in formats.split(",") if name}
    unknown = sorted(wanted - set(VIEWS))
    if unknown:
        raise BadInput(UnknownView(VIEWS, unknown[0]))
    suffix = out.suffix.removeprefix(".")
    if suffix in VIEWS:
        return out.with_suffix(""), wanted | {suffix}
    return out, wanted


def _lines(found: dict[str, Any]) -> Iterator[Message]:
    yield from map(FileWritten, found["files"])
    yield FiguresCounted(found["figures"], found["refused"])
    yield TreeIs(found["tree"]["size"], found["tree"]["root"])
    yield CertificateIs(found["hash"]) if "project" in found else SummaryIs(found["hash"])
    yield KeyIs(found["key"])
