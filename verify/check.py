"""The whole check of a pack, from its bytes to a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from verify import figures, ledger, links, pack, summary, views
from verify.compare import Compared
from verify.findings import Bad, Findings, NotAPack

VERIFIED = "verified"
NOT_ANCHORED = "consistent, keys not anchored"
DIFFERENT = "different"
NOT_A_PACK = "not a pack"
EXIT = {VERIFIED: 0, NOT_ANCHORED: 1, DIFFERENT: 1, NOT_A_PACK: 2}


@dataclass(frozen=True)
class Key:
    """who: `signer` or a node; fingerprint: SHA-256 of the raw key in hex."""

    who: str
    fingerprint: str
    anchored: bool


@dataclass
class Report:
    """What is printed. site, period: empty when the pack does not come so far."""

    verdict: str
    findings: Findings
    anchored: bool = False
    keys: list[Key] = field(default_factory=list)
    figures: list[Compared] = field(default_factory=list)
    factors: list[dict[str, object]] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    site: str = ""
    period: tuple[str, str] = ("", "")
    why: str = ""

    @property
    def exit(self) -> int:
        return EXIT[self.verdict]

    def json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict,
            "anchored": self.anchored,
            "why": self.why,
            "site": self.site,
            "from": self.period[0],
            "to": self.period[1],
            "fingerprints": list(dict.fromkeys(key.fingerprint for key in self.keys)),
            "keys": [vars(key) for key in self.keys],
            "checks": [check.json() for check in self.findings.checks],
            "figures": [item.json() for item in self.figures],
            "factors": self.factors,
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
        findings.bad(
            name, name, f"could not be checked to its end: {type(error).__name__}: {str(error)[:200]}"
        )
        return False
    return True


class _Run:
    def __init__(self, opened: pack.Pack, findings: Findings, trust: set[str]) -> None:
        self.opened, self.findings, self.trust = opened, findings, trust
        self.report = Report(DIFFERENT, findings)
        self.entries: list[ledger.Entry] = []

    def summary(self) -> None:
        self.said = summary.read(self.opened.envelope)
        body = self.said.body
        self.report.site, self.report.period = self.said.site, (str(body["from"])[:10], str(body["to"])[:10])
        named = [("signer", self.said.signer), *sorted(self.said.keys.items())]
        prints = [(who, summary.fingerprint(key)) for who, key in named]
        self.report.keys = [Key(who, mark, mark in self.trust) for who, mark in prints]
        if summary.fingerprint(self.said.signer) != self.said.key.hex():
            self.findings.bad("summary", "summary.json: key", "is not the fingerprint of the signer's key")
        if not summary.signed(self.said):
            self.findings.bad("summary", "summary.json: sig", "the signature is not that of the signer's key")

    def blocks(self) -> None:
        reader = ledger.Reader(self.said, self.opened.depth, self.findings)
        files = self.opened.files
        self.entries = reader.read(files.get("ledger.seg", b""), files.get("proofs.json", b""))

    def links(self) -> None:
        links.check(self.entries, self.said, self.opened.depth, self.findings)

    def figures(self) -> None:
        opened = self.opened
        made = figures.check(self.said.body, self.entries, opened.depth, opened.certificates, self.findings)
        self.report.figures, self.report.factors, self.report.certificates = made
        views.check(opened.views, opened.files, self.said.body, self.findings)

    def verdict(self) -> Report:
        keys = self.report.keys
        self.report.anchored = bool(keys) and keys[0].anchored
        if self.findings.ok:
            self.report.verdict = VERIFIED if self.report.anchored else NOT_ANCHORED
        return self.report


def verify(data: bytes, trust: set[str]) -> Report:
    """Check a pack. trust: fingerprints (hex) that the reader got in another way. Never raises on any bytes."""
    findings = Findings()
    try:
        opened = pack.read(data, findings)
    except NotAPack as error:
        return Report(NOT_A_PACK, findings, why=str(error))
    run = _Run(opened, findings, trust)
    if _stage("summary", findings, run.summary):
        findings.settle("summary", "form, key and signature")
        _stage("blocks", findings, run.blocks)
        _stage("links", findings, run.links)
        _stage("figures", findings, run.figures)
    return run.verdict()
