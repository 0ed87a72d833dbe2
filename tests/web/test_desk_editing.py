"""Working at the desk: templates and lists that are changed, what is typed and stays, errors and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.desk_pages import SITE, make_site, open_desk, outcome, put, seal, sheet, statements_in
from tests.web.emptied import ask, empty_cloud

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE, WALL = {"width": 375, "height": 812}, {"width": 1600, "height": 1000}
OPEN_ALL = """() => {
  document.querySelectorAll('details').forEach((each) => (each.open = true));
  document.querySelectorAll('[data-choice]').forEach((each) => {
    const select = each.querySelector('[data-choose]');
    select.value = each.querySelector('[data-way]').dataset.way.split(' ')[0];
    select.dispatchEvent(new Event('change', {bubbles: true}));
  });
}"""
AGAIN = "What you had typed before is here again."
ACTIVE = "element => element === document.activeElement"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("editing")
    with empty_cloud(folder) as home:
        make_site(home)
        yield home, folder


def replacement(page: Any, name: str) -> Any:
    form = sheet(page, "replacement")
    for path, text in (
        ("id", name), ("name_zh", "换机"), ("name_en", "Machines"), ("date", "2025-03-15"),
        ("machines_out[0].name", "old"), ("machines_out[0].power_kw", "75"), ("money.currency", "EUR"),
        ("money.investment", "900000"), ("money.costs.energy.price", "0.72"),
        ("money.costs.labour.before.amount", "8"), ("money.costs.labour.before.price", "96000"),
        ("emissions.factor", "cn-grid-2022-zhejiang"), ("energy.baseline.0", "2025-03-01"),
        ("energy.baseline.1", "2025-03-14"), ("energy.reporting.0", "2025-03-15"),
        ("energy.reporting.1", "2025-03-31"), ("energy.drivers", "production"),
    ):  # fmt: skip
        put(form, path, text)
    return form


def again(page: Any, beside: str) -> None:
    row = page.locator("#log tbody tr", has_text=beside).first
    row.get_by_role("button", name="Use as a template").click()
    page.locator("[data-told]", has_text="Filled in as in the entry of").wait_for()


def test_a_template_makes_a_correction_one_change(place: Any, visit: Any) -> None:
    home, folder = place
    page = open_desk(visit, home, viewport=WALL).page
    seal(replacement(page, "twice"))
    assert sheet(page, "replacement").locator("[data-path=id]").input_value() == ""
    again(page, "twice")
    form = sheet(page, "replacement")
    put(form, "money.investment", "950000")
    seal(form, "one nought too few")
    first, second = statements_in(folder, "replacement")[-2:]
    assert second == {**first, "money": {**first["money"], "investment": "950000 EUR"}}
    found = ask(f"{home}/api/v1/sites/{SITE}/desk/log")[1]["statements"]
    assert [item["withdrawn"] for item in found if item["kind"] == "replacement"] == [False, False]


def test_what_the_form_has_no_field_for_is_sealed_as_it_was(place: Any, visit: Any) -> None:
    home, folder = place
    fields = {
        "id": "odd", "name_zh": "奇", "name_en": "Odd", "date": "2025-03-15",
        "money": {
            "currency": "CHF", "investment": "1.5 CHF", "years": "1460 d", "costs": {"added": {"glue": "2 CHF/d"}},
            "output": {"product_unit": "L", "before": "3 m3/d"},
        },
        "labour": {"product_unit": "g", "before": {"output": "3 kg"}},
    }  # fmt: skip
    done = ask(f"{home}/api/v1/sites/{SITE}/desk/replacement", {"by": "王芳", "note": "", "fields": fields})
    assert done[0] == 200, done
    page = open_desk(visit, home, viewport=WALL).page
    again(page, "odd")
    form = sheet(page, "replacement")
    put(form, "name_en", "Odder")
    seal(form)
    assert statements_in(folder, "replacement")[-1] == {**fields, "name_en": "Odder"}


def test_a_correction_is_filled_in_as_it_was_typed(place: Any, visit: Any) -> None:
    home, folder = place
    page = open_desk(visit, home, viewport=WALL).page
    form = sheet(page, "correction")
    for path, text in (("point", "dyeing"), ("quantity", "electricity"), ("from", "2025-03-05"), ("to", "2025-03-06"),
                       ("value", "6100"), ("unit", "kW.h")):  # fmt: skip
        put(form, path, text)
    seal(form, "misread")
    again(page, "misread")
    form = sheet(page, "correction")
    assert form.locator("[data-path=from]").input_value() == "2025-03-05"
    put(form, "value", "6101")
    seal(form, "misread again")
    first, second = statements_in(folder, "correction")[-2:]
    assert second == {**first, "value": "6101"}


def test_a_list_opens_with_what_counts_and_nobody_overwrites_the_other(place: Any, visit: Any) -> None:
    home, folder = place
    one, two = (open_desk(visit, home, viewport=WALL).page for _ in range(2))
    mine, other = sheet(one, "points"), sheet(two, "points")
    before = statements_in(folder, "points")[-1]
    put(mine, "points[0].en", "Incoming meter")
    seal(mine)
    after = statements_in(folder, "points")[-1]
    assert after["points"][0] == {**before["points"][0], "en": "Incoming meter"}
    assert after["points"][1:] == before["points"][1:]
    put(mine, "points[0].en", "Incoming main meter")  # what was sealed here is what is changed next
    seal(mine)
    put(other, "points[1].en", "Dye house")
    other.locator("button.strong").click()
    other.locator("[data-faults]", has_text="somebody else has changed this meanwhile").wait_for()
    assert statements_in(folder, "points")[-1]["points"][1]["en"] == "Dyeing"
    two.reload()
    two.locator("#points [data-told]", has_text=AGAIN).wait_for()
    other = sheet(two, "points")
    other.get_by_role("button", name="Begin anew").click()
    expect(other.locator("[data-path=en]").first).to_have_value("Incoming main meter")
    put(other, "points[1].en", "Dye house")
    seal(other)
    names = [point["en"] for point in statements_in(folder, "points")[-1]["points"]]
    assert names == ["Incoming main meter", "Dye house", "Finished cloth", "Outfall"]


def test_what_was_sealed_can_be_undone_where_it_is_said(place: Any, visit: Any) -> None:
    home, folder = place
    page = open_desk(visit, home, viewport=WALL).page
    form = sheet(page, "note")
    put(form, "about", "dyeing")
    put(form, "text", "wrong meter")
    name = seal(form)
    assert form.locator("[data-outcome]").evaluate(ACTIVE)
    form.locator("[data-outcome]").get_by_role("button", name="Undo").click()
    page.locator("#undo[open]").wait_for()
    page.locator("#undo-form [data-path=why]").fill("the other meter")
    page.locator("#undo-form button.strong").click()
    page.locator("#log tbody tr", has_text="the other meter").wait_for()
    assert statements_in(folder, "withdraw")[-1] == {"statement": name, "why": "the other meter"}
    assert form.locator("[data-outcome] .hash").count() == 0


def test_an_undo_asks_for_the_name_in_its_own_dialog(place: Any, visit: Any) -> None:
    home, folder = place
    page = open_desk(visit, home, viewport=PHONE).page
    form = sheet(page, "note")
    put(form, "about", "dyeing")
    put(form, "text", "no name")
    name = seal(form)
    page.locator("#by").fill("")
    form.locator("[data-outcome]").get_by_role("button", name="Undo").click()
    dialog = page.locator("#undo[open]")
    dialog.locator("[data-path=why]").fill("nobody said who")
    dialog.get_by_role("button", name="Seal it").click()
    dialog.locator("[data-faults] a", has_text="the name of the person is required").click()
    who = dialog.get_by_label("Your name")
    expect(who).to_be_focused()
    page.keyboard.type("赵敏")
    dialog.get_by_role("button", name="Seal it").click()
    page.locator("#log tbody tr", has_text="nobody said who").get_by_text("赵敏").wait_for()
    assert statements_in(folder, "withdraw")[-1] == {"statement": name, "why": "nobody said who"}
    expect(page.locator("#by")).to_have_value("赵敏")


def test_what_is_typed_outlives_an_error_a_lost_connection_and_a_reload(place: Any, visit: Any) -> None:
    home, folder = place
    seen = open_desk(visit, home, viewport=WALL)
    page = seen.page
    form = replacement(page, "kept")
    put(form, "money.investment", "lots")
    form.locator("[data-note]").fill("a remark")
    form.locator("button.strong").click()
    form.locator("[data-faults]", has_text="Money › Cash flows › Investment: must be a number").wait_for()
    put(form, "money.investment", "900000")
    page.context.set_offline(True)
    form.locator("button.strong").click()
    form.locator("[data-faults]", has_text="The cloud does not answer").wait_for()
    page.context.set_offline(False)
    page.reload()
    page.locator("#replacement [data-told]", has_text=AGAIN).wait_for()
    assert page.locator("#by").input_value() == "李明"
    assert page.locator("#replacement[open], #replacement").first.get_attribute("open") is not None
    form = sheet(page, "replacement")
    seal_note = form.locator("[data-note]").input_value()
    assert seal_note == "a remark"
    seal(form, seal_note)
    said = statements_in(folder, "replacement")[-1]
    assert said["id"] == "kept" and said["money"]["investment"] == "900000 EUR"
    assert said["money"]["costs"]["energy"] == {"at": "avoided-energy", "price": "0.72 EUR/kWh"}
    assert said["money"]["costs"]["labour"]["before"] == {"amount": "8 person", "price": "96000 EUR/person/a"}
    page.reload()
    page.locator("#log tbody tr").first.wait_for()
    assert page.locator("[data-told]", has_text=AGAIN).count() == 0


def test_a_note_about_what_a_page_shows(place: Any, visit: Any) -> None:
    home, folder = place
    about = "outfall cod 2025-03-05"
    page = open_desk(visit, home, more=f"&about={about.replace(' ', '%20')}#note", viewport=PHONE).page
    assert page.locator("#note").get_attribute("open") is not None
    assert page.locator("#note [data-path=about]").input_value() == about
    form = page.locator("#note form")
    put(form, "text", "the sampler was cleaned")
    seal(form)
    assert statements_in(folder, "note")[-1] == {"about": about, "text": "the sampler was cleaned"}


def test_a_savings_project_by_keyboard_alone(place: Any, visit: Any) -> None:
    home, folder = place
    page = visit(f"{home}/v/desk?site={SITE}&lang=en", locale="en-GB", viewport=WALL).page
    said = {  # day and month are the same, so that their order in the browser's own date field does not matter
        "by": "Wang Fang", "id": "keyboard", "quantity": "electricity", "baseline.0": "03032025",
        "baseline.1": "04042025", "reporting.0": "05052025", "reporting.1": "06062025", "interval": "day",
    }  # fmt: skip
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { const e = document.activeElement; return {name: e.dataset.path ?? e.id, text: e.textContent,
              value: e.value, inside: e.closest('#savings, .person') !== null}; }"""
        )
        if at["inside"] and at["name"] in said:
            page.keyboard.type(said.pop(at["name"]))
        elif at["inside"] and at["value"] == "production":
            page.keyboard.press("Space")
        elif at["text"] == "Savings projects":
            page.keyboard.press("Enter")
            page.locator("#savings form[data-begun]").wait_for()
        elif at["inside"] and at["text"] == "Seal it":
            break
    assert not said
    page.keyboard.press("Enter")
    outcome(page.locator("#savings form"))
    assert statements_in(folder, "savings")[-1]["projects"] == [
        {"id": "keyboard", "quantity": "electricity", "points": None, "drivers": ["production"], "interval": "day",
         "baseline": ["2025-03-03", "2025-04-04"], "reporting": ["2025-05-05", "2025-06-06"], "confidence": "90 %"}
    ]  # fmt: skip


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
def test_all_of_it_open_and_wrong_breaks_no_rule(
    place: Any, visit: Any, language: str, viewport: Any
) -> None:
    home, _ = place
    seen = open_desk(visit, home, language, locale=LOCALES[language], viewport=viewport)
    page = seen.page
    page.evaluate(OPEN_ALL)
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for form in page.locator("form[data-kind]").all():
        put(form, "id", "Not An Id") if form.get_attribute("data-kind") == "replacement" else None
        form.locator("button.strong").click()
        form.locator("[data-faults]:not([hidden]), .done, [data-outcome] p").first.wait_for()
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert seen.foreign() == []
    assert [each for each in seen.problems if "422" not in each and "400" not in each] == []
