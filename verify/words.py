"""The report as text for people, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from verify.formats.chinese import CHINESE, worded, worded_row
from verify.formats.findings import Check
from verify.formats.message import Message
from verify.keys.advice import unanchored
from verify.messages import FactorsAsCited, FactorsCompared

if TYPE_CHECKING:
    from verify.check import Report

ZH = {
    "verified": "验证通过，密钥已锚定",
    "consistent, keys not anchored": "内容一致，密钥未锚定",
    "different": "有差异",
    "not a pack": "不是证据包",
    "zip": "压缩包",
    "summary": "汇总",
    "blocks": "数据块",
    "tree": "默克尔树",
    "links": "链接",
    "hours": "小时数据",
    "factors": "因子",
    "figures": "数值",
    "refusals": "拒绝项",
    "warnings": "警告",
    "statements": "声明",
    "certificates": "证书",
    "certificate": "证书",
    "holds": "成立",
    "FAULT": "错误",
    "same": "一致",
    "DIFFERS": "不一致",
    "site": "站点",
    "period": "期间",
    "to": "至",
    "(not included)": "（不含）",
    "keys": "密钥",
    "trusted": "已信任",
    "not trusted": "未信任",
    "named by the signer": "由签名者指明",
    "signer": "签名者",
    "nothing": "无",
    "no end": "不存在",
    "refused": "拒绝",
    "published": "公布值",
    "recomputed": "重算值",
    "factor": "因子",
    "accepted factors": "认可的因子",
    "gap": "缺口",
}
EN = {"no end": "none"}


def _clean(text: str) -> str:
    """Text of a pack without characters that would steer a terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "?", text)


class _Page:
    """The lines of a report in a language, `en` or `zh`."""

    def __init__(self, report: Report, lang: str) -> None:
        self.report, self.lang = report, lang

    def say(self, word: str) -> str:
        return (ZH if self.lang == CHINESE else EN).get(word, word)

    def lines(self) -> Iterator[str]:
        """All of them, the verdict last."""
        report = self.report
        yield from self._head()
        yield from map(self._check, report.findings.checks)
        for item in report.figures:
            where = f" {item.point}" if item.point else ""
            yield self._figure(f"{item.kind}{where} {item.id}", item.json())
        for certificate in report.certificates:
            yield from self._certificate(certificate)
        yield from map(self._factor, report.records)
        yield from self._keys()
        why = "" if report.why is None else f": {worded(report.why, self.lang)}"
        yield f"{self.say(report.verdict)}{why}"

    def _head(self) -> Iterator[str]:
        if self.report.site:
            yield f"{self.say('site')}: {self.report.site}"
            yield f"{self.say('period')}: {self._span(*self.report.period)}"

    def _span(self, from_: str, to: str) -> str:
        return f"{from_} {self.say('to')} {to} {self.say('(not included)')}"

    def _check(self, check: Check) -> str:
        mark = self.say("holds" if check.ok else "FAULT")
        place = f"{check.place}: " if check.place else ""
        return f"[{mark}] {self.say(check.name)}: {place}{worded(check.message, self.lang)}"

    def _figure(self, name: str, row: Mapping[str, Any]) -> str:
        """A figure, and in what it differs."""
        mark = self.say("same" if row["ok"] else "DIFFERS")
        why = "" if row["ok"] else f": {worded_row(row, self.lang)}"
        return f"[{mark}] {name}: {self._both(row)}{why}"

    def _both(self, row: Mapping[str, Any]) -> str:
        """What was published and what was recomputed, each with its interval where it has one."""
        shown, ends = [], row.get("interval") or {}
        for side in ("published", "recomputed"):
            pair = ends.get(side)
            span = "" if pair is None else f" [{' … '.join(end or self.say('no end') for end in pair)}]"
            shown.append(f"{self.say(side)} {row[side] or self.say('nothing')}{span}")
        return f"{', '.join(shown)} {row['unit']}"

    def _certificate(self, item: Mapping[str, Any]) -> Iterator[str]:
        """The figures of a certificate and what it refuses, one a line."""
        yield f"{self.say('certificate')} {item['project']}: {self._span(item['from'], item['to'])}"
        for row in item["figures"]:
            yield self._figure(f"{item['project']} {row['kind']}", row)
        for row in item["refused"]:
            why = row.get("why") or worded_row(row, self.lang)
            yield f"[{self.say('refused')}] {item['project']} {row['kind']}: {why}"

    def _factor(self, record: Mapping[str, Any]) -> str:
        numbers = [f"{key} {record[key]}" for key in ("value", "ncv", "per", "cc", "of") if key in record]
        shown = f"{', '.join(numbers)}, {record['unit']}; {record['citation']}"
        return f"{self.say('factor')} {record.get('id')}: {shown}"

    def _keys(self) -> Iterator[str]:
        """Whether factors were compared with a list, the keys, and what to do where the signer's is not trusted."""
        report = self.report
        if not report.keys:
            return
        yield worded(_source(report), self.lang)
        named = "named by the signer" if report.anchored else "not trusted"
        for key in report.keys:
            mark = self.say("trusted" if key.anchored else named)
            yield f"{self.say('keys')}: {self.say(key.who)} {key.fingerprint} ({mark})"
        if not report.anchored:
            owners = {key.fingerprint: key.who for key in report.keys}
            lines = unanchored(report.keys[0].fingerprint, owners, report.trusted)
            yield from (worded(line, self.lang) for line in lines)


def printed(report: Report, lang: str) -> str:
    """Several lines, the verdict last; lang: `en` or `zh`."""
    return "\n".join(_clean(line) for line in _Page(report, lang).lines())


def _source(report: Report) -> Message:
    """Whether the factors were held against a list of the reader's."""
    if report.accepted is None:
        return FactorsAsCited()
    return FactorsCompared(report.accepted.file, report.accepted.sha256)
