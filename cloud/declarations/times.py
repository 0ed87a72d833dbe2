"""Times as people write them -> UTC ns. A time without offset is the site's; one that is not sure is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from contract.errors import BadInput
from contract.time_messages import NeverWas, NoSuchTime, NoTime, TwiceThatNight

_FORM = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 1971, 2198


class Times:
    """Reads times of one site; the same text is read once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[str, int] = {}

    def read(self, text: str) -> int:
        """UTC ns of a date (its local midnight) or a time. Raises BadInput."""
        found = self._known.get(text)
        if found is None:
            found = self._read(text)
            if len(self._known) < 1_000_000:
                self._known[text] = found
        return found

    def _read(self, text: str) -> int:
        form = _FORM.fullmatch(text)
        if form is None or not _FIRST <= int(text[:4]) <= _LAST:
            raise BadInput(NoTime(text[:60]))
        day, clock, second, fraction, offset = form.groups()
        try:
            local = datetime.fromisoformat(f"{day}T{clock or '00:00'}:{second or '00'}")
            moment = self._local(text, local) if offset is None else _shifted(local, offset)
        except ValueError:
            raise BadInput(NoSuchTime(text[:60])) from None
        return (moment - _EPOCH) // timedelta(seconds=1) * 10**9 + int((fraction or "").ljust(9, "0"))

    def _local(self, text: str, local: datetime) -> datetime:
        first, second = local.replace(tzinfo=self._zone), local.replace(tzinfo=self._zone, fold=1)
        early, late = first.utcoffset(), second.utcoffset()
        assert early is not None and late is not None
        if early > late:
            raise BadInput(TwiceThatNight(text, self._zone.key))
        if early < late:
            raise BadInput(NeverWas(text, self._zone.key))
        return first.astimezone(UTC)


def _shifted(local: datetime, offset: str) -> datetime:
    if offset == "Z":
        return local.replace(tzinfo=UTC)
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(offset)
    shift = timedelta(hours=hours, minutes=minutes)
    return local.replace(tzinfo=UTC) - (shift if offset[0] == "+" else -shift)
