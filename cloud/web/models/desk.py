"""The desk: what its forms say, what of it was sealed, and the log."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from cloud.web.models.base import Hash, Json, Model, SiteId, Utc
from cloud.web.models.problems import Detail, Message

By = Annotated[str, Field(description="name of the person, not needed with a token", examples=["王芳"])]
Remark = Annotated[str, Field(description="why, one line")]
Fields = Annotated[
    Json, Field(description="fields of a statement of the kind, as `steelyard-cloud declare` takes them")
]


class NewSite(Model):
    """A site to make. Other keys are the other sections of a file of `steelyard-cloud declare`, such as points."""

    model_config = ConfigDict(extra="allow")

    by: By = ""
    note: Remark = ""
    site: Json = Field(description="id, name_zh, name_en, tz, province, day_start")


class NewStatement(Model):
    """One statement to seal."""

    by: By = ""
    note: Remark = ""
    fields: Fields
    on: str | None = Field(
        None, description="hash of the statement that counted when this one was begun; empty: none did"
    )


class NewRows(Model):
    """Rows to import."""

    by: By = ""
    name: str = Field("csv", description="name of the file")
    csv: str = Field(description="the file's text: from,to,point,quantity,value,unit")


class SealedStatement(Model):
    """A statement that is durable in the ledger."""

    kind: str
    hash: Hash
    summary: str = Field(description="the statement in one line")


class Sealed(Model):
    """What a form became."""

    site: SiteId
    sealed: list[SealedStatement]
    unchanged: list[str] = Field(description="kinds of which the same counts already")


class RefusedRow(Message):
    """A row of a file that was not imported, and why."""

    line: int = Field(description="line in the file, from 1")
    detail: Detail


class ImportedRows(Model):
    """What an import did."""

    in_: int = Field(alias="in", description="rows in the file")
    accepted: int
    refused: list[RefusedRow]
    new: int = Field(description="rows that were not there before")


class LogEntry(Model):
    """A statement of the log."""

    hash: Hash
    kind: str
    at: Utc
    by: str = Field(description="name of the person, or the pseudonym where nobody knows it")
    note: str
    withdrawn: bool
    summary: str


class Log(Model):
    """The newest statements of a site's desk."""

    site: SiteId
    node: str
    statements: list[LogEntry]


class Statement(LogEntry):
    """A statement with its fields."""

    fields: Fields


class Current(Model):
    """The statement of a kind that counts now; without one hash is null and fields is what holds without it."""

    kind: str
    hash: Hash | None
    fields: Fields | None
