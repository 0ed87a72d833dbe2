"""Schemas, rows and chains of blocks that tests of the contract are made from."""

from __future__ import annotations

import string
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from contract.quality import Origin, Quality
from contract.schema import Schema
from contract.seal import Clock, Sealed, Sealer, seal_rows, seal_statement
from contract.statement import Statement
from contract.tags import TIME_SOURCES, TYPES, Group, Layout, Rows, Tag, to_bits

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
SALT = bytes(range(16))
CLOCK = Clock(1_700_000_000_000_000_000, 5_000_000_000, 6_000_000_000)
CHAIN = Sealer("mill-edge", "account", 0x0123456789ABCDEF, bytes(range(100, 116)))

FIRST = string.ascii_letters + string.digits + "染色机布速é"
DECIMALS = ["1", "0.01", "-2.5", "1e-3", "1000", "0.1", "12345678901234567890.5"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


def tags(name: st.SearchStrategy[str]) -> st.SearchStrategy[Tag]:
    """Tags of every type, with and without each optional field."""
    optional = st.none() | TEXT
    return st.builds(
        Tag, name, st.sampled_from(sorted(TYPES)), TEXT, st.sampled_from(("counter", "gauge", "state")),
        st.sampled_from(DECIMALS), st.sampled_from(["0", *DECIMALS]),
        st.none() | st.sampled_from(DECIMALS), optional, optional, optional, optional, st.just("") | TEXT,
    )  # fmt: skip


NAME = st.builds(str.__add__, st.sampled_from(FIRST), st.text(st.sampled_from(FIRST + "._-/:"), max_size=6))


@st.composite
def groups(draw: st.DrawFn, id_: str) -> Group:
    """A group of one to five tags."""
    names = draw(st.lists(NAME, min_size=1, max_size=5, unique=True))
    return Group(
        id_, draw(TEXT), draw(TEXT), "account", draw(st.sampled_from(Layout)),
        draw(st.integers(0, 10**17)), draw(st.sampled_from(TIME_SOURCES)),
        tuple(draw(tags(st.just(name))) for name in names),
    )  # fmt: skip


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """A schema of one to three groups of the stream *account*."""
    ids = draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))
    return Schema(draw(TEXT), draw(st.integers(0, 10**17)), tuple(draw(groups(id_)) for id_ in ids))


def column(dtype: np.dtype[Any], count: int, chance: np.random.Generator, boolean: bool) -> npt.NDArray[Any]:
    """Values of one of several characters: any bits (NaN payloads too), borders, decimals, a slow counter."""
    if boolean:
        return chance.integers(0, 2, count).astype(dtype)
    how = chance.integers(5)
    if how == 0:
        return np.frombuffer(chance.bytes(count * dtype.itemsize), dtype)
    if how == 1 and dtype.kind == "f":
        odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1.5, 2.0**53, 2.0**53 - 1, -(2.0**24), 0.1]
        return chance.choice(np.array(odd), count).astype(dtype)
    if how == 2 and dtype.kind == "f":
        scale, digits = 10.0 ** chance.integers(0, 6), chance.integers(0, 5)
        decimals = np.round(chance.normal(size=count) * scale, digits) + chance.choice([0.0, -0.0])
        return decimals.astype(dtype)
    if how == 3:
        return np.cumsum(chance.integers(0, 3, count)).astype(dtype)
    if dtype.kind == "f":
        return chance.uniform(-1, 1, count).astype(dtype)
    info = np.iinfo(dtype)
    return chance.choice(np.array([info.min, info.max, 0, 1], dtype), count)


def times(count: int, chance: np.random.Generator) -> npt.NDArray[np.int64]:
    """Mostly seconds that go on; at times any 64-bit number."""
    if chance.integers(3) == 0:
        return np.frombuffer(chance.bytes(count * 8), np.int64).copy()
    return 1_700_000_000_000_000_000 + np.cumsum(chance.integers(1, 2 * 10**9, count))


def rows(group: Group, count: int, seed: int) -> Rows:
    """Rows of a group, wholly determined by the seed."""
    chance = np.random.default_rng(seed)
    data = np.zeros(count, group.row)
    columns = [column(tag.dtype, count, chance, tag.type == "bool") for tag in group.tags]
    if group.layout is Layout.EVENTS:
        data["tag"] = np.sort(chance.integers(0, len(group.tags), count))
        for index, values in enumerate(columns):
            data["value"] = np.where(data["tag"] == index, to_bits(values), data["value"])
        alive = int(chance.integers(-(1 << 63), 1 << 63, dtype=np.int64))
        shape: tuple[int, ...] = (count,)
    else:
        for name, values in zip(data.dtype.names or (), columns, strict=True):
            data[name] = values
        alive, shape = 0, (count, len(group.tags))
    status = chance.integers(0, max(Quality) + 1, shape).astype(np.uint8) if chance.integers(2) else None
    source = times(count, chance) if chance.integers(3) == 0 else None
    origin = Origin(int(chance.integers(max(Origin) + 1)))
    return Rows(group, times(count, chance), data, status, source, origin, alive)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Schema, list[Rows]]:
    """A schema and up to four pieces of rows of its groups, empty ones too."""
    schema = draw(schemas())
    pieces = draw(
        st.lists(
            st.tuples(
                st.sampled_from(schema.groups),
                st.sampled_from([0, 1, 2, 7, 60]),
                st.integers(0, 2**32),
            ),
            max_size=4,
        )
    )
    return schema, [rows(group, count, seed) for group, count, seed in pieces]


def opening(schema: Schema, chain: Sealer = CHAIN) -> list[Sealed]:
    """The two blocks that each incarnation begins with."""
    fields: dict[str, Any] = {"node": chain.node, "site": "demo-mill", "previous": None, "cause": "start"}
    fields |= {"boot": chain.boot.hex(), "clock": {"boot_ns": "5", "utc_ns": "7"}, "version": "0"}
    first = seal_statement(Statement("open", fields), chain, CLOCK, KEY, SALT)
    return [first, seal_statement(Statement("schema", schema.to_fields()), first.chain, CLOCK, KEY, SALT)]


def sealed(schema: Schema, pieces: list[Rows]) -> list[Sealed]:
    """Open, schema and one block of rows."""
    begun = opening(schema)
    count = sum(map(len, pieces))
    return [*begun, seal_rows(pieces, count, schema, begun[-1].chain, CLOCK, KEY, SALT)]


def zlib_of(raw: bytes) -> bytes:
    """One zlib stream."""
    return zlib.compress(raw, 6)
