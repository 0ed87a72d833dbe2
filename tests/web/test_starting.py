"""While the cloud reads its ledger there is a page that says so, and no traceback."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.web.pages import serve
from contract.errors import CannotBeDone


class Starting:
    """A cloud that knows its settings, and nothing of its sites yet."""

    def sites(self) -> dict[str, Any]:
        return {"sites": [{"id": "mill", "name_zh": "印染厂", "name_en": "Mill", "tz": "Asia/Shanghai"}]}

    def health(self) -> dict[str, Any]:
        return {"status": "starting: the ledger is being read"}

    def latest(self, site: str) -> dict[str, Any]:
        raise CannotBeDone("the ledger is being read")

    def today(self, site: str) -> dict[str, Any]:
        raise CannotBeDone("the ledger is being read")

    def card_figures(self, site: str) -> dict[tuple[str, str], str]:
        raise CannotBeDone("the ledger is being read")

    def history(self, site: str, seconds: int) -> dict[str, list[list[float | None]]]:
        raise CannotBeDone("the ledger is being read")


def client() -> TestClient:
    app = FastAPI()
    serve(app, Starting())
    return TestClient(app)


def test_the_page_says_that_the_cloud_is_starting_and_asks_again() -> None:
    answer = client().get("/", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 503
    assert "云端正在启动" in answer.text and "印染厂" in answer.text
    assert '<script src="/static/again.js" defer>' in answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_stream_ends_at_once_so_that_the_browser_comes_again() -> None:
    answer = client().get("/api/v1/sites/mill/events")
    assert answer.status_code == 200
    assert answer.text == ""
