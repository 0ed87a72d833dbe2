"""What all pages share: their templates in a language, the site that is asked for, and how an answer leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from cloud.messages import rendering
from cloud.messages.display_names import kind_name
from cloud.messages.i18n import LANGUAGES, Language, choose, translations
from cloud.web import formatting
from cloud.web.display_names import DisplayNames
from cloud.web.messages import NoSuchSite
from cloud.web.navigation import ENTRIES
from cloud.web.source import Source
from cloud.web.words import KINDS, WORDS

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "lang"
YEAR_S = 365 * 86400
Facts = dict[str, Any]

SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie, Accept-Language",
}


@dataclass(frozen=True)
class PageRequest:
    """A request for a page: its language, the sites there are, and which one it is for (None: there is none).

    called: what an id of a point or a project of the site is called. kept: what else the address asks for, such as a
    period, for the links to the other language.
    """

    language: Language
    sites: list[Facts]
    site: Facts | None
    called: Callable[[str], str] = str
    kept: str = ""

    @property
    def shown(self) -> Facts:
        """What every template gets."""
        name = None if self.site is None else self.site[f"name_{self.language.code}"]
        return {
            "site": self.site,
            "site_name": name or "Steelyard",
            "sites": self.sites,
            "called": self.called,
            "kept": self.kept,
        }


def chosen(request: Request, site: str | None) -> tuple[Source, Facts]:
    """The source and the site that is asked for, or the first. Raises 404 when there is none of that id."""
    source: Source = request.app.state.source
    for each in source.sites()["sites"]:
        if site is None or each["id"] == site:
            return source, each
    raise HTTPException(404, NoSuchSite())


def asked(request: Request, site: str | None, lang: str | None) -> PageRequest:
    """Read a request. Raises 404 for a site that is named and not there."""
    language = choose(lang, request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))
    sites = request.app.state.source.sites()["sites"]
    if not sites and site is None:
        return PageRequest(language, [], None)
    found = chosen(request, site)[1]
    read_model = getattr(request.app.state, "read_model", None)
    called = str if read_model is None else DisplayNames(read_model, str(found["id"]), language.code)
    others = [item for item in request.query_params.multi_items() if item[0] not in ("site", "lang", "part")]
    return PageRequest(language, sites, found, called, urlencode(others))


async def answer(
    asked: PageRequest, template: str, shown: Facts, lang: str | None, status: int = 200
) -> Response:
    """A page of a template; its language is remembered when the request named it."""
    made = environment(asked.language).get_template(template)
    html = await asyncio.to_thread(made.render, asked.shown | shown)
    response = HTMLResponse(html, status, SAFE | {"Content-Language": asked.language.html})
    if lang in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, asked.language.code, max_age=YEAR_S, httponly=True, samesite="lax"
        )
    return response


def to_wizard() -> Response:
    """Where a cloud without a site leads."""
    return RedirectResponse("/v/wizard", 303, SAFE)


@cache
def environment(language: Language) -> Environment:
    """Templates in one language; a name that is missing in a template is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    catalogue = translations(language)
    made.install_gettext_translations(catalogue, newstyle=False)  # type: ignore[attr-defined]
    made.globals.update(
        language=language, languages=LANGUAGES.values(), words=WORDS, views=ENTRIES, here=None, at=None
    )
    made.filters["carbon_unit"] = formatting.factor_unit
    made.filters["unit"] = lambda code: (
        catalogue.gettext(text) if (text := formatting.figure_unit(code)) else ""
    )
    made.filters["kind"] = lambda kind: (
        catalogue.gettext(KINDS[kind]) if kind in KINDS else kind_name(kind, language.code)
    )
    made.filters["shown"] = formatting.shown
    made.filters["percent"] = formatting.percent
    made.filters["translate"] = _translate
    colon, comma, stop = ("：", "，", "。") if language.code == "zh" else (": ", ", ", ". ")
    made.globals.update(colon=colon, comma=comma, stop=stop)
    return made


@pass_context
def _translate(context: Context, message: rendering.MessageOrText) -> Markup:
    """A message in the language of the page, its points by their names."""
    return rendering.html(message, context["language"].code, context.get("called", str))
