"""Chinese of the words in the tables of `check`, `decode` and `status`. Sentences are messages (edge.messages).

The English of a word is its key.
"""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS = {
    "tag": "标签", "value": "数值", "unit": "单位", "raw": "原始值", "quality": "质量", "ms": "毫秒", "hex": "十六进制",
    "why": "原因",
}  # fmt: skip
"""Columns of `check`."""
READING = {"type": "类型", "order": "字节序", "value": "数值"}
"""Columns of `decode`."""
QUALITIES = {
    "good": "良好", "estimated": "估算", "uncertain": "不确定", "uncertain:clock": "时钟不确定", "manual": "手工",
    "maintenance": "维护", "calibration": "校准", "over_range": "超上限", "under_range": "超下限", "stale": "陈旧",
    "comm_fault": "通信故障", "sensor_fault": "传感器故障", "offline": "离线", "bad": "无效", "missing": "缺失",
}  # fmt: skip
"""Labels of contract.quality."""
STATUS = {
    "version": "版本", "running": "正在运行", "node": "节点", "written": "状态写入时间", "started": "启动时间",
    "connected": "已连接代理", "accepted_rows": "已接收行数", "last_receipt": "最近回执", "unreceipted": "未回执的块",
    "unreceipted_bytes": "未回执的字节", "sealed_bytes": "已封存字节", "journal_bytes": "日志占用字节",
    "days_to_full": "磁盘可用天数", "refused": "被拒绝的块", "unknown_keys": "未知密钥的消息",
    "malformed": "格式错误的消息", "forks": "分叉", "holes": "已声明的块缺口", "relapses": "云端丢失次数",
    "recorded_left": "待发送的历史行", "seal_errors": "封存错误", "repeats": "重复值", "gaps": "数据缺口",
}  # fmt: skip
"""Keys of the status."""
VALUES = {"yes": "是", "no": "否", "none": "无"}


def word(table: Mapping[str, str], key: str, language: str) -> str:
    """A word in zh or en; one that is not in the table is shown as it is."""
    return table.get(key, key) if language == "zh" else key
