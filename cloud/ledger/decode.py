"""Blocks to rows and statements: the one decoder behind ingest, store, hours, export and verification."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cloud.ledger.messages import HeaderOfOtherRows, NoRoomForSalt, SchemaOfOtherStream, UnknownSchema
from contract import block, sequence_gaps
from contract import statement as statement_codec
from contract.block import ROWS, SALT, Header
from contract.errors import Malformed
from contract.sequence_gaps import SequenceGap
from contract.statement import Statement
from contract.tags import Rows, Schema


@dataclass(frozen=True)
class Decoded:
    """A block's header and hash, and either its rows (with their schema) or its statement.

    gap: the sequence gap that the statement declares, None where it declares none.
    """

    header: Header
    hash: bytes
    rows: list[Rows] | None = None
    statement: Statement | None = None
    schema: Schema | None = None
    gap: SequenceGap | None = None


class Decoder:
    """Decodes blocks in an order in which a schema comes before its rows, as the ledger keeps them."""

    def __init__(self) -> None:
        self._schemas: dict[tuple[str, str, int, bytes], Schema] = {}
        self._same: dict[bytes, Schema] = {}  # incarnations mostly repeat a schema: one object serves all

    def feed(self, data: bytes) -> Decoded:
        """Decode a block and remember the schema it may state. Checks no signature. Raises Malformed."""
        header, _, body = block.parse(data)
        decoded = self.decode(header, header.hash, body)
        self.learn(decoded)
        return decoded

    def skim(self, data: bytes) -> Decoded:
        """Like feed, but rows stay undecoded: what a scan of headers needs. Raises Malformed."""
        header, _, body = block.parse(data)
        if header.kind == ROWS:
            return Decoded(header, header.hash)
        decoded = self.decode(header, header.hash, body)
        self.learn(decoded)
        return decoded

    def decode(self, header: Header, digest: bytes, body: bytes) -> Decoded:
        """The content of a parsed block; changes nothing here. Raises Malformed when it does not decode."""
        if len(body) < SALT:
            raise Malformed(NoRoomForSalt(len(body)))
        content = body[SALT:]
        if header.kind == ROWS:
            schema = self._schema(header)
            rows = block.decode_rows(content, schema)
            _agree(header, rows)
            return Decoded(header, digest, rows=rows, schema=schema)
        statement = statement_codec.load(content)
        gap = sequence_gaps.read(statement.fields) if statement.kind == sequence_gaps.KIND else None
        return Decoded(
            header, digest, statement=statement, schema=self._stated(header, statement, content), gap=gap
        )

    def learn(self, decoded: Decoded) -> None:
        """Remember the schema that a decoded statement declares, for the rows that name it."""
        header, statement = decoded.header, decoded.statement
        if statement is not None and statement.kind == "schema" and decoded.schema is not None:
            key = (header.node, header.stream, header.incarnation, decoded.hash[:8])
            self._schemas[key] = decoded.schema
            self._same[_digest(header.stream, statement_codec.dump(statement))] = decoded.schema

    def _schema(self, header: Header) -> Schema:
        key = (header.node, header.stream, header.incarnation, header.schema)
        try:
            return self._schemas[key]
        except KeyError:
            raise Malformed(UnknownSchema(header.schema.hex())) from None

    def _stated(self, header: Header, statement: Statement, content: bytes) -> Schema | None:
        if statement.kind != "schema":
            return None
        known = self._same.get(_digest(header.stream, content))
        if known is not None:
            return known
        schema = Schema.from_fields(statement.fields)
        if any(group.stream != header.stream for group in schema.groups):
            raise Malformed(SchemaOfOtherStream(header.stream))
        return schema


def _agree(header: Header, rows: list[Rows]) -> None:
    """Refuse a header that says another number of rows, other times or origins than its rows."""
    if block.summary(rows) != (header.row_last - header.row_first + 1, header.utc, header.origins):
        raise Malformed(HeaderOfOtherRows())


def _digest(stream: str, content: bytes) -> bytes:
    return hashlib.sha256(stream.encode() + b"\0" + content).digest()
