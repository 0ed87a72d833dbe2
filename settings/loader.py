"""A settings file -> its frozen model, or every problem at once with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from contract.errors import SteelyardError
from contract.fields import quoted
from contract.form_messages import MustBeMapping, Required
from contract.message import Message, Text
from settings import tree, yaml_reader
from settings.messages import (
    IsFolder,
    ItIs,
    MustBeAbove,
    MustBeAtLeast,
    MustBeAtMost,
    MustBeBelow,
    MustBeFinite,
    MustBeInteger,
    MustBeListed,
    MustBeNumber,
    MustBeOf,
    MustBeQuoted,
    MustBeTrueOrFalse,
    MustMatch,
    NoFile,
    NotReadable,
    TooFew,
    TooLong,
    TooMany,
    TooShort,
    UnknownKey,
    UnknownKeyHere,
)
from settings.model import Root
from settings.problem import Problem, SettingsError, suggest

M = TypeVar("M", bound=Root)

_TYPES: dict[str, Message] = {
    "string_type": MustBeQuoted(),
    "int_type": MustBeInteger(),
    "float_type": MustBeNumber(),
    "bool_type": MustBeTrueOrFalse(),
    "tuple_type": MustBeListed(),
    "dict_type": MustBeMapping(),
    "model_type": MustBeMapping(),
    "model_attributes_type": MustBeMapping(),
    "finite_number": MustBeFinite(),
}
"""What is wrong, by the kind of a pydantic error that says no more than its kind."""
_BOUNDS: dict[str, tuple[str, Callable[[str], Message]]] = {
    "greater_than": ("gt", MustBeAbove),
    "greater_than_equal": ("ge", MustBeAtLeast),
    "less_than": ("lt", MustBeBelow),
    "less_than_equal": ("le", MustBeAtMost),
    "string_pattern_mismatch": ("pattern", MustMatch),
}
"""The same for an error with one text in its context."""
_LENGTHS: dict[str, tuple[str, Callable[[int], Message]]] = {
    "string_too_short": ("min_length", TooShort),
    "string_too_long": ("max_length", TooLong),
    "too_short": ("min_length", TooFew),
    "too_long": ("max_length", TooMany),
}
"""The same for an error with one number in its context."""


def load(path: Path, model: type[M]) -> M:
    """Read *path* and check it against *model*; raises SettingsError with every problem."""
    data = _bytes(path)
    found = tree.read(str(path), data)
    try:
        loaded: M | None = model.model_validate(found.value)
    except ValidationError as error:
        loaded = None
        for item in error.errors(include_url=False):
            if not _echo(item):
                _add(found, model, item)
    for at, why in model.cross(found.value):
        found.add(at, why)
    if loaded is None or found.problems:
        raise SettingsError(dict.fromkeys(found.problems))
    loaded._file, loaded._digest = path, hashlib.sha256(data).hexdigest()
    return loaded


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(tree.MAX_BYTES + 1)
    except FileNotFoundError:
        why: Message = NoFile()
    except IsADirectoryError:
        why = IsFolder()
    except OSError as error:
        why = NotReadable(str(error.strerror))
    raise SettingsError([Problem(str(path), 1, "", why)])


def _add(found: tree.Tree, model: type[BaseModel], item: ErrorDetails) -> None:
    """Note one pydantic error at its line, as a message of ours."""
    kind, context = item["type"], item.get("ctx", {})
    at, models = _place(found.value, model, item["loc"], kind in ("missing", "check"))
    if kind.startswith("union_tag"):
        key = context["discriminator"].strip("'")
        found.add((*at, key), _tag_fault(item, key))
    elif kind == "extra_forbidden":
        known = sorted({name for each in models for name in each.model_fields})
        found.add(at, unknown_key(str(at[-1]), known))
    else:
        found.add(at, _why(item))


def unknown_key(key: str, known: Collection[str]) -> Message:
    """That a key is none of the known ones, with the one that it looks like or with all."""
    why = suggest(UnknownKey(), key, known)
    return UnknownKeyHere(tuple(known)) if why == UnknownKey() else why


def _tag_fault(item: ErrorDetails, key: str) -> Message:
    """What is wrong with the key that chooses among models."""
    if item["type"].endswith("not_found"):
        return Required()
    return MustBeOf(_either(item["ctx"]["expected_tags"]), quoted(item["input"][key]))


def _why(item: ErrorDetails) -> Message:
    """What a pydantic error says of a value, as a message of ours; pydantic's own text where we have none."""
    kind, context, shown = item["type"], item.get("ctx", {}), quoted(item["input"])
    if kind == "missing":
        return Required()
    if kind == "check":
        why: Message = context["why"]
        return why
    if kind == "value_error":
        return SteelyardError(*context["error"].args).message
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].split(" or ")]
        return suggest(MustBeOf(context["expected"], shown), str(item["input"]), words)
    return ItIs(_form(kind, context) or Text(item["msg"]), shown)


def _form(kind: str, context: dict[str, Any]) -> Message | None:
    if kind in _BOUNDS:
        key, bounded = _BOUNDS[kind]
        return bounded(str(context[key]))
    if kind in _LENGTHS:
        key, counted = _LENGTHS[kind]
        return counted(context[key])
    return _TYPES.get(kind)


def _echo(item: ErrorDetails) -> bool:
    """Whether this only repeats the faults of a list's items: the library counts a faulty item as absent."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _place(
    value: Any, model: type[BaseModel], loc: tuple[str | int, ...], absent: bool
) -> tuple[yaml_reader.Path, list[type[BaseModel]]]:
    """The path in the file of a pydantic location (names of union members left out), and who may hold it.

    absent: its last key need not be in the file.
    """
    at: yaml_reader.Path = ()
    models, holders = [model], [model]
    for i, part in enumerate(loc):
        inside = (
            part in value if isinstance(value, dict) else isinstance(part, int) and isinstance(value, tuple)
        )
        if not inside and not (absent and i == len(loc) - 1):
            models = [each for each in models if part in _tags(each)] or models
            continue
        at, holders = (*at, part), models
        if inside:
            value = value[part]
        if isinstance(part, str):
            fields = [each.model_fields[part].annotation for each in models if part in each.model_fields]
            models = [each for annotation in fields for each in _models(annotation)] or models
    return at, holders


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Every model that stands somewhere in a type annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [each for part in get_args(annotation) for each in _models(part)]


def _tags(model: type[BaseModel]) -> set[Any]:
    """The words of a model's Literal fields: one of them may be the union member's name in a location."""
    return {word for info in model.model_fields.values() for word in get_args(info.annotation)}


def _either(words: str) -> str:
    return words.replace(", ", " or ")
