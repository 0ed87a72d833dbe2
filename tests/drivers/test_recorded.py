"""A recorded history of a device: what its rows are, and one clear line for each way in which a file does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contract.errors import BadInput
from contract.quality import Origin, Quality
from contract.tags import Group, Layout, Tag
from drivers.recorded import load

TAGS = (
    Tag("m.reads", "uint32", "{count}", "state"),
    Tag("m.kwh", "uint32", "kW.h", "counter", "0.01", max_rate="10"),
    Tag("m.pf", "int16", "1"),
    Tag("m.kw", "float32", "kW"),
)
GROUP = Group("m", "m", "modbus-tcp", "account", Layout.TABLE, 10**9, "device", TAGS)
OTHER = Group("o", "m", "modbus-tcp", "process", Layout.TABLE, 10**9, "device", (Tag("o.x", "int16", "1"),))
TIME = np.arange(3, dtype=np.int64) * 900 * 10**9
GOOD: dict[str, Any] = {
    "time": TIME,
    "m.kwh": np.array([1, 2, 2**32 - 1]),
    "m.pf": np.array([-1, 0, 1]),
    "m.kw": np.array([0.5, np.nan, 1e9]),
}


def save(folder: Path, **changed: Any) -> Path:
    arrays = {name: array for name, array in (GOOD | changed).items() if array is not None}
    np.savez(folder / "m.npz", **arrays)
    return folder / "m.npz"


def test_rows_are_the_raw_numbers_in_the_tags_types_and_a_tag_without_array_is_missing(
    tmp_path: Path,
) -> None:
    (rows,) = load(save(tmp_path), [GROUP, OTHER])
    assert rows.group is GROUP and rows.origin is Origin.BACKFILL and rows.time.tolist() == TIME.tolist()
    assert rows.data["f1"].tolist() == [1, 2, 2**32 - 1] and rows.data["f2"].tolist() == [-1, 0, 1]
    assert rows.data["f3"].tobytes() == np.array([0.5, np.nan, 1e9], "<f4").tobytes()
    assert rows.status is not None
    assert rows.status.tolist() == [[Quality.MISSING, 0, 0, 0]] * 3


def test_without_rows_there_is_nothing_to_hand_over(tmp_path: Path) -> None:
    empty = {name: array[:0] for name, array in GOOD.items()}
    assert [len(rows) for rows in load(save(tmp_path, **empty), [GROUP])] == [0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"time": None}, "needs an array 'time' of int64"),
        ({"time": TIME.astype(float)}, "needs an array 'time' of int64"),
        ({"time": TIME[::-1]}, "time does not grow at row 1"),
        ({"m.kwh": np.array([1, 2])}, "'m.kwh' has the shape (2,), time has 3 rows"),
        ({"m.kwh": np.array([1, 2, 2**32])}, "'m.kwh' has a number outside of uint32"),
        ({"m.pf": np.array([0, 0, -32769])}, "'m.pf' has a number outside of int16"),
        ({"m.kwh": np.array([1.0, 2.0, 3.0])}, "'m.kwh' holds float64, the tag is uint32"),
        ({"m.kw": np.array([1, 2, 3])}, "'m.kw' holds int64, the tag is float32"),
        ({"m.kwn": TIME}, "'m.kwn' is no tag of this device"),
    ],
)
def test_what_does_not_fit_is_named_in_one_line(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    path = save(tmp_path, **changed)
    with pytest.raises(BadInput) as caught:
        load(path, [GROUP, OTHER])
    assert str(caught.value).startswith(f"{path}: ") and said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    with pytest.raises(BadInput, match="no such file"):
        load(path, [GROUP])
    whole = save(tmp_path).read_bytes()
    np.save(tmp_path / "plain.npy", TIME)
    plain = (tmp_path / "plain.npy").read_bytes()
    broken = whole[:200] + bytes(40) + whole[240:]
    pickled = np.array([{"a": 1}], dtype=object)
    for content in (b"", b"time,kwh\n", whole[:100], broken, plain):
        path.write_bytes(content)
        with pytest.raises(BadInput, match="not a recorded history") as caught:
            load(path, [GROUP])
        assert "\n" not in str(caught.value)
    np.savez(path, time=pickled)
    with pytest.raises(BadInput, match="not a recorded history"):
        load(path, [GROUP])
