"""The edge.yaml that `steelyard-edge init` writes when there is none: valid, small, commented."""

from __future__ import annotations

STARTER = """\
# Steelyard edge: what this node reads and where it sends it. Every key: docs/interfaces.md.
node: my-edge              # name of this node, for ever; the cloud lists its key as trust/my-edge.pub
site: my-site              # a site of the cloud's cloud.yaml
data: .                    # folder of node.key, trust/ and journal/
broker: {host: 127.0.0.1, port: 1883}
devices:
  - id: main-meter
    protocol: modbus-tcp
    host: 192.0.2.10       # address of your meter
    port: 502
    unit: 1                # Modbus unit id
    groups:
      - id: main-meter
        stream: account    # what figures are made of
        every: 1.0         # seconds between reads
        tags:
          - {name: main.kwh, address: 0, type: uint32, order: ABCD, scale: "0.01", unit: kW.h,
             kind: counter, max_rate: "1", meter: main, carrier: electricity}
          - {name: main.kw, address: 2, type: float32, order: ABCD, unit: kW, kind: gauge, meter: main}
"""
