"""Packs whose parts are of the wrong type, size or sense, signed by whoever likes to: named, never a traceback."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from tests.verify import make_packs, plain_figures, sealing
from tests.verify.mutations import Pack, data_name, resealed, statement
from tests.verify.sealing import key_of
from tests.verify.test_mutations import checked, whole
from verify.check import verify

ODD: list[Any] = [
    None, True, False, 0, -1, 2**53 - 1, "", "x", "-1", "0", "1e99", "9" * 200, "\u202e", "../../etc/passwd", [], [[]],
    {}, {"id": []}, [None], ["a", "a"], "2023-13-45", "99:99", "00" * 32, "zz" * 32,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of everything in a JSON value."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key in value:
            found += places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(min(len(value), 3)):
            found += places(value[index], (*path, index))
    return found


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


def unforeseen(report: Any) -> list[str]:
    return [check.why for check in report.findings.checks if "could not be checked" in check.why]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_no_odd_value_in_a_summary_is_unforeseen() -> None:
    chance = random.Random(11)
    good = Pack.of(whole(), "summary")
    for path in places(good.body):
        pack = copy.deepcopy(good)
        put(pack.body, path, chance.choice(ODD))
        pack.sign(key_of("cloud"))
        if pack.body == good.body:
            continue
        report = checked(pack)
        assert unforeseen(report) == [], path
        # What the cloud alone says: words, addresses. Their type is checked, their sense cannot be.
        assert report.exit == 1 or path[-1] in ("why", "url", "document", "clause", "zh", "en", "warnings"), (
            path
        )
        json.dumps(report.json())


def test_no_odd_value_in_a_statement_is_unforeseen() -> None:
    """Statements are sealed by their true writers, the tree and the summary made anew: everyone lies together."""
    chance = random.Random(12)
    for _ in range(25):
        mill = make_packs.plant(chance.randrange(100))
        body = make_packs.body(mill, plain_figures.Plain(mill).figures(), [])
        number = chance.randrange(len(mill.log.records))
        stamp, block = mill.log.records[number]
        fields = statement(block)
        path = chance.choice(places(fields))
        put(fields, path, chance.choice(ODD))
        mill.log.records[number] = (stamp, resealed(block, key_of(data_name(block).decode()), **fields))
        body["tree"]["root"] = sealing.root(mill.log.leaves).hex()
        report = verify(sealing.bundled(make_packs.files(mill, body), "summary"), set())
        assert unforeseen(report) == [], (fields.get("kind"), path)


@pytest.mark.parametrize("name", ["summary.json", "proofs.json", "ledger.seg"])
def test_any_bytes_in_an_entry_are_refused(name: str) -> None:
    chance = random.Random(13)
    files = whole()
    for _ in range(40):
        data = bytearray(files[name])
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.choice([0, 1, 1, 9])] = chance.randbytes(chance.choice([0, 1, 1, 9]))
        if bytes(data) == files[name]:
            continue
        report = verify(sealing.bundled({**files, name: bytes(data)}, "summary"), set())
        assert report.exit in (1, 2) and unforeseen(report) == []
        assert report.why or any(not check.ok for check in report.findings.checks)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b"[" * 100_000, b'{"body":' * 5000, b"1" * 10_000, b'"' + b"a" * 10_000],
)
@pytest.mark.parametrize("name", ["manifest.json", "summary.json", "proofs.json", "ledger.seg"])
def test_another_content_altogether_is_refused(name: str, data: bytes) -> None:
    files = {**whole(), name: data}
    pack = sealing.bundled(files, "summary")
    if name == "manifest.json":
        pack = sealing.zipped({name: data, **whole()})
    report = verify(pack, set())
    assert report.exit in (1, 2) and unforeseen(report) == []
