"""Refusals of real clouds: the verifier finds the same codes and parameters, and every forged one."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from journal.keyfiles import load_key
from tests.verify import real_site, refusing_site, saving_site, sealing
from tests.verify.mutations import Pack
from tests.verify.refusing_site import CASES, SITE
from verify.check import VERIFIED, Report, verify
from verify.formats.message import CATALOGUE, english
from verify.reasons.messages import OldReasons, ReasonsNotWorkedOut, ReasonsOpen
from verify.reasons.reason import OPEN, Reason, unlike

Json = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """A folder of a cloud and the pack that it made."""

    folder: Path
    data: bytes

    def pack(self) -> Pack:
        with zipfile.ZipFile(BytesIO(self.data)) as archive:
            return Pack.of({name: archive.read(name) for name in archive.namelist()}, "summary")

    def signed(self, body: Json) -> Report:
        """The report of the pack with another body, which the cloud itself signs."""
        pack = self.pack()
        pack.body = body
        key = load_key(self.folder / "cloud" / "cloud.key")
        pack.sign(key)
        return verify(sealing.bundled(pack.files(), "summary"), {sealing.fingerprint(key)})


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Site]:
    """A case and its site."""
    name = str(request.param)
    folder = refusing_site.build(tmp_path_factory.mktemp(name), name)
    return name, Site(folder, real_site.packed(folder, "summary", CASES[name].period, SITE))


def faults(report: Report) -> list[str]:
    return [f"{check.name} {check.where}: {check.why}" for check in report.findings.checks if not check.ok]


def limits(report: Report) -> set[str]:
    """The codes of what was not compared."""
    return {check.message.CODE for check in report.findings.checks if check.ok} & {
        OldReasons.CODE, ReasonsNotWorkedOut.CODE, ReasonsOpen.CODE,
    }  # fmt: skip


def test_the_codes_and_parameters_are_those_that_the_verifier_finds(case: tuple[str, Site]) -> None:
    name, site = case
    body = site.pack().body
    report = site.signed(body)
    assert faults(report) == [] and report.verdict == VERIFIED
    assert {item["code"] for item in body["refused"]} >= {
        f"accounts.{code}" for code in CASES[name].codes.split()
    }
    assert limits(report) == ({ReasonsOpen.CODE} if name == "before-any-factor" else set())


def forged(item: Json) -> Iterator[tuple[str, Json]]:
    """A refusal with one lie, each with its name; what else depends on it is made to fit."""
    yield "the English text alone", {**item, "message": f"{item['message']}."}
    others = [code for code in sorted(CATALOGUE) if code.startswith("accounts.") and code != item["code"]]
    for code in others:
        text = english(code, item["params"])
        if text is not None:
            yield f"the code {code}", {**item, "code": code, "message": text}
    yield "a code of nobody", {**item, "code": "accounts.nothing"}
    for key, value in item["params"].items():
        for lie in (7 if isinstance(value, str) else "x", f"{value}x", [value]):
            params = {**item["params"], key: lie}
            yield (
                f"{key} = {lie}",
                {**item, "params": params, "message": english(item["code"], params) or "x"},
            )
    yield "a parameter too many", {**item, "params": {**item["params"], "more": "1"}}


def test_every_forged_reason_is_found_though_the_cloud_signs_it(case: tuple[str, Site]) -> None:
    """All refusals of the pack are forged at once, each lie of each of them once."""
    name, site = case
    body = site.pack().body
    lies = [list(forged(item)) for item in body["refused"]]
    lies = [[lie for lie in each if not lie[0].startswith("first = 2")] for each in lies]  # in no pack: OPEN
    for number in range(max(map(len, lies))):
        told = copy.deepcopy(body)
        chosen = [each[number % len(each)] for each in lies]
        told["refused"] = sorted((lie for _, lie in chosen), key=_order)
        found = faults(site.signed(told))
        for (what, _), item in zip(chosen, body["refused"], strict=True):
            place = f"refusals {item['kind']} {item['point'] or ''}:"
            assert any(fault.startswith(place) for fault in found), (name, place, what, found)


def _order(item: Json) -> tuple[str, str, str, str]:
    return item["kind"], item["point"] or "", item["code"], item["message"]


def test_a_dropped_and_an_added_refusal_are_found(case: tuple[str, Site]) -> None:
    _, site = case
    body = site.pack().body
    for number, item in enumerate(body["refused"]):
        told = copy.deepcopy(body)
        del told["refused"][number]
        place = f"refusals {item['kind']} {item['point'] or ''}: should be refused: "
        assert any(fault.startswith(place) for fault in faults(site.signed(told))), place
    one = body["refused"][0]
    told = {
        **body,
        "refused": sorted([*body["refused"], {**one, "kind": "heat_gj", "point": "x"}], key=_order),
    }
    assert any("refusals heat_gj x: was refused, but nothing" in fault for fault in faults(site.signed(told)))
    twice = {**body, "refused": sorted([*body["refused"], one], key=_order)}
    assert any("is refused twice" in fault for fault in faults(site.signed(twice)))


def test_reasons_of_former_times_are_a_limit_that_the_report_names(case: tuple[str, Site]) -> None:
    """A cloud that leaves the codes out is not accused, but the reader is told."""
    _, site = case
    body = site.pack().body
    old = [{"kind": item["kind"], "point": item["point"], "why": item["message"]} for item in body["refused"]]
    told = {**body, "refused": sorted(old, key=lambda item: (item["kind"], item["point"] or "", item["why"]))}
    report = site.signed(told)
    assert faults(report) == [] and limits(report) == {OldReasons.CODE}


def test_rows_of_a_point_that_was_dropped_refuse_what_they_would_count_in(tmp_path: Path) -> None:
    """The totals of their quantity, and what is asked of that point; other points keep their figures."""
    span = "2023-12-30 00:00,2023-12-31 00:00"
    rows = f"{span},main,electricity,5,kWh\n{span},old,electricity,5,kWh\n{span},old,cod,5,mg/L\n{span},out,cod,5,mg/L"
    points = "id: main\nid: out"
    refusing_site.declared(tmp_path, refusing_site.Case(f"{points}\nid: old", rows, ""))
    (tmp_path / "site.yaml").write_text(refusing_site.Case(points, "", "").yaml, encoding="utf-8")
    real_site.run("declare", str(tmp_path / "site.yaml"), "--workdir", str(tmp_path))
    site = Site(tmp_path, real_site.packed(tmp_path, "summary", refusing_site.PERIOD, SITE))
    body = site.pack().body
    report = site.signed(body)
    assert faults(report) == [] and ("electricity_kwh", "main") in {(f.kind, f.point) for f in report.figures}
    reasons = {(item["kind"], item["point"]): item["code"] for item in body["refused"]}
    assert reasons["electricity_kwh", None] == reasons["cod_kg", "old"] == "accounts.inputs.unknown_point"
    assert reasons["permit_cod_day", "old"] == "accounts.permits.no_such_point"


def test_a_row_beside_the_meter_is_refused_with_its_moment(tmp_path: Path) -> None:
    row = "2024-02-29 10:30,2024-02-29 11:30,main,electricity,3,kWh"
    refusing_site.declared(tmp_path, refusing_site.Case("id: main", row, ""), real_site.SITE)
    folder = real_site.build(tmp_path, 1)
    site = Site(folder, real_site.packed(folder, "summary"))
    body = site.pack().body
    assert "accounts.inputs.measured_and_imported" in {item["code"] for item in body["refused"]}
    assert faults(site.signed(body)) == []
    item = next(item for item in body["refused"] if item["code"].endswith("measured_and_imported"))
    item["params"]["at"] = "2024-02-29T02:30:01Z"
    item["message"] = english(item["code"], item["params"])
    assert any("at of its reason is 2024-02-29T02:30:01Z" in fault for fault in faults(site.signed(body)))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with savings projects, and no replacements."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving_site, "YAML", saving_site.YAML.partition("replacement:")[0])
        folder = saving_site.build(tmp_path_factory.mktemp("saved"), 1)
    return Site(folder, real_site.packed(folder, "summary", saving_site.PERIOD, saving_site.SITE))


def warned(body: Json) -> list[Json]:
    """The figures of a summary that have warnings."""
    return [figure for figure in body["figures"] if figure.get("warnings")]


def test_the_warnings_of_savings_are_those_that_the_verifier_finds(saved: Site) -> None:
    body = saved.pack().body
    report = saved.signed(body)
    assert faults(report) == [] and report.verdict == VERIFIED
    codes = {
        item["code"].removeprefix("accounts.savings.") for one in warned(body) for item in one["warnings"]
    }
    assert codes >= {"few_rows", "selection", "not_significant", "criterion_failed"}
    assert limits(report) == set()
    refused = {item["point"]: item["code"] for item in body["refused"]}
    assert refused["hopeless"] == "accounts.savings.one_row"
    assert refused["broken-months"] == "accounts.savings.no_whole_months"


def test_a_forged_a_dropped_and_an_added_warning_are_found(saved: Site) -> None:
    whole = saved.pack().body
    for at, figure in enumerate(warned(whole)):
        for number, item in enumerate(figure["warnings"]):
            lies = [*forged(item), ("dropped", None), ("added", item)]
            codes = [what for what, _ in lies if what.startswith("the code")]
            for what, lie in lies:
                if what in codes[1:]:
                    continue  # one other code is enough: each lie takes a check of the whole pack
                body = copy.deepcopy(whole)
                told = warned(body)[at]["warnings"]
                told[number : number + 1] = [] if lie is None else [item, item] if what == "added" else [lie]
                found = faults(saved.signed(body))
                assert any(fault.startswith("warnings") for fault in found), (figure["point"], what, found)


def test_warnings_that_were_taken_away_as_a_whole_are_found(saved: Site) -> None:
    for empty in (True, False):
        body = saved.pack().body
        figure = warned(body)[0]
        figure.pop("warnings")
        if empty:
            figure["warnings"] = []
        assert any("should warn" in fault for fault in faults(saved.signed(body)))


def test_what_the_verifier_does_not_work_out_is_counted(saved: Site) -> None:
    body = saved.pack().body
    told = warned(body)[0]["warnings"]
    told.append({"code": "accounts.savings.left_out", "params": {"why": {}}, "message": "left out: …"})
    report = saved.signed(body)
    assert faults(report) == [] and limits(report) == {ReasonsNotWorkedOut.CODE}
    warned(body)[0]["warnings"] = [item["message"] for item in told]
    report = saved.signed(body)
    assert faults(report) == [] and limits(report) == {OldReasons.CODE}


def test_an_open_parameter_takes_a_text_or_a_sound_message_only() -> None:
    known = CATALOGUE["accounts.inputs.at_point"]("p", OPEN)
    text = {"code": "contract.text", "params": {"text": "x"}, "message": "x"}
    for why, fits in ((text, True), ({**text, "message": "y"}, False), (7, False), ([text], False)):
        message = english(known.CODE, {"point": "p", "why": why}) or ""
        said = Reason(known.CODE, {"point": "p", "why": why}, message)
        assert (unlike(said, [known]) is None) == fits, why
