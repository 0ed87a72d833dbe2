"""What counts of a site's statements: declarations, imported rows, hour facts (docs/methods.md, What counts)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.calendar import moment
from verify.findings import Bad, Findings
from verify.ledger import ACCOUNTS, Entry
from verify.numbers import number
from verify.quantities import converted, quantity
from verify.shape import digest, listed, members, nanoseconds, text, whole

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
CLASSES = ("unknown", "invalid(counter)", "provisional", "partial", "estimated", "measured")
HOURS = (
    "kind site node tag meter carrier day start end steps scale unit class completeness inputs method size revision"
    " cause"
)


@dataclass(frozen=True)
class Row:
    """An imported row. value in `unit`, the unit in which its quantity counts; to: None for a sample; times UTC ns.

    said: the quantity's code as it was written; production is one there.
    """

    said: str
    from_: int
    to: int | None
    point: str
    quantity: str
    value: Fraction
    unit: str
    block: bytes
    name: str

    @property
    def key(self) -> tuple[str, str, int, int | None]:
        """What a correction names it by."""
        return self.point, self.said, self.from_, self.to


@dataclass(frozen=True)
class Day:
    """One `hours` statement, read. begins: UTC ns of each hour and the end of the last."""

    entry: Entry
    said: dict[str, Any]
    node: str
    tag: str
    day: str
    start: int
    end: int
    steps: list[int]
    scale: Fraction
    unit: str
    classes: list[str]
    completeness: list[Fraction]
    inputs: list[bytes]


@dataclass(frozen=True)
class Replacement:
    """A replacement project, as the last statement that names its id has it."""

    entry: Entry
    said: dict[str, Any]


@dataclass
class Declared:
    """The declarations of a site that count, as their statements; rows and days of hour facts."""

    site: dict[str, Any] | None = None
    points: dict[str, Any] | None = None
    factors: dict[str, Any] | None = None
    savings: dict[str, Any] | None = None
    tariffs: dict[str, dict[str, Any]] = field(default_factory=dict)
    permits: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[tuple[str, str, int, int | None], Row] = field(default_factory=dict)
    days: dict[tuple[str, str, str], Day] = field(default_factory=dict)
    replacements: dict[str, Replacement] = field(default_factory=dict)
    withdrawn_replacements: set[str] = field(default_factory=set)

    @property
    def rows(self) -> list[Row]:
        """The imported rows, each as it was corrected last."""
        return list(self.known.values())


def _row(item: Any, where: str, block: bytes) -> Row:
    cells = listed(item, where)
    if len(cells) != 6:
        raise Bad("a row of other than six cells", where)
    from_, to, point, code, value, unit = cells
    start = moment(from_, where)
    end = moment(to, where) if to != "" else None
    if end is not None and end <= start:
        raise Bad("an interval that ends before it begins", where)
    name, base = quantity(code, unit, where)
    amount = number(value, where)
    if amount < 0:
        raise Bad("a value below zero", where)
    return Row(
        code, start, end, text(point, where), name, converted(amount, unit, base, where), base, block, where
    )


def day(entry: Entry, said: dict[str, Any]) -> Day:
    """An `hours` statement; raises Bad."""
    where = entry.name
    members(said, where, HOURS)
    start, end = nanoseconds(said["start"], where), nanoseconds(said["end"], where)
    steps = [whole(step, where) for step in listed(said["steps"], where)]
    classes = [text(name, where) for name in listed(said["class"], where)]
    shares = [number(share, where) for share in listed(said["completeness"], where)]
    inputs = [digest(item, where) for item in listed(said["inputs"], where)]
    if not len(steps) == len(classes) == len(shares) == len(inputs) == -(-(end - start) // (3600 * 10**9)):
        raise Bad("arrays of other lengths than the day has hours", where)
    if any(name not in CLASSES for name in classes) or any(not 0 <= share <= 1 for share in shares):
        raise Bad("a class or completeness that cannot be", where)
    whole(said["revision"], where)
    whole(said["size"], where)
    if said["method"] != "steelyard/hours/1":
        raise Bad(f"a method that the page does not know: {said['method']}", where)
    return Day(
        entry, said, text(said["node"], where), text(said["tag"], where), text(said["day"], where), start, end, steps,
        number(said["scale"], where), text(said["unit"], where), classes, shares, inputs,
    )  # fmt: skip


class _Files:
    """Files whose parts come together in one incarnation; each file counts once."""

    def __init__(self) -> None:
        self.open: dict[tuple[int, str], dict[int, tuple[int, list[Row]]]] = {}
        self.done: set[str] = set()

    def add(self, entry: Entry, said: dict[str, Any]) -> list[Row]:
        """The rows of a file once this part completes it, else none."""
        where = entry.name
        file, parts = digest(said["file"], where).hex(), whole(said["parts"], where, 1)
        part = whole(said["part"], where, 1)
        if part > parts:
            raise Bad("a part behind the last", where)
        items = listed(said["rows"], where)
        rows = [_row(item, f"{where}: rows[{at}]", entry.block.hash) for at, item in enumerate(items)]
        known = self.open.setdefault((entry.block.header.incarnation, file), {})
        if any(other != parts for other, _ in known.values()):
            return []
        known[part] = (parts, rows)
        if len(known) < parts or file in self.done:
            return []
        self.done.add(file)
        return [row for number in sorted(known) for row in known[number][1]]


def withdrawn(entries: list[Entry], site: str) -> set[bytes]:
    """Hashes of the desk's blocks that count no more; a withdrawal that is withdrawn withdraws nothing.

    Only what stands before it can be withdrawn, so the last withdrawals are decided first.
    """
    gone: set[bytes] = set()
    place = {
        entry.block.hash: at for at, entry in enumerate(entries) if entry.block.header.node == f"desk-{site}"
    }
    for at in range(len(entries) - 1, -1, -1):
        said, own = entries[at].said, entries[at].block.hash
        if said is None or own not in place or said.get("site") != site or said["kind"] != "withdraw":
            continue
        name = digest(said.get("statement"), entries[at].name)
        if own not in gone and place.get(name, at) < at:
            gone.add(name)
    return gone


def collect(entries: list[Entry], site: str, findings: Findings) -> Declared:
    """Read the statements of the desk and of the accounts in the order of the ledger."""
    made, files, gone = Declared(), _Files(), withdrawn(entries, site)
    for entry in entries:
        said, node = entry.said, entry.block.header.node
        if said is None or said.get("site") != site:
            continue
        try:
            if node == f"desk-{site}" and said["kind"] in FIELDS:
                _desk(made, files, entry, said, entry.block.hash in gone)
            elif node == ACCOUNTS and said["kind"] == "hours":
                facts = day(entry, said)
                before = made.days.get((facts.node, facts.tag, facts.day))
                if said["revision"] != (0 if before is None else before.said["revision"] + 1):
                    findings.bad("statements", entry.name, f"revision {said['revision']} is not the next one")
                made.days[facts.node, facts.tag, facts.day] = facts
        except Bad as bad:
            findings.bad("statements", bad.where or entry.name, bad.why)
    findings.settle("statements", f"{len(made.rows)} imported rows, {len(made.days)} days of hour facts")
    return made


def _desk(made: Declared, files: _Files, entry: Entry, said: dict[str, Any], gone: bool) -> None:
    """Take in what a desk said, unless it was withdrawn."""
    kind = said["kind"]
    members(said, entry.name, f"{HEAD} {FIELDS[kind]}", MORE.get(kind, ""))
    if gone:
        if kind == "replacement":
            made.withdrawn_replacements.add(text(said["id"], entry.name))
        return
    if kind == "replacement":
        made.replacements[text(said["id"], entry.name)] = Replacement(entry, said)
    elif kind == "correction":
        cells = [said[key] for key in ("from", "to", "point", "quantity", "value", "unit")]
        row = _row(cells, entry.name, entry.block.hash)
        if row.key in made.known:
            made.known[row.key] = row
    elif kind not in ("note", "withdraw"):
        _declaration(made, files, entry, said)


def _declaration(made: Declared, files: _Files, entry: Entry, said: dict[str, Any]) -> None:
    kind = said["kind"]
    if kind == "tariff":
        made.tariffs[text(said["valid_from"], entry.name)] = said
    elif kind == "permit":
        document = text(said["document"], entry.name)
        made.permits.pop(document, None)
        made.permits[document] = said
    elif kind == "import":
        for row in files.add(entry, said):
            made.known.setdefault(row.key, row)
    elif kind != "access":
        setattr(made, kind, said)
