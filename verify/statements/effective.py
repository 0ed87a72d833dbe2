"""Which of a site's statements count: the last of a kind, none that was withdrawn (docs/methods.md, What counts)."""

from __future__ import annotations

from typing import Any

from verify.evidence.ledger import ACCOUNTS, Entry
from verify.formats.findings import Bad, Findings
from verify.formats.shape import digest, members, text
from verify.statements.declared import Declared, Replacement
from verify.statements.imported import Files, row
from verify.statements.messages import NotTheNextRevision, StatementsHold
from verify.statements.sealed_hours import day

HEAD = "kind site by at note"
FIELDS = {
    "site": "id name_zh name_en tz province day_start",
    "points": "points",
    "factors": "grid",
    "tariff": "currency source valid_from bands",
    "permit": "document example valid_from valid_to limits",
    "savings": "projects",
    "import": "file part parts rows",
    "access": "who what status",
    "replacement": "id name_zh name_en date",
    "note": "about text",
    "correction": "point quantity from to value unit",
    "withdraw": "statement why",
}
MORE = {
    "factors": "heat named",
    "replacement": "machines_out machines_in products money labour oee per_unit emissions energy",
}


def withdrawn(entries: list[Entry], site: str) -> set[bytes]:
    """Hashes of the desk's blocks that count no more; a withdrawal that is withdrawn withdraws nothing.

    Only what stands before it can be withdrawn, so the last withdrawals are decided first.
    """
    gone: set[bytes] = set()
    place = {
        entry.block.hash: at for at, entry in enumerate(entries) if entry.block.header.node == f"desk-{site}"
    }
    for at in range(len(entries) - 1, -1, -1):
        statement, own = entries[at].statement, entries[at].block.hash
        if (
            statement is None
            or own not in place
            or statement.get("site") != site
            or statement["kind"] != "withdraw"
        ):
            continue
        name = digest(statement.get("statement"), entries[at].name)
        if own not in gone and place.get(name, at) < at:
            gone.add(name)
    return gone


def collect(entries: list[Entry], site: str, findings: Findings) -> Declared:
    """Read the statements of the desk and of the accounts in the order of the ledger."""
    made, files, gone = Declared(), Files(), withdrawn(entries, site)
    for entry in entries:
        statement, node = entry.statement, entry.block.header.node
        if statement is None or statement.get("site") != site:
            continue
        try:
            if node == f"desk-{site}" and statement["kind"] in FIELDS:
                _desk(made, files, entry, statement, entry.block.hash in gone)
            elif node == ACCOUNTS and statement["kind"] == "hours":
                facts = day(entry, statement)
                before = made.days.get((facts.node, facts.tag, facts.day))
                if statement["revision"] != (0 if before is None else before.statement["revision"] + 1):
                    findings.bad("statements", entry.name, NotTheNextRevision(statement["revision"]))
                made.days[facts.node, facts.tag, facts.day] = facts
        except Bad as bad:
            findings.bad("statements", bad.where or entry.name, bad.why)
    findings.settle("statements", StatementsHold(len(made.rows), len(made.days)))
    return made


def _desk(made: Declared, files: Files, entry: Entry, statement: dict[str, Any], gone: bool) -> None:
    """Take in a statement of a desk, unless it was withdrawn."""
    kind = statement["kind"]
    members(statement, entry.name, f"{HEAD} {FIELDS[kind]}", MORE.get(kind, ""))
    if gone:
        if kind == "replacement":
            made.withdrawn_replacements.add(text(statement["id"], entry.name))
        return
    if kind == "replacement":
        made.replacements[text(statement["id"], entry.name)] = Replacement(entry, statement)
    elif kind == "correction":
        cells = [statement[key] for key in ("from", "to", "point", "quantity", "value", "unit")]
        found = row(cells, entry.name, entry.block.hash)
        if found.key in made.known:
            made.known[found.key] = found
    elif kind not in ("note", "withdraw"):
        _declaration(made, files, entry, statement)


def _declaration(made: Declared, files: Files, entry: Entry, statement: dict[str, Any]) -> None:
    kind = statement["kind"]
    if kind == "tariff":
        made.tariffs[text(statement["valid_from"], entry.name)] = statement
    elif kind == "permit":
        document = text(statement["document"], entry.name)
        made.permits.pop(document, None)
        made.permits[document] = statement
    elif kind == "import":
        for one in files.add(entry, statement):
            made.known.setdefault(one.key, one)
    elif kind != "access":
        setattr(made, kind, statement)
