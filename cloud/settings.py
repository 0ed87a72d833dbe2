"""cloud.yaml as one frozen model; every key says what it means and in which unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

import settings
from contract import provinces
from contract.errors import BadInput
from journal.keyfiles import load_secret
from settings import Model, Root, fault, faults, suggest
from settings.messages import PasswordNeedsUser, SiteTwice, UnknownZone
from settings.model import Fault

Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Title = Annotated[str, Field(pattern=r"^[^\r\n]{1,200}$")]


class Broker(Model):
    """Where the MQTT broker is and who this cloud is to it."""

    host: str = Field(default="127.0.0.1", min_length=1, description="host name or address of the broker")
    port: Port = Field(default=1883, description="TCP port of the broker")
    user: str | None = Field(default=None, description="user name at the broker; null: none")
    password_file: str | None = Field(
        default=None, description="file with the password, mode 0600, beside this file; null: none"
    )

    @model_validator(mode="after")
    def _both(self) -> Self:
        if self.password_file is not None and self.user is None:
            faults("Broker", [fault("password_file", PasswordNeedsUser())])
        return self


class Http(Model):
    """Where the page and the API are served."""

    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen on")
    port: Port = Field(default=8000, description="TCP port to listen on")


class Parquet(Model):
    """Charts from Parquet files in the data folder; needs no server."""

    kind: Literal["parquet"] = Field(default="parquet", description="the embedded store")


class Influx(Model):
    """Charts from an InfluxDB 2 server."""

    kind: Literal["influx"] = Field(description="InfluxDB 2.x over HTTP")
    url: str = Field(
        default="http://127.0.0.1:8086", pattern=r"^https?://[^\s/]+/?$", description="address of the server"
    )
    org: str = Field(default="steelyard", min_length=1, description="organisation in InfluxDB")
    bucket: str = Field(default="steelyard", min_length=1, description="bucket that is written and read")
    token_file: str = Field(description="file with the token, mode 0600, beside this file")


class Site(Model):
    """One site: its names, its zone, and where its electricity comes from."""

    id: Name = Field(description="name of the site in paths and statements: a-z, 0-9 and -")
    name_zh: Title = Field(description="name in Chinese")
    name_en: Title = Field(description="name in English")
    tz: str = Field(description="IANA time zone in which days and months begin, such as Asia/Shanghai")
    province: Title = Field(description="province, by which the grid factor is found, such as 浙江 or 浙江省")
    factor: str | None = Field(
        default=None,
        description="id of the emission factor to use in every year, `province` or `national`; null: none is chosen, "
        "that of the province and year is taken and marked as such",
    )

    @field_validator("province")
    @classmethod
    def _province(cls, name: str) -> str:
        try:
            return provinces.short(name)
        except BadInput as error:
            raise PydanticCustomError("check", "{why}", {"why": error.message}) from None

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = available_timezones()
        if self.tz not in known:
            faults("Site", [fault("tz", suggest(UnknownZone(self.tz), self.tz, known))])
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.tz)


class Settings(Root):
    """All of cloud.yaml, and the paths that follow from it."""

    data: str = Field(
        default=".", min_length=1, description="folder of keys, trust, ledger and store, beside this file"
    )
    broker: Broker = Field(default=Broker(), description="the MQTT broker")
    http: Http = Field(default=Http(), description="the page and the API")
    store: Annotated[Parquet | Influx, Field(discriminator="kind")] = Field(
        default=Parquet(), description="where charts are kept: parquet or influx"
    )
    sites: tuple[Site, ...] = Field(default=(), description="the sites whose figures are shown")

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """A site id stands once."""
        sites = data.get("sites")
        seen: set[str] = set()
        for number, site in enumerate(sites if isinstance(sites, tuple) else ()):
            name = site.get("id") if isinstance(site, dict) else None
            if isinstance(name, str):
                if name in seen:
                    yield ("sites", number, "id"), SiteTwice(name)
                seen.add(name)

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.beside(self.data)

    @property
    def key_file(self) -> Path:
        """The cloud's private key."""
        return self.folder / "cloud.key"

    @property
    def public_file(self) -> Path:
        """The cloud's public key, to be listed in the trust folder of each edge."""
        return self.folder / "cloud.pub"

    @property
    def trust_folder(self) -> Path:
        """Public keys of the nodes that this cloud takes blocks from, `<node>.pub`."""
        return self.folder / "trust"

    @property
    def ledger_folder(self) -> Path:
        """Segments of the ledger."""
        return self.folder / "ledger"

    @property
    def store_folder(self) -> Path:
        """Files of the store and the projector; they may be deleted and are made anew from the ledger."""
        return self.folder / "store"

    def site(self, name: str) -> Site | None:
        """The site of that id, if there is one."""
        return next((site for site in self.sites if site.id == name), None)

    def secret(self, file: str) -> str:
        """The text of a 0600 file that these settings name; raises BadInput."""
        return load_secret(self.beside(file))


def load(path: Path) -> Settings:
    """Read cloud.yaml; raises SettingsError with one `file:line: path: message` an error."""
    return settings.load(path, Settings)
