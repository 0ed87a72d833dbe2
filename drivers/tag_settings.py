"""What the settings of every tag and scan group have in common, whatever the protocol."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

import settings
from contract import units
from contract.message import Message
from contract.messages import UnknownUnitHere
from contract.tags import CARRIERS, TAG_NAME, Tag, check_decimal
from drivers.messages import (
    AboveZero,
    CarrierWithoutCounter,
    CounterType,
    HostForm,
    IdForm,
    MaxRateOfOther,
    MeterOfState,
    NameForm,
    NoCarrier,
    NoMaxRate,
    NotZero,
    TextIsNotRead,
)
from settings.model import Fault

NS = 1_000_000_000
INTEGERS = ("int16", "uint16", "int32", "uint32", "int64", "uint64")
"""Types that a counter or read counter may have."""


def _name(text: str) -> str:
    if not TAG_NAME.fullmatch(text) or not unicodedata.is_normalized("NFC", text):
        raise ValueError(NameForm(text[:140]))
    return text


def form(pattern: str, refusal: Callable[[str], Message]) -> AfterValidator:
    """A check that the whole of a text matches a pattern; *refusal* makes the message from the text."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(refusal(text[:70]))
        return text

    return AfterValidator(check)


def _decimal(text: str) -> str:
    check_decimal(text)
    return text


def _unit(text: str) -> str:
    if not units.known(text):
        raise ValueError(settings.suggest(UnknownUnitHere(text[:40]), text, units.codes()))
    return text


Id = Annotated[str, form(r"[a-z0-9][a-z0-9-]{0,62}", IdForm)]
Decimal = Annotated[str, AfterValidator(_decimal)]
Stream = Literal["account", "process"]
Host = Annotated[str, form(r"[^\s/]{1,253}", HostForm)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Title(settings.Model):
    """What people read instead of the tag's name."""

    zh: str | None = Field(None, max_length=200, description="Chinese title")
    en: str | None = Field(None, max_length=200, description="English title")


class TagSettings(settings.Model):
    name: Annotated[str, AfterValidator(_name)] = Field(description="name of the tag in this node, for ever")
    type: str = Field(description="type of the value; each protocol has its own")
    scale: Decimal = Field("1", description="value = raw · scale + offset; a decimal number in quotes")
    offset: Decimal = Field("0", description="see scale; a decimal number in quotes, in the tag's unit")
    unit: Annotated[str, AfterValidator(_unit)] = Field(
        description="unit of the value, UCUM code such as kW.h"
    )
    kind: Literal["counter", "gauge", "state"] = Field(
        "gauge", description="counter (only grows, may roll over), gauge (a measurement) or state (a code)"
    )
    max_rate: Decimal | None = Field(
        None,
        description="counter only, required: most that it grows, units per second, decimal in quotes",
    )
    meter: Id | None = Field(None, description="meter point that this counter or gauge belongs to")
    carrier: Literal["electricity", "steam", "gas", "water"] | None = Field(
        None, description="on the counter of a meter, required: what it meters"
    )
    title: Title = Field(Title(zh=None, en=None), description="titles for people, by language")

    @field_validator("type", mode="before")
    @classmethod
    def _no_text(cls, value: Any) -> Any:
        if isinstance(value, str) and value.lower() in (
            "string",
            "str",
            "text",
            "bytes",
            "bytestring",
            "localizedtext",
        ):
            raise ValueError(TextIsNotRead())
        return value

    @property
    def raw_type(self) -> str:
        """The type of contract.tags in which the raw value is kept."""
        return self.type

    @model_validator(mode="after")
    def _check(self) -> TagSettings:
        settings.faults("tag", self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        counter = self.kind == "counter"
        if check_decimal(self.scale) == 0 or (counter and check_decimal(self.scale) < 0):
            yield settings.fault("scale", AboveZero() if counter else NotZero())
        if counter and self.raw_type not in INTEGERS:
            yield settings.fault("type", CounterType(self.type))
        if counter and self.max_rate is None:
            yield settings.fault("max_rate", NoMaxRate())
        if not counter and self.max_rate is not None:
            yield settings.fault("max_rate", MaxRateOfOther(self.kind))
        if self.max_rate is not None and check_decimal(self.max_rate) <= 0:
            yield settings.fault("max_rate", AboveZero())
        if self.meter is not None and self.kind == "state":
            yield settings.fault("meter", MeterOfState())
        if self.carrier is not None and not (counter and self.meter):
            yield settings.fault("carrier", CarrierWithoutCounter())
        if counter and self.meter and self.carrier is None:
            yield settings.fault("carrier", NoCarrier(tuple(CARRIERS)))

    def tag(self, source: str) -> Tag:
        """The tag as of contract.tags; source: where the device has it, as text."""
        return Tag(
            self.name, self.raw_type, self.unit, self.kind, self.scale, self.offset, self.max_rate, self.meter,
            self.carrier, self.title.zh, self.title.en, source,
        )  # fmt: skip


class GroupSettings(settings.Model):
    id: Id = Field(description="name of the scan group, unique in the node")
    stream: Stream = Field("process", description="account (what figures are made of) or process")
