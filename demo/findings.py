"""What the judge finds, and the words of a result, in English and Chinese."""

from __future__ import annotations

from demo.message import Sentence


class Finding(Sentence):
    """A difference between what was served, accepted, stored and computed."""

    EVENT = "{tag} of {time}", "{time} 的 {tag}"
    READ = "{tag} of read {counter}", "第 {counter} 次读取的 {tag}"
    SERVED_TWICE = (
        "the account serves {value} as {first} and as {second}",
        "台账中{value}既为 {first} 又为 {second}",
    )
    NEVER_SERVED = (
        "{tag} at {time} is stored, but the plant never served it",
        "存有 {time} 的 {tag}，但工厂从未送出",
    )
    CHANGED = "{value} was served as {served}, is stored as {stored}", "{value}送出为 {served}，存为 {stored}"
    STORED_AGAIN = (
        "{tag} of read {counter} is stored again at {time}",
        "第 {counter} 次读取的 {tag} 在 {time} 重复存储",
    )
    NOT_STORED = "{value} was accepted and is not stored", "{value}已接收而未存储"
    NOT_COVERED = (
        "{value} was not accepted, and no gap statement covers it",
        "{value}未接收，也没有缺口声明涵盖它",
    )
    ROWS_TWICE = (
        "{count} row numbers are covered by more than one block",
        "{count} 个行号出现在多个块中",
    )
    LEDGER_MORE = (
        "the ledger holds {count} values more than the export shows",
        "账本比导出多 {count} 个值",
    )
    EXPORT_MORE = "the export shows {count} values too many", "导出多出 {count} 个值"
    BAD_BLOCK = "block {block}", "块 {block}"
    STORE_DIFFERS = (
        "the store holds {stored} values, the export {exported}",
        "存储中有 {stored} 个值，导出中有 {exported} 个",
    )
    ENERGY = (
        "{tag}: the plant counted {counted}, the API says {amount}",
        "{tag}：工厂计得 {counted}，接口给出 {amount}",
    )


KEYS = {
    "served": "送出", "accepted": "接收", "ledger": "账本", "stored": "存储", "lost": "丢失", "unaccepted": "未接收",
    "uncovered": "无缺口声明", "duplicated": "重复", "different": "不一致", "energy_error": "电量误差",
    "devices": "设备", "restarts": "重启", "kills_hit": "强制结束时的状态", "seconds": "秒数", "broker": "消息代理",
    "verdict": "结论",
}  # fmt: skip
"""Chinese of the keys of a result."""
VERDICTS = {"agree": "一致", "differ": "不一致", "not judged": "未核对"}


def key(name: str, language: str) -> str:
    """A key of the result in zh or en."""
    return KEYS[name] if language == "zh" else name


def value(name: str, shown: object, language: str) -> str:
    """What stands beside a key of the result, in zh or en."""
    return VERDICTS[str(shown)] if language == "zh" and name == "verdict" else str(shown)
