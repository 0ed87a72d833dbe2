"""What a form says -> statements of a site's desk, by the same path as a file of `steelyard-cloud declare`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cloud.auth.gate import Writer
from cloud.auth.running import Running
from cloud.declarations import csv_file, imports
from cloud.declarations.declare import say, tree_of
from cloud.declarations.times import Times
from cloud.ingest.channel import Channel
from cloud.registry.log import Entry
from cloud.web.desk.messages import (
    AloneRequired,
    BodyOfImport,
    BodyOfStatement,
    ChangedMeanwhile,
    KeysTooMany,
    NoDesk,
    NotSealed,
    OfOtherToken,
    OtherId,
    PersonRequired,
    Required,
    SiteIsThere,
)
from cloud.web.desk.summary import summary
from contract.declared import MAX_SITE
from contract.errors import BadInput
from contract.fields import LINE, write_utc
from contract.message import Message
from settings import SettingsError

Json = dict[str, Any]
SECTIONS = {
    "site": "site", "points": "points", "factors": "factors", "tariff": "tariff", "permit": "permit",
    "savings": "savings", "replacement": "replacement", "note": "notes", "correction": "correction",
    "withdraw": "withdraw",
}  # fmt: skip
"""Kinds that a form may say, and the section of a file that each is."""
WHOLE = ("site", "points", "factors", "savings")
"""Kinds of which one statement says all: the latest counts, and nothing before it."""
LISTS = {"points": "points", "savings": "projects"}
"""Kinds whose section is the list that stands in this field."""


class FormErrors(BadInput):
    """A form that can't be sealed. faults: (path of a field, why)."""

    def __init__(self, faults: list[tuple[str, Message]]) -> None:
        self.faults = faults
        super().__init__(NotSealed(len(faults)))

    def joined(self) -> str:
        """All faults in one line, in English."""
        return "; ".join(f"{path}: {why}" if path else str(why) for path, why in self.faults)


def new_site(service: Running, writer: Writer, body: Json) -> Json:
    """Make a site. body: by, note, and the sections of a file. Raises Refused, BadInput, CannotBeDone."""
    value = {key: item for key, item in body.items() if key != "by"}
    raw = value.get("site")
    name = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(name, str):
        raise FormErrors([("site.id", Required())])
    if writer.site not in (None, name):
        raise FormErrors([("site.id", OfOtherToken(writer.site or ""))])
    if service.registry.site(name) is not None:
        raise FormErrors([("site.id", SiteIsThere(name))])
    return _seal(service, person(writer, body), value, "")


def one(service: Running, site: str, kind: str, writer: Writer, body: Json) -> Json:
    """Seal one statement. Raises Refused, BadInput, CannotBeDone.

    body: by, note, fields, and of a kind in WHOLE perhaps on: the hash of the statement that counted when somebody
    began to change it, "" for none; it is refused where another counts now.
    """
    fields = body.get("fields")
    unknown = sorted(set(body) - {"by", "note", "fields", "on"})
    if unknown or not isinstance(fields, dict):
        raise BadInput(KeysTooMany(tuple(unknown)) if unknown else BodyOfStatement())
    if kind in WHOLE and "on" in body:
        _unchanged(service, site, kind, body["on"])
    if kind == "site" and fields.get("id") != site:
        raise FormErrors([("id", OtherId(site))])
    if kind == "correction":
        fields = _times(service, site, fields)
    section = SECTIONS[kind]
    inner = LISTS.get(kind)
    content = fields if inner is None else fields.get(inner)
    value: Json = {"site": site, section: content, "note": body.get("note", "")}
    if inner is not None and set(fields) != {inner}:
        raise FormErrors([(inner, AloneRequired())])
    if inner is not None:
        return _seal(service, person(writer, body), value, section, inner)
    return _seal(service, person(writer, body), value, section)


def rows(service: Running, site: str, writer: Writer, body: Json) -> Json:
    """Import the rows of a CSV text; the object of `steelyard-cloud import`. Raises BadInput, CannotBeDone."""
    text, name = body.get("csv"), body.get("name", "csv")
    if not isinstance(text, str) or not isinstance(name, str) or set(body) - {"by", "name", "csv"}:
        raise BadInput(BodyOfImport())

    def read() -> csv_file.Table:
        return csv_file.parse(name[:200], text.encode())

    by = person(writer, body)
    found = imports.take_table(service.settings, site, read, by, lambda message: None, _way(service))
    return found.report()


def person(writer: Writer, body: Json) -> str:
    """Whose statement it is: the holder of the token, else whom the form names. Raises Refused."""
    if writer.site is not None:
        return writer.name or ""
    name = body.get("by")
    if not isinstance(name, str) or not LINE.fullmatch(name.strip()):
        raise FormErrors([("by", PersonRequired())])
    return name


def _seal(service: Running, by: str, value: Json, section: str, inner: str = "") -> Json:
    tree = tree_of(value)
    try:
        done = say(service.settings, tree, by, _way(service))
    except SettingsError as error:
        raise FormErrors(
            [(_field(item.path, section, inner), item.message) for item in error.problems]
        ) from None
    registry = service.registry.caught_up()
    sealed = [
        {"kind": kind, "hash": name, "summary": _line(registry.entry(done["site"], name))}
        for kind, name in zip(done["sealed"], done["blocks"], strict=True)
    ]
    return {"site": done["site"], "sealed": sealed, "unchanged": done["unchanged"]}


def _line(item: Entry | None) -> str:
    return "" if item is None else summary(item.kind, item.fields)


def _unchanged(service: Running, site: str, kind: str, on: object) -> None:
    """Raises BadInput where another statement of the kind counts than the one that was changed."""
    found = service.registry.caught_up().latest(site, kind)
    if on != ("" if found is None else found.hash):
        raise BadInput(ChangedMeanwhile())


def _field(path: str, section: str, inner: str) -> str:
    """The path of a fault among the fields of the form."""
    if not section or not (path == section or path.startswith((f"{section}.", f"{section}["))):
        return path
    return inner + path[len(section) :] if inner else path[len(section) + 1 :]


def _times(service: Running, site: str, fields: Json) -> Json:
    """Times of an import's form, in the site's zone, as a statement has them."""
    chosen = service.registry.site(site)
    if chosen is None or len(site) > MAX_SITE:
        raise BadInput(NoDesk(site))
    read, found = Times(chosen.zone).read, dict(fields)
    for key in ("from", "to"):
        text = fields.get(key) or ""
        if isinstance(text, str) and text:
            try:
                found[key] = write_utc(read(text))
            except BadInput as error:
                raise FormErrors([(key, error.message)]) from None
    return found


@contextmanager
def _way(service: Running) -> Iterator[Channel]:
    yield service.way()
