"""A certificate over HTTP: for a regulator's token of the site, and from the page for the desk on its own machine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud.reports import envelope
from journal.keyfiles import load_public
from tests.reports.printing import PRINTING
from tests.reports.replaced_site import SITE, YAML
from tests.verify import saving_site
from tests.web.emptied import BIN, empty_cloud
from tests.web.test_desk_gate import kinds, token

pytestmark = pytest.mark.long
REGULATOR = f"/api/v1/sites/{SITE}/replacements/dyeing/certificate"
DESK = f"/api/v1/sites/{SITE}/desk/replacements/dyeing/certificate"
OWN = {"Sec-Fetch-Site": "same-origin"}
STRANGERS: list[tuple[dict[str, str], int]] = [
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "none"}, 403),
    ({}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({**OWN, "Origin": "null"}, 403),
    ({**OWN, "X-Forwarded-For": "203.0.113.7"}, 401),
    ({**OWN, "Via": "1.1 proxy"}, 401),
    ({**OWN, "Host": "203.0.113.7"}, 401),
    ({**OWN, "Host": "evil.example"}, 400),
    ({**OWN, "Authorization": "Bearer nothing"}, 401),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certified")


def command(folder: Path, *words: str | Path) -> None:
    done: list[str | Path] = [BIN / "steelyard-cloud", *words, "--config", folder / "cloud.yaml"]
    subprocess.run(done, check=True, capture_output=True)


def filled(folder: Path) -> None:
    """Declare the site with its replacements, and import its rows."""
    (folder / "site.yaml").write_text(YAML, encoding="utf-8")
    (folder / "rows.csv").write_text(saving_site.csv(3), encoding="utf-8")
    (folder / "other.yaml").write_text(
        "site: {id: other, name_zh: 他厂, name_en: Other, tz: Asia/Shanghai, province: 浙江}"
    )
    for name in ("site.yaml", "other.yaml"):
        command(folder, "declare", folder / name, "--by", "Li Wei")
    command(folder, "import", "--site", SITE, folder / "rows.csv", "--by", "Li Wei")


@pytest.fixture(scope="module")
def home(folder: Path) -> Iterator[str]:
    with empty_cloud(folder) as url:
        filled(folder)
        yield url


def get(url: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=60)


@cache
def bearer(folder: Path, *words: str, site: str = SITE) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(folder, *words, site=site)}"}


def body(folder: Path, data: bytes) -> dict[str, Any]:
    """The body, its signature checked."""
    found: dict[str, Any] = envelope.open_(data, load_public(folder / "cloud.pub"))
    return found


def test_the_regulators_certificate_is_the_commands_and_the_access_is_sealed(home: str, folder: Path) -> None:
    answer = get(home + REGULATOR, bearer(folder))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["content-disposition"] == f'attachment; filename="{SITE}-dyeing.json"'
    found = body(folder, answer.content)
    assert kinds(folder)[-1] == "access"
    out = folder / "certificate.json"
    command(folder, "certificate", "--site", SITE, "--project", "dyeing", "-o", out)
    again = json.loads(out.read_bytes())["body"]
    assert (found["project"], found["figures"]) == ("dyeing", again["figures"])


@PRINTING
def test_the_pdf_comes_in_the_language_that_is_asked_for(home: str, folder: Path) -> None:
    made = {}
    for lang in ("zh", "en", "both"):
        answer = get(f"{home}{REGULATOR}?format=pdf&lang={lang}", bearer(folder))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content[:5] == b"%PDF-"
        made[lang] = len(answer.content)
    assert made["both"] > max(made["zh"], made["en"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("replacements/none/certificate", 404), ("replacements/%00/certificate", 404),
        ("replacements/%2e%2e%2f%2e%2e/certificate", 404), (f"replacements/{'x' * 4000}/certificate", 404),
        ("replacements/染色/certificate", 404), ("replacements//certificate", 404),
        ("replacements/dyeing/certificate?format=zip", 400), ("replacements/dyeing/certificate?lang=fr", 400),
        ("replacements/dyeing/certificate?format=", 400),
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["regulator", "desk"])
def test_what_is_no_certificate_is_said_in_one_line(
    home: str, folder: Path, who: str, path: str, status: int
) -> None:
    headers = bearer(folder) if who == "regulator" else OWN
    between = "" if who == "regulator" else "desk/"
    answer = get(f"{home}/api/v1/sites/{SITE}/{between}{path}", headers)
    assert answer.status_code == status
    line = answer.json()["error"]
    assert line and "\n" not in line and len(line) < 400
    if path == "replacements/none/certificate":
        assert f"site {SITE} has no replacement 'none'" in line


@pytest.mark.parametrize(("headers", "status"), STRANGERS, ids=[str(i) for i in range(len(STRANGERS))])
def test_the_desks_route_answers_nobody_but_its_own_page(
    home: str, folder: Path, headers: dict[str, str], status: int
) -> None:
    before = kinds(folder)
    answer = get(home + DESK, headers)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert kinds(folder) == before


def test_tokens_open_their_own_route_and_site_only(home: str, folder: Path) -> None:
    assert get(home + REGULATOR, OWN).status_code == 401
    assert get(home + REGULATOR, bearer(folder, site="other")).status_code == 403
    assert get(home + REGULATOR, bearer(folder, "--desk")).status_code == 401
    assert get(home + DESK, bearer(folder)).status_code == 401
    assert get(home + DESK, bearer(folder, "--desk", site="other")).status_code == 403
    assert get(home + DESK, bearer(folder, "--desk")).status_code == 200
    for url in (home + REGULATOR, home + DESK):
        assert httpx.post(url, json={}).status_code == 405


@PRINTING
@pytest.mark.needs("chromium", "fonts-liberation")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_hands_out_both_files_on_its_own_machine(
    home: str, folder: Path, visit: Any, lang: str, tmp_path: Path
) -> None:
    seen = visit(f"{home}/v/replacement?site={SITE}&lang={lang}")
    assert seen.violations() == []
    for name, first in (("PDF", b"%PDF-"), ("JSON", b"{")):
        link = (
            seen.page.locator("section", has_text="Jet 4").get_by_role("link", name=name, exact=False).first
        )
        with seen.page.expect_download(timeout=60_000) as caught:
            link.click()
        file = tmp_path / caught.value.suggested_filename
        caught.value.save_as(file)
        assert file.name == f"{SITE}-dyeing.{name.lower()}" and file.read_bytes().startswith(first)
    assert body(folder, (tmp_path / f"{SITE}-dyeing.json").read_bytes())["project"] == "dyeing"
    assert seen.problems == [] and seen.foreign() == []


def test_a_cloud_that_listens_everywhere_asks_for_a_token_and_shows_no_link(tmp_path: Path) -> None:
    with empty_cloud(tmp_path, host="0.0.0.0") as url:
        filled(tmp_path)
        assert "desk/replacements" not in get(f"{url}/v/replacement?site={SITE}", {}).text
        assert get(url + DESK, OWN).status_code == 401
        assert get(url + DESK, bearer(tmp_path, "--desk")).status_code == 200
