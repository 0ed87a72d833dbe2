"""What a browser gets in place of a page that cannot be shown: why not, in the language of its reader."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from cloud.messages.i18n import N_, choose
from cloud.web import frame

NOT_FOUND = "Not Found"
"""What the web library says of an address that is none."""
TITLE = N_("This cannot be shown")


def wanted(request: Request) -> bool:
    """Whether a person looks at the answer: a browser that opens a page, no program that asks the API."""
    path, accepted = request.url.path, request.headers.get("accept", "")
    return request.method == "GET" and "text/html" in accepted and not path.startswith("/api/")


async def page(request: Request, why: str, status: int) -> Response:
    """The page. why: a sentence of the code."""
    asked = request.query_params.get("lang")
    language = choose(
        asked, request.cookies.get(frame.LANGUAGE_COOKIE), request.headers.get("accept-language")
    )
    said = "no such page" if why == NOT_FOUND else why
    nothing = frame.PageRequest(language, [], None)
    return await frame.answer(nothing, "refused.html", {"title": TITLE, "why": said}, None, status)
