"""Whatever is falsified in a pack is found and named, whoever falsifies it; the untouched pack verifies."""

from __future__ import annotations

import copy
import io
import zipfile
from functools import cache

import pytest

from tests.verify import make_packs, plain_figures, sealing
from tests.verify.lies import LIES
from tests.verify.mutations import LEDGER, Files, Pack
from tests.verify.sealing import fingerprint, key_of
from verify.check import NOT_ANCHORED, VERIFIED, Report, verify

TRUST = {fingerprint(key_of("cloud"))}
# First, middle, last of what is falsified; two of three only in `make test-long`.
POSITIONS = (pytest.param(0, marks=pytest.mark.long), 1, pytest.param(2, marks=pytest.mark.long))


@cache
def whole() -> Files:
    """The files of an untouched pack."""
    mill = make_packs.plant(4)
    return make_packs.files(mill, make_packs.body(mill, plain_figures.Plain(mill).figures(), []))


def manifest() -> bytes:
    """The manifest of the untouched pack."""
    with zipfile.ZipFile(io.BytesIO(sealing.bundled(whole(), "summary"))) as archive:
        return archive.read("manifest.json")


def checked(pack: Pack) -> Report:
    return verify(sealing.bundled(pack.files(), pack.depth), TRUST)


def faults(report: Report) -> dict[str, list[str]]:
    """Where each check found something."""
    found: dict[str, list[str]] = {}
    for check in report.findings.checks:
        if not check.ok:
            assert check.where and check.why and "could not be checked" not in check.why, check
            found.setdefault(check.name, []).append(f"{check.where}: {check.why}")
    return found


def test_the_untouched_pack_verifies_and_there_are_enough_kinds() -> None:
    assert checked(Pack.of(whole(), "summary")).verdict == VERIFIED
    assert len(LEDGER) + len(LIES) >= 60


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("name", LEDGER)
def test_a_falsified_block_or_proof_is_found(name: str, position: int) -> None:
    change, check = LEDGER[name]
    pack = Pack.of(whole(), "summary")
    change(pack, position)
    report = checked(pack)
    assert report.exit == 1
    assert check in faults(report)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("name", LIES)
def test_a_changed_summary_is_found_whoever_signs_it(name: str, position: int) -> None:
    lie, check = LIES[name]
    pack = Pack.of(whole(), "summary")
    before = copy.deepcopy(pack.body)
    lie(pack.body, position)
    assert pack.body != before
    # Nobody signs: the attacker has no key.
    assert "summary" in faults(checked(pack))
    # The attacker signs with a key of his own: found as well, and never anchored.
    pack.sign(key_of("thief"))
    report = checked(pack)
    assert (report.exit, report.anchored) == (1, False)
    # The cloud itself lies: its own signature holds, the blocks tell.
    pack.sign(key_of("cloud"))
    report = checked(pack)
    found = faults(report)
    assert report.exit == 1 and check in found, found
    assert (
        "summary" not in found or check == "summary" or name == "node_key_dropped" or name == "head_dropped"
    )


def test_a_pack_made_anew_with_other_keys_is_consistent_but_not_anchored() -> None:
    pack = Pack.of(whole(), "summary")
    pack.sign(key_of("thief"))
    report = checked(pack)
    assert (report.verdict, report.exit, report.anchored) == (NOT_ANCHORED, 1, False)
    assert report.json()["fingerprints"][0] == fingerprint(key_of("thief"))  # type: ignore[index]


@pytest.mark.parametrize("name", ["summary.json", "ledger.seg", "proofs.json", "README.txt"])
def test_an_entry_that_is_missing_or_damaged_is_found(name: str) -> None:
    files = whole()
    report = verify(
        sealing.bundled({key: data for key, data in files.items() if key != name}, "summary"), TRUST
    )
    assert report.exit == (2 if name == "summary.json" else 1)
    hashes = sealing.bundled(files, "summary")
    at = hashes.index(files[name][:40]) + len(files[name]) // 2
    damaged = hashes[:at] + bytes([hashes[at] ^ 1]) + hashes[at + 1 :]
    assert verify(damaged, TRUST).exit == 2  # the CRC of the zip


def test_a_manifest_that_is_stale_or_says_another_depth_is_found() -> None:
    files = {**whole(), "README.txt": b"other words"}
    report = verify(sealing.zipped({"manifest.json": manifest(), **files}), TRUST)
    assert [check.where for check in report.findings.checks if not check.ok] == ["README.txt"]
    assert "zip" in faults(report)
    report = verify(sealing.bundled(whole(), "full"), TRUST)
    assert report.exit == 1 and faults(report)
    assert verify(sealing.bundled(whole(), "half"), TRUST).exit == 2


def test_entries_too_many_or_in_another_order_are_found() -> None:
    more = {"manifest.json": manifest(), **whole(), "more.txt": b""}
    assert "zip" in faults(verify(sealing.zipped(more), TRUST))
    turned = dict(reversed({"manifest.json": manifest(), **whole()}.items()))
    assert "zip" in faults(verify(sealing.zipped(turned), TRUST))
