"""Blocks to rows and statements: the one decoder behind ingest, store, hours, export and verification."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.ledger.messages import HeaderOfOtherRows, NoRoomForSalt
from cloud.ledger.schemas import Schemas
from contract import block, sequence_gaps
from contract import statement as statement_codec
from contract.block import ROWS, SALT, Header
from contract.errors import Malformed
from contract.schema import Schema
from contract.schema_pages import Page
from contract.sequence_gaps import SequenceGap
from contract.statement import Statement
from contract.tags import Rows


@dataclass(frozen=True)
class Decoded:
    """A block's header and hash, and either its rows (with their schema) or its statement.

    schema, gap, page: what the statement states, None where it states none.
    """

    header: Header
    hash: bytes
    rows: list[Rows] | None = None
    statement: Statement | None = None
    schema: Schema | None = None
    gap: SequenceGap | None = None
    page: Page | None = None


class Decoder:
    """Decodes blocks in an order in which a schema comes before its rows, as the ledger keeps them."""

    def __init__(self) -> None:
        self._schemas = Schemas()

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
            schema = self._schemas.of(header)
            rows = block.decode_rows(content, schema)
            _agree(header, rows)
            return Decoded(header, digest, rows=rows, schema=schema)
        statement = statement_codec.load(content)
        gap = sequence_gaps.read(statement.fields) if statement.kind == sequence_gaps.KIND else None
        stated, page = self._schemas.schema(header, statement), self._schemas.page(header, statement, content)
        return Decoded(header, digest, statement=statement, schema=stated, gap=gap, page=page)

    def learn(self, decoded: Decoded) -> None:
        """Remember the schema or page that a decoded statement states, for the rows that name it."""
        found = decoded.schema or decoded.page
        if decoded.statement is not None and found is not None:
            self._schemas.learn(decoded.header, decoded.hash, decoded.statement, found)


def _agree(header: Header, rows: list[Rows]) -> None:
    """Refuse a header that says another number of rows, other times or origins than its rows."""
    if block.summary(rows) != (header.row_last - header.row_first + 1, header.utc, header.origins):
        raise Malformed(HeaderOfOtherRows())
