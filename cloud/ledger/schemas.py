"""The schemas that blocks have stated, whole or as a list of pages, for the rows that follow them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cloud.ledger.messages import SchemaOfOtherStream, UnknownSchema
from contract import schema_pages
from contract import statement as statement_codec
from contract.block import Header
from contract.errors import Malformed
from contract.schema import Schema
from contract.schema_pages import KnownPages, Page
from contract.statement import Statement
from contract.tags import Group


class Schemas:
    """Grows with each schema and page. Incarnations mostly repeat a schema: one object serves all."""

    def __init__(self) -> None:
        self._stated: dict[tuple[str, str, int, bytes], Schema] = {}
        self._same: dict[bytes, Schema] = {}
        self._pages = KnownPages()

    def of(self, header: Header) -> Schema:
        """The schema that a block's rows follow; raises Malformed when it is not known."""
        try:
            return self._stated[header.node, header.stream, header.incarnation, header.schema]
        except KeyError:
            raise Malformed(UnknownSchema(header.schema.hex())) from None

    def page(self, header: Header, statement: Statement, content: bytes) -> Page | None:
        """The page that a statement is, None for another; notes nothing. content: its bytes. Raises Malformed."""
        if statement.kind != schema_pages.KIND:
            return None
        page = self._pages.read(statement.fields, content)
        _of_stream(header.stream, (part.group for part in page.parts))
        return page

    def schema(self, header: Header, statement: Statement) -> Schema | None:
        """The schema that a statement is, None for another; notes nothing. Raises Malformed, PagesAbsent."""
        if statement.kind != "schema":
            return None
        if schema_pages.is_list(statement.fields):
            listed = schema_pages.read_list(statement.fields)
            pages = self._pages.of((header.node, header.stream), listed)
            return self._same.get(_digest(header.stream, statement)) or schema_pages.join(listed, pages)
        known = self._same.get(_digest(header.stream, statement))
        if known is not None:
            return known
        schema = Schema.from_fields(statement.fields)
        _of_stream(header.stream, schema.groups)
        return schema

    def learn(self, header: Header, digest: bytes, statement: Statement, found: Schema | Page) -> None:
        """Note what a statement states. digest: hash of its block."""
        if isinstance(found, Page):
            self._pages.add((header.node, header.stream), header.incarnation, header.seq, found)
        else:
            self._stated[header.node, header.stream, header.incarnation, digest[:8]] = found
            self._same[_digest(header.stream, statement)] = found


def _of_stream(stream: str, groups: Iterable[Group]) -> None:
    if any(group.stream != stream for group in groups):
        raise Malformed(SchemaOfOtherStream(stream))


def _digest(stream: str, statement: Statement) -> bytes:
    """A name of a schema that tells equal ones: where its pages stand is left out."""
    fields = dict(statement.fields)
    if schema_pages.is_list(fields):
        fields["pages"] = [digest for _, _, digest in fields["pages"]]
    return hashlib.sha256(stream.encode() + b"\0" + statement_codec.canonical(fields)).digest()
