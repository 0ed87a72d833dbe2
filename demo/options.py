"""What a run is asked to do."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from demo.errors import BadInput
from demo.words import Text

# A replayed table feeds this meter alone.
REPLAYED_DEVICE = "main-meter"
YEAR, LEAST_DAYS, MOST_DAYS = 365, 60, 1100
STORES = ("parquet", "influx")
TOKEN_VARIABLE = "STEELYARD_INFLUX_TOKEN"


@dataclass(frozen=True)
class Options:
    """The command's options, checked by `check`. `speed` is a number as text, or max."""

    workdir: Path = Path(".demo")
    port: int = 8000
    broker: str = "nats"
    seconds: float | None = None
    check: bool = False
    seed: int | None = None
    replay: Path | None = None
    column: str | None = None
    speed: str | None = None
    start: str | None = None
    reset: bool = False
    store: str = "parquet"
    influx_url: str | None = None
    influx_org: str | None = None
    influx_token: str | None = None
    history_days: int | None = None

    @property
    def days_of_history(self) -> int:
        """Days that the edge back-fills at the first start: a year for people, none where something is measured."""
        if self.history_days is not None:
            return self.history_days
        plain = not self.check and self.seconds is None and not self.device_time
        return YEAR if plain else 0

    @property
    def token(self) -> str | None:
        """The token of an InfluxDB that is there already. In the environment no other user of the machine sees it."""
        return self.influx_token or os.environ.get(TOKEN_VARIABLE)

    @property
    def pace(self) -> str:
        """The speed of the plant's clock; a replay goes as fast as it is read."""
        return self.speed or ("max" if self.replay else "1")

    @property
    def device_time(self) -> bool:
        """Whether rows take their time from the devices: their clock is not ours."""
        return self.replay is not None or self.start is not None or self.pace != "1"

    @property
    def drain(self) -> int:
        """Seconds the edge may take at its end to get everything receipted."""
        return 30 if self.check else 5

    @property
    def table(self) -> list[str]:
        """Arguments that name the replayed table."""
        return [] if self.replay is None else ["--replay", str(self.replay.absolute())]

    @property
    def plant(self) -> list[str]:
        """Arguments that the plant gets from us."""
        given = {"--speed": self.pace, "--seed": self.seed, "--column": self.column, "--start": self.start}
        words = [word for name, value in given.items() if value is not None for word in (name, str(value))]
        return words + self.table

    def check_all(self) -> Options:
        """Itself, or BadInput."""
        if (self.replay is None) != (self.column is None):
            raise BadInput(Text.TABLE_AND_COLUMN())
        if self.replay is not None and not os.access(self.replay, os.R_OK):
            raise BadInput(Text.NO_TABLE(path=self.replay))
        if self.pace != "max" and not (re.fullmatch(r"\d+(\.\d+)?", self.pace) and float(self.pace) > 0):
            raise BadInput(Text.NO_SPEED(speed=self.pace))
        if self.pace == "max" and self.replay is None:
            raise BadInput(Text.MAX_NEEDS_TABLE())
        if self.seconds is not None and self.seconds <= 0:
            raise BadInput(Text.NO_SECONDS(seconds=str(self.seconds)))
        if not 0 < self.port < 65536:
            raise BadInput(Text.NO_PORT(port=self.port))
        if self.history_days is not None and self.history_days not in (0, *range(LEAST_DAYS, MOST_DAYS + 1)):
            raise BadInput(Text.NO_DAYS(days=self.history_days, least=LEAST_DAYS, most=MOST_DAYS))
        if self.history_days and (self.check or self.device_time):
            raise BadInput(Text.DAYS_AND_JUDGE())
        self._check_store()
        return self

    def _check_store(self) -> None:
        if self.store not in STORES:
            raise BadInput(Text.NO_STORE(store=self.store, first=STORES[0], second=STORES[1]))
        named = {"url": self.influx_url, "org": self.influx_org, "token": self.influx_token}
        given = [name for name, value in named.items() if value is not None]
        if given and self.store != "influx":
            raise BadInput(Text.NEEDS_INFLUX(option=given[0]))
        if self.influx_url is None:
            if self.influx_token is not None:
                raise BadInput(Text.TOKEN_NEEDS_URL())
        elif not re.fullmatch(r"https?://[^\s/]+/?", self.influx_url):
            raise BadInput(Text.NO_URL(url=self.influx_url))
        elif self.influx_org is None or self.token is None:
            raise BadInput(Text.URL_NEEDS_TOKEN(variable=TOKEN_VARIABLE))
