"""A program started by root as a user who owns nothing; by anybody else, as himself."""

from __future__ import annotations

import os
from typing import Any

NOBODY = 65534


def as_nobody() -> dict[str, Any]:
    """Arguments for subprocess.run."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
