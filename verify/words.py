"""The report as text for people, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from verify.keys import unanchored

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
    "as cited": "因子按证据包所引原样采用，未与任何清单核对；用 --factors 文件 可与您认可的因子清单核对。",
    "as listed": "因子已与您的清单核对：",
}
EN = {
    "as cited": "Factors were taken as the pack cites them and compared with no list; --factors FILE compares them with"
    " those that you accept.",
    "as listed": "Factors were compared with your list: ",
    "no end": "none",
}


def _clean(text: str) -> str:
    """Text of a pack without characters that would steer a terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "?", text)


def printed(report: Report, lang: str) -> str:
    """Several lines, the verdict last; lang: `en` or `zh`."""

    def say(word: str) -> str:
        return (ZH if lang == "zh" else EN).get(word, word)

    lines = []
    if report.site:
        period = f"{report.period[0]} {say('to')} {report.period[1]} {say('(not included)')}"
        lines += [f"{say('site')}: {report.site}", f"{say('period')}: {period}"]
    for check in report.findings.checks:
        mark = say("holds") if check.ok else say("FAULT")
        why = check.zh if lang == "zh" and check.zh else check.why
        lines.append(f"[{mark}] {say(check.name)}: {check.where}" + (f": {why}" if why else ""))
    for item in report.figures:
        mark = say("same") if item.ok else say("DIFFERS")
        where = f" {item.point}" if item.point else ""
        shown = _both(item.json(), say)
        lines.append(
            f"[{mark}] {item.kind}{where} {item.id}: {shown}" + (f": {item.why}" if item.why else "")
        )
    lines += [line for item in report.certificates for line in _certificate(item, say)]
    for factor in report.records:
        numbers = [f"{key} {factor[key]}" for key in ("value", "ncv", "per", "cc", "of") if key in factor]
        shown = f"{', '.join(numbers)}, {factor['unit']}; {factor['citation']}"
        lines.append(f"{say('factor')} {factor.get('id')}: {shown}")
    if report.keys:
        lines.append(_source(report, say))
    for key in report.keys:
        named = "named by the signer" if report.anchored else "not trusted"
        mark = say("trusted" if key.anchored else named)
        lines.append(f"{say('keys')}: {say(key.who)} {key.fingerprint} ({mark})")
    if report.keys and not report.anchored:
        lines += unanchored(report, lang)
    lines.append(say(report.verdict) + (f": {report.why}" if report.why else ""))
    return "\n".join(_clean(line) for line in lines)


def _both(one: dict[str, Any], say: Callable[[str], str]) -> str:
    """What was published and what was recomputed, each with its interval where it has one."""
    shown, ends = [], one.get("interval") or {}
    for side in ("published", "recomputed"):
        pair = ends.get(side)
        span = "" if pair is None else f" [{' … '.join(end or say('no end') for end in pair)}]"
        shown.append(f"{say(side)} {one[side] or say('nothing')}{span}")
    return f"{', '.join(shown)} {one['unit']}"


def _certificate(item: dict[str, Any], say: Callable[[str], str]) -> Iterator[str]:
    """The figures of a certificate, one a line."""
    yield f"{say('certificate')} {item['project']}: {item['from']} {say('to')} {item['to']} {say('(not included)')}"
    for one in item["figures"]:
        mark = say("same") if one["ok"] else say("DIFFERS")
        shown = _both(one, say)
        why = f": {one['why']}" if "why" in one else ""
        yield f"[{mark}] {item['project']} {one['kind']}: {shown}{why}"
    yield from (
        f"[{say('refused')}] {item['project']} {one['kind']}: {one['why']}" for one in item["refused"]
    )


def _source(report: Report, say: Callable[[str], str]) -> str:
    """Whether the factors were held against a list of the reader's."""
    if report.accepted is None:
        return say("as cited")
    return f"{say('as listed')}{report.accepted.file} (SHA-256 {report.accepted.sha256})"
