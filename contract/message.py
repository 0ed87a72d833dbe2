"""Messages as data: a refusal, warning or error is a code with named parameters; its text is made where a person reads.

A message is a class in a catalogue of its room (`messages.py` there, or a module whose name ends so); its fields are
its parameters:

    class NoRows(Message, text="no rows of {quantity}"):
        quantity: str

`str()` is its English; `json()` is what JSON and signed files carry. `languages` makes its Chinese from the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any, ClassVar, dataclass_transform

CATALOGUE: dict[str, type[Message]] = {}
"""Every message class that has been imported, by its code."""
LINES, BETWEEN_LINES = "lines", "\n"
"""The format of a list's place that puts its items one a line: `{problems:lines}`."""
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass_transform(frozen_default=True)
class Message:
    """A sentence for people as data.

    A field is a text, an integer, another message, or a tuple of these; a decimal is a text, rounded by whoever makes
    the message. CODE: `room.name`, made from module and class. TEXT: the English with a place for each field. ONE: the
    English where the field `count` is 1, if it reads differently then.
    """

    CODE: ClassVar[str]
    TEXT: ClassVar[str]
    ONE: ClassVar[str | None]
    FIELDS: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, text: str, one: str | None = None) -> None:
        """Put the class into the catalogue. Raises TypeError when text and fields do not fit.

        It is no dataclass, which costs a program 0.3 ms for each of its messages at every start.
        """
        room = cls.__module__.rpartition(".")[0]
        cls.CODE = f"{room}.{_CAPITAL.sub('_', cls.__name__).lower()}"
        cls.TEXT, cls.ONE = text, one
        cls.FIELDS = (*cls.FIELDS, *cls.__annotations__)
        known = set(cls.FIELDS)
        if set(places(text)) != known or not set(places(one or "")) <= known:
            raise TypeError(f"{cls.CODE}: the places of {text!r} are not its fields {sorted(known)}")
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
    def params(self) -> dict[str, Any]:
        """The parameters as JSON: texts, integers, nested messages as of `json`, lists of these."""
        return {name: _json(getattr(self, name)) for name in self.FIELDS}

    def json(self) -> dict[str, Any]:
        """{"code", "params", "message"}: the form in JSON and in signed files; message is the English text."""
        return {"code": self.CODE, "params": self.params, "message": str(self)}

    def __str__(self) -> str:
        """The English text."""
        values = vars(self)
        single = self.ONE is not None and values.get("count") == 1
        return _ENGLISH.vformat(self.ONE if single and self.ONE else self.TEXT, (), values)


def places(template: str) -> Iterator[str]:
    """The names of the places of a template."""
    return (name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _json(value: Any) -> Any:
    if isinstance(value, Message):
        return value.json()
    return [_json(each) for each in value] if isinstance(value, tuple) else value


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(each) for name, each in params.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return of_json(value)
    return tuple(_value(each) for each in value) if isinstance(value, list) else value


class _English(Formatter):
    """Formats a tuple: texts with commas between them, messages with semicolons, by the format `lines` one a line."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if not isinstance(value, tuple):
            return super().convert_field(value, conversion)
        texts = [str(super(_English, self).convert_field(each, conversion)) for each in value]
        return _List(texts, "; " if any(isinstance(each, Message) for each in value) else ", ")


class _List:
    """Texts of a list; the format `lines` puts them one a line."""

    def __init__(self, texts: list[str], between: str) -> None:
        self._texts, self._between = texts, between

    def __format__(self, spec: str) -> str:
        return (BETWEEN_LINES if spec == LINES else self._between).join(self._texts)


_ENGLISH = _English()


class Text(Message, text="{text}"):
    """A text that no catalogue has, such as what the operating system said; it is shown as it is."""

    text: str


def of_json(value: Mapping[str, Any]) -> Message:
    """The message that `json` made; a `Text` of its English where no catalogue that is imported has it."""
    known = CATALOGUE.get(str(value.get("code")))
    try:
        return Text(str(value["message"])) if known is None else known(**_given(value["params"]))
    except TypeError:  # the message of another version, whose parameters are others
        return Text(str(value["message"]))


def as_message(message: Message | str) -> Message:
    """A message as it is, a text as `Text`."""
    return message if isinstance(message, Message) else Text(message)
