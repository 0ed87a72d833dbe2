"""A plant whose data are imported: the page of completeness claims nothing of days that no meter read."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from cloud.settings import load
from cloud.web.api import create_app
from tests.cloud.test_read_models import Service
from tests.desk.bench import Bench

IMPORTED = """\
site: {id: mill, name_zh: 印染厂, name_en: Mill, tz: Asia/Shanghai, province: 浙江}
points: [{id: main, carrier: electricity}]
"""


def test_without_a_meter_the_page_says_that_there_are_no_data(tmp_path: Path) -> None:
    bench = Bench(tmp_path, IMPORTED)
    service = Service(load(bench.folder / "cloud" / "cloud.yaml"))
    with TestClient(create_app(service), base_url="http://127.0.0.1:8000") as client:
        for language, whole, none in (("en", "Every day is whole", "No point of this site is read by a gateway"),
                                      ("zh", "每天数据都完整", "没有由网关读取的计量点")):  # fmt: skip
            text = client.get(f"/v/completeness?site=mill&lang={language}").text
            assert none in text and whole not in text and "data-plot" not in text
