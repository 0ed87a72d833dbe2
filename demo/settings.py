"""The edge's and the cloud's settings for this plant, made from the plant's own list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

NODE = "mill-edge"
SITE = {
    "id": "demo-mill",
    "name_zh": "演示印染厂",
    "name_en": "Demo dyeing mill",
    "tz": "Asia/Shanghai",
    "province": "浙江",
}
MAIN = "main"  # the meter that all other electricity passes through
PLACES = {"mill": ("全厂", "Whole mill"), "wastewater": ("废水总排口", "Wastewater outfall")}
LIMITS = {  # of the example permit, by what is measured
    "cod": {"limit": "80", "unit": "mg/L", "statistic": "day"},
    "nh3n": {"limit": "10", "unit": "mg/L", "statistic": "day"},
}
CLOCK = {"address": 2, "type": "uint64"}  # where each meter shows its own clock, UTC ns

_POLLED = ("address", "table", "type", "order", "scale", "offset")
_SUBSCRIBED = ("node", "type", "scale", "offset")
_MEANING = ("kind", "max_rate", "meter", "carrier", "title")


def edge(
    listing: Mapping[str, Any],
    broker: tuple[str, int],
    *,
    device_time: bool,
    only: str | None = None,
    history: Callable[[str], str | None] = lambda device: None,
) -> dict[str, Any]:
    """edge.yaml for every device of the list.

    `device_time`: rows take their time from the devices, whatever it is. `only`: that device alone,
    read back to back (a replay). `history`: the file of a device's recorded rows, if it has one; such a
    device stamps its rows itself, as it did in the recorded ones.
    """
    devices = [d for d in listing["devices"] if only is None or d["id"] == only]
    every = 1.0 if only is None else 0.0
    return {
        "node": NODE,
        "site": SITE["id"],
        "data": ".",
        "broker": _broker(broker),
        "flush": 1.0,
        "seal_after": 2.0,
        "devices": [
            _device(d, _tags(listing, d["id"]), device_time, every, history(d["id"])) for d in devices
        ],
    }


def cloud(broker: tuple[str, int], port: int, store: Mapping[str, str] | None = None) -> dict[str, Any]:
    """cloud.yaml: one site, the page on `port`; without `store` the embedded one."""
    return {
        "data": ".",
        "broker": _broker(broker),
        "http": {"host": "127.0.0.1", "port": port},
        "store": {"kind": "parquet"} if store is None else dict(store),
        "sites": [SITE],
    }


def declaration(listing: Mapping[str, Any], places: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the mill's desk declares: its meter tree, the grid factor of its province, an example tariff.

    places: points of rows that people keep by hand, and the quantities of each; a measured pollutant has limits.
    The steam is raised from the gas that is metered too: its point carries no energy of its own.
    """
    counters = [row for row in listing["tags"] if row["meter"] and row["kind"] == "counter"]
    return {
        "site": SITE | {"day_start": "00:00"},
        "points": [_point(row) for row in counters] + [_place(point) for point in places],
        "factors": {"grid": "province"},
        "tariff": {
            "currency": "CNY",
            "source": "example tariff of the demo, not a published one",
            "valid_from": "2018-01-01",
            "bands": [
                {"name": "peak", "from": "08:00", "to": "22:00", "price": "0.95"},
                {"name": "valley", "from": "22:00", "to": "08:00", "price": "0.38"},
            ],
        },
        **_permit(places),
        "note": "the demo mill",
    }


def _place(point: str) -> dict[str, Any]:
    zh, en = PLACES.get(point, (point, point))
    return {"id": point, "zh": zh, "en": en}


def _permit(places: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The section of the permit, where something is measured that it may limit."""
    limits = [
        {"point": point, "parameter": quantity, **LIMITS[quantity]}
        for point, quantities in places.items()
        for quantity in quantities
        if quantity in LIMITS
    ]
    if not limits:
        return {}
    named = {"document": "example permit of the demo", "example": True, "valid_from": "2018-01-01"}
    return {"permit": named | {"limits": limits}}


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    point = {
        "id": row["meter"],
        "node": NODE,
        "tag": row["tag"],
        "zh": row["title"]["zh"],
        "en": row["title"]["en"],
    }
    if row["carrier"] != "steam":
        point["carrier"] = row["carrier"]
    if row["carrier"] == "electricity" and row["meter"] != MAIN:
        point["parent"] = MAIN
    return point


def _broker(address: tuple[str, int]) -> dict[str, Any]:
    return {"host": address[0], "port": address[1]}


def _tags(listing: Mapping[str, Any], device: str) -> list[Mapping[str, Any]]:
    return [row for row in listing["tags"] if row["device"] == device]


def _device(
    device: Mapping[str, Any],
    rows: list[Mapping[str, Any]],
    device_time: bool,
    every: float,
    history: str | None,
) -> dict[str, Any]:
    polled = device["protocol"] == "modbus-tcp"
    names = list(dict.fromkeys(row["group"] for row in rows))
    groups = [
        _group(name, [r for r in rows if r["group"] == name], polled, device_time or bool(history), every)
        for name in names
    ]
    if polled:
        where = {key: device[key] for key in ("host", "port", "unit")} | {"max_gap": 8}
        where |= {} if history is None else {"history": history}
    else:
        where = {"endpoint": device["endpoint"]}
    return {"id": device["id"], "protocol": device["protocol"], **where, "groups": groups}


def _group(
    name: str, rows: list[Mapping[str, Any]], polled: bool, device_time: bool, every: float
) -> dict[str, Any]:
    group: dict[str, Any] = {"id": name, "stream": rows[0]["stream"], "every": every}
    if polled:
        group["read_counter"] = next((row["tag"] for row in rows if row["read_counter"]), None)
        if device_time:
            clocks = [{"address": r["address"], "type": r["type"]} for r in rows if r["time"]]
            group["time_from"] = clocks[0] if clocks else dict(CLOCK)
    else:
        group["queue"] = 100
        if device_time:
            group["time_source"] = "device"
    group["tags"] = [_tag(row, polled) for row in rows if not row["time"]]
    return group


def _tag(row: Mapping[str, Any], polled: bool) -> dict[str, Any]:
    where = _POLLED if polled else _SUBSCRIBED
    parts = {"name": row["tag"], **{key: row[key] for key in where}, "unit": row["physical_unit"]}
    parts |= {key: row[key] for key in _MEANING}
    if row["kind"] != "counter":  # a meter's carrier stands on its counter
        parts["carrier"] = None
    return {key: value for key, value in parts.items() if value is not None}
