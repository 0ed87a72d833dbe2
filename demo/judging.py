"""Reads the evidence of a folder from files, commands and the API, and judges it."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo.commands import run_all
from demo.errors import CannotRun
from demo.evidence import Stored, Tag, account_rows, blocks_of, export_rows, tags_of, trace_of
from demo.judge import Figures, judge
from demo.page import Page, amounts
from demo.settings import SITE
from demo.supervisor import Supervisor
from demo.words import Text


def judge_folder(supervisor: Supervisor, root: Path, listing: dict[str, Any], page: Page) -> Figures:
    """Judge the whole folder, while the cloud still runs. CannotRun if some evidence cannot be had."""
    where = ["--workdir", str(root)]
    printed = run_all(
        supervisor,
        {
            "export": ["steelyard-cloud", "export", *where, "--format", "csv"],
            "blocks": ["steelyard-cloud", "blocks", *where, "--verify", "--json"],
        },
        good=(0, 1),
    )
    tags = tags_of(listing)
    try:
        export = list(export_rows(io.StringIO(printed["export"])))
        energy = _energy(page, tags, export)
        health = page.get("health")
        with (
            (root / "trace.txt").open() as trace,
            (root / "plant" / "account.csv").open(newline="") as account,
        ):
            return judge(
                tags,
                account_rows(account),
                trace_of(trace),
                export,
                blocks_of(json.loads(printed["blocks"])),
                health["projector"]["values"],
                energy,
            )
    except (OSError, ValueError, KeyError) as error:
        raise CannotRun(Text.NO_EVIDENCE(why=f"{type(error).__name__}: {error}")) from error


def _energy(page: Page, tags: dict[str, Tag], export: list[Stored]) -> dict[str, Decimal | None]:
    """The amounts of the API for the months that the export touches."""
    if not export:
        return {}
    first, last = min(row.time for row in export), max(row.time for row in export)
    answer = page.get(
        f"sites/{SITE['id']}/energy",
        {"from": _month(first, 0).isoformat(), "to": _month(last, 1).isoformat(), "by": "month"},
    )
    return amounts(answer, {t.name: t.unit for t in tags.values() if t.carrier == "electricity"})


def _month(time: int, later: int) -> date:
    """The first day of the site's month of `time` (UTC ns), or of the month after it."""
    local = datetime.fromtimestamp(time // 1_000_000_000, UTC).astimezone(ZoneInfo(SITE["tz"]))
    months = local.year * 12 + local.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)
