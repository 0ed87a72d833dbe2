"""One picture of each view of a running cloud in each language, into docs/images; and what each view got wrong.

    python -m scripts.pictures http://127.0.0.1:8000 [--into docs/images] [--phone|--wall|--wall4k|--paper] [--dark]

A view that has a console error, asks anywhere but its own server, is wider than the window or breaks a rule of WCAG 2.2
(A, AA) is named on stderr; exit 1 then.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = ("zh", "en")
PATIENCE_MS = 60_000
AT_REST = """() => !document.querySelector(".standing .empty")
  && [...document.querySelectorAll("[data-plot]")].every(figure => figure.dataset.drawn)"""
"""The answers are here and the charts drawn."""
SIZES = {
    "desk": (1280, 900),
    "phone": (375, 812),
    "wall": (1920, 1080),
    "wall4k": (3840, 2160),
    "paper": (703, 1010),
}
"""Windows by name, px; paper: the printed width of A4."""


def views(base: str) -> list[dict[str, str]]:
    """The views that the cloud has."""
    with urllib.request.urlopen(f"{base}/api/v1/views?lang=en", timeout=30) as answer:
        return list(json.load(answer)["views"])


def provenance(browser: Browser, base: str) -> list[dict[str, str]]:
    """The page behind the first figure in kW.h of the first screen, if it has one."""
    page = browser.new_page()
    page.goto(f"{base}/?lang=en")
    page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
    found = page.locator(".fig", has_text="kWh").locator("[data-figure]")
    name = found.first.get_attribute("data-figure") if found.count() else None
    page.close()
    return [] if name is None else [{"id": "provenance", "url": f"/v/provenance/{name}"}]


def problems(page: Page, reported: list[str], width: int) -> list[str]:
    """What is wrong with a page that has come to rest."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "levels => axe.run({runOnly: {type: 'tag', values: levels}})"
    found = [
        f"{each['id']}: {n['target']}"
        for each in page.evaluate(run, LEVELS)["violations"]
        for n in each["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return reported + found + ([f"{wide} px wide in a window of {width}"] if wide > width else [])


def look(
    browser: Browser, base: str, view: dict[str, str], lang: str, window: str, dark: bool, to: Path
) -> list[str]:
    """Take the picture of one view; what is wrong with it."""
    size = SIZES[window]
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    page, reported = context.new_page(), list[str]()
    if window == "paper":
        page.emulate_media(media="print")

    def console(message: Any) -> None:
        if message.type in ("error", "warning"):
            reported.append(f"{message.type}: {message.text}")

    page.on("console", console)
    page.on("pageerror", lambda error: reported.append(f"error: {error}"))
    page.on(
        "request", lambda request: reported.append(request.url) if not request.url.startswith(base) else None
    )
    joint = "&" if "?" in view["url"] else "?"
    page.goto(f"{base}{view['url']}{joint}lang={lang}")
    page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
    page.wait_for_timeout(3000)  # the small charts have their first events
    page.screenshot(path=to, full_page=True)
    found = problems(page, reported, size[0])
    context.close()
    return found


def main() -> int:
    """Take the pictures; 1 when something is wrong with a view."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", help="address of a running cloud")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "images")
    for name, (width, height) in SIZES.items():
        parser.add_argument(
            f"--{name}",
            dest="window",
            action="store_const",
            const=name,
            help=f"in a window of {width} x {height}",
        )
    parser.set_defaults(window="desk")
    parser.add_argument("--dark", action="store_true", help="with the dark colours")
    given = parser.parse_args()
    base, code = given.base.rstrip("/"), 0
    given.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for view in views(base) + provenance(browser, base):
            for lang in LANGUAGES:
                target = given.into / f"{view['id']}-{lang}.png"
                for each in look(browser, base, view, lang, given.window, given.dark, target):
                    print(f"{view['id']} {lang}: {each}", file=sys.stderr)
                    code = 1
        browser.close()
    return code


if __name__ == "__main__":
    raise SystemExit(main())
