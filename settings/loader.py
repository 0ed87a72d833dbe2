"""A settings file -> its frozen model, or every problem at once with its line."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from settings import tree
from settings.model import Root
from settings.problem import Problem, SettingsError, nearest

M = TypeVar("M", bound=Root)

_SAID = {
    "missing": "is required",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "finite_number": "must be a finite number",
}


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
        found.add(at, str(why))
    if loaded is None or found.problems:
        raise SettingsError(dict.fromkeys(found.problems))
    loaded._file, loaded._digest = path, hashlib.sha256(data).hexdigest()
    return loaded


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(tree.MAX_BYTES + 1)
    except FileNotFoundError:
        said = "no such file"
    except IsADirectoryError:
        said = "this is a folder, not a file"
    except OSError as error:
        said = f"can't be read: {error.strerror}"
    raise SettingsError([Problem(str(path), 1, "", said)])


def _add(found: tree.Tree, model: type[BaseModel], item: ErrorDetails) -> None:
    """Turn one pydantic error into a problem at its line, in words a plant engineer reads."""
    kind, context = item["type"], item.get("ctx", {})
    at, models = _place(found.value, model, item["loc"], kind in ("missing", "check"))
    if kind.startswith("union_tag"):
        key = context["discriminator"].strip("'")
        at = (*at, key)
        said = "is required" if kind.endswith("not_found") else f"must be {_either(context['expected_tags'])}"
        said += "" if kind.endswith("not_found") else f", not {_short(item['input'][key])}"
    elif kind == "extra_forbidden":
        known = sorted({name for each in models for name in each.model_fields})
        said = "unknown key" + (nearest(str(at[-1]), known) or f"; known here: {', '.join(known)}")
    elif kind == "literal_error":
        said = f"must be {context['expected']}, not {_short(item['input'])}"
        said += nearest(str(item["input"]), [word.strip("'") for word in context["expected"].split(" or ")])
    elif kind in _SAID:
        said = _SAID[kind] + ("" if kind == "missing" else f" (it is {_short(item['input'])})")
    else:
        said = (
            item["msg"]
            .removeprefix("Value error, ")
            .replace("Input should", "must")
            .replace("String should", "must")
        )
        said += "" if kind in ("check", "value_error") else f" (it is {_short(item['input'])})"
    found.add(at, said)


def _echo(item: ErrorDetails) -> bool:
    """Whether this only repeats the faults of a list's items: the library counts a faulty item as absent."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _place(
    value: Any, model: type[BaseModel], loc: tuple[str | int, ...], absent: bool
) -> tuple[tree.Path, list[type[BaseModel]]]:
    """The path in the file of a pydantic location (names of union members left out), and who may hold it.

    absent: its last key need not be in the file.
    """
    at: tree.Path = ()
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


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
