"""Every key of a pydantic settings model with its type, default and meaning."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePath
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

NAMES = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}


def is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def bare(annotation: Any) -> Any:
    """The annotation without Annotated and named aliases around it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return annotation


def models(annotation: Any, many: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    """(model, inside a list) for each model that an annotation holds."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, many
        return
    is_list = get_origin(annotation) in (list, tuple, set, frozenset)
    for inner in get_args(annotation):
        yield from models(inner, many or is_list)


def type_text(annotation: Any) -> str:
    """A type in the words of somebody who writes YAML."""
    annotation = bare(annotation)
    if annotation in NAMES:
        return NAMES[annotation]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if is_union(annotation):
        return " or ".join(dict.fromkeys(type_text(part) for part in inner))
    if origin in (list, tuple, set, frozenset):
        return f"list of {type_text(next(a for a in inner if a is not Ellipsis))}"
    if origin is dict:
        return f"map of {type_text(inner[0])} to {type_text(inner[1])}"
    if isinstance(annotation, type):
        return class_text(annotation)
    return str(annotation)


def class_text(kind: type) -> str:
    """Name for a class that stands for a block of keys or for text of a certain form."""
    if issubclass(kind, BaseModel):
        return "keys below"
    if issubclass(kind, PurePath):
        return "path"
    if issubclass(kind, Decimal):
        return "decimal number as text"
    return kind.__name__


def default_text(field: FieldInfo) -> str:
    """`required`, the default as YAML writes it, or nothing where the default is a block of keys."""
    if field.is_required():
        return "required"
    value = field.default
    if value is PydanticUndefined and field.default_factory is not None:
        value = typing.cast(Any, field.default_factory)()
    if isinstance(value, BaseModel):
        return ""
    return f"`{json.dumps(value, ensure_ascii=False, default=str)}`"


def described(field: FieldInfo) -> str:
    """The field's description with the limits of its value."""
    limits = [
        f"{sign} {getattr(rule, name)}"
        for rule in field.metadata
        for name, sign in (("gt", ">"), ("ge", "≥"), ("lt", "<"), ("le", "≤"))
        if getattr(rule, name, None) is not None
    ]
    text = field.description or ""
    return f"{text} ({', '.join(limits)})" if text and limits else text


def setting_rows(
    model: type[BaseModel], prefix: str = "", seen: tuple[type, ...] = ()
) -> Iterator[tuple[str, str, str, str]]:
    """(key, type, default, meaning) of each key, nested keys after the key that holds them.

    A key that several alternatives of a block share is listed once for each different meaning.
    """
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        yield f"`{key}`", type_text(field.annotation), default_text(field), described(field)
        listed = set()
        for inner, many in models(field.annotation):
            if inner in seen:
                continue
            for row in setting_rows(inner, f"{key}{'[]' if many else ''}.", (*seen, model)):
                if row not in listed:
                    listed.add(row)
                    yield row
