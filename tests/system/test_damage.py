"""A run whose ledger is damaged afterwards, and an edge whose kernel decodes wrongly."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud import ledger
from contract.block import ROWS, Header
from demo.process import tool
from journal.records import Record, pack
from tests.system.conftest import Finished, command

pytestmark = [pytest.mark.long, pytest.mark.timeout(150)]

# Python imports this by its name at its start: the kernel as another build of it would be.
STUB = """
from cython_ext import registers

built = registers.decode
registers.decode = lambda answers, fields, row, bad: {decode}
"""
STUBS = {
    "always good, nothing decoded": "-1",
    "words in one order only": "built(answers, (fields * [1, 1, 0, 1, 1, 1, 1]).astype('i4'), row, bad)",
    "nothing refused": "min(built(answers, fields, row, bad), -1)",
    "broken": "1 // 0",
}


def copied(finished: Finished, folder: Path) -> Path:
    """A copy of the run's folder."""
    return Path(shutil.copytree(finished.folder, folder / "demo", ignore=shutil.ignore_patterns("*.sock")))


@pytest.fixture
def copy(finished: Finished, tmp_path: Path) -> Path:
    """The run's folder, to be spoilt."""
    return copied(finished, tmp_path)


def rows_block(folder: Path) -> tuple[Record, Header]:
    """One of the blocks with rows, from the middle of the ledger."""
    decoder = ledger.Decoder()
    found = [
        (record, decoder.skim(record.data).header) for record in ledger.read(folder / "cloud" / "ledger")
    ]
    with_rows = [(record, header) for record, header in found if header.kind == ROWS]
    return with_rows[len(with_rows) // 2]


def place(record: Record) -> tuple[str, int]:
    """Segment and offset."""
    return f"{record.position >> 32:08d}.seg", record.position & 0xFFFFFFFF


def write(folder: Path, segment: str, offset: int, data: bytes) -> None:
    """Overwrite a part of a segment."""
    with (folder / "cloud" / "ledger" / segment).open("r+b") as file:
        file.seek(offset)
        file.write(data)


def verify(folder: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of `blocks --verify`."""
    done = command("steelyard-cloud", "blocks", "--workdir", folder, "--verify", "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_sound_ledger_verifies(finished: Finished) -> None:
    code, found = verify(finished.folder)
    assert (code, found["bad"], found["duplicates"]) == (0, [], 0)
    assert found["values"] == finished.verdict["ledger"]


@pytest.mark.parametrize(
    ("part", "at"),
    [("mark", 0), ("length", 5), ("checksum", 9), ("stamp", 14), ("header", 40), ("last byte", -1)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_flipped_byte_is_named_by_segment_and_offset(copy: Path, part: str, at: int) -> None:
    record, header = rows_block(copy)
    segment, offset = place(record)
    whole = pack(record.stamp, record.data)
    flipped = bytearray(whole)
    flipped[at] ^= 0x10
    write(copy, segment, offset, bytes(flipped))
    code, found = verify(copy)
    assert code == 1
    (bad,) = (item for item in found["bad"] if item["where"] == f"{segment}:{offset}")
    assert re.search(r"after \w+/[0-9a-f]{16}/\d+, before \w+/[0-9a-f]{16}/\d+$", bad["message"]), bad
    lost = f"{header.stream}/{header.incarnation:016x}/{header.seq}"
    assert lost in [item["where"] for item in found["bad"]], "and the next one links to what is missing"


@pytest.mark.parametrize("part", ["signature", "body"])
def test_a_change_that_the_checksum_covers_is_found_by_hash_and_signature(copy: Path, part: str) -> None:
    record, header = rows_block(copy)
    segment, offset = place(record)
    changed = bytearray(record.data)
    signature = int.from_bytes(changed[4:6], "little")
    changed[signature + 10 if part == "signature" else -1] ^= 0x01
    write(copy, segment, offset, pack(record.stamp, bytes(changed)))
    code, found = verify(copy)
    named = f"{header.stream}/{header.incarnation:016x}/{header.seq}"
    where = [item["where"] for item in found["bad"]]
    assert code == 1 and (named if part == "signature" else f"{segment}:{offset}") in where, found["bad"]


@pytest.fixture(scope="module")
def plant(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The run's folder with its plant at work again; a wrong kernel changes nothing in it."""
    copy = copied(finished, tmp_path_factory.mktemp("plant"))
    ready = copy / "plant" / "ready"
    ready.unlink(missing_ok=True)
    with (copy / "logs" / "plant.log").open("ab") as log:
        process = subprocess.Popen(
            [tool("steelyard-plant"), "run", "--workdir", copy], stdout=log, stderr=log
        )
    try:
        yield copy
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("stub", STUBS)
def test_a_wrong_kernel_stops_the_scan(
    plant: Path, stub: str, tmp_path: Path, wait_for: Callable[..., bool]
) -> None:
    account = plant / "plant" / "account.csv"
    assert wait_for(lambda: command("steelyard-edge", "check", "--workdir", plant).returncode == 0, 30.0)
    time.sleep(0.2)
    read = account.stat().st_size
    before = command("steelyard-edge", "journal", "list", plant, "--json").stdout
    (tmp_path / "sitecustomize.py").write_text(STUB.format(decode=STUBS[stub]))
    done = command(
        "steelyard-edge",
        "run",
        "--workdir",
        plant,
        "--drain",
        "0",
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 3, done.stderr
    why = "ZeroDivisionError" if stub == "broken" else "registers kernel does not decode its known answers"
    assert why in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    served = {line.split(b",")[0].decode() for line in account.read_bytes()[read:].splitlines()}
    assert not [device for device in served if device.endswith("-meter")], "no register was read"
    assert rows(before) == rows(command("steelyard-edge", "journal", "list", plant, "--json").stdout)


def rows(listed: str) -> dict[str, int]:
    """The last row of each stream."""
    return {each["stream"]: each["row_last"] for each in json.loads(listed)["streams"]}
