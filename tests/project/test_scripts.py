"""The project's own small tools: stale kernels, broken links, untranslated strings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts.catalogues import translated
from scripts.kernels import stale
from scripts.links import broken


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A source of the year 2001 whose module was built a second later."""
    source = tmp_path / "columns.pyx"
    for path, when in ((source, 1_000_000_000), (tmp_path / "columns.cpython-311.so", 1_000_000_001)):
        path.touch()
        os.utime(path, (when, when))
    return source


def test_a_module_newer_than_its_source_is_kept(kernel: Path) -> None:
    assert stale(kernel.parent) == []


def test_a_source_newer_than_its_module_is_stale(kernel: Path) -> None:
    os.utime(kernel, (1_000_000_002, 1_000_000_002))
    assert stale(kernel.parent) == [kernel]


def test_a_source_without_a_module_is_stale(kernel: Path) -> None:
    other = kernel.with_name("frames.pyx")
    other.touch()
    assert stale(kernel.parent) == [other]


@pytest.mark.parametrize("shared", ["shared.pxd", "core/shared.h"])
def test_a_newer_declaration_makes_every_module_stale(kernel: Path, shared: str) -> None:
    (kernel.parent / "core").mkdir()
    (kernel.parent / shared).touch()
    assert stale(kernel.parent) == [kernel]


def test_links_lead_somewhere(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    (tmp_path / "there.md").touch()
    page.write_text(
        "[a](there.md#part) [b](gone.md) ![c](gone.png) [d](https://x.invalid/) [e](#here) `[f](code.md)`",
        encoding="utf-8",
    )
    assert broken(page) == ["gone.md", "gone.png"]


def test_a_string_needs_words_in_chinese_and_a_place_in_english() -> None:
    chinese, english = Catalog(locale="zh_CN"), Catalog(locale="en")
    for catalogue in (chinese, english):
        catalogue.add("Sites", "")
    chinese.add("Meter", "表")
    assert translated(chinese, "Meter") and translated(english, "Sites")
    assert not translated(chinese, "Sites")
    assert not translated(chinese, "Absent") and not translated(english, "Absent")
