"""Messages as data: a finding or an error is a code with named parameters; its text is made where a person reads.

Each message is a class of a module `messages`, its fields are its parameters; `str()` is its English, `worded` of
verify.formats.chinese its Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, dataclass_transform

CATALOGUE: dict[str, type[Message]] = {}
"""Every message class that was imported, by its code."""
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass_transform(frozen_default=True)
class Message:
    """A sentence as data. A field is a text, an integer, a message, or a tuple of texts or messages.

    CODE: `verify.room.name`, or that of the catalogue in docs/messages.md where the cloud makes the message too. TEXT:
    the English with a place for each field. ONE: the English where the field `count` is 1, if it is another.
    """

    CODE: ClassVar[str]
    TEXT: ClassVar[str]
    ONE: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, text: str, one: str | None = None, code: str | None = None) -> None:
        """Put the class into the catalogue; raises TypeError for a code that another class has."""
        name = _CAPITAL.sub("_", cls.__name__).lower()
        cls.CODE = code or f"{cls.__module__.removesuffix('.messages').removesuffix('.message')}.{name}"
        cls.TEXT, cls.ONE = text, text if one is None else one
        cls.FIELDS = (*cls.FIELDS, *cls.__annotations__)
        if CATALOGUE.setdefault(cls.CODE, cls) is not cls:
            raise TypeError(f"{cls.CODE} stands twice")

    def __init__(self, *values: Any, **named: Any) -> None:
        """The fields in order or by name. Raises TypeError when one is missing, unknown or given twice."""
        given = {**dict(zip(self.FIELDS, values, strict=False)), **named}
        if len(values) + len(named) != len(self.FIELDS) or given.keys() != {*self.FIELDS}:
            raise TypeError(f"{self.CODE} takes {self.FIELDS}, not {values} and {named}")
        vars(self).update({name: given[name] for name in self.FIELDS})

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.CODE} is fixed: {name} can't be set")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((self.CODE, *vars(self).values()))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"
        )

    @property
    def arguments(self) -> dict[str, Any]:
        """The fields by their names."""
        return dict(vars(self))

    def json(self) -> dict[str, Any]:
        """{"code", "params", "message"}, message being the English text."""
        params = {name: _json(value) for name, value in self.arguments.items()}
        return {"code": self.CODE, "params": params, "message": str(self)}

    def __str__(self) -> str:
        """The English text."""
        single = self.arguments.get("count") == 1
        return (self.ONE if single else self.TEXT).format_map(
            {name: _english(value) for name, value in self.arguments.items()}
        )


def _json(value: Any) -> Any:
    if isinstance(value, Message):
        return value.json()
    return [_json(each) for each in value] if isinstance(value, tuple) else value


def shown(value: Any, most: int = 120) -> str:
    """A value of a file as a finding shows it, in at most so many characters."""
    text = "null" if value is None else str(value)
    return text if len(text) <= most else text[: most - 3] + "…"


def english(code: str, params: Mapping[str, Any]) -> str | None:
    """The English of a code and its parameters as a file has them; None where they do not fit."""
    known = CATALOGUE.get(code)
    if known is None or params.keys() != {*known.FIELDS}:
        return None
    values = {name: _List(_worded(each) for each in value) if isinstance(value, list) else _worded(value)
              for name, value in params.items()}  # fmt: skip
    try:
        return (known.ONE if params.get("count") == 1 else known.TEXT).format_map(values)
    except (ValueError, KeyError, IndexError):  # a parameter of another type than the place has
        return None


def _worded(value: Any) -> Any:
    return str(value.get("message")) if isinstance(value, Mapping) else value


class _List(tuple[Any, ...]):
    """A list in a sentence; what a place says behind its colon stands between the items, a comma by default."""

    def __repr__(self) -> str:
        return ", ".join(map(repr, self))

    def __format__(self, form: str) -> str:
        return (form or ", ").join(map(str, self))


def _english(value: Any) -> Any:
    return _List(value) if isinstance(value, tuple) else value


class Text(Message, text="{text}", code="contract.text"):
    """What no catalogue has, such as the words of the operating system or of a writer of former times."""

    text: str
