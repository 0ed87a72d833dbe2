"""Each tag once: what `steelyard-edge check` shows, against a real OPC UA server and a plain socket."""

from __future__ import annotations

import asyncio
import json
import socket
import unicodedata
from pathlib import Path

from asyncua import ua
from asyncua.server.server import Server

from contract.message import Text
from drivers.base import Reading
from edge.check import as_object, as_text, check_all
from edge.settings import load

YAML = """\
node: n
site: s
devices:
  - id: meter
    protocol: modbus-tcp
    host: 127.0.0.1
    port: {modbus}
    groups:
      - id: meter
        every: 1
        tags:
          - {{name: 总表.电量, address: 6, type: uint32, unit: kW.h, scale: "0.01"}}
          - {{name: main.kw, address: 8, type: float32, unit: kW}}
  - id: dyeing
    protocol: opcua
    endpoint: opc.tcp://127.0.0.1:{opcua}
    groups:
      - id: dyeing
        every: 1
        tags:
          - {{name: 染色机1.布速, node: "ns=2;s=speed", type: float64, unit: m/min}}
          - {{name: dye1.nothing, node: "ns=2;s=nothing", type: float64, unit: m/min}}
  - id: gone
    protocol: modbus-tcp
    host: 127.0.0.1
    port: 1
    groups:
      - {{id: gone, every: 1, tags: [{{name: gone.x, address: 0, type: int16, unit: A}}]}}
"""


async def meter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Registers 6.. = 123456 and a float that is no number."""
    ask = await reader.readexactly(12)
    data = bytes.fromhex("0001e2407fc00000")
    assert ask[6:] == bytes.fromhex("010300060004")
    writer.write(ask[:4] + bytes([0, 3 + len(data)]) + ask[6:8] + bytes([len(data)]) + data)
    await reader.read()
    writer.close()


async def test_every_tag_of_every_device(tmp_path: Path) -> None:
    modbus = await asyncio.start_server(meter, "127.0.0.1", 0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    await server.register_namespace("urn:test")
    await server.nodes.objects.add_variable(ua.NodeId.from_string("ns=2;s=speed"), "speed", 41.5)
    path = tmp_path / "edge.yaml"
    path.write_text(YAML.format(modbus=modbus.sockets[0].getsockname()[1], opcua=port), "utf-8")
    async with server:
        readings = await check_all(load(path))
    modbus.close()

    text = as_text(readings, "en")
    lines = text.split("\n")
    assert [line.split()[0] for line in lines] == [
        "tag", "总表.电量", "main.kw", "染色机1.布速", "dye1.nothing", "gone.x",
    ]  # fmt: skip
    assert lines[1].split()[1:5] == ["1234.56", "kW.h", "123456", "good"] and "0001e240" in lines[1]
    assert "no number" in lines[2] and "BadNodeIdUnknown" in lines[4] and "no connection" in lines[5]
    starts = {sum(1 + (unicodedata.east_asian_width(c) == "W") for c in line[: line.index(unit)])
              for line, unit in zip(lines[1:], ("kW.h", "kW", "m/min", "m/min", "A "), strict=True)}  # fmt: skip
    assert starts == {sum(1 for _ in lines[0][: lines[0].index("unit")])}, "columns stand below each other"

    found = json.loads(json.dumps(as_object(readings), allow_nan=False))
    assert found["ok"] is False and len(found["readings"]) == 5
    assert found["readings"][0] | {"latency": 0} == {
        "tag": "总表.电量", "value": 1234.56, "unit": "kW.h", "raw": 123456, "quality": "good", "latency": 0,
        "hex": "0001e240", "code": None, "params": None, "message": None,
    }  # fmt: skip
    assert found["readings"][1]["value"] == "nan" and found["readings"][2]["value"] == 41.5


def test_a_device_cannot_write_to_the_terminal() -> None:
    reading = Reading("a", None, "1", None, "bad", None, "", Text("\x1b[31mred\nline"))
    assert "\x1b" not in as_text([reading], "en") and len(as_text([reading], "en").split("\n")) == 2
