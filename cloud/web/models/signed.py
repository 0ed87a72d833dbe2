"""Signed files: the summary of a period and the certificate of a machine replacement (docs/pack-format.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cloud.web.models.base import Bilingual, Day, Decimal, Hash, Json, Model, SiteId, Unit, Zone
from cloud.web.models.factors import Coefficient, Record
from cloud.web.models.figures import Figure, FigureId, Interval, RefusedFigure
from cloud.web.models.problems import Message

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]*$", description="bytes in hex")]
Signature = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{128}$", description="Ed25519 over the body in canonical JSON (RFC 8785), in hex"
    ),
]
Key = Annotated[str, Field(description="fingerprint of the signer's key")]


class TreeHead(Model):
    """The ledger that the file speaks of."""

    size: int = Field(description="blocks")
    root: Hash


class ChainHead(Model):
    """How far a chain of a node goes in that ledger."""

    node: str
    stream: str
    incarnation: str
    blocks: int
    last: int = Field(description="seq of the last block")
    hash: Hash


class NotTaken(Model):
    """A block that the cloud refused."""

    node: str
    stream: str
    incarnation: str
    seq: int
    hash: Hash
    reason: str


class PointName(Bilingual):
    """A point that figures name."""

    id: str


class SignedBody(Model):
    """What both files have."""

    format: str
    site: SiteId
    names: Bilingual
    tz: Zone
    day_start: str = Field(description="when the site's day begins", examples=["00:00"])
    from_: Day = Field(alias="from")
    to: Day
    as_of: str = Field(description="when the last block of the tree came, UTC ns as text")
    tree: TreeHead
    signer: Hash = Field(description="the signer's public key, Ed25519, in hex")
    factors: list[Record | Coefficient]
    not_proven: Bilingual = Field(description="what the file does not prove")


class SummaryBody(SignedBody):
    """The figures of a site and period."""

    type: Literal["summary"]
    keys: dict[str, Hash] = Field(description="public keys by node")
    heads: list[ChainHead]
    not_taken: list[NotTaken]
    points: list[PointName]
    figures: list[Figure]
    refused: list[RefusedFigure]


class CertificateFigure(Model):
    """A figure of a machine replacement."""

    kind: str
    value: Decimal
    unit: Unit
    method: str
    factors: list[str]
    interval: Interval | None = None
    form: str | None = None
    confidence: str | None = None
    drivers: list[str] | None = None
    figure: FigureId | None = None
    inputs: Hash | None = None
    above_one: bool | None = None


class RefusedKind(Message):
    """A figure that can't be made, and why."""

    kind: str


class CertificateBody(SignedBody):
    """What a machine replacement came to."""

    type: Literal["certificate"]
    project: str
    statement: Hash
    declared: Json = Field(description="fields of the project's statement")
    figures: list[CertificateFigure]
    refused: list[RefusedKind]
    conformity: Bilingual


class Summary(Model):
    """The signed summary of a period."""

    body: SummaryBody
    key: Key
    sig: Signature


class Certificate(Model):
    """The signed certificate of a machine replacement."""

    body: CertificateBody
    key: Key
    sig: Signature
