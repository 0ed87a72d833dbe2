"""Charts: series over time or against each other, or a table of cells."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cloud.web.models.base import Bilingual, Model, Zone


class Axis(Model):
    """An axis. zero: it begins at 0; step: what a row of the x axis is."""

    label: Bilingual
    unit: str | None
    step: Literal["day", "month"] | None = None
    zero: bool | None = None


class ChartSeries(Model):
    """What one column is, and how it is drawn."""

    id: str
    label: Bilingual
    unit: str | None
    as_: Literal["points", "line", "step", "band", "edge"] = Field(alias="as")
    tone: int | str | None = Field(None, description="1 or 2 of two that are compared, or alarm")
    mark: str | None = None
    dashed: bool | None = None


class Band(Model):
    """The area between two edges."""

    low: str = Field(description="id of the lower series")
    high: str
    label: Bilingual


class RowNames(Model):
    """What each row is called."""

    label: Bilingual
    step: Literal["day", "month"]
    values: list[str]


class Heat(Model):
    """A table of cells, rows by columns."""

    rows: list[str | Bilingual]
    cols: list[str]
    values: list[list[float | str | None]] = Field(description="numbers in the unit, or the name of a state")
    signs: list[list[str]] = Field(description="what stands in each cell")
    steps: list[list[int | None]] = Field(description="how strong the colour of a cell is, 0 to 7")
    unit: str | None
    bands: list[str] = Field(description="band of the tariff that each row begins in")
    why: list[list[str | Bilingual]] | None = Field(description="what is said of each cell")
    corner: Bilingual
    marks: list[str] | None = Field(None, description="rank of each row's price")
    most: float | None = Field(None, description="the greatest value")


class Chart(Model):
    """A chart: columns[0] is x (UTC s where kind is time), the others are the series; or heat."""

    id: str
    title: Bilingual
    zone: Zone
    kind: Literal["time", "xy", "heat", "matrix"]
    x: Axis
    y: Axis
    series: list[ChartSeries]
    columns: list[list[float | None]]
    method: str | None = None
    names: RowNames | None = None
    bands: list[Band] | None = None
    heat: Heat | None = None
