"""What the repository holds and must not hold: locks with hashes, no hosts, no third-party copies."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.project import clone

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("build", "cloud", "demo", "dev", "edge", "verify")
# Assembled here so that this file does not name a host itself.
REGISTRY_HOST = re.compile(
    r"//[a-z0-9.-]*("
    + "|".join(["pypi", "pythonhosted", "npmjs", "golang", "crates", "maven"])
    + r")[a-z0-9.-]*\."
)


def locked(lock: str) -> dict[str, str]:
    """Package names (normalised) of a requirements file with the text of their entry."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    return {entry.split("==")[0].strip().lower().replace("_", "-"): entry for entry in entries}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    """Normalised names of requirement strings, ourselves left out."""
    found = {re.split(r"[^A-Za-z0-9_-]", r)[0].lower().replace("_", "-") for r in requirements}
    return found - {"steelyard"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    entries = locked(lock)
    assert entries
    for name, entry in entries.items():
        assert "--hash=sha256:" in entry, name
        assert "://" not in entry, name


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    declared = project()["project"]
    extras = declared["optional-dependencies"]
    base = names(declared["dependencies"])
    wanted = {
        "edge": base | names(extras["edge"]),
        "cloud": base | names(extras["cloud"]),
        "demo": base | names(extras["edge"]) | names(extras["cloud"]) | names(extras["demo"]),
    }
    wanted["dev"] = wanted["demo"] | names(extras["dev"])
    for lock, packages in wanted.items():
        assert packages <= locked(lock).keys(), lock


def test_the_verifier_needs_two_packages() -> None:
    assert names(project()["project"]["optional-dependencies"]["verify"]) == {"numpy", "cryptography"}
    assert locked("verify").keys() == {"numpy", "cryptography", "cffi", "pycparser"}


def test_the_edge_stays_light() -> None:
    heavy = {
        "fastapi",
        "duckdb",
        "pandas",
        "scipy",
        "pyarrow",
        "starlette",
        "uvicorn",
        "sqlalchemy",
        "weasyprint",
    }
    assert not heavy & locked("edge").keys()


def test_nothing_refused_is_locked() -> None:
    assert not {"python-multipart", "amqtt", "iotcore", "o6"} & locked("dev").keys()


def test_the_smaller_locks_agree_with_the_full_one() -> None:
    full = locked("dev")
    for lock in LOCKS:
        for name, entry in locked(lock).items():
            if name in full and not entry.startswith("numpy"):
                assert entry.split()[0] == full[name].split()[0], f"{lock}: {name}"


def test_npm_packages_are_locked_by_content_alone() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {"node_modules/htmx.org", "node_modules/uplot", "node_modules/axe-core"} <= packages.keys()
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


@pytest.mark.needs("git")
def test_no_file_names_a_registry_host() -> None:
    found = []
    for name in clone.listed():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data and REGISTRY_HOST.search(data.decode("utf-8", "replace")):
            found.append(name)
    assert not found


@pytest.mark.needs("git")
def test_no_third_party_copy_and_no_lock_with_hosts_is_tracked() -> None:
    unwanted = re.compile(r"(^|/)(uv\.lock|pylock\.toml)$|node_modules/|\.min\.(js|css)$|\.so$")
    assert not [name for name in clone.listed() if unwanted.search(name)]


def test_rooms_are_packages_and_commands_point_into_them() -> None:
    settings = project()
    rooms = {p for p in settings["tool"]["setuptools"]["packages"]["find"]["include"] if "." not in p}
    for room in rooms:
        assert (ROOT / room / "__init__.py").is_file(), room
    assert set(settings["tool"]["importlinter"]["root_packages"]) == rooms
    scripts = settings["project"]["scripts"]
    assert scripts == {
        f"steelyard-{r}": f"{r}.main:main" for r in ("edge", "cloud", "verify", "plant", "demo")
    }


def test_every_make_target_says_what_it_does() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    shown = {line.split()[0] for line in done.stdout.splitlines()}
    assert shown >= {
        "install",
        "deps",
        "servers",
        "demo",
        "test",
        "test-long",
        "check",
        "bench",
        "wheels",
        "long-bare",
        "lock",
        "clean",
    }


def test_ci_runs_what_a_person_runs_and_stops_at_the_first_failure() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    steps = re.findall(r"^make (\S+)$", text, flags=re.M)
    assert steps == ["deps", "servers", "check", "test", "test-long"]


def test_every_page_has_its_pictures() -> None:
    from cloud.web.navigation import ENTRIES

    review = (ROOT / "docs" / "images" / "review.md").read_text(encoding="utf-8")
    for view in (*(entry.id for entry in ENTRIES), "provenance"):
        for language in ("zh", "en"):
            name = f"{view}-{language}.png"
            assert (ROOT / "docs" / "images" / name).read_bytes().startswith(b"\x89PNG"), name
            assert f"]({name})" in review
