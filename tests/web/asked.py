"""An answer of every route that has a model, from a running cloud of tests.web.drawn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.web.year import SITE, midnight

BIN = Path(sys.executable).parent
API = "/api/v1"
FIRST, AFTER = f"{midnight(60):%Y-%m-%d}", f"{midnight(30):%Y-%m-%d}"
PERIOD = f"from={FIRST}&to={AFTER}"
NOTE = {"by": "王芳", "note": "", "fields": {"about": "main", "text": "changed"}}
NEW = {"id": "second", "name_zh": "二厂", "name_en": "Second", "tz": "Asia/Shanghai", "province": "浙江"}
CSV = "from,to,point,quantity,value,unit\n2020-01-01,2020-01-02,mill,production,5,t\n2020-01-03,,nowhere,cod,5,mg/L\n"
CHARTS = ("load", "completeness", "scatter", "cusum", "permit?point=outfall&parameter=cod&statistic=day")


def token(folder: Path) -> dict[str, str]:
    """The header of a regulator of the site."""
    made = subprocess.run(
        [BIN / "steelyard-cloud", "token", "make", "--config", folder / "cloud.yaml", "--site", SITE, "--for", "x"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {"Authorization": f"Bearer {made.stdout.strip()}"}


def ask(home: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """An answer; a POST where there is a body, as a page of the cloud itself."""
    own = {"Origin": home, "Sec-Fetch-Site": "same-origin", **headers}
    if body is None:
        return httpx.get(f"{home}{path}", headers=own, timeout=120)
    return httpx.post(f"{home}{path}", headers=own, json=body, timeout=120)


def requests(home: str, folder: Path) -> Iterator[tuple[str, str, httpx.Response]]:
    """Each route that answers JSON once at least: its method, its path in the description, an answer."""
    site, regulator = f"{API}/sites/{{site}}", token(folder)
    for path in ("/health", "/sites", "/factors", "/views?lang=zh"):
        yield "GET", f"{API}{path.partition('?')[0]}", ask(home, f"{API}{path}")
    for path in ("/latest", f"/energy?{PERIOD}&by=month", f"/series?tag=main.kwh&{PERIOD}", f"/figures?{PERIOD}",
                 "/exceedances"):  # fmt: skip
        yield "GET", f"{site}{path.partition('?')[0]}", ask(home, f"{API}/sites/{SITE}{path}")
    for name in CHARTS:
        yield "GET", f"{site}/charts/{{name}}", ask(home, f"{API}/sites/{SITE}/charts/{name}")
    yield "GET", "/parts/history", ask(home, f"/parts/history?site={SITE}")
    for each in ask(home, f"{API}/sites/{SITE}/figures?{PERIOD}").json()["figures"]:
        yield "GET", f"{API}/figures/{{id}}", ask(home, f"{API}/figures/{each['id']}")
    yield from written(home, site)
    for path in (f"/summary?{PERIOD}", "/replacements/dyeing/certificate"):
        found = ask(home, f"{API}/sites/{SITE}{path}", **regulator)
        yield "GET", f"{site}{path.partition('?')[0].replace('dyeing', '{project}')}", found
    found = ask(home, f"{API}/sites/{SITE}/desk/replacements/dyeing/certificate")
    yield "GET", f"{site}/desk/replacements/{{project}}/certificate", found


def written(home: str, site: str) -> Iterator[tuple[str, str, httpx.Response]]:
    """The routes of the desk."""
    desk = f"{API}/sites/{SITE}/desk"
    yield "POST", f"{API}/desk/sites", ask(home, f"{API}/desk/sites", {"by": "王芳", "site": NEW})
    yield "POST", f"{site}/desk/{{kind}}", ask(home, f"{desk}/note", NOTE)
    yield "POST", f"{site}/import", ask(home, f"{API}/sites/{SITE}/import", {"by": "王芳", "csv": CSV})
    fine = CSV.rpartition("\n2020")[0] + "\n"
    yield "POST", f"{site}/import", ask(home, f"{API}/sites/{SITE}/import", {"by": "王芳", "csv": fine})
    log = ask(home, f"{desk}/log")
    yield "GET", f"{site}/desk/log", log
    for each in log.json()["statements"]:
        if each["kind"] != "import":
            yield "GET", f"{site}/desk/log/{{name}}", ask(home, f"{desk}/log/{each['hash']}")
    for kind in ("site", "points", "factors", "savings"):
        yield "GET", f"{site}/desk/now/{{kind}}", ask(home, f"{desk}/now/{kind}")
