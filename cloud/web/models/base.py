"""What all models share: how they are read, and the kinds of text that stand in many of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]
"""An object whose keys are not the API's own, such as the fields of a statement."""
Decimal = Annotated[
    str,
    Field(
        pattern=r"^-?\d+(\.\d+)?$", description="a decimal number as text, never a float", examples=["437164"]
    ),
]
Share = Annotated[
    str, Field(pattern=r"^\d\.\d{4}$", description="a share from 0 to 1 as text", examples=["1.0000"])
]
Unit = Annotated[str, Field(description="unit, a UCUM code", examples=["kW.h"])]
Day = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d\d-\d\d$", description="a local date of the site", examples=["2025-01-31"]),
]
Utc = Annotated[
    str, Field(description="a time, RFC 3339 in UTC", examples=["2025-01-31T08:00:00.000000000Z"])
]
Local = Annotated[
    str, Field(description="a time, RFC 3339 with the site's offset", examples=["2025-01-31T00:00:00+08:00"])
]
SiteId = Annotated[str, Field(description="id of the site: a-z, 0-9 and -", examples=["demo-mill"])]
Zone = Annotated[str, Field(description="IANA time zone of the site", examples=["Asia/Shanghai"])]
Hash = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="hash of a block, SHA-256 in hex", examples=["0" * 64])
]


class Model(BaseModel):
    """A part of an answer. A key whose field has a default may be absent."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Bilingual(Model):
    """A text in both languages of the pages."""

    zh: str = Field(description="in Chinese")
    en: str = Field(description="in English")
