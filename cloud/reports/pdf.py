"""A summary as PDF: one section a language, the hash, the fingerprints and the verify command on every page.

Nothing is fetched: the template holds its style, and every other address is refused.
"""

from __future__ import annotations

import ctypes
import importlib
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from typing import Any, NoReturn

from jinja2 import Environment, PackageLoader, StrictUndefined

from cloud.messages import rendering
from cloud.messages.words import LANGUAGES
from cloud.reports import envelope, view
from cloud.reports.messages import NoChineseFont, PdfNeedsPackages, WeasyPrintFails
from contract.errors import CannotBeDone
from contract.message import Text

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint loads: the name of each shared library and the Debian package that has it."""
TEMPLATE = "summary.html"
FOOT_MM, LINE_MM = 15, 3.1
"""Height of a page's foot without its lines, and of one line."""


def render(
    data: bytes, body: dict[str, Any], pack_name: str, languages: Sequence[str] = tuple(LANGUAGES)
) -> bytes:
    """The PDF of a summary's file. The same summary, languages and fonts give the same bytes.

    pack_name: the file name of the pack in the command that each page prints. Raises CannotBeDone without
    WeasyPrint's libraries or a Chinese font.
    """
    digest = envelope.digest(data)
    return printed(html(body, digest, pack_name, languages), digest, languages)


def printed(text: str, digest: str, languages: Sequence[str]) -> bytes:
    """Pages of HTML as PDF, with a hash as its identifier. Raises CannotBeDone as `render` does."""
    weasyprint = _library()
    if "zh" in languages:
        _need_chinese()
    document = weasyprint.HTML(string=text, base_url=None, url_fetcher=fetcher())
    made: bytes = document.write_pdf(pdf_identifier=bytes.fromhex(digest)[:16], pdf_version="1.7")
    return made


def html(body: dict[str, Any], digest: str, pack_name: str, languages: Sequence[str]) -> str:
    """The pages as HTML."""
    pages = [view.page(body, digest, pack_name, language) for language in languages]
    return filled(TEMPLATE, pages)


def filled(template: str, pages: Sequence[dict[str, Any]]) -> str:
    """A template of this folder with a page for each language; its foot has room for the keys of a page."""
    lines = 4 + min(len(pages[0]["keys"]), view.FEET)
    foot_mm = FOOT_MM + LINE_MM * lines
    return _templates().get_template(template).render(pages=pages, html_lang=LANGUAGES, foot_mm=foot_mm)


@cache
def _templates() -> Environment:
    loader = PackageLoader("cloud.reports", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["translate"] = rendering.html
    made.filters["named"] = rendering.named
    return made


def _library() -> Any:
    absent = [package for name, package in LIBRARIES.items() if not _loads(name)]
    if absent:
        raise CannotBeDone(PdfNeedsPackages(" ".join(absent)))
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise CannotBeDone(WeasyPrintFails(Text(str(error)))) from None


def _loads(name: str) -> bool:
    """Whether the system finds this shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def fetcher() -> Any:
    """A fetcher that refuses every address, so that no page can reach a network or a file."""
    urls = importlib.import_module("weasyprint.urls")

    class Refuse(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            raise urls.FatalURLFetchingError(f"a summary fetches nothing, not even {url[:80]}")

    return Refuse()


@cache
def _need_chinese() -> None:
    """Refuse to print boxes where Chinese should stand."""
    tool = shutil.which("fc-list")
    if tool is None:
        return
    done = subprocess.run(
        [tool, ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=30, check=False
    )
    if not done.stdout.strip():
        raise CannotBeDone(NoChineseFont())
