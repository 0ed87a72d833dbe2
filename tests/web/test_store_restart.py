"""An open page on a real InfluxDB that is killed and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cloud.influx_server import TOKEN, Influxd, running
from tests.web.conftest import SmallMill, wait_until

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium")]


@pytest.fixture
def on_influx(influxd: Path, tmp_path: Path) -> Iterator[tuple[SmallMill, Influxd]]:
    """A small mill that runs on an InfluxDB of its own."""
    folder = tmp_path / "mill"
    folder.mkdir()
    token = folder / "influx.token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with running(influxd, tmp_path / "influx") as server:
        server.bucket("mill")
        store = f"store: {{kind: influx, url: {server.url}, bucket: mill, token_file: influx.token}}\n"
        mill = SmallMill(folder, store)
        try:
            yield mill, server
        finally:
            mill.close()


def test_the_open_page_goes_on_while_the_store_is_away_and_nothing_is_lost(
    on_influx: tuple[SmallMill, Influxd], visit: Any
) -> None:
    mill, server = on_influx
    seen = visit(f"{mill.url}/?lang=en")
    seen.live()
    wait_until(lambda: progress(mill)["values"] > 10, 30)
    server.kill()
    ages = seen.page.locator(".card .age").first
    wait_until(lambda: progress(mill)["lag_blocks"] > 0, 30)
    for _ in range(5):  # the figures go on: they come from the state, not the store
        time.sleep(1)
        assert int(ages.inner_text().split()[0]) < 5
    assert seen.page.get_attribute("#link", "data-link") == "up"
    server.start()
    wait_until(lambda: progress(mill)["lag_blocks"] == 0, 60)
    assert seen.page.get_attribute("#link", "data-link") == "up" and seen.problems == []


def progress(mill: SmallMill) -> dict[str, Any]:
    """How far the store is."""
    return dict(httpx.get(f"{mill.url}/api/v1/health", timeout=5).json()["projector"])
