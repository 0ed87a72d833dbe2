"""Words that data call for: qualities, classes, states and refusals, marked for the catalogues."""

from __future__ import annotations

from cloud.messages.i18n import N_

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
    "system/look": N_("needs a look"),
    "link/up": N_("connected"),
    "link/down": N_("disconnected"),
}
"""Words that a script puts on the page, by their key."""

KINDS = {"expected_kwh": N_("Expected electricity"), "expected_cost_yuan": N_("Expected cost of electricity")}
"""Figures that stand on pages alone."""
