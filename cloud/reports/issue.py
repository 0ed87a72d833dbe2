"""Make the summary, certificate or pack of a site and period from the ledger as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cloud.figures import replacements
from cloud.figures.compute import period_of
from cloud.reports import books, certificates, summary
from cloud.reports import pack as packs
from cloud.reports.certificate import Certificate
from cloud.reports.messages import ProjectChanged, UnknownDepth
from cloud.reports.summary import Period, Summary
from cloud.settings import Settings
from cloud.statements.replay import replay
from contract.errors import BadInput, CannotBeDone

Json = dict[str, Any]


def make(settings: Settings, site: str, from_: str, to: str) -> Summary:
    """The summary of a site from one local date to another (exclusive); hour facts are sealed first.

    Raises BadInput for dates or a site that are none, CannotBeDone.
    """
    period = Period(from_, to)
    first, end = period_of(from_, to)
    return summary.make(settings, site, period, books.keeper(settings, site, first, end))


def pack(
    settings: Settings, site: str, from_: str, to: str, path: Path, depth: str, pdf: bool = False
) -> tuple[Summary, Json]:
    """Write the pack of a site and period with the certificates due in it; returns its summary and what was written.

    pdf: put their PDFs in too. Raises as `make`, and OSError.
    """
    if depth not in packs.DEPTHS:
        raise BadInput(UnknownDepth(depth))
    made = make(settings, site, from_, to)
    found = certificates.files(settings, certificates.due(settings, made), path.name if pdf else None)
    return made, packs.write(path, settings.ledger_folder, made.survey, made.data, site, depth, found)


def certificate(
    settings: Settings, site: str, project: str, path: Path | None
) -> tuple[Summary, Certificate]:
    """The certificate of a machine replacement, and the summary of the period in which it reports.

    path: where to write the pack of both, None for no pack. Raises BadInput for a site or project that is none,
    CannotBeDone, OSError.
    """
    item = replacements.find(replay(settings, site), project)
    from_, to = (day.isoformat() for day in replacements.span(item))
    made = make(settings, site, from_, to)
    found = certificates.due(settings, made)
    one = next((one for one in found if one.body["project"] == project), None)
    if one is None:
        raise CannotBeDone(ProjectChanged(project))
    if path is not None:
        parts = certificates.files(settings, found, path.name)
        packs.write(path, settings.ledger_folder, made.survey, made.data, site, "summary", parts)
    return made, one


def certificate_json(made: Summary, one: Certificate) -> Json:
    """A certificate as a command prints it."""
    body = one.body
    return {
        **{key: body[key] for key in ("site", "project", "from", "to", "tree")},
        "hash": one.hash,
        "key": made.key,
        "figures": len(body["figures"]),
        "refused": len(body["refused"]),
    }


def summary_json(made: Summary) -> Json:
    """A summary as a command prints it."""
    body = made.body
    return {
        "site": body["site"],
        "from": body["from"],
        "to": body["to"],
        "hash": made.hash,
        "key": made.key,
        "tree": body["tree"],
        "figures": len(body["figures"]),
        "refused": len(body["refused"]),
    }
