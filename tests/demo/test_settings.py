"""Settings made from the real plant's own list, and what is handed to the programs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo import manifest, settings
from demo.errors import BadInput
from demo.evidence import tags_of
from demo.options import REPLAYED_DEVICE, Options
from demo.process import tool

BROKER = ("127.0.0.1", 31000)


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `steelyard-plant --list --json` says."""
    command = [tool("steelyard-plant"), "--list", "--json", "--workdir", str(tmp_path_factory.mktemp("demo"))]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


def test_every_tag_of_the_plant_is_read_once(listing: dict[str, Any]) -> None:
    edge = settings.edge(listing, BROKER, device_time=False)
    names = [tag["name"] for d in edge["devices"] for group in d["groups"] for tag in group["tags"]]
    assert sorted(names) == sorted(tags_of(listing))
    assert [d["id"] for d in edge["devices"]] == [d["id"] for d in listing["devices"]]
    assert (edge["node"], edge["site"], edge["flush"], edge["seal_after"]) == (
        "mill-edge",
        "demo-mill",
        1.0,
        2.0,
    )


def test_each_modbus_group_names_its_counter_and_takes_the_edge_s_time(listing: dict[str, Any]) -> None:
    edge = settings.edge(listing, BROKER, device_time=False)
    for device in edge["devices"]:
        for group in device["groups"]:
            assert group["every"] == 1.0 and "time_from" not in group and "time_source" not in group
            if device["protocol"] == "modbus-tcp":
                assert group["read_counter"] == f"{device['id']}.reads"
                assert len(device["groups"]) == 1
            else:
                assert group["queue"] == 100 and "read_counter" not in group


def test_other_clock_than_ours_is_taken_from_the_devices(listing: dict[str, Any]) -> None:
    edge = settings.edge(listing, BROKER, device_time=True)
    for device in edge["devices"]:
        for group in device["groups"]:
            if device["protocol"] == "modbus-tcp":
                assert group["time_from"] == {"address": 2, "type": "uint64"}
            else:
                assert group["time_source"] == "device"


def test_replay_reads_the_main_meter_alone_and_back_to_back(listing: dict[str, Any]) -> None:
    edge = settings.edge(listing, BROKER, device_time=True, only=REPLAYED_DEVICE)
    [device] = edge["devices"]
    [group] = device["groups"]
    assert device["id"] == REPLAYED_DEVICE and group["every"] == 0.0 and "time_from" in group


def test_yaml_keeps_decimals_as_text_and_chinese_as_it_is(listing: dict[str, Any], tmp_path: Path) -> None:
    edge = settings.edge(listing, BROKER, device_time=False)
    text = yaml.safe_dump(edge, allow_unicode=True, sort_keys=False)
    assert yaml.safe_load(text) == edge
    tags = [tag for d in edge["devices"] for group in d["groups"] for tag in group["tags"]]
    assert any(ord(c) > 0x4E00 for tag in tags for c in tag["name"]) and "\\u" not in text
    assert all(isinstance(tag.get(key, ""), str) for tag in tags for key in ("scale", "offset", "max_rate"))
    assert all("max_rate" in tag for tag in tags if tag["kind"] == "counter")


def test_cloud_knows_the_site_and_listens_on_loopback() -> None:
    cloud = settings.cloud(BROKER, 8123)
    assert cloud["http"] == {"host": "127.0.0.1", "port": 8123}
    assert cloud["broker"] == {"host": "127.0.0.1", "port": 31000}
    [site] = cloud["sites"]
    assert (site["name_zh"], site["province"], site["tz"]) == ("演示印染厂", "浙江", "Asia/Shanghai")


def test_ports_of_the_manifest_are_those_of_the_list(listing: dict[str, Any]) -> None:
    found = manifest.plant_ports(listing)
    assert set(found) == {d["id"] for d in listing["devices"]}
    assert all(20_000 <= port < 32_000 for port in found.values()) and len(set(found.values())) == len(found)


def test_options_of_a_replay(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("c\n1\n")
    options = Options(replay=table, column="c").check_all()
    assert (options.pace, options.device_time, options.drain) == ("max", True, 5)
    assert options.plant == ["--speed", "max", "--column", "c", "--replay", str(table)]
    plain = Options(check=True, seed=0).check_all()
    assert plain.plant == ["--speed", "1", "--seed", "0"]
    assert (plain.device_time, plain.drain) == (False, 30)
    assert Options(speed="60").check_all().device_time
    with pytest.raises(BadInput, match="go together"):
        Options(replay=table).check_all()
