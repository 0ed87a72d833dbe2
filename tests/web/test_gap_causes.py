"""Why a group has a gap, from the statement of its edge to the page, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from cloud.ledger.decode import Decoder
from cloud.ledger.tag_catalogue import Catalogue, SiteNode
from cloud.web.charts.completeness import why
from drivers.modbus.messages import NoConnection
from edge import statements
from edge.gap import DataGap
from edge.messages import Restart
from tests.cloud.edge_twin import METER, T0, Node

LOST = statements.gap(METER, DataGap("meter", None, T0, NoConnection("10.0.0.7", 502))).fields
OFF = statements.gap(METER, DataGap("meter", None, T0, Restart())).fields
OLD = {key: value for key, value in LOST.items() if key not in ("code", "params")}


def shown(fields: dict[str, Any], language: str) -> str:
    """The page's sentence of a day without rows, whose gap a node has stated by these fields."""
    node, decoder, catalogue = Node().begin(), Decoder(), Catalogue()
    node.say("gap", **fields)
    for block in node.blocks:
        catalogue.learn(decoder.feed(block))
    causes = catalogue.causes(SiteNode(node.site, node.name), "meter", T0 - 1, T0 + 1)
    return why("2026-03-01", "missing", None, causes, language)


@pytest.mark.parametrize(
    ("fields", "language", "cause"),
    [
        (LOST, "en", "no connection to 10.0.0.7:502"),
        (LOST, "zh", "无法连接 10.0.0.7:502"),
        (OFF, "en", "the edge was off"),
        (OLD, "en", "no connection to 10.0.0.7:502"),
        (OLD, "zh", "no connection to 10.0.0.7:502"),
        (LOST | {"params": {"host": "x"}}, "zh", "no connection to 10.0.0.7:502"),
        (LOST | {"params": "x"}, "zh", "no connection to 10.0.0.7:502"),
        (LOST | {"code": ["x"]}, "zh", "no connection to 10.0.0.7:502"),
        (LOST | {"code": "no.such"}, "zh", "no connection to 10.0.0.7:502"),
    ],
)
def test_a_cause_is_shown_by_its_code_and_else_by_its_text(
    fields: dict[str, Any], language: str, cause: str
) -> None:
    assert shown(fields, language).endswith(cause)
