"""What a person is told of the key of a pack and of the keys that he trusts, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.check import Report

NO_KEY = {
    "en": "The pack is signed with the key {signer}. Trusted keys: {trusted}.",
    "zh": "证据包由密钥 {signer} 签名。您信任的密钥：{trusted}。",
}
NO_SIGNER = {
    "en": "Which key the pack is signed with cannot be said: it is no pack, or its signature does not hold.",
    "zh": "无法说明证据包由哪个密钥签名：不是证据包，或其签名不成立。",
}
NONE = {"en": "none", "zh": "无"}
MEND = {
    "en": "Nothing was checked. Get the fingerprint of the cloud's key in another way than the pack came (a letter, the"
    " plate of the edge box), and run again with --trust FINGERPRINT or with a file that holds it.",
    "zh": "未作任何核对。请从证据包以外的途径（信函、设备铭牌）取得云端密钥的指纹，"
    "再用 --trust 指纹（或含指纹的文件）运行。",
}
SIGNED = {"en": "signed with: {signer}", "zh": "签名密钥：{signer}"}
TRUSTED = {"en": "you trust: {mark}{given}{whose}", "zh": "您信任：{mark}{given}{whose}"}
GIVEN = {"en": " (from {given})", "zh": "（取自 {given}）"}
WHOSE = {
    "en": ", the key of {who}, not of the signer",
    "zh": "，是 {who} 的密钥，不是签名者的密钥",
}
STRANGE = {"en": ", a key that the pack does not name", "zh": "，证据包中没有这个密钥"}
ANCHOR = {
    "en": "No key was named with --trust. Compare the fingerprint above with the one that you got in another way than"
    " the pack (a letter, the plate of the edge box), then run again with --trust FINGERPRINT.",
    "zh": "没有用 --trust 指明密钥。请将上面签名者的指纹与从其他途径（信函、设备铭牌）得到的指纹核对，"
    "然后用 --trust 指纹 再次运行。",
}
DIFFERS = {
    "en": "The signer's key is not among the keys that you trust: do not accept the pack on this ground. Ask the mill"
    " for the fingerprint of its cloud's key in another way than the pack came. If it is the one behind `signed with`,"
    " you had the wrong key: run again with --trust and that fingerprint. If not, somebody else made this pack.",
    "zh": "签名者的密钥不在您信任的密钥之中：不要据此接受该证据包。请从证据包以外的途径向企业索取其云端密钥的指纹。"
    "若与“签名密钥”一致，则原先的密钥有误，请用 --trust 加该指纹再次运行；若不一致，则该证据包出自他人之手。",
}


def unusable(signer: str | None, trusted: dict[str, str], lang: str) -> list[str]:
    """Lines for a reader who named a key that is none. signer: fingerprint of the pack's key, None where unknown."""
    shown = ", ".join(trusted) or NONE[lang]
    said = NO_SIGNER[lang] if signer is None else NO_KEY[lang].format(signer=signer, trusted=shown)
    return [said, MEND[lang]]


def unanchored(report: Report, lang: str) -> Iterator[str]:
    """Lines for a report whose signer is not trusted: the key it is signed with, those trusted, what to do."""
    yield SIGNED[lang].format(signer=report.keys[0].fingerprint)
    owners = {key.fingerprint: key.who for key in report.keys}
    for mark, given in report.trusted.items():
        from_ = "" if given == mark else GIVEN[lang].format(given=given)
        whose = WHOSE[lang].format(who=owners[mark]) if mark in owners else STRANGE[lang]
        yield TRUSTED[lang].format(mark=mark, given=from_, whose=whose)
    yield (DIFFERS if report.trusted else ANCHOR)[lang]
