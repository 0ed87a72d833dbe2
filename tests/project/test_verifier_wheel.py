"""The verifier's own wheel: pure Python, all of its folder, and it verifies a pack where nothing can compile."""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.project.building import built, copied, environment, install, pip, run
from tests.project.clone import ROOT
from tests.verify import real_site


def settings(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def test_it_says_what_the_project_says_of_the_verifier() -> None:
    whole, own = settings("pyproject.toml"), settings("verify/pyproject.toml")["project"]
    for key in ("version", "requires-python", "license", "license-files"):
        assert own[key] == whole["project"][key], key
    command = "steelyard-verify"
    assert own["scripts"] == {command: whole["project"]["scripts"][command]}
    for wanted in (whole["project"]["optional-dependencies"], whole["dependency-groups"]):
        assert own["dependencies"] == wanted["verify"]
    assert (ROOT / "verify" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_it_names_every_folder_of_the_verifier() -> None:
    named = settings("verify/pyproject.toml")["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "verify").rglob("*.py")}
    assert sorted(named) == sorted(".".join(folder.parts) for folder in folders)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(copied(tmp_path_factory.mktemp("source")) / "verify")


@pytest.mark.long
@pytest.mark.needs("git")
def test_it_is_pure_and_holds_the_whole_folder(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = message_from_bytes(archive.read(about))
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "verify").rglob("*.py")}
    chinese = {path.relative_to(ROOT).as_posix() for path in (ROOT / "verify").rglob("*.mo")}
    assert chinese and names == sources | chinese | {"verify/py.typed"}
    assert said.get_all("Requires-Dist") == settings("verify/pyproject.toml")["project"]["dependencies"]


@pytest.mark.long
@pytest.mark.needs("git")
def test_it_verifies_a_pack_where_nothing_can_compile(wheel: Path, tmp_path: Path) -> None:
    site = real_site.build(tmp_path / "site", 1)
    real_site.packed(site, "full")
    away = tmp_path / "away"
    away.mkdir()
    python = environment(away, "verify")
    bare = {"PATH": str(python.parent), "CC": "/bin/false"}
    assert shutil.which("gcc", path=bare["PATH"]) is None
    install(python, wheel, **bare)
    trust = site / "cloud" / "cloud.pub"
    command = (python.parent / "steelyard-verify", site / "full.zip", "--trust", trust, "--json")
    assert json.loads(run(*command, cwd=away, **bare))["verdict"] == "verified"
    assert run(*command[:-1], "--lang", "zh", cwd=away, **bare).rstrip().endswith("验证通过，密钥已锚定")
    found = json.loads(pip(python, "list", "--format", "json", **bare))
    names = {item["name"].lower() for item in found}
    assert names == {"steelyard-verify", "numpy", "cryptography", "cffi", "pycparser"}
