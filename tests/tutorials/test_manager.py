"""docs/manager.md, typed and clicked from top to bottom: commands in a bash, the rest in a real Chromium.

Blocks marked `browser` have one step a line: open, go to, fill, choose, tick, attach, press, unfold, see. A label is
the name of a field as it stands on the page; `in row N`, `in "…"`, `beside "…"` say which of several.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from tests.web.conftest import QUIET, free_port, status, wait_until

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "manager.md"
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ADDRESS = "http://127.0.0.1:8000/"
PATIENCE_MS = 15_000
NAME = """(label) => (label.querySelector('.name') ?? label.firstChild).textContent.replace('*', '').trim()"""


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.port = page, folder, free_port()
        self.sheet: str | None = None
        self.seen = 0
        self._bash = subprocess.Popen(
            ["bash", "--norc"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env={"PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
        )  # fmt: skip

    def type(self, command: str) -> None:
        """Type a command; it must succeed."""
        assert self._bash.stdin is not None and self._bash.stdout is not None
        self._bash.stdin.write(f"{command}\necho done-$?\n")
        self._bash.stdin.flush()
        said = ""
        while not (end := re.search(r"^done-(\d+)$", said, re.MULTILINE)):
            line = self._bash.stdout.readline()
            assert line, f"{command}: the shell ended; it said: {said}"
            said += line
        assert end[1] in ("0", "143"), said
        config = self.folder / "cloud.yaml"
        if " init " in command:
            text = config.read_text(encoding="utf-8").replace("8000", str(self.port))
            config.write_text(text.replace("1883", str(free_port())), encoding="utf-8")
        elif command.endswith("&"):
            wait_until(lambda: status(f"http://127.0.0.1:{self.port}/api/v1/health") == 200, 30)

    def step(self, line: str) -> None:
        """Do one line of a browser block."""
        for pattern, act in STEPS:
            found = re.fullmatch(pattern, line)
            if found is not None:
                act(self, **{key: value for key, value in found.groupdict().items() if value is not None})
                return
        raise ValueError(f"no step: {line}")

    def open(self, url: str) -> None:
        assert url == ADDRESS
        self.page.goto(f"http://127.0.0.1:{self.port}/?lang=en")

    def go(self, title: str) -> None:
        self.page.locator("nav.pages").get_by_role("link", name=title, exact=True).click()
        self.sheet = None

    def fill(self, label: str, text: str, row: str = "", group: str = "") -> None:
        self._field(label, row, group).fill(text)

    def choose(self, label: str, text: str) -> None:
        self._field(label).select_option(label=text)

    def attach(self, label: str, file: str) -> None:
        self._field(label).set_input_files(self.folder / file)

    def press(self, name: str, beside: str = "") -> None:
        place = self._scope() if not beside else self.page.locator("tr", has_text=beside).first
        place.locator("button:visible", has_text=re.compile(f"^{re.escape(name)}$")).first.click()
        if name == "Use as a template":
            self.sheet = place.locator("th").inner_text()

    def unfold(self, title: str) -> None:
        part = self._scope().locator(
            "summary", has=self.page.get_by_role("heading", name=title, exact=True, level=4)
        )
        if self.sheet is None or not part.count():
            self.sheet = title
            part = self._scope().locator(":scope > summary")
        part.click()

    def tick(self, name: str, label: str) -> None:
        legend = self.page.locator("legend", has_text=label)
        self._scope().locator("fieldset").filter(has=legend).get_by_role("checkbox", name=name).check()

    def see(self, text: str) -> None:
        place = self.page.locator("main").get_by_text(text).locator("visible=true").first
        place.wait_for(timeout=PATIENCE_MS)
        self.seen += 1

    def _scope(self) -> Locator:
        """What is open: the dialog, the sheet that was unfolded, or the whole page."""
        dialog = self.page.locator("dialog[open]")
        if dialog.count():
            return dialog
        if self.sheet is None:
            return self.page.locator("main")
        title = self.page.get_by_role("heading", name=self.sheet, exact=True)
        return self.page.locator("details.sheet").filter(has=title)

    def _field(self, label: str, row: str = "", group: str = "") -> Locator:
        place = self._scope()
        if group:
            place = place.locator("fieldset").filter(has=self.page.locator("legend", has_text=group))
        if row:
            place = place.locator("[data-row]").nth(int(row) - 1)
        for each in (
            *place.locator("label:visible").all(),
            *self.page.locator(".person label:visible").all(),
        ):
            if each.evaluate(NAME) == label:
                return each.locator("input, select, textarea").first
        raise AssertionError(f"no field {label!r}")

    def close(self) -> None:
        self._bash.stdin.close()  # type: ignore[union-attr]
        self._bash.wait(20)
        self._bash.stdout.close()  # type: ignore[union-attr]


STEPS: tuple[tuple[str, Callable[..., None]], ...] = (
    (r"open (?P<url>\S+)", Reader.open),
    (r'go to "(?P<title>[^"]+)"', Reader.go),
    (
        r'fill "(?P<label>[^"]+)" with "(?P<text>[^"]*)"(?: in row (?P<row>\d+))?(?: in "(?P<group>[^"]+)")?',
        Reader.fill,
    ),
    (r'choose "(?P<text>[^"]+)" in "(?P<label>[^"]+)"', Reader.choose),
    (r'tick "(?P<name>[^"]+)" in "(?P<label>[^"]+)"', Reader.tick),
    (r'attach (?P<file>\S+) to "(?P<label>[^"]+)"', Reader.attach),
    (r'press "(?P<name>[^"]+)"(?: beside "(?P<beside>[^"]+)")?', Reader.press),
    (r'unfold "(?P<title>[^"]+)"', Reader.unfold),
    (r'see "(?P<text>[^"]+)"', Reader.see),
)  # fmt: skip


def blocks() -> Iterator[tuple[str, str, str, int]]:
    """Language, name, text and line of each block of the page."""
    text = PAGE.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        yield match[1], match[2] or "", match[3], text.count("\n", 0, match.start()) + 2


@pytest.fixture
def reader(tmp_path: Path, needs: Any) -> Iterator[Reader]:
    needs("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(locale="en-GB")
        page.set_default_timeout(PATIENCE_MS)
        made = Reader(page, tmp_path)
        yield made
        browser.close()
        made.close()


@pytest.mark.long
def test_the_managers_page(reader: Reader) -> None:
    problems: list[str] = []
    reader.page.on("pageerror", lambda error: problems.append(str(error)))
    for language, name, text, line in blocks():
        if language == "console":
            for command in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
                reader.type(command)
        elif language == "browser":
            for number, step in enumerate(text.splitlines(), line):
                try:
                    reader.step(step)
                except Exception as error:
                    raise AssertionError(
                        f"manager.md:{number}: {step}\n{reader.page.url}\n{error}"
                    ) from error
        else:
            assert name, f"manager.md:{line}: a block without a meaning"
            (reader.folder / name).write_text(text, encoding="utf-8")
    assert reader.seen >= 12
    assert problems == []


def test_every_step_of_the_page_is_one_that_can_be_done() -> None:
    lines = [line for language, _, text, _ in blocks() if language == "browser" for line in text.splitlines()]
    assert len(lines) > 40
    assert [line for line in lines if not any(re.fullmatch(pattern, line) for pattern, _ in STEPS)] == []
