"""The cloud.yaml that `steelyard-cloud init` writes when there is none: valid, small, commented."""

from __future__ import annotations

STARTER = """\
# Steelyard cloud: whose blocks it takes and what it shows of them. Every key: docs/interfaces.md.
data: .                    # folder of cloud.key, trust/, ledger/ and store/
broker: {host: 127.0.0.1, port: 1883}
http: {host: 127.0.0.1, port: 8000}
store: {kind: parquet}     # or {kind: influx, url: ..., org: ..., bucket: ..., token_file: influx.token}
sites:
  - id: my-site            # what edge.yaml calls its site
    name_zh: 我的工厂
    name_en: My factory
    tz: Asia/Shanghai      # in this zone days and months begin
    province: 浙江          # by this the grid's emission factor is found
"""
EMPTY = STARTER.partition("sites:\n")[0]
"""The same without a site."""
