"""Messages and errors: a code with parameters, and the body of an answer that is an error (RFC 9457)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cloud.web.models.base import Json, Model

Code = Annotated[
    str, Field(description="code of the message, docs/messages.md", examples=["cloud.web.no_site"])
]
Params = Annotated[
    Json, Field(description="what stands in the message's places: texts, integers, messages, lists of these")
]
English = Annotated[str, Field(description="the message in English", examples=["no site 'none'"])]
Detail = Annotated[str, Field(description="the message in the language of ?lang=, by default English")]
Path = Annotated[
    str, Field(description="path of the field in the form, may be empty", examples=["bands[0].price"])
]


class Message(Model):
    """A warning, a refusal or an error as data."""

    code: Code
    params: Params
    message: English


class Problem(Model):
    """Why there is no answer: RFC 9457, with the message as data beside it."""

    type: str = Field(description="about:blank: the status and the code say it all", examples=["about:blank"])
    title: str = Field(description="what the status is called", examples=["Not Found"])
    status: int = Field(description="the HTTP status", examples=[404])
    detail: Detail
    error: str = Field(description="detail under the name that it had first")
    code: Code
    params: Params
    message: English


class FormFault(Model):
    """One thing that is wrong in a form."""

    path: Path
    code: Code
    params: Params
    message: English
    detail: Detail


class FormProblem(Problem):
    """Why a form is not sealed; nothing of it is."""

    faults: list[FormFault]
