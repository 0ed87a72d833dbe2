"""A reason as a file carries it: {"code", "params", "message"}, or in files made before those a text `why`."""

from __future__ import annotations

from typing import Any

from verify.formats.shape import members, text

NEW = "code params message"
OLD = "why"


def shaped(item: Any, where: str, others: str) -> tuple[str, str]:
    """Code and English text of a refusal whose other members are *others*; an old one has no code."""
    old = isinstance(item, dict) and OLD in item
    said = members(item, where, f"{others} {OLD if old else NEW}")
    if old:
        return "", text(said[OLD], where)
    members(said["params"], f"{where}.params", "", " ".join(map(str, said["params"])))
    return text(said["code"], where), text(said["message"], where)
