"""The emission factors that ship with the project, read once and checked: no factor without its citation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

import settings
from accounts.factors import Document, Factor
from settings import Model, Root

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Text = Annotated[str, Field(min_length=2, max_length=200)]


class _Document(Model):
    id: Id
    title: Text
    issuer: Text
    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    url: Text | None = None


class _Factor(Model):
    id: Id
    level: Literal["national", "region", "province"]
    place: Text
    year: int = Field(ge=1990, le=2100)
    value: Annotated[str, Field(pattern=r"^\d\.\d{1,6}$")]
    document: Id
    trust: Literal["V", "R", "R1", "M", "X"]
    clause: Text | None = None


class _File(Root):
    version: Literal[1]
    unit: Literal["kg{CO2}/kW.h"]
    documents: tuple[_Document, ...]
    factors: tuple[_Factor, ...]

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every factor cites a document of the file; an id, and a level, place and year, stand once."""
        documents = {item.get("id") for item in _mappings(data.get("documents"))}
        seen: set[object] = set()
        for number, item in enumerate(_mappings(data.get("factors"))):
            if "document" in item and item["document"] not in documents:
                yield (
                    ("factors", number, "document"),
                    f"cites {item['document']!r}, which is not in this file",
                )
            for key in (item.get("id"), (item.get("level"), item.get("place"), item.get("year"))):
                if key in seen:
                    yield ("factors", number), f"{key} stands twice"
                seen.add(key)
        for number, item in enumerate(_mappings(data.get("documents"))):
            try:
                date.fromisoformat(str(item.get("date", "2000-01-01")))
            except ValueError:
                yield ("documents", number, "date"), f"{item['date']!r} is no date"


def load(path: Path) -> tuple[Factor, ...]:
    """The factors of one file; raises SettingsError with every problem at its line."""
    found = settings.load(path, _File)
    documents = {item.id: Document(**item.model_dump()) for item in found.documents}
    return tuple(
        Factor(
            item.id,
            item.value,
            found.unit,
            item.year,
            item.level,
            item.place,
            documents[item.document],
            item.trust,
            item.clause,
        )
        for item in found.factors
    )


@cache
def shipped() -> tuple[Factor, ...]:
    """Every factor that ships with the project."""
    with as_file(files("firmware_configs.factors") / "cn-grid.yaml") as path:
        return load(path)


def _mappings(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, tuple) else []
