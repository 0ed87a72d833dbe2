"""Certificates by the command line: what they say, their PDF, their pack, and what the verifier makes of them."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typer.testing import CliRunner, Result

from cloud.main import app
from cloud.reports import envelope
from journal.keyfiles import load_key
from tests.reports import replaced_site
from tests.reports.printing import PRINTING
from tests.reports.replaced_site import PERIOD, SITE
from tests.verify import sealing
from verify.check import VERIFIED, Report, verify
from verify.words import printed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return replaced_site.build(tmp_path_factory.mktemp("replaced"))


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def certify(folder: Path, project: str, out: Path) -> Result:
    return command(
        "certificate", "--workdir", folder, "--site", SITE, "--project", project, "-o", out, "--json"
    )


def values(certificate: dict[str, Any]) -> dict[str, str]:
    return {item["kind"]: item["value"] for item in certificate["figures"]}


def checked(folder: Path, data: bytes) -> Report:
    """The verifier's report, the cloud's key trusted."""
    raw = load_key(folder / "cloud" / "cloud.key").public_key().public_bytes_raw()
    return verify(data, {hashlib.sha256(raw).hexdigest()})


def faults(report: Report) -> dict[str, str]:
    return {check.where: check.why for check in report.findings.checks if not check.ok}


@pytest.fixture(scope="module")
def certificate(site: Path) -> dict[str, Any]:
    """The body of the certificate, its signature checked here."""
    done = certify(site, "dyeing", site / "dyeing.json")
    assert done.exit_code == 0, done.output
    found = json.loads((site / "dyeing.json").read_bytes())
    body: dict[str, Any] = found["body"]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(body["signer"]))
    key.verify(bytes.fromhex(found["sig"]), sealing.canonical(body))
    assert json.loads(done.stdout)["hash"] == hashlib.sha256((site / "dyeing.json").read_bytes()).hexdigest()
    return body


def test_the_certificate_says_what_was_declared_and_what_it_came_to(certificate: dict[str, Any]) -> None:
    found = values(certificate)
    assert (found["payback_years"], found["npv"], found["irr"]) == ("2.27273", "976209.22", "34.7467")
    assert (found["labour.before.operators"], found["labour.after.operators"]) == ("12", "5")
    avoided = next(item for item in certificate["figures"] if item["kind"] == "avoided")
    low, high = map(float, avoided["interval"])
    assert 0 < low < float(avoided["value"]) < high
    speed = next(item for item in certificate["figures"] if item["kind"] == "oee.after.effectiveness")
    assert (speed["value"], speed["above_one"]) == ("1.06667", True)  # over nameplate: shown, never clipped
    assert certificate["declared"]["machines_out"][1]["nameplate"] == "1998"
    assert (certificate["from"], certificate["to"]) == ("2023-01-01", "2024-01-01")
    assert "no conformity" in certificate["conformity"]["en"]
    assert {record["id"] for record in certificate["factors"]} == {
        "cn-grid-2022-zhejiang",
        "cn-grid-2023-zhejiang",
    }


def test_the_avoided_energy_is_the_figure_of_the_site(site: Path, certificate: dict[str, Any]) -> None:
    done = command(
        "figures", "--workdir", site, "--site", SITE, "--from", PERIOD[0], "--to", PERIOD[1], "--json"
    )
    figures = {(item["kind"], item["point"]): item for item in json.loads(done.stdout)["figures"]}
    avoided = next(item for item in certificate["figures"] if item["kind"] == "avoided")
    twin = figures["saving_kwh", "dyeing"]
    assert (avoided["value"], avoided["interval"], avoided["figure"]) == (
        twin["value"],
        twin["interval"],
        twin["id"],
    )
    assert values(certificate)["avoided_tco2"] == figures["saving_tco2", "dyeing"]["value"]


@PRINTING
@pytest.mark.needs("fonts-liberation", "poppler-utils")
def test_the_pdf_shows_every_figure_in_both_languages(site: Path, certificate: dict[str, Any]) -> None:
    assert certify(site, "dyeing", site / "dyeing.pdf").exit_code == 0
    done = subprocess.run(
        ["pdftotext", "-layout", site / "dyeing.pdf", "-"], capture_output=True, timeout=60, check=True
    )
    text = done.stdout.decode()
    mark = hashlib.sha256((site / "dyeing.json").read_bytes()).hexdigest()
    assert all(mark in "".join(page.split()) for page in text.split("\f")[:-1])
    flat = text.replace(",", "").replace("\u2212", "-")
    for item in certificate["figures"]:
        assert flat.count(item["value"]) >= 2, item
    for words in (
        "机器换人效益证书",
        "Machine replacement certificate",
        "染色机 2",
        "75 kW",
        "12 → 5",
        "不声明符合",
    ):
        assert words in text, words
    assert "above 1: shown as computed" in text and "no conformity with ISO 22400-2" in " ".join(text.split())


def test_what_follows_from_readings_has_its_interval_and_the_rest_says_that_it_was_declared(
    site: Path,
) -> None:
    assert certify(site, "measured", site / "measured.json").exit_code == 0
    body = json.loads((site / "measured.json").read_bytes())["body"]
    spread = {item["kind"]: item.get("interval") for item in body["figures"]}
    avoided = next(item for item in body["figures"] if item["kind"] == "avoided")
    found = values(body)
    assert float(found["effect.energy"]) == pytest.approx(
        float(avoided["value"]) * 0.72, abs=0.0051
    )  # 365 days
    ends = [338000 + float(end) * 0.72 for end in avoided["interval"]]
    assert [float(end) for end in spread["yearly_saving"]] == pytest.approx(ends, abs=0.0051)
    assert [float(end) for end in spread["payback_years"]] == pytest.approx(
        [1.2e6 / end for end in reversed(ends)], rel=6e-6
    )
    for kind in ("npv", "irr", "discounted_payback_years", "per_unit.before.kwh", "per_unit.after.tco2"):
        low, high = map(float, spread[kind])
        assert low < float(found[kind]) < high, kind
    assert spread["effect.labour"] is None and spread["per_unit.tco2_avoided"] is None


@PRINTING
@pytest.mark.needs("fonts-liberation", "poppler-utils")
def test_the_pdf_shows_intervals_and_says_what_was_declared(site: Path) -> None:
    assert certify(site, "measured", site / "measured.pdf").exit_code == 0
    done = subprocess.run(
        ["pdftotext", "-layout", site / "measured.pdf", "-"], capture_output=True, timeout=60, check=True
    )
    flat = done.stdout.decode().replace(",", "").replace("\u2212", "-")
    body = json.loads((site / "measured.json").read_bytes())["body"]
    for item in body["figures"]:
        for end in item.get("interval", ()):
            assert flat.count(end) >= 2, item
    assert "申报值" in flat and "declared" in flat and "90 %: " in flat


def test_a_pack_has_the_certificates_of_its_period_and_they_verify(site: Path) -> None:
    data = pack(site, *PERIOD)
    report = checked(site, data)
    assert report.verdict == VERIFIED, faults(report)
    assert [item["project"] for item in report.certificates] == ["dyeing", "hopeless", "measured"]
    text = printed(report, "zh")
    assert (
        "[一致] dyeing npv: 公布值 976209.22, 重算值 976209.22 CNY" in text
        and "[拒绝] hopeless avoided" in text
    )
    assert pack(site, *PERIOD) == data  # the same ledger, the same bytes
    half = checked(site, pack(site, "2023-07-01", "2024-01-01"))
    assert half.verdict == VERIFIED and [item["project"] for item in half.certificates] == ["hopeless"]


def pack(site: Path, from_: str, to: str) -> bytes:
    out = site / "pack.zip"
    done = command(
        "pack", "--workdir", site, "--site", SITE, "--from", from_, "--to", to, "-o", out, "--no-pdf"
    )
    assert done.exit_code == 0, done.output
    return out.read_bytes()


@PRINTING
def test_the_pack_of_a_certificate_holds_its_pdf(site: Path) -> None:
    assert certify(site, "dyeing", site / "dyeing.zip").exit_code == 0
    data = (site / "dyeing.zip").read_bytes()
    assert checked(site, data).verdict == VERIFIED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("certificate-1.pdf").startswith(b"%PDF-")


def test_a_baseline_that_fails_is_refused_and_why(site: Path) -> None:
    done = certify(site, "hopeless", site / "hopeless.json")
    assert done.exit_code == 1
    body = json.loads((site / "hopeless.json").read_bytes())["body"]
    assert body["figures"] == [] and [item["kind"] for item in body["refused"]] == ["avoided"]


def lied(site: Path, change: Any) -> Report:
    """The report on a pack whose first certificate the cloud itself has signed anew after a change."""
    key = load_key(site / "cloud" / "cloud.key")
    with zipfile.ZipFile(io.BytesIO(pack(site, *PERIOD))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    body = json.loads(files["certificate-1.json"])["body"]
    change(body)
    files["certificate-1.json"] = envelope.sign(body, key)
    return checked(site, sealing.bundled(files, "summary"))


def _set(kind: str, value: str) -> Any:
    def change(body: dict[str, Any]) -> None:
        next(item for item in body["figures"] if item["kind"] == kind)["value"] = value

    return change


def _operators(body: dict[str, Any]) -> None:
    body["declared"]["labour"]["after"]["operators"] = "3 person"


def _factor(body: dict[str, Any]) -> None:
    body["factors"][-1]["value"] = "0.4000"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_set("irr", "34.7468"), ["irr"]),
        (_set("labour.after.operators", "3"), ["labour.after.operators"]),
        (_operators, ["body.declared.labour.after.operators"]),
        (_factor, ["avoided_tco2", "per_unit.tco2_avoided", "per_unit.grid_effect"]),
    ],
)
def test_a_certificate_that_was_changed_is_named(site: Path, change: Any, named: list[str]) -> None:
    report = lied(site, change)
    assert report.exit == 1
    for name in named:
        assert f"certificate-1.json: {name}" in faults(report), faults(report)


@pytest.mark.long
def test_what_is_declared_anew_corrected_or_withdrawn_changes_the_certificate(tmp_path: Path) -> None:
    folder = replaced_site.build(tmp_path)
    before = pack(folder, *PERIOD)
    more = folder / "more.yaml"
    more.write_text(
        f"site: {SITE}\nnote: misread by a thousand\ncorrection:\n"
        "  - {from: '2023-03-01T22:00:00Z', to: '2023-03-02T22:00:00Z', point: line, quantity: electricity,\n"
        "     value: '1', unit: kW.h}\n",
        encoding="utf-8",
    )
    done = command("declare", more, "--workdir", folder)
    assert done.exit_code == 0, done.output
    after = pack(folder, *PERIOD)
    report = checked(folder, after)
    assert report.verdict == VERIFIED, faults(report)
    first, second = (_body(data) for data in (before, after))
    assert float(values(second)["avoided"]) > float(values(first)["avoided"])
    more.write_text(
        f"site: {SITE}\nwithdraw: {{statement: {second['statement']}, why: wrong site}}\n", encoding="utf-8"
    )
    done = command("declare", more, "--workdir", folder)
    assert done.exit_code == 0, done.output
    gone = certify(folder, "dyeing", folder / "gone.json")
    assert gone.exit_code == 2 and "no replacement 'dyeing'" in gone.output
    report = checked(folder, pack(folder, *PERIOD))
    assert report.verdict == VERIFIED
    assert [item["project"] for item in report.certificates] == ["hopeless", "measured"]


def _body(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, Any] = json.loads(archive.read("certificate-1.json"))["body"]
        return found
