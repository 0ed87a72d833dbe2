"""What health says of a ledger and its nodes."""

from __future__ import annotations

from pathlib import Path

from cloud.ingest import health
from cloud.ingest.commit import Commit, Trust
from cloud.ingest.health import IngestCounters
from cloud.ingest.inbox import Message
from cloud.ledger import Ledger
from cloud.settings import load
from contract import topics
from contract.block import Header, parse
from contract.times import rfc3339
from journal.keyfiles import load_key
from tests.cloud.edge_twin import T0, Node, workdir


def test_health_counts_what_came_and_what_the_ledger_holds(tmp_path: Path) -> None:
    node, lost = Node().begin(), Node(name="lost", site="atlantis").begin()
    node.reading(1)
    settings = load(workdir(tmp_path, 1, 8000, node, lost) / "cloud" / "cloud.yaml")
    ledger, counters = Ledger(settings.ledger_folder), IngestCounters()
    empty = health.report(settings, counters, 0, None, "starting")
    assert (empty["status"], empty["ledger"]["blocks"], empty["last_received"]) == ("starting", 0, None)
    assert empty["ledger"]["days_to_full"] is None and empty["nodes"] == []
    commit = Commit(ledger, Trust(settings.trust_folder), load_key(settings.key_file), counters)
    half_a_day = health.DAY // 2
    sent = [(node, data, T0) for data in node.blocks[:2]] + [(node, node.blocks[2], T0 + half_a_day)]
    sent += [(lost, data, T0 + half_a_day) for data in lost.blocks]
    commit.group(Message(topics.block(who.name), data, at) for who, data, at in sent)
    found = health.report(settings, counters, 3, None, None)
    size = sum(len(data) for _, data, _ in sent)
    assert found["status"] == "ok" and found["version"]
    assert found["ledger"]["blocks"] == 5 and found["ledger"]["bytes"] == size
    assert found["ledger"]["bytes_per_day"] == 2 * size and found["ledger"]["days_to_full"] > 0
    assert (found["unknown_sites"], found["overflowed"], found["refused"]) == (1, 3, 0)
    assert found["last_received"] == rfc3339(T0 + half_a_day) == "2023-11-15T10:13:20.000000000Z"
    header: Header = parse(node.blocks[2])[0]
    assert found["nodes"][1] == {
        "node": "mill-edge",
        "site": "demo-mill",
        "trusted": True,
        "last_received": "2023-11-15T10:13:20.000000000Z",
        "streams": [{"stream": "account", "incarnation": f"{header.incarnation:016x}", "last": 2, "have": 2}],
    }
    ledger.close()
    again, after = Ledger(settings.ledger_folder), IngestCounters()
    Commit(again, Trust(settings.trust_folder), load_key(settings.key_file), after)
    same = health.report(settings, after, 3, None, None)
    assert {**same, "time": 0} == {**found, "time": 0, "ledger": same["ledger"]}
    assert same["ledger"]["bytes_per_day"] == found["ledger"]["bytes_per_day"]
    again.close()
