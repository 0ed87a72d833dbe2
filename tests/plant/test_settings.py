"""plant.yaml, ports and the command line's refusals."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from plant import catalogue, settings
from plant.errors import BadInput, CannotRun
from plant.main import app

DEVICES = {"main-meter", "gas-meter"}


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        ("hots: 127.0.0.1\n", 1, "hots"),
        ("seed: 1\nhost: example\n", 2, "host"),
        ("host: 127.0.0.1\nseed: -1\n", 2, "seed"),
        ("seed: true\n", 1, "seed"),
        ("ports: 7\n", 1, "ports"),
        ("ports:\n  nothing: 5\n", 2, "ports.nothing"),
        ("ports:\n  main-meter: 70000\n", 2, "ports.main-meter"),
        ("ports:\n  main-meter: 7000\n  gas-meter: 7000\n", 3, "ports.gas-meter"),
        ("ports:\n  main-meter: [\n", 3, ""),
        ("- 1\n", 1, ""),
    ],
)
def test_each_error_names_file_line_and_path(tmp_path: Path, text: str, line: int, path: str) -> None:
    file = tmp_path / "plant.yaml"
    file.write_text(text)
    with pytest.raises(BadInput) as caught:
        settings.read(tmp_path, None, DEVICES)
    assert f"{file}:{line}: {path}: " in str(caught.value)


def test_all_errors_at_once(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text("a: 1\nseed: x\nhost: 3\n")
    with pytest.raises(BadInput) as caught:
        settings.read(tmp_path, None, DEVICES)
    assert len(str(caught.value).splitlines()) == 3


def test_no_file_means_the_defaults_but_a_named_file_must_be_there(tmp_path: Path) -> None:
    assert settings.read(tmp_path, None, DEVICES) == settings.Settings(tmp_path)
    with pytest.raises(BadInput, match="no such file"):
        settings.read(tmp_path, tmp_path / "other.yaml", DEVICES)


def test_ports_are_kept_and_fixed_ones_win(tmp_path: Path) -> None:
    mill = catalogue.load()
    first = settings.ports(settings.Settings(tmp_path), mill)
    assert set(first) == {d.id for d in mill.devices}
    assert len(set(first.values())) == len(first)
    assert settings.ports(settings.Settings(tmp_path), mill) == first
    fixed = settings.ports(settings.Settings(tmp_path, ports={"gas-meter": 19999}), mill)
    assert fixed == first | {"gas-meter": 19999}


def test_damaged_ports_are_bad_input(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text('{"main-meter": "x"}')
    with pytest.raises(BadInput, match=r"ports\.json"):
        settings.ports(settings.Settings(tmp_path), catalogue.load())


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotRun, match=f"port {port} of main-meter"):
            settings.listen("127.0.0.1", port, "main-meter")


@pytest.mark.parametrize("device", ["gas-meter", "machines"])
def test_run_refuses_a_busy_kept_port(plant: Any, device: str) -> None:
    plant.listed()
    with socket.create_server(("127.0.0.1", plant.port(device))):
        done = plant.command("run")
    assert done.returncode == 3
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert f"port {plant.port(device)} of {device}" in lines[0]


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--speed", "fast"],
        ["run", "--speed", "0"],
        ["run", "--speed", "nan"],
        ["run", "--speed", "max"],
        ["run", "--start", "yesterday"],
        ["run", "--start", "2026-01-01T00:00:00"],
        ["run", "--replay", "x.npz"],
        ["run", "--replay", "/nowhere/x.npz", "--column", "c"],
        ["run", "--replay", "/nowhere/x.csv", "--column", "c"],
        ["stop", "x" * 20, "--config", "/nowhere/plant.yaml"],
    ],
)
def test_wrong_options_end_with_one_line(tmp_path: Path, words: list[str]) -> None:
    where = [] if "--config" in words else ["--workdir", str(tmp_path)]
    done = CliRunner().invoke(app, [*words, *where])
    assert done.exit_code == (3 if "stop" in words else 2)
    assert done.stdout == ""
    assert done.stderr.startswith("steelyard-plant: ")
    assert done.stderr.count("\n") == 1


def test_without_a_command_it_says_how_to_use_it(plant: Any) -> None:
    done = plant.command()
    assert done.returncode == 2
    assert "Usage" in done.stdout


def test_one_plant_a_folder_one_seed_a_folder(plant: Any) -> None:
    plant.start("--seed", "4")
    second = plant.command("run")
    assert second.returncode == 3
    assert "another plant" in second.stderr
    assert json.loads(plant.command("status", "--json").stdout)["held"] is False
    assert plant.signal(signal.SIGINT) == 0
    other = plant.command("run", "--seed", "5")
    assert other.returncode == 2
    assert "seed 4" in other.stderr
