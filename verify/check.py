"""The whole check of a pack, from its bytes to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from verify import recompute
from verify.evidence import ledger, links, pack, summary, views
from verify.evidence.messages import OtherFingerprint
from verify.figures import accepted
from verify.figures.accepted import Accepted
from verify.figures.compare import Compared
from verify.formats.findings import Bad, Findings, NotAPack
from verify.formats.message import Message
from verify.messages import FalseSummarySignature, NotCheckedToTheEnd, SummaryHolds

VERIFIED = "verified"
NOT_ANCHORED = "consistent, keys not anchored"
DIFFERENT = "different"
NOT_A_PACK = "not a pack"
NOT_CHECKED = "not checked"
EXIT = {VERIFIED: 0, NOT_ANCHORED: 1, DIFFERENT: 1, NOT_A_PACK: 2, NOT_CHECKED: 2}


@dataclass(frozen=True)
class PackKey:
    """who: `signer` or a node; fingerprint: SHA-256 of the raw key in hex."""

    who: str
    fingerprint: str
    anchored: bool


@dataclass
class Report:
    """What is printed. site, period: empty when the pack does not come so far.

    trusted: how the reader named each key that he trusts, by its fingerprint; accepted: his list of factors, if any.
    """

    verdict: str
    findings: Findings
    anchored: bool = False
    keys: list[PackKey] = field(default_factory=list)
    figures: list[Compared] = field(default_factory=list)
    factors: list[dict[str, Any]] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    site: str = ""
    period: tuple[str, str] = ("", "")
    why: Message | None = None
    trusted: Mapping[str, str] = field(default_factory=dict)
    accepted: Accepted | None = None

    @property
    def exit(self) -> int:
        return EXIT[self.verdict]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Every factor record of the summary and of the certificates, each once."""
        found = list(self.factors)
        for item in self.certificates:
            found += [record for record in item["factors"] if record not in found]
        return found

    def json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict,
            "anchored": self.anchored,
            "why": "" if self.why is None else str(self.why),
            "error": None if self.why is None else self.why.json(),
            "site": self.site,
            "from": self.period[0],
            "to": self.period[1],
            "fingerprints": list(dict.fromkeys(key.fingerprint for key in self.keys)),
            "keys": [vars(key) for key in self.keys],
            "signed_by": self.keys[0].fingerprint if self.keys else None,
            "trusted": [{"fingerprint": mark, "given": given} for mark, given in self.trusted.items()],
            "checks": [check.json() for check in self.findings.checks],
            "figures": [item.json() for item in self.figures],
            "factors": self.factors,
            "factors_accepted": None if self.accepted is None else self.accepted.json(),
            "certificates": self.certificates,
        }


def _stage(name: str, findings: Findings, work: Callable[[], None]) -> bool:
    """Run one check; what it cannot read is a fault of the pack, never of the reader. True when it came to its end."""
    try:
        work()
    except Bad as bad:
        findings.bad(name, bad.where, bad.why)
        return False
    except Exception as error:  # a hostile pack must be named, not crash the program
        findings.bad(name, name, NotCheckedToTheEnd(type(error).__name__, str(error)[:200]))
        return False
    return True


class _Run:
    def __init__(
        self, opened: pack.Pack, findings: Findings, trust: Mapping[str, str], list_: Accepted | None
    ) -> None:
        self.opened, self.findings, self.trust = opened, findings, trust
        self.report = Report(DIFFERENT, findings, trusted=trust, accepted=list_)
        self.entries: list[ledger.Entry] = []

    def summary(self) -> None:
        self.signed_summary = summary.read(self.opened.envelope)
        body = self.signed_summary.body
        self.report.site, self.report.period = (
            self.signed_summary.site,
            (str(body["from"])[:10], str(body["to"])[:10]),
        )
        named = [("signer", self.signed_summary.signer), *sorted(self.signed_summary.keys.items())]
        prints = [(who, summary.fingerprint(key)) for who, key in named]
        self.report.keys = [PackKey(who, mark, mark in self.trust) for who, mark in prints]
        if summary.fingerprint(self.signed_summary.signer) != self.signed_summary.key.hex():
            self.findings.bad("summary", "summary.json: key", OtherFingerprint())
        if not summary.signed(self.signed_summary):
            self.findings.bad("summary", "summary.json: sig", FalseSummarySignature())

    def blocks(self) -> None:
        reader = ledger.Reader(self.signed_summary, self.opened.depth, self.findings)
        files = self.opened.files
        self.entries = reader.read(files.get("ledger.seg", b""), files.get("proofs.json", b""))

    def links(self) -> None:
        links.check(self.entries, self.signed_summary, self.opened.depth, self.findings)

    def figures(self) -> None:
        opened = self.opened
        made = recompute.check(
            self.signed_summary.body, self.entries, opened.depth, opened.certificates, self.findings
        )
        self.report.figures, self.report.factors, self.report.certificates = made
        views.check(opened.views, opened.files, self.signed_summary.body, self.findings)

    def factors(self) -> None:
        if self.report.accepted is not None:
            accepted.check(self.report.records, self.report.accepted, self.findings)

    def verdict(self) -> Report:
        keys = self.report.keys
        self.report.anchored = bool(keys) and keys[0].anchored
        if self.findings.ok:
            self.report.verdict = VERIFIED if self.report.anchored else NOT_ANCHORED
        return self.report


def verify(data: bytes, trust: AbstractSet[str] | Mapping[str, str], list_: Accepted | None = None) -> Report:
    """Check a pack. Never raises on any bytes.

    trust: fingerprints (hex) that the reader got in another way, and how he named each; list_: the factors he accepts.
    """
    findings = Findings()
    named = trust if isinstance(trust, Mapping) else {mark: mark for mark in sorted(trust)}
    try:
        opened = pack.read(data, findings)
    except NotAPack as error:
        return Report(NOT_A_PACK, findings, why=error.why, trusted=named, accepted=list_)
    run = _Run(opened, findings, named, list_)
    if _stage("summary", findings, run.summary):
        findings.settle("summary", SummaryHolds())
        _stage("blocks", findings, run.blocks)
        _stage("links", findings, run.links)
        if _stage("figures", findings, run.figures):
            _stage(accepted.CHECK, findings, run.factors)
    return run.verdict()


def signer(data: bytes) -> str | None:
    """The fingerprint of the key that a pack is signed with; None where no signature of it holds."""
    try:
        signed = summary.read(pack.read(data, Findings()).envelope)
    except (NotAPack, Bad):
        return None
    return summary.fingerprint(signed.signer) if summary.signed(signed) else None
