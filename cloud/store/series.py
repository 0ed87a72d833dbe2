"""The table that a store answers with; apart from the stores' rules, for pyarrow takes a quarter second to import."""

from __future__ import annotations

import pyarrow as pa

SERIES = pa.schema(
    [("node", pa.string()), ("tag", pa.string()), ("time", pa.int64()), ("value", pa.float64())]
)
"""A series: time in UTC ns, value in the tag's unit, null where it is not finite; by node, tag and time."""
