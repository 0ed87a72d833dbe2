"""Words that data call for: qualities, classes, states and refusals, marked for the catalogues."""

from __future__ import annotations

import re
from collections.abc import Callable

from cloud.web.i18n import N_

WORDS = {
    "quality/good": N_("good"),
    "quality/estimated": N_("estimated"),
    "quality/uncertain": N_("uncertain"),
    "quality/uncertain:clock": N_("uncertain clock"),
    "quality/manual": N_("entered by hand"),
    "quality/maintenance": N_("maintenance"),
    "quality/calibration": N_("calibration"),
    "quality/over_range": N_("over range"),
    "quality/under_range": N_("under range"),
    "quality/stale": N_("stale"),
    "quality/comm_fault": N_("communication fault"),
    "quality/sensor_fault": N_("sensor fault"),
    "quality/offline": N_("offline"),
    "quality/bad": N_("bad"),
    "quality/missing": N_("missing"),
    "class/measured": N_("measured"),
    "class/estimated": N_("estimated"),
    "class/partial": N_("partial day"),
    "class/invalid(counter)": N_("invalid: counter"),
    "class/provisional": N_("provisional"),
    "class/unknown": N_("unknown"),
    "class/none": N_("no figure"),
    "age/s": N_("%(n)s s ago"),
    "age/min": N_("%(n)s min ago"),
    "age/h": N_("%(n)s h ago"),
    "age/d": N_("%(n)s d ago"),
    "status/ok": N_("in order"),
    "status/stopping": N_("stopping"),
    "status/starting: the ledger is being read": N_("starting: the ledger is being read"),
    "status/no connection to the broker": N_("no connection to the broker"),
    "link/up": N_("connected"),
    "link/down": N_("disconnected"),
}
"""Words that a script puts on the page, by their key."""

KINDS = {"expected_kwh": N_("Expected electricity"), "expected_cost_yuan": N_("Expected cost of electricity")}
"""Figures that stand on pages alone."""

REFUSALS = (
    ("no factor declared", N_("no factor declared")),
    (
        r"no published grid factor for (?P<place>.+) for (?P<year>\d+): the first is for (?P<first>\d+)",
        N_("no published grid factor for %(place)s for %(year)s: the first is for %(first)s"),
    ),
    ("no published grid factor for (?P<place>.+)", N_("no published grid factor for %(place)s")),
    ("the site has no province and names no factor", N_("the site has no province and names no factor")),
    (
        "the site names factor '(?P<id>.+)', which is not known",
        N_("the site names factor %(id)s, which is not known"),
    ),
)
"""Why there is no tCO2: the sentences of accounts, and what is shown for each."""


def refusal(sentence: str, gettext: Callable[[str], str]) -> str:
    """A refusal in the language of *gettext*; a sentence that is not known stays as it is."""
    for pattern, message in REFUSALS:
        found = re.fullmatch(pattern, sentence)
        if found is not None:
            return gettext(message) % found.groupdict()
    return sentence
