"""Why a store can't be used."""

from __future__ import annotations

from contract.message import Message


class InfluxAnswers(Message, text="InfluxDB answers {status}: {text}"):
    """What the server said."""

    status: int
    text: str


class InfluxUnreachable(Message, text="InfluxDB can't be reached: {text}"):
    """What the network said."""

    text: str


class FilesNotReadable(Message, text="the Parquet files can't be read: {text}"):
    """What the engine said."""

    text: str


class FolderNotReadable(Message, text="{path} can't be read: {text}"):
    """What was kept of an hour or a day."""

    path: str
    text: str
