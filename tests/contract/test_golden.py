"""Blocks that were sealed once are read the same for ever. A missing file fails; nothing here writes one.

Each file holds the chain up to its last block in hex, and what that block says: its header and its statement or parts,
with values as the bits in hex.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract import block, seal, statement
from contract.schema import Schema
from contract.seal import Clock, Sealer
from contract.statement import Statement
from contract.tags import Layout, Rows, to_bits
from tests.contract import made, plain_reader

FOLDER = Path(__file__).parent / "golden"
STATEMENTS = ("statement-open", "statement-gap")
ROWS = (
    "table-integers",
    "table-decimals",
    "table-odd-floats",
    "table-stored",
    "table-status",
    "events-runs",
    "events-heartbeat",
)


def golden(name: str) -> dict[str, Any]:
    """A file of the folder; raises FileNotFoundError."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def hexed(value: Any, ours: bool) -> dict[str, Any]:
    """A header as the files show it, from a Header of ours or from the second reader's fields."""
    fields = dict(vars(value)) if ours else dict(value)
    if not ours:
        times = [str(fields.pop("utc_first")), str(fields.pop("utc_last"))]
        fields["utc"] = times if fields.pop("has_utc") else None
    elif fields["utc"] is not None:
        fields["utc"] = [str(time) for time in fields["utc"]]
    for key in ("boot_first", "boot_last", "sealed_at"):
        fields[key] = str(fields[key])
    fields["incarnation"] = f"{fields['incarnation']:016x}"
    return {key: item.hex() if isinstance(item, bytes) else item for key, item in fields.items()}


def columns_of(rows: Rows) -> list[dict[str, Any]]:
    """Columns as the files show them; for events one for each run."""
    tags, data = rows.group.tags, rows.data
    if rows.group.layout is Layout.EVENTS:
        found = sorted({int(tag) for tag in data["tag"]})
        picked = [(tag, data["value"][data["tag"] == tag].tolist()) for tag in found]
    else:
        picked = [(tag, to_bits(data[f"f{tag}"].copy()).tolist()) for tag in range(len(tags))]
    return [shown(tag, tags[tag].type, bits) for tag, bits in picked]


def shown(tag: int, kind: str, bits: list[int]) -> dict[str, Any]:
    digits = 2 * plain_reader.WIDTHS[kind]
    return {"tag": tag, "type": kind, "bits": [f"{value:0{digits}x}" for value in bits]}


@pytest.mark.parametrize("name", [*STATEMENTS, *ROWS])
def test_the_second_reader_reads_the_header(name: str) -> None:
    wanted = golden(name)
    key = bytes.fromhex(wanted["public_key"])
    found = [plain_reader.read_block(bytes.fromhex(item), key) for item in wanted["blocks"]]
    assert hexed(found[-1].header, False) | {"hash": found[-1].hash.hex()} == wanted["header"]


@pytest.mark.parametrize("name", [*STATEMENTS, *ROWS])
def test_we_read_the_header(name: str) -> None:
    wanted = golden(name)
    header, _ = seal.verify(bytes.fromhex(wanted["blocks"][-1]), made.KEY.public_key())
    assert hexed(header, True) | {"hash": header.hash.hex()} == wanted["header"]


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements(name: str) -> None:
    wanted = golden(name)
    body = block.parse(bytes.fromhex(wanted["blocks"][-1]))[2][block.SALT :]
    assert plain_reader.read_statement(body) == wanted["statement"]
    fields = {key: value for key, value in wanted["statement"].items() if key != "kind"}
    assert statement.load(body) == Statement(wanted["statement"]["kind"], fields)


@pytest.mark.parametrize("name", ROWS)
def test_rows_by_the_second_reader(name: str) -> None:
    wanted = golden(name)
    key = bytes.fromhex(wanted["public_key"])
    _, stated, item = (plain_reader.read_block(bytes.fromhex(data), key) for data in wanted["blocks"])
    schema = plain_reader.read_statement(stated.body)
    found = plain_reader.read_rows(item.body, schema)
    assert len(found) == len(wanted["parts"])
    for part, want in zip(found, wanted["parts"], strict=True):
        types = [tag["type"] for tag in schema["groups"][part.group]["tags"]]
        source = None if part.source_time is None else [str(time) for time in part.source_time]
        assert want == {
            "group": part.group,
            "layout": part.layout,
            "origin": part.origin,
            "alive_until": str(part.alive_until),
            "time": [str(time) for time in part.time],
            "status": part.status,
            "source_time": source,
            "columns": [shown(tag, types[tag], bits) for tag, bits in part.columns],
        }


@pytest.mark.parametrize("name", ROWS)
def test_rows_by_us(name: str) -> None:
    wanted = golden(name)
    _, stated, item = (block.parse(bytes.fromhex(data))[2][block.SALT :] for data in wanted["blocks"])
    schema = Schema.from_fields(statement.load(stated).fields)
    found = block.decode_rows(item, schema)
    assert len(found) == len(wanted["parts"])
    for rows, want in zip(found, wanted["parts"], strict=True):
        events = rows.group.layout is Layout.EVENTS
        status = None
        if rows.status is not None:
            status = [rows.status.tolist()] if events else rows.status.T.tolist()
        source = None if rows.source_time is None else [str(time) for time in rows.source_time.tolist()]
        assert want == {
            "group": schema.index[rows.group.id],
            "layout": rows.group.layout.name.lower(),
            "origin": rows.origin,
            "alive_until": str(rows.alive_until),
            "time": [str(time) for time in rows.time.tolist()],
            "status": status,
            "source_time": source,
            "columns": columns_of(rows),
        }


def test_the_same_statement_gives_the_same_bytes() -> None:
    """Key, salt and clock given, nothing is left to chance: what is signed depends on what is said alone."""
    opened, gap = (bytes.fromhex(item) for item in golden("statement-gap")["blocks"])
    fields = dict(golden("statement-open")["statement"])
    chain = Sealer("mill-edge", "account", 0x0123456789ABCDEF, bytes(range(100, 116)))
    clock = Clock(1_700_000_000_000_000_000, 5_000_000_000, 6_000_000_000)
    first = seal.seal_statement(
        Statement(fields.pop("kind"), fields), chain, clock, made.KEY, bytes(range(16))
    )
    assert first.data == opened
    fields = dict(golden("statement-gap")["statement"])
    second = Statement(fields.pop("kind"), fields)
    assert seal.seal_statement(second, first.chain, clock, made.KEY, bytes(range(16))).data == gap


def test_every_file_has_its_test() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*STATEMENTS, *ROWS}
