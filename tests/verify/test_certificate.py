"""Certificates of machine replacements: the true one verifies, and whatever is changed in one is found and named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.verify import certified, make_packs, sealing
from tests.verify.certified import NAME, Certified
from tests.verify.sealing import fingerprint, key_of
from verify.check import VERIFIED, Report, verify
from verify.words import printed

TRUST = {fingerprint(key_of("cloud"))}
GONE: dict[str, Any] = {"statement": "@", "why": "declared twice"}


def checked(pack: Certified, signer: str = "cloud") -> Report:
    return verify(pack.pack(signer), TRUST)


def faults(report: Report) -> dict[str, str]:
    """Where and why, of the checks of certificates and zip."""
    return {check.where: check.why for check in report.findings.checks if not check.ok}


def test_the_true_certificate_verifies_and_each_figure_is_shown() -> None:
    report = checked(certified.planted())
    assert report.verdict == VERIFIED, faults(report)
    (found,) = report.certificates
    assert (found["project"], found["from"], found["to"]) == ("new-machines", "2023-12-28", "2024-01-05")
    figures = found["figures"]
    assert isinstance(figures, list) and len(figures) == len(certified.WORKED) + 2
    assert all(item["ok"] and item["published"] == item["recomputed"] for item in figures)
    assert "new-machines npv: published 976209.22, recomputed 976209.22 CNY" in printed(report, "en")


def figure_of(body: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in body["figures"] if item["kind"] == kind)
    return found


def _factor(body: dict[str, Any]) -> None:
    body["factors"] = [{**body["factors"][0], "value": "0.0123"}]


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a number": (lambda body: figure_of(body, "npv").update(value="976209.23"), "npv"),
    "the avoided energy": (lambda body: figure_of(body, "avoided").update(value="1"), "avoided"),
    "its interval": (lambda body: figure_of(body, "avoided").update(interval=["1", "2"]), "avoided"),
    "operators among the figures": (
        lambda body: figure_of(body, "labour.after.operators").update(value="4"),
        "labour.after.operators",
    ),
    "operators as declared": (
        lambda body: body["declared"]["labour"]["after"].update(operators="4 person"),
        "body.declared.labour.after.operators",
    ),
    "the factor": (_factor, "avoided_tco2"),
    "its citation": (
        lambda body: body.update(factors=[{**body["factors"][0], "citation": "another"}]),
        "grid-2024",
    ),
    "a method": (lambda body: figure_of(body, "irr").update(method="steelyard/irr/2"), "irr"),
    "a unit": (lambda body: figure_of(body, "payback_years").update(unit="mo"), "payback_years"),
    "a figure left out": (
        lambda body: body["figures"].remove(figure_of(body, "effect.energy")),
        "effect.energy",
    ),
    "a figure too many": (
        lambda body: body["figures"].append({**figure_of(body, "irr"), "kind": "worth"}),
        "worth",
    ),
    "a refusal made up": (lambda body: body["refused"].append({"kind": "npv", "why": "shy"}), "npv"),
    "the statement": (lambda body: body.update(statement="ab" * 32), "body.statement"),
    "the period": (lambda body: body.update(to="2024-01-06"), "body.from"),
    "the project": (lambda body: body.update(project="old-machines"), "body.project"),
    "the site's name": (lambda body: body.update(names={"zh": "他厂", "en": "Other"}), "body.names"),
    "the tree": (lambda body: body.update(tree={**body["tree"], "size": 1}), "body.tree"),
    "a word too many": (lambda body: body.update(award="gold"), "body"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_certificate_is_found_even_when_the_cloud_signs_it(name: str) -> None:
    pack = certified.planted()
    change, place = CHANGES[name]
    change(pack.certificate)
    report = checked(pack)
    assert report.exit == 1
    assert any(where == f"{NAME}: {place}" or where.endswith(place) for where in faults(report)), faults(
        report
    )


def test_another_signer_and_a_missing_signature_are_found() -> None:
    assert "signer" in faults(checked(certified.planted(), "thief"))[f"{NAME}: sig"]


def test_what_was_changed_under_a_broken_signature_is_named() -> None:
    pack = certified.planted()
    figure_of(pack.certificate, "npv").update(value="976209.23")
    found = faults(checked(pack, "thief"))
    assert found.keys() == {f"{NAME}: sig", f"{NAME}: npv"}
    assert found[f"{NAME}: npv"] == "value is 976209.23, should be 976209.22"


def test_a_withdrawn_project_has_no_certificate_and_a_withdrawal_can_be_withdrawn() -> None:
    report = checked(certified.planted(("withdraw", GONE)))
    assert faults(report)[f"{NAME}: body.project"] == "new-machines was withdrawn"
    again = ("withdraw", {"statement": "@@", "why": "it was right"})
    assert checked(certified.planted(("withdraw", GONE), again)).verdict == VERIFIED
    report = checked(certified.planted(("withdraw", GONE), again, again))
    assert faults(report)[f"{NAME}: body.project"] == "new-machines was withdrawn"


def test_a_later_statement_of_the_same_project_takes_the_place_of_the_first() -> None:
    other = {**certified.PROJECT, "labour": {**certified.PROJECT["labour"]}}
    other["labour"]["after"] = {**other["labour"]["after"], "operators": "6 person"}
    report = checked(certified.planted(("replacement", other)))
    found = faults(report)
    assert "should be 6" in found[f"{NAME}: labour.after.operators"]
    assert "body.statement" in " ".join(found)


def test_a_project_that_reports_in_the_period_must_have_its_certificate() -> None:
    pack = certified.planted()
    files = {key: value for key, value in _files(pack).items() if key != NAME}
    report = verify(sealing.bundled(files, "summary"), TRUST)
    assert "without its certificate" in faults(report)["new-machines"]


def _files(pack: Certified) -> dict[str, bytes]:
    return make_packs.files(pack.mill, pack.body)


def test_two_certificates_of_one_project_are_too_many() -> None:
    pack = certified.planted()
    signed = sealing.signed(pack.certificate, key_of("cloud"))
    files = {**_files(pack), NAME: signed, "certificate-2.json": signed}
    report = verify(sealing.bundled(files, "summary"), TRUST)
    assert "each once" in faults(report)["certificates"]


def _with_pdf(pdf: bytes, signer: str = "cloud") -> Report:
    """A pack with the view %PDF-true, and *pdf* in its place."""
    pack = certified.planted()
    signed = sealing.signed(pack.certificate, key_of("cloud"))
    body = {"type": "view", "format": "steelyard-view/1", "file": "certificate-1.pdf",
            "sha256": hashlib.sha256(b"%PDF-true").hexdigest(), "of": hashlib.sha256(signed).hexdigest()}  # fmt: skip
    files = {**_files(pack), NAME: signed, "certificate-1.pdf": pdf}
    return verify(
        sealing.bundled(
            {**files, "certificate-1.view.json": sealing.signed(body, key_of(signer))}, "summary"
        ),
        TRUST,
    )


def test_a_pdf_is_the_one_that_the_cloud_made() -> None:
    assert _with_pdf(b"%PDF-true").verdict == VERIFIED
    assert "SHA-256" in faults(_with_pdf(b"%PDF-false"))["certificate-1.pdf"]
    assert "signer" in faults(_with_pdf(b"%PDF-true", "thief"))["certificate-1.view.json: sig"]
    pack = certified.planted()
    alone = {
        **_files(pack),
        NAME: sealing.signed(pack.certificate, key_of("cloud")),
        "certificate-1.pdf": b"%PDF-",
    }
    found = faults(verify(sealing.bundled(alone, "summary"), TRUST))
    assert found["manifest.json: files"] == "without certificate-1.view.json"
