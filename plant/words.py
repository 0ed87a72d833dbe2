"""The texts of the plant for people, in English and Chinese; places in braces stand in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias

Param: TypeAlias = "str | int | Path | Message | tuple[str, ...] | tuple[Message, ...]"
"""What may stand in a place. Messages of a tuple stand in a line each, texts with commas between them."""


class Text(Enum):
    """A sentence as (English, Chinese); called with its parameters it makes a message."""

    ACCOUNT_IN_USE = "{path}: another plant keeps this account", "{path}：另一个模拟工厂正在使用此台账"
    ACCOUNT_DISK_FULL = "{path}: no space left for the account", "{path}：台账没有剩余空间"
    SYSTEM = "{path}: {why}", "{path}：{why}"
    AT_LINE = "{path}:{line}: {key}: {why}", "{path}:{line}: {key}: {why}"
    PROBLEMS = "{problems}", "{problems}"
    FROM_LIBRARY = "{why}", "{why}"
    NO_SUCH_FILE = "{path}: no such file", "{path}：没有这个文件"
    NO_UTF8 = "no UTF-8 text", "不是 UTF-8 文本"
    NO_SETTINGS = "must be a mapping with host, seed, ports", "应为含 host、seed、ports 的映射"
    UNKNOWN_KEY = "unknown key; known are host, seed, ports", "未知的键；可用的有 host、seed、ports"
    NO_ADDRESS = "must be an IP address of this machine", "应为本机的 IP 地址"
    NO_SEED = "must be a whole number, 0 or more", "应为不小于 0 的整数"
    NO_PORTS = "must be a mapping from device to port", "应为设备到端口的映射"
    UNKNOWN_DEVICE_KEY = "unknown device; known are {devices}", "未知的设备；可用的有：{devices}"
    NO_PORT = "must be a port, 1 to 65535", "应为 1 至 65535 的端口"
    PORT_TWICE = "port {port} is given twice", "端口 {port} 重复指定"
    NO_FREE_PORTS = (
        "no {count} free ports on {host} between {first} and {last}",
        "{host} 上 {first} 至 {last} 之间没有 {count} 个空闲端口",
    )
    PORT_REFUSED = "port {port} of {device} on {host}: {why}", "{device} 在 {host} 上的端口 {port}：{why}"
    BAD_REQUEST = (
        "a request is one JSON object with command and device",
        "请求应为含 command 和 device 的一个 JSON 对象",
    )
    NO_PLANT = "no plant runs in {folder}: {why}", "{folder} 中没有正在运行的模拟工厂：{why}"
    NO_REPLY = "the plant in {folder} ended without an answer", "{folder} 中的模拟工厂未应答即结束"
    DAYS = "--days {days}: must be between {least} and {most}", "--days {days}：应在 {least} 至 {most} 之间"
    TABLE_AND_COLUMN = "--replay and --column belong together", "--replay 与 --column 须同时使用"
    MAX_NEEDS_TABLE = (
        "--speed max needs --replay: it moves on row by row",
        "--speed max 须配合 --replay：按行逐条推进",
    )
    NO_SPEED = "--speed {speed}: must be a number or max", "--speed {speed}：应为数字或 max"
    SPEED_RANGE = (
        "--speed {speed}: must be above 0 and at most 1000000",
        "--speed {speed}：应大于 0 且不超过 1000000",
    )
    NO_TIME = (
        "{flag} {value}: must be RFC 3339, such as 2026-03-01T08:00:00+08:00",
        "{flag} {value}：应为 RFC 3339 时间，如 2026-03-01T08:00:00+08:00",
    )
    NO_STATE = (
        "{folder} has an account but no state.json; take a new folder",
        "{folder} 有台账但没有 state.json；请换一个新文件夹",
    )
    OTHER_SEED = (
        "{folder} was begun with seed {kept}, not {asked}; take a new folder",
        "{folder} 以种子 {kept} 建立，而不是 {asked}；请换一个新文件夹",
    )
    OTHER_SOURCE = (
        "{folder} was begun as {kept}, not {asked}; take a new folder",
        "{folder} 以 {kept} 建立，而不是 {asked}；请换一个新文件夹",
    )
    UNKNOWN_DEVICE = (
        "unknown device {device}; known are {devices}",
        "未知的设备 {device}；可用的有：{devices}",
    )
    UNKNOWN_COMMAND = (
        "unknown command {command}; known are stop, start, hold, status",
        "未知的命令 {command}；可用的有 stop、start、hold、status",
    )
    NO_NUMBERS = "{path}: column {column} is no list of numbers", "{path}：列 {column} 不是数值列"
    NO_READINGS = (
        "{path}: column {column} must hold whole numbers of 0.01 kWh, 0 to 2^32 - 1",
        "{path}：列 {column} 应为以 0.01 kWh 计的整数，0 至 2^32 - 1",
    )
    NO_COLUMN = "{path}: no column {column}; it has {columns}", "{path}：没有列 {column}；现有：{columns}"
    UNREADABLE = "cannot be read", "无法读取"
    COLUMN_UNREADABLE = "{path}: column {column}: {why}", "{path}：列 {column}：{why}"

    @property
    def code(self) -> str:
        """Its name in JSON."""
        return f"plant.{self.name.lower()}"

    def __call__(self, **params: Param) -> Message:
        """The message with these parameters."""
        return Message(
            self, {name: str(each) if isinstance(each, Path) else each for name, each in params.items()}
        )


@dataclass(frozen=True)
class Message:
    """A sentence with its parameters."""

    text: Text
    params: Mapping[str, Any]

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Message:
        """The message of `json`, without messages in its parameters."""
        return cls(Text[str(value["code"]).removeprefix("plant.").upper()], value["params"])

    def json(self) -> dict[str, Any]:
        """{"code", "params", "message"}; message is the English text."""
        params = {name: _json(value) for name, value in self.params.items()}
        return {"code": self.text.code, "params": params, "message": str(self)}

    def shown(self, language: str) -> str:
        """The text in zh or en."""
        values = {name: _shown(value, language) for name, value in self.params.items()}
        return self.text.value[language == "zh"].format_map(values)

    def __str__(self) -> str:
        return self.shown("en")


def _json(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_json(each) for each in value]
    return value.json() if isinstance(value, Message) else value


def _shown(value: Any, language: str) -> str:
    if isinstance(value, Message):
        return value.shown(language)
    if not isinstance(value, tuple | list):
        return str(value)
    parts = [_shown(each, language) for each in value]
    between = "\n" if any(isinstance(each, Message) for each in value) else "、" if language == "zh" else ", "
    return between.join(parts)


KEYS = {
    "device": "设备", "devices": "设备", "running": "运行", "held": "数值保持", "folder": "文件夹", "days": "天数",
    "rows": "行数", "from": "起", "until": "止", "retrofit": "改造日期", "replay_done": "回放完毕",
    "rows_left": "剩余行数", "time": "时间", "account_rows": "台账行数",
}  # fmt: skip
"""Chinese of the keys of a result."""


def line(result: Mapping[str, str], language: str) -> str:
    """A result for people in one line: its keys, with values as JSON texts."""
    if language == "zh":
        flags = {"true": "是", "false": "否"}
        result = {KEYS.get(key, key): flags.get(value, value) for key, value in result.items()}
    return " ".join(f"{key}={value}" for key, value in result.items())
