"""What a browser gets in place of a page that cannot be shown: why not, in the language of its reader."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from cloud.messages.i18n import N_, choose
from cloud.messages.rendering import plain
from cloud.web import frame
from cloud.web.messages import NoPage, NotFound
from contract.message import Message, Text

TITLE = N_("This cannot be shown")


def wanted(request: Request) -> bool:
    """Whether a person looks at the answer: a browser that opens a page, no program that asks the API."""
    path, accepted = request.url.path, request.headers.get("accept", "")
    return request.method == "GET" and "text/html" in accepted and not path.startswith("/api/")


async def page(request: Request, why: Message, status: int) -> Response:
    """The page that says why."""
    asked = request.query_params.get("lang")
    language = choose(
        asked, request.cookies.get(frame.LANGUAGE_COOKIE), request.headers.get("accept-language")
    )
    shown = NoPage() if isinstance(why, NotFound) else why
    text = str(shown) if isinstance(shown, Text) else plain(shown.json(), language.code)
    nothing = frame.PageRequest(language, [], None)
    return await frame.answer(nothing, "refused.html", {"title": TITLE, "why": text}, None, status)
