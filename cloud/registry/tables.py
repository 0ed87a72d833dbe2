"""The tables of the registry. Whatever changes here needs a new file in migrations/versions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

progress = Table(
    "progress",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cursor", BigInteger, nullable=False),
)
"""One row: the ledger position up to which statements are in the tables below."""

declarations = Table(
    "declarations",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("by", String(14), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("declarations_of_site", "site", "kind", "position"),
)
"""Statements of desks but imports, by ledger position. body: their fields as canonical JSON."""

pending = Table(
    "pending",
    metadata,
    Column("incarnation", String(16), primary_key=True),
    Column("file", String(64), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("parts", Integer, nullable=False),
    Column("site", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
)
"""Parts of imports whose file is not complete; those of a killed run stay here and never count."""

imports = Table(
    "imports",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("incarnation", String(16), nullable=False),
    Column("file", String(64), nullable=False),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("by", String(14), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Index("imports_of_site", "site", "position"),
)
"""Each part of each import in the ledger, whether its rows count or not. rows: how many it holds."""

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", String(64), nullable=False),
    Column("point", String(128), nullable=False),
    Column("quantity", String(32), nullable=False),
    Column("from_ns", BigInteger, nullable=False),
    Column("to_ns", BigInteger),
    Column("value", String(64), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("site", "point", "quantity", "from_ns", name="readings_once"),
)
"""Imported rows that count. to_ns null: a sample. hash: of the block whose statement holds the row."""

people = Table(
    "people",
    metadata,
    Column("pseudonym", String(14), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("made_at", BigInteger, nullable=False),
)
"""Who stands behind a pseudonym: the only place where names of people are."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(14), primary_key=True),
    Column("site", String(64), nullable=False),
    Column("person", String(14), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("kind", String(8), nullable=False, server_default="read"),
)
"""Tokens of regulators (kind ``read``) and of desks (``desk``); only the SHA-256 of the secret is kept."""

PROJECTED = (progress, declarations, imports, pending, readings)
"""What a rebuild makes anew."""
