"""Values in InfluxDB 2.x: written as joined line protocol, each batch waiting for its 204; read back by Flux."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import urllib3
from influxdb_client import InfluxDBClient  # type: ignore[attr-defined]
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException

from cloud.store import lines
from cloud.store.base import Column, How, StoreDown, StoreRefuses
from cloud.store.messages import InfluxAnswers, InfluxUnreachable
from cloud.store.series import SERIES

BATCH = 5_000
"""Lines in one request."""
TIMEOUT_MS = 15_000
_REFUSED = (400, 413, 422)


class InfluxStore:
    """See cloud.store.base.Store. The bucket must be there; its retention must not be shorter than an outage."""

    volatile = False

    def __init__(self, url: str, token: str, org: str, bucket: str) -> None:
        self._url, self._org, self._bucket = url.rstrip("/"), org, bucket
        self._client = InfluxDBClient(self._url, token, org=org, timeout=TIMEOUT_MS, retries=urllib3.Retry(0))
        self._write = self._client.write_api(write_options=SYNCHRONOUS)

    def identity(self) -> str:
        """Address, organisation and bucket: a bucket that somebody emptied is not noticed."""
        return f"{self._url} {self._org} {self._bucket}"

    def write(self, site: str, columns: Sequence[Column]) -> None:
        """Return once the server has acknowledged every line."""
        every = (line for column in columns for line in lines.lines(site, column))
        with _errors():
            for text in lines.batches(every, BATCH):
                self._write.write(self._bucket, self._org, text.encode(), "ns")  # type: ignore[arg-type]

    def rewrite(self, site: str, node: str, from_: int, to: int, columns: Sequence[Column]) -> None:
        """Delete what is there of a node with from_ < time <= to, then write: a field left over would lie."""
        chosen = f'_measurement="{lines.MEASUREMENT}" AND "site"="{site}" AND "node"="{node}"'
        with _errors():
            self._client.delete_api().delete(
                _rfc3339(from_ + 1), _rfc3339(to), chosen, self._bucket, self._org
            )
        self.write(site, columns)

    def settle(self, site: str, from_: int, to: int) -> None:
        """Nothing is left to do."""

    def tidy(self) -> bool:
        """The server does that by itself."""
        return False

    def series(self, site: str, tags: Sequence[str], from_: int, to: int, step: int, how: How) -> pa.Table:
        """See cloud.store.base.Store."""
        chosen = " or ".join(f"r.tag == {_text(tag)}" for tag in tags) or "false"
        fields = '["v", "n", "b"]' if step else '["v", "n", "b", "q"]'
        query = f"""from(bucket: {_text(self._bucket)})
            |> range(start: time(v: {int(from_)}), stop: time(v: {int(to)}))
            |> filter(fn: (r) => r._measurement == "sy" and r.site == {_text(site)} and ({chosen}))
            |> filter(fn: (r) => contains(value: r._field, set: {fields}))"""
        if step:
            query += f"""|> toFloat() |> group(columns: ["node", "tag"]) |> sort(columns: ["_time"])
            |> aggregateWindow(every: {int(step)}ns, fn: {how}, timeSrc: "_start", createEmpty: false)"""
            query += '|> rename(columns: {_value: "v"})'
        else:
            query += '|> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")'
        return _table(self._query(query + "|> map(fn: (r) => ({r with at: int(v: r._time)}))"))

    def count(self) -> int:
        """Distinct points of every series; a query over the whole bucket."""
        query = f"""from(bucket: {_text(self._bucket)})
            |> range(start: time(v: -9223372036854775806), stop: time(v: 9223372036854775806))
            |> filter(fn: (r) => r._measurement == "sy") |> keep(columns: ["_time", "site", "node", "tag"])
            |> unique(column: "_time") |> duplicate(column: "tag", as: "n") |> count(column: "n")"""
        return sum(int(values["n"]) for values in self._query(query))

    def clear(self) -> None:
        """The bucket is not ours to empty: what is written again takes the same places."""

    def close(self) -> None:
        """Close the connection."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _query(self, flux: str) -> list[dict[str, Any]]:
        with _errors():
            return [record.values for record in self._client.query_api().query_stream(flux, self._org)]


@contextmanager
def _errors() -> Iterator[None]:
    """The client's errors as ours: refused for good, or to be tried again."""
    try:
        yield
    except ApiException as error:
        why = InfluxAnswers(error.status, str(error.message or error.reason)[:300])
        raise (StoreRefuses if error.status in _REFUSED else StoreDown)(why) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreDown(InfluxUnreachable(str(error)[:300])) from error


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    rows.sort(key=lambda row: (row["node"], row["tag"], row["at"]))
    value = [
        next((float(row[name]) for name in ("v", "n", "b") if row.get(name) is not None), None)
        for row in rows
    ]
    columns = [
        [row["node"] for row in rows],
        [row["tag"] for row in rows],
        [row["at"] for row in rows],
        value,
    ]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, SERIES, strict=True)], SERIES
    )


def _text(text: str) -> str:
    """A Flux string; a tag or site can hold nothing that ends it, and here it could not either."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${") + '"'


def _rfc3339(at: int) -> str:
    seconds, rest = divmod(at, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
