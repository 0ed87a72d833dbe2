"""What is answered in place of an answer: JSON for programs, a page in its language for a browser that opens one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from cloud.web import refused
from cloud.web.answers import language, problem
from cloud.web.desk.submit import FormErrors
from cloud.web.desk.wording import fault
from cloud.web.messages import MethodNotAllowed, NotFound, ProgramError
from cloud.web.parameters import wrong
from contract.errors import BadInput, CannotBeDone, SteelyardError
from contract.message import Message, Text

Handler = Callable[[Request, Exception], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Give an application the answers to all that its routes raise."""
    app.add_exception_handler(BadInput, _raised(HTTPStatus.BAD_REQUEST))
    app.add_exception_handler(CannotBeDone, _raised(HTTPStatus.SERVICE_UNAVAILABLE))
    app.add_exception_handler(FormErrors, _form)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


async def _answer(
    request: Request, message: Message, status: int, headers: dict[str, str] | None = None
) -> Response:
    if refused.wanted(request):
        return await refused.page(request, message, status)
    return problem(message, status, language(request), headers)


def _raised(status: int) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, SteelyardError)
        return await _answer(request, error.message, status)

    return answer


async def _form(request: Request, error: Exception) -> Response:
    assert isinstance(error, FormErrors)
    lang = request.query_params.get("lang", "")
    faults = [{"path": path, **fault(why, lang)} for path, why in error.faults]
    more = {"error": error.joined(), "faults": faults}
    return problem(error.message, HTTPStatus.UNPROCESSABLE_ENTITY, language(request), more=more)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _answer(request, wrong(error.errors()), HTTPStatus.BAD_REQUEST)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return await _answer(request, _message(error), error.status_code, dict(error.headers or {}))


async def _failed(request: Request, error: Exception) -> Response:
    """The error itself goes on to the server, which logs it."""
    return await _answer(request, ProgramError(), HTTPStatus.INTERNAL_SERVER_ERROR)


def _message(error: HTTPException) -> Message:
    """The message that a route gave, or that of the web library's own errors."""
    detail: object = error.detail
    if isinstance(detail, Message):
        return detail
    known = {HTTPStatus.NOT_FOUND: NotFound(), HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed()}
    return known.get(HTTPStatus(error.status_code), Text(str(detail)))
