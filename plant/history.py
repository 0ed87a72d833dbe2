"""The mill's past, recorded: rows of 15 minutes a Modbus device, and what people wrote down, in files.

``DEVICE.npz``: `time` (int64, UTC ns, end of the quarter) and an array of raw numbers a tag, as the device would have
served them; counters end so that they meet the live start reading. ``production.csv`` and ``wastewater.csv``: rows
``from,to,point,quantity,value,unit``. ``truth.json``: what the retrofit truly saved. Two records have gaps: the
stenter's meter lacks a day, the steam meter a morning.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from plant import rates, wire
from plant.catalogue import Device, Mill, Tag
from plant.errors import BadInput, CannotRun
from plant.rates import ZONE_HOURS
from plant.words import Text
from plant.year import MEASURED, Year, chance_of, shape, year

ZONE = timezone(timedelta(hours=ZONE_HOURS))
QUARTER_NS = 900 * 10**9
HOUR_S = 3600
LEAST, MOST = 60, 3660
"""Fewest and most days of a history: a baseline needs a month at least."""
OPERATORS = (12, 5)
WATER_DAYS = 90
"""Days for which the laboratory's hourly wastewater rows are there."""
FOUL = (17, 18, 51)
"""Days before the end on which the plant's discharge is over its limit."""
DATA_GAPS = {"stenter-meter": (0.96, 96), "steam-meter": (0.98, 24)}
"""Where in the record rows are missing (share of it), and how many quarters."""
I64 = npt.NDArray[np.int64]
Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Past:
    """The days of a mill up to a moment (UTC ns), and the ends of their quarters up to it."""

    year: Year
    until: int
    time: I64
    seed: int
    parts: dict[str, list[str]]
    """The rates that a rate is the sum of."""


def past(mill: Mill, seed: int, until: int, days: int, retrofit: bool = True) -> Past:
    """*days* whole local days and the one that *until* lies in. Raises BadInput."""
    if not LEAST <= days <= MOST:
        raise BadInput(Text.DAYS(days=days, least=LEAST, most=MOST))
    today = _local(until).date()
    first = today - timedelta(days=days)
    begin = int(datetime(first.year, first.month, first.day, tzinfo=ZONE).timestamp()) * 10**9
    time = np.arange(begin + QUARTER_NS, until + 1, QUARTER_NS, dtype=np.int64)
    parts = {name: list(entry["sum"]) for name, entry in mill.rates.items() if "sum" in entry}
    return Past(year(mill.rates, seed, first, days + 1, retrofit), until, time, seed, parts)


def write(mill: Mill, found: Past, folder: Path) -> dict[str, Any]:
    """All files, and what is in them: {folder, days, rows, devices, from, until, retrofit}. Raises CannotRun."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        devices = [device for device in mill.devices if device.protocol == "modbus-tcp"]
        rows = 0
        for device in devices:
            arrays = record(device, found)
            rows += len(arrays["time"])
            _replace(folder / f"{device.id}.npz", partial(_save, arrays))
        _csv(folder / "production.csv", production(found))
        _csv(folder / "wastewater.csv", wastewater(found))
        _replace(
            folder / "truth.json", lambda path: path.write_text(json.dumps(truth(found), indent=2) + "\n")
        )
    except OSError as error:
        raise CannotRun(Text.SYSTEM(path=folder, why=str(error.strerror))) from None
    return {
        "folder": str(folder), "days": len(found.year.cloth) - 1, "rows": rows, "devices": [d.id for d in devices],
        "from": _text(int(found.time[0]) - QUARTER_NS), "until": _text(found.until),
        "retrofit": found.year.retrofit.isoformat(),
    }  # fmt: skip


def record(device: Device, found: Past) -> dict[str, npt.NDArray[Any]]:
    """The arrays of one device's file; without its read counter, for it was not read."""
    use = {
        tag.meter: _quarters(str(tag.shows["total"]), found) for tag in device.tags if "total" in tag.shows
    }
    kept = _kept(device.id, len(found.time))
    arrays: dict[str, npt.NDArray[Any]] = {"time": found.time[kept]}
    for tag in device.tags:
        if tag.shows:
            arrays[tag.name] = _raw(tag, use.get(tag.meter), found)[kept]
    return arrays


def production(found: Past) -> Iterator[Row]:
    """Cloth of each whole day, and of today's whole hours."""
    hours = np.array(rates.SHIFT) / sum(rates.SHIFT)
    for day, cloth in zip(found.year.days(), found.year.cloth.tolist(), strict=True):
        begin = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        if day < _local(found.until).date():
            yield _row(begin, timedelta(days=1), "mill", "production", f"{cloth:.2f}", "t")
            continue
        for hour in range(_local(found.until).hour):
            at = begin + timedelta(hours=hour)
            yield _row(at, timedelta(hours=1), "mill", "production", f"{cloth * hours[hour]:.3f}", "t")


def wastewater(found: Past) -> Iterator[Row]:
    """The laboratory's hourly rows: flow, COD and NH3-N; on a few days the discharge is too foul."""
    end = _local(found.until).replace(minute=0, second=0, microsecond=0)
    begin = end.replace(hour=0) - timedelta(days=min(WATER_DAYS, len(found.year.cloth) - 1))
    chance = chance_of(found.seed, "wastewater")
    while begin < end:
        foul = (end.date() - begin.date()).days in FOUL
        wave = chance.standard_normal(3)
        values = {
            "wastewater_flow": (10.0 + 0.8 * wave[0], "L/s", 2),
            "cod": (62.0 + (34.0 if foul else 0.0) + 5.0 * wave[1], "mg/L", 1),
            "nh3n": (6.1 + (5.5 if foul else 0.0) + 0.7 * wave[2], "mg/L", 2),
        }
        for quantity, (value, unit, digits) in values.items():
            yield _row(
                begin, timedelta(hours=1), "wastewater", quantity, f"{max(value, 0.0):.{digits}f}", unit
            )
        begin += timedelta(hours=1)


def truth(found: Past) -> dict[str, Any]:
    """The measure's true saving over the whole days since the retrofit: old machines less new ones, same draws."""
    made, last = found.year, _local(found.until).date()
    since = (made.retrofit - made.first).days
    saved = float((made.before - made.use[MEASURED])[since:-1].sum())
    return {
        "seed": found.seed, "point": MEASURED, "retrofit": made.retrofit.isoformat(),
        "baseline": [made.first.isoformat(), (made.retrofit - timedelta(days=1)).isoformat()],
        "reporting": [made.retrofit.isoformat(), (last - timedelta(days=1)).isoformat()],
        "saving_kwh": round(saved, 3), "operators": {"before": OPERATORS[0], "after": OPERATORS[1]},
    }  # fmt: skip


def _quarters(rate: str, found: Past) -> npt.NDArray[np.float64]:
    """The use in each quarter up to the moment, and as last number that of the quarter it lies in."""
    if rate in found.parts:
        return np.asarray(sum(_quarters(part, found) for part in found.parts[rate]), np.float64)
    share = shape(chance_of(found.seed, f"{rate} by the quarter"), len(found.year.cloth))
    return np.asarray((found.year.use[rate][:, None] * share).ravel()[: len(found.time) + 1], np.float64)


def _raw(tag: Tag, use: npt.NDArray[np.float64] | None, found: Past) -> npt.NDArray[Any]:
    step = float(tag.scale)
    if use is not None and "total" in tag.shows:
        begun = found.until - int(found.time[-1])
        total = np.cumsum(use[:-1])
        end = total[-1] + use[-1] * begun / QUARTER_NS
        left = np.floor(end / step) - np.floor(total / step)
        return np.asarray((int(tag.shows["start"]) - left.astype(np.int64)) % 2**32, np.int64)
    if use is not None and "rate" in tag.shows:
        return _fitted(tag, use[:-1] * 4 / step)
    wave = rates.wave(found.seed, tag.name, tuple(tag.shows["wave"]))
    return _fitted(tag, np.array([wave(at) / step for at in found.time.tolist()]))


def _fitted(tag: Tag, values: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    fitted = np.array([wire.fitted(tag.type, value) for value in values.tolist()])
    return fitted.astype(np.float32) if tag.type == "float32" else fitted


def _kept(device: str, count: int) -> npt.NDArray[np.bool_]:
    kept = np.ones(count, np.bool_)
    if device in DATA_GAPS:
        share, length = DATA_GAPS[device]
        begin = int(share * count) // 96 * 96
        kept[begin : begin + length] = False
    return kept


def _row(at: datetime, length: timedelta, point: str, quantity: str, value: str, unit: str) -> Row:
    return at.isoformat(), (at + length).isoformat(), point, quantity, value, unit


def _csv(path: Path, rows: Iterator[Row]) -> None:
    def write_rows(to: Path) -> None:
        with to.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(("from", "to", "point", "quantity", "value", "unit"))
            out.writerows(rows)

    _replace(path, write_rows)


def _save(arrays: dict[str, npt.NDArray[Any]], path: Path) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def _replace(path: Path, make: Callable[[Path], Any]) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    make(fresh)
    os.replace(fresh, path)


def _local(time_ns: int) -> datetime:
    return datetime.fromtimestamp(time_ns // 10**9, ZONE)


def _text(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
