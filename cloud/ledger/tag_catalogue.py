"""What the statements of the ledger say: the site of each node, the tags it reads, where values may be missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from accounts.metering.gaps import NO_GAPS, Gaps
from cloud.ledger import Decoded
from contract.block import Header
from contract.schema import Schema
from contract.tags import Group, Tag
from contract.topics import NODE

_NS = re.compile(r"-?\d{1,19}", re.ASCII)


class SiteNode(NamedTuple):
    """A node at a site."""

    site: str
    node: str


@dataclass(frozen=True)
class Known:
    """A tag as its latest schema has it; seal_after in ns; current: whether the node still reads it."""

    tag: Tag
    group: Group
    seal_after: int
    current: bool = True


@dataclass(frozen=True)
class Declared:
    """A gap statement: values of a group with from_ <= time <= to (UTC ns, None is open) may be missing."""

    place: SiteNode
    group: str
    from_: int | None
    to: int | None


Cause = Mapping[str, Any]
"""Why a group has a gap, as of contract.message; code and params are empty where an edge stated only the text."""


class Catalogue:
    """Learns statements in the order of the ledger; learning one twice changes nothing."""

    def __init__(self) -> None:
        self._sites: dict[tuple[str, str, int], str] = {}
        self._tags: dict[SiteNode, dict[str, Known]] = {}
        self._gaps: dict[tuple[SiteNode, str], dict[tuple[int | None, int | None], Cause]] = {}
        self._joined: dict[tuple[SiteNode, str], Gaps] = {}

    def learn(self, decoded: Decoded) -> Declared | None:
        """Take in a statement; give back the gap that it states."""
        header, statement = decoded.header, decoded.statement
        if statement is None:
            return None
        if statement.kind == "open":
            site = statement.fields.get("site")
            if isinstance(site, str) and NODE.fullmatch(site):
                self._sites[header.node, header.stream, header.incarnation] = site
                self._tags.setdefault(SiteNode(site, header.node), {})
            return None
        place = self.place(header)
        if place is None:
            return None
        if statement.kind == "schema" and decoded.schema is not None:
            self._schema(place, header.stream, decoded.schema)
        return self._gap(place, statement.fields) if statement.kind == "gap" else None

    def place(self, header: Header) -> SiteNode | None:
        """Where a block belongs: the site is the one that its incarnation's ``open`` names."""
        return self.at(header.node, header.stream, header.incarnation)

    def at(self, node: str, stream: str, incarnation: int) -> SiteNode | None:
        """Where the blocks of an incarnation belong."""
        site = self._sites.get((node, stream, incarnation))
        return None if site is None else SiteNode(site, node)

    def copy(self) -> Catalogue:
        """The same, which learns apart."""
        made = Catalogue()
        made._sites, made._joined = dict(self._sites), dict(self._joined)
        made._tags = {place: dict(tags) for place, tags in self._tags.items()}
        made._gaps = {key: dict(gaps) for key, gaps in self._gaps.items()}
        return made

    def places(self, site: str) -> list[SiteNode]:
        """The nodes of a site, sorted."""
        return sorted(place for place in list(self._tags) if place.site == site)

    def tags(self, place: SiteNode) -> dict[str, Known]:
        """Every tag that a node has ever read there, by name."""
        return self._tags.get(place, {})

    def gaps(self, place: SiteNode, group: str) -> Gaps:
        """All gaps that were stated of a scan group."""
        key = (place, group)
        if key not in self._gaps:
            return NO_GAPS
        if key not in self._joined:
            self._joined[key] = Gaps.of(self._gaps[key])
        return self._joined[key]

    def stated(self, place: SiteNode, group: str) -> list[tuple[int | None, int | None]]:
        """The gaps that were stated of a scan group, (from, to) in the order of the ledger."""
        return list(self._gaps.get((place, group), ()))

    def causes(self, place: SiteNode, group: str, begin: int, end: int) -> list[Cause]:
        """Why values of a scan group may be missing between two moments, UTC ns: the causes that were stated."""
        within = {
            cause["message"]: cause
            for (from_, to), cause in self._gaps.get((place, group), {}).items()
            if cause["message"]
            and (to if to is not None else from_ or 0) >= begin
            and (from_ if from_ is not None else to or 0) < end
        }
        return [within[text] for text in sorted(within)]

    def _schema(self, place: SiteNode, stream: str, schema: Schema) -> None:
        tags = self._tags[place]
        for name, known in tags.items():
            if known.group.stream == stream:
                tags[name] = replace(known, current=False)
        for group in schema.groups:
            for tag in group.tags:
                tags[tag.name] = Known(tag, group, schema.seal_after)

    def _gap(self, place: SiteNode, fields: dict[str, object]) -> Declared | None:
        group, from_, to = fields.get("group"), _ns(fields.get("from")), _ns(fields.get("to"))
        if not isinstance(group, str) or (from_ is None and to is None):
            return None
        self._gaps.setdefault((place, group), {})[from_, to] = _cause(fields)
        self._joined.pop((place, group), None)
        return Declared(place, group, from_, to)


def _cause(fields: Mapping[str, object]) -> Cause:
    code, params = fields.get("code"), fields.get("params")
    known = isinstance(code, str) and isinstance(params, dict)
    data = {"code": code, "params": params} if known else {"code": "", "params": {}}
    return {**data, "message": str(fields.get("cause", ""))}


def _ns(text: object) -> int | None:
    return int(text) if isinstance(text, str) and _NS.fullmatch(text) else None
