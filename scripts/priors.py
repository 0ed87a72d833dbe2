"""Make cython_ext/core/priors.h: what the column codec assumes about residuals before it has seen any.

Residuals are taken to be geometric with the mean of their level. Run once: the table is part of the byte format.
"""

from __future__ import annotations

import math
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "cython_ext" / "core" / "priors.h"
LEVELS, HISTORIES, SMALL, TREES, LEAVES = 32, 8, 8, 12, 16


def chance(probability: float) -> int:
    """A probability of 65536."""
    return min(max(int(probability * 65536), 100), 65436)


def zero(level: int, history: int) -> int:
    """The chance that a residual is 0 at a mean of 2 ** (level / 4 - 7); a run of zeros makes another likelier."""
    some = 1 - 1 / (1 + 2.0 ** ((level - 32) / 4))
    return chance(1 - some * 0.6 ** max(history - 3, 0))


def tree(mean: float) -> list[int]:
    """The chance of a 0 at each node of a tree over 0 … 15 of a geometric; 15 stands for all from there on."""
    ratio = mean / (1 + mean)
    at_least = [ratio**i for i in range(LEAVES)] + [0.0]
    found = [32768]
    for node in range(1, LEAVES):
        depth = node.bit_length() - 1
        width = LEAVES >> depth
        low = (node << (4 - depth)) % LEAVES
        left = at_least[low] - at_least[low + width // 2]
        both = at_least[low] - at_least[low + width] if low + width < LEAVES else at_least[low]
        found.append(chance((left + 1e-9) / (both + 2e-9)))
    return found


def mean(tree_number: int) -> float:
    """The mean of the residuals of a tree: less one below 2, in steps of the shift above."""
    if tree_number < SMALL:
        return math.sqrt(2) ** (tree_number - 6)
    return 2 * 2 ** ((tree_number - SMALL) / 4)


def table(name: str, rows: list[list[int]]) -> str:
    """A C table."""
    lines = ",\n".join("    {" + ", ".join(map(str, row)) + "}" for row in rows)
    return f"static const uint16_t {name}[{len(rows)}][{len(rows[0])}] = {{\n{lines},\n}};\n"


def text() -> str:
    """The file."""
    zeros = [[zero(level, history) for history in range(HISTORIES)] for level in range(LEVELS)]
    trees = [tree(mean(number)) for number in range(TREES)]
    head = "/* Made by scripts/priors.py: chances of 65536 that a bit is 0, before anything was seen. */\n"
    return head + table("ZERO_PRIOR", zeros) + table("TREE_PRIOR", trees)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
