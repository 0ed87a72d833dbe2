"""The mill's past: when it is made, what edge.yaml and the desk say of it, and where it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo import history, settings
from demo.errors import BadInput
from demo.folder import Folder
from demo.history import Past
from demo.options import YEAR, Options
from demo.supervisor import Supervisor

BROKER = ("127.0.0.1", 31000)
CSV = "from,to,point,quantity,value,unit\n"


def tag(device: str, name: str, **more: Any) -> dict[str, Any]:
    plain = {
        "device": device, "group": device, "stream": "account", "tag": name, "address": 6, "table": "holding",
        "type": "uint32", "order": "ABCD", "scale": "1", "offset": "0", "physical_unit": "kW.h", "node": None,
        "kind": "counter", "max_rate": "1", "meter": device, "carrier": "electricity", "time": False,
        "title": {"zh": name, "en": name}, "read_counter": False,
    }  # fmt: skip
    return plain | more


LISTING = {
    "devices": [
        {"id": name, "protocol": "modbus-tcp", "host": "h", "port": 502, "unit": 1} for name in ("a", "b")
    ],
    "tags": [tag("a", "a.kwh"), tag("b", "b.kwh")],
}


@pytest.fixture
def past(tmp_path: Path) -> Past:
    np.savez(tmp_path / "a.npz", time=np.arange(3))
    (tmp_path / "production.csv").write_text(
        CSV + "2026-01-01,2026-01-02,mill,production,1,t\n", encoding="utf-8"
    )
    rows = "".join(f"2026-01-01,2026-01-02,outfall,{name},1,x\n" for name in ("wastewater_flow", "cod"))
    (tmp_path / "wastewater.csv").write_text(CSV + rows, encoding="utf-8")
    return Past(tmp_path, 365, "2026-11-24T00:00:00Z")


def test_a_device_with_a_past_names_its_file_and_stamps_its_rows_itself(past: Past) -> None:
    made = settings.edge(LISTING, BROKER, device_time=False, history=past.file)
    a, b = made["devices"]
    assert a["history"] == "../plant/history/a.npz" and "history" not in b
    assert a["groups"][0]["time_from"] == settings.CLOCK and "time_from" not in b["groups"][0]
    assert "history" not in json.dumps(settings.edge(LISTING, BROKER, device_time=False))


def test_the_desk_declares_the_points_of_its_rows_and_limits_what_is_measured(past: Past) -> None:
    assert past.places() == {"mill": ["production"], "outfall": ["wastewater_flow", "cod"]}
    said = settings.declaration(LISTING, past.places())
    assert [point["id"] for point in said["points"]] == ["a", "b", "mill", "outfall"]
    assert [(limit["point"], limit["parameter"]) for limit in said["permit"]["limits"]] == [
        ("outfall", "cod")
    ]
    assert said["permit"]["example"] is True
    assert "permit" not in settings.declaration(LISTING, {})


def test_a_year_is_for_people_and_never_where_something_is_judged() -> None:
    assert Options().days_of_history == YEAR
    for measured in (Options(check=True), Options(seconds=5), Options(speed="60"), Options(replay=Path("x"))):
        assert measured.days_of_history == 0
    assert Options(seconds=5, history_days=60).check_all().days_of_history == 60
    assert Options(history_days=0).check_all().days_of_history == 0
    for wrong in (
        Options(history_days=-1),
        Options(history_days=59),
        Options(history_days=5000),
        Options(history_days=60, check=True),
        Options(history_days=60, start="2020-01-01T00:00:00Z"),
    ):
        with pytest.raises(BadInput, match="--history-days"):
            wrong.check_all()


def test_a_folder_keeps_its_past_and_gets_none_later(tmp_path: Path, supervisor: Supervisor) -> None:
    folder = Folder(tmp_path)
    kept = {"begun": "x", "history": {"days": 9, "until": "2026-11-24T00:00:00Z"}}
    found = history.past(Options(), folder, kept, supervisor)
    assert found is not None and found.noted() == kept["history"]
    assert history.past(Options(history_days=9), folder, {"begun": "x"}, supervisor) is None
    with pytest.raises(BadInput, match="has a history"):
        history.past(Options(check=True), folder, kept, supervisor)
