"""The files of a pack: its entries, manifest and summary (docs/pack-format.md, The pack)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from verify.evidence.messages import (
    FileAbsent,
    NoPackDepth,
    NoPackFormat,
    OtherEntries,
    OtherFileHash,
    PackHolds,
)
from verify.formats import archive, canonical_json
from verify.formats.findings import Bad, Findings, NotAPack
from verify.formats.messages import At, NotCanonical
from verify.formats.shape import digest, members

FIRST = ("manifest.json", "summary.json", "ledger.seg", "proofs.json")
LAST = "README.txt"
CERTIFICATE = re.compile(r"certificate-([1-9][0-9]{0,3})\.json\Z")
MOST_DEPTH = 64


@dataclass(frozen=True)
class Pack:
    """files: content by name; depth: `summary` or `full`; envelope: summary.json as parsed.

    certificates, views: the other signed files as parsed, by name.
    """

    files: dict[str, bytes]
    depth: str
    envelope: Any
    certificates: dict[str, Any]
    views: dict[str, Any]


def names(files: dict[str, bytes]) -> list[str]:
    """The entries that a pack has, in their order: its certificates are numbered from 1, each with a PDF or without."""
    found = list(FIRST)
    for number in range(1, 1 + sum(CERTIFICATE.match(name) is not None for name in files)):
        one = f"certificate-{number}"
        found.append(f"{one}.json")
        if f"{one}.pdf" in files or f"{one}.view.json" in files:
            found += [f"{one}.pdf", f"{one}.view.json"]
    return [*found, LAST]


def _json(files: dict[str, bytes], name: str, findings: Findings) -> Any:
    """A JSON file; raises NotAPack when it is none, keeps a fault when it is not canonical."""
    try:
        value = canonical_json.parse(files[name], MOST_DEPTH)
    except Bad as bad:
        raise NotAPack(At(name, bad.why)) from bad
    if canonical_json.dump(value) != files[name]:
        findings.bad("zip", name, NotCanonical())
    return value


def _manifest(files: dict[str, bytes], findings: Findings) -> str:
    """The depth that the manifest states; its hashes are checked."""
    value = _json(files, "manifest.json", findings)
    if not isinstance(value, dict) or value.get("format") != "steelyard-pack/1":
        raise NotAPack(NoPackFormat())
    try:
        members(value, "manifest.json", "format depth files")
        others = names(files)[1:]
        listed = members(value["files"], "manifest.json: files", " ".join(others))
        for name in others:
            if (
                digest(listed[name], f"manifest.json: {name}")
                != hashlib.sha256(files.get(name, b"")).digest()
            ):
                findings.bad("zip", name, OtherFileHash())
    except Bad as bad:
        findings.bad("zip", bad.where, bad.why)
    if value.get("depth") not in ("summary", "full"):
        raise NotAPack(NoPackDepth())
    return str(value["depth"])


def read(data: bytes, findings: Findings) -> Pack:
    """A pack from its bytes; raises NotAPack when nothing can be said about the content."""
    opened = archive.read(data)
    for where, why in opened.oddities:
        findings.bad("zip", where, why)
    files = opened.files
    for name in ("manifest.json", "summary.json"):
        if name not in files:
            raise NotAPack(FileAbsent(name))
    if list(files) != names(files):
        findings.bad("zip", "entries", OtherEntries(", ".join(files)[:200], ", ".join(names(files))[:200]))
    depth = _manifest(files, findings)
    envelope = _json(files, "summary.json", findings)
    signed = [name for name in names(files)[len(FIRST) :] if name in files and name.endswith(".json")]
    read = {name: _json(files, name, findings) for name in signed}
    views = {name: value for name, value in read.items() if name.endswith(".view.json")}
    certificates = {name: value for name, value in read.items() if name not in views}
    findings.settle("zip", PackHolds(len(files), depth))
    return Pack(files, depth, envelope, certificates, views)
