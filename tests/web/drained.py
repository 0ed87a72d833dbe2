"""A mill with an outfall: a daily limit of COD and an hourly one of ammonia nitrogen, passed now and then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.web.emptied import ask, empty_cloud
from tests.web.year import midnight

SITE = "drained"
COD = {11: "65", 9: "70", 8: "95", 7: "99.5", 5: "90", 4: "60", 3: "60", 2: "81.25", 1: "60"}
"""By days ago; on the tenth and the sixth day nothing was measured."""
AMMONIA = {3: "12", 4: "12.5", 10: "11"}
"""By the hour of the day before yesterday; else it is 5."""
LIMITS = [
    {"point": "outfall", "parameter": "cod", "limit": "80", "unit": "mg/L", "statistic": "day"},
    {"point": "outfall", "parameter": "nh3n", "limit": "8", "unit": "mg/L", "statistic": "hour"},
    {"point": "outfall", "parameter": "tn", "limit": "15", "unit": "mg/L", "statistic": "day"},
]


def day(ago: int) -> str:
    """A date in Shanghai."""
    return str(midnight(ago).date())


def key(limit: str, when: str) -> str:
    """What a note about an episode names."""
    return f"exceedance/outfall/{limit}/{when}"


def rows() -> str:
    """The rows as a CSV."""
    lines = ["from,to,point,quantity,value,unit"]
    lines += [f"{day(ago)},{day(ago - 1)},outfall,cod,{value},mg/L" for ago, value in COD.items()]
    for hour in range(24):
        begin, end = (midnight(2) + timedelta(hours=h) for h in (hour, hour + 1))
        value = AMMONIA.get(hour, "5")
        lines.append(f"{begin:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M},outfall,nh3n,{value},mg/L")
    return "\n".join(lines) + "\n"


@contextmanager
def drained(folder: Path) -> Iterator[str]:
    """Its cloud runs: the address of its pages."""
    permit = {"document": "example permit", "example": True, "valid_from": "2020-01-01", "limits": LIMITS}
    site = {
        "id": SITE,
        "name_zh": "排水厂",
        "name_en": "Drained mill",
        "tz": "Asia/Shanghai",
        "province": "浙江",
    }
    said = {
        "by": "王芳",
        "site": site,
        "points": [{"id": "outfall", "zh": "总排口", "en": "Outfall"}],
        "permit": permit,
    }
    with empty_cloud(folder) as url:
        status, answer = ask(f"{url}/api/v1/desk/sites", said)
        assert status == 200, answer
        status, answer = ask(
            f"{url}/api/v1/sites/{SITE}/import", {"by": "王芳", "name": "lab.csv", "csv": rows()}
        )
        assert status == 200 and not answer["refused"], answer
        yield url
