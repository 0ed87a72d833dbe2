"""Where a library of WeasyPrint is absent, a PDF is refused with the Debian packages to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloud.reports import pdf
from contract.errors import CannotBeDone

ROOT = Path(__file__).resolve().parents[2]


def test_an_absent_library_is_named_by_its_package_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"libc.so.6": "libc6"}
    monkeypatch.setattr(
        pdf, "LIBRARIES", there | {"libno-such.so.7": "libno-such7", "libnor.so.1": "libnor1"}
    )
    with pytest.raises(CannotBeDone) as caught:
        pdf.printed("<p>text</p>", "00" * 32, ["en"])
    line = str(caught.value)
    assert "apt-get install libno-such7 libnor1," in line
    assert "libc6" not in line and "\n" not in line


@pytest.mark.parametrize("place", ["packages.apt", "docker/Dockerfile.cloud", "docs/regulator.md"])
def test_every_package_is_named_where_packages_are(place: str) -> None:
    text = (ROOT / place).read_text(encoding="utf-8")
    assert [package for package in pdf.LIBRARIES.values() if package not in text] == []
