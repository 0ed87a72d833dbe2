"""Which language a command speaks: `--lang`, or else that of the locale."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("zh", "en")


def of_locale(environment: Mapping[str, str]) -> str:
    """zh where LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with zh, else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"
