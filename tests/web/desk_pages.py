"""Filling the desk's forms in a browser; what was sealed, read from the ledger, and the same from a YAML file."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from cloud.ledger import Decoder, read
from tests.web.emptied import BIN, ask
from tests.web.test_wizard import rows

SITE = "new-mill"
SITE_FIELDS = {
    "id": SITE, "name_zh": "新染厂", "name_en": "New mill", "tz": "Asia/Shanghai", "province": "浙江"
}  # fmt: skip
POINTS = [
    {"id": "main", "carrier": "electricity", "zh": "总表", "en": "Main meter"},
    {"id": "dyeing", "carrier": "electricity", "parent": "main", "zh": "染色", "en": "Dyeing"},
    {"id": "cloth", "zh": "成品布", "en": "Finished cloth"},
    {"id": "outfall", "zh": "总排口", "en": "Outfall"},
]
HEAD = ("kind", "site", "by", "at", "note")
YAML = """\
site: {id: new-mill, name_zh: 新染厂, name_en: New mill, tz: Asia/Shanghai, province: 浙江}
points:
  - {id: main, carrier: electricity, zh: 总表, en: Main meter}
  - {id: dyeing, carrier: electricity, parent: main, zh: 染色, en: Dyeing}
  - {id: cloth, zh: 成品布, en: Finished cloth}
  - {id: outfall, zh: 总排口, en: Outfall}
"""


def make_site(home: str) -> None:
    """A site with a month of imported days."""
    said = ask(f"{home}/api/v1/desk/sites", {"by": "王芳", "site": SITE_FIELDS, "points": POINTS})
    assert said[0] == 200, said
    said = ask(f"{home}/api/v1/sites/{SITE}/import", {"by": "王芳", "name": "r.csv", "csv": rows()})
    assert said[0] == 200, said


def statements_in(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The content of every statement of a kind in a ledger, in its order, read without the registry."""
    decoder = Decoder()
    found = [decoder.feed(record.data).statement for record in read(folder / "ledger")]
    return [
        {key: value for key, value in item.fields.items() if key not in HEAD}
        for item in found
        if item is not None and item.kind == kind
    ]


def declared(folder: Path, kind: str, text: str) -> dict[str, Any]:
    """What `steelyard-cloud declare` seals for sections of a YAML file, in a cloud of its own."""
    config = folder / "cloud.yaml"
    if not config.exists():
        _run("init", "--empty", "--config", config)
        (folder / "site.yaml").write_text(YAML, encoding="utf-8")
        _run("declare", "--config", config, folder / "site.yaml")
        (folder / "rows.csv").write_text(rows(), encoding="utf-8")
        _run("import", "--config", config, "--site", SITE, "--format", "csv", folder / "rows.csv")
    head = "" if text.startswith("site:") else f"site: {SITE}\n"
    (folder / "more.yaml").write_text(head + text, encoding="utf-8")
    _run("declare", "--config", config, folder / "more.yaml")
    return statements_in(folder, kind)[-1]


def without_nothing(value: Any) -> Any:
    """Without the keys that are null: a person leaves them out."""
    if isinstance(value, dict):
        return {key: without_nothing(item) for key, item in value.items() if item is not None}
    return [without_nothing(item) for item in value] if isinstance(value, list) else value


def open_desk(visit: Any, home: str, language: str = "en", more: str = "", **context: Any) -> Any:
    """The desk's page, by a person."""
    seen = visit(f"{home}/v/desk?site={SITE}&lang={language}{more}", **context)
    seen.page.locator("#log tbody tr").first.wait_for()
    if not seen.page.locator("#by").input_value():
        seen.page.locator("#by").fill("李明")
    return seen


def sheet(page: Any, kind: str) -> Any:
    """The form of a kind, its sheet and its parts open, with what counts now in it."""
    place = page.locator(f"#{kind}")
    if place.get_attribute("open") is None:
        place.locator(":scope > summary").click()
    form = place.locator("form")
    if form.get_attribute("data-current") is not None:
        page.locator(f"#{kind} form[data-begun]").wait_for()
    closed = form.locator("details.part:not([open]) > summary")
    while closed.count():
        closed.first.click()
    return form


def put(form: Any, path: str, text: str, unit: str = "") -> None:
    """Give a field its value; a choice that hides it is made first. A row is `machines_out[0].name`."""
    place = _field(form, path)
    for way in place.locator("xpath=ancestor::*[@data-way]").all():
        if way.get_attribute("hidden") is not None:
            name = str(way.get_attribute("data-way")).split()[0]
            way.locator("xpath=parent::*").locator("[data-choose]").first.select_option(name)
    if place.get_attribute("data-many") is not None:
        for name in text.split(","):
            place.locator(f"input[value='{name}']").check()
    elif place.evaluate("element => element.tagName") == "SELECT":
        place.select_option(text)
    else:
        place.fill(text)
    if unit:
        place.locator("xpath=ancestor::label").locator("select[data-unit]").select_option(unit)


def _field(form: Any, path: str) -> Any:
    name, bracket, rest = path.partition("[")
    if not bracket:
        return form.locator(f"[data-path='{path}']")
    number, _, inner = rest.partition("]")
    row = form.locator(f"[data-list='{name}']").locator("[data-row]")
    while row.count() <= int(number):
        form.locator(f"[data-list='{name}'] [data-add]").click()
    return row.nth(int(number)).locator(f"[data-path='{inner.removeprefix('.')}']")


def seal(form: Any, note: str = "") -> str:
    """Press the button; the hash of what was sealed."""
    form.locator("[data-note]").fill(note)
    form.locator("button.strong").click()
    return outcome(form)


def outcome(form: Any) -> str:
    """The hash of what was sealed; what is wrong fails the test."""
    form.locator("[data-outcome] .hash, [data-faults] .wrong").first.wait_for(timeout=20_000)
    assert form.locator("[data-faults] .wrong").count() == 0, form.locator("[data-faults]").inner_text()
    return str(form.locator("[data-outcome] .hash").inner_text())


def _run(*words: Any) -> None:
    subprocess.run([BIN / "steelyard-cloud", *words], check=True, capture_output=True)
