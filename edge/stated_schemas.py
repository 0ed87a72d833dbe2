"""The schemas and pages that the statements in the journal state. In memory; no disk."""

from __future__ import annotations

from collections.abc import Iterator

from contract import schema_pages
from contract.block import Header
from contract.schema import Schema
from contract.schema_pages import KnownPages, PageList, PagePlace
from contract.statement import Statement
from edge.opening_copies import Chain


class StatedSchemas:
    """Grows with each statement. Pages may be learnt after the list that names them."""

    def __init__(self) -> None:
        self._stated: dict[tuple[str, int, bytes], Schema | PageList] = {}
        self._pages = KnownPages()
        self._places: dict[str, list[PagePlace]] = {}
        self._needs: dict[Chain, set[Chain]] = {}

    def learn(self, header: Header, digest: bytes, statement: Statement, content: bytes) -> None:
        """Take in a statement that may be a schema or a page. digest: hash of its block. Raises Malformed."""
        stream, number = header.stream, header.incarnation
        if statement.kind == schema_pages.KIND:
            page = self._pages.read(statement.fields, content)
            self._pages.add(stream, number, header.seq, page)
            self._places.setdefault(stream, []).append(PagePlace(number, header.seq, page.hash))
        elif statement.kind == "schema" and schema_pages.is_list(statement.fields):
            listed = schema_pages.read_list(statement.fields)
            self._stated[stream, number, digest[:8]] = listed
            needed = self._needs.setdefault((stream, number), set())
            needed |= {(stream, place.incarnation) for place in listed.places if place.incarnation != number}
        elif statement.kind == "schema":
            self._stated[stream, number, digest[:8]] = Schema.from_fields(statement.fields)

    def of(self, header: Header) -> Schema | None:
        """The schema that a block's rows follow; None when it is not known. Raises Malformed for absent pages."""
        key = (header.stream, header.incarnation, header.schema)
        found = self._stated.get(key)
        if isinstance(found, PageList):
            found = schema_pages.join(found, self._pages.of(header.stream, found))
            self._stated[key] = found
        return found

    def pages(self, stream: str) -> Iterator[PagePlace]:
        """Where the pages of a stream stand, oldest first."""
        return iter(self._places.get(stream, ()))

    def has_page(self, chain: Chain, seq: int) -> bool:
        """Whether a block of a chain is a page."""
        return any((place.incarnation, place.seq) == (chain[1], seq) for place in self.pages(chain[0]))

    def needed(self, chain: Chain) -> set[Chain]:
        """The other chains with pages of a chain's schemas."""
        return self._needs.get(chain, set())
