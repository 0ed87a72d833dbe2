"""What a form of the desk is made of: frozen descriptions that the page's macros and scripts turn into inputs.

A path says where a value goes in the statement's fields: ``energy.baseline.0`` is the first item of that list. Units
are written as in a statement; ``{money.currency}`` in one stands for what is chosen there. A label is a string of the
catalogues. `cloud/web/templates/form.html` draws each shape, `cloud/web/static/fields.js` reads and fills it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

Option = tuple[str, str]
"""Value, and its label: a string of the catalogues, or the value itself."""


@dataclass(frozen=True)
class Field:
    """One input, its value text.

    kind: text, decimal, date, clock, area, select, check, hidden, list (several names), many (several of the options).
    units: what goes behind the value, to be chosen where there are several; shown: what stands there for the eye alone.
    source: name of a list of options that a site has (cloud/web/desk/sources.py); of a text, its suggestions.
    """

    path: str
    label: str
    kind: str = "text"
    required: bool = True
    value: str = ""
    units: tuple[str, ...] = ()
    shown: str = ""
    options: tuple[Option, ...] = ()
    source: str = ""
    hint: str = ""
    shape: ClassVar[str] = "field"


@dataclass(frozen=True)
class Rows:
    """A list; least: rows that stand there at first. Rows in which nothing was typed are not sent.

    of: ``objects``; ``pairs``: an object, its keys from the first field; ``values``: a list of the one field's values.
    """

    path: str
    label: str
    fields: tuple[Field, ...]
    least: int = 1
    of: str = "objects"
    hint: str = ""
    shape: ClassVar[str] = "rows"


@dataclass(frozen=True)
class Choice:
    """Which of several ways something is given; only the fields of the chosen way are shown, and sent.

    path: where the choice itself goes, "" for nowhere. ways: the options for which each stands, and its items.
    """

    label: str
    options: tuple[Option, ...]
    ways: tuple[tuple[tuple[str, ...], tuple[Item, ...]], ...]
    path: str = ""
    hint: str = ""
    shape: ClassVar[str] = "choice"


@dataclass(frozen=True)
class Group:
    """Fields under a small heading, sent together once one of them is filled."""

    label: str
    items: tuple[Item, ...]
    shape: ClassVar[str] = "group"


Item = Field | Rows | Choice | Group


@dataclass(frozen=True)
class Part:
    """Fields under a heading; folded: optional, sent only when one of them is filled."""

    label: str
    items: tuple[Item, ...]
    folded: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """What becomes one statement of a kind. counts: in words, which of several counts.

    why: the note is required and asked for by this label. current: one statement says all, so that the form begins
    with what counts now.
    """

    kind: str
    title: str
    parts: tuple[Part, ...]
    counts: str
    why: str = ""
    current: bool = False


def codes(values: Iterable[str]) -> tuple[Option, ...]:
    """Options that are their own labels."""
    return tuple((value, value) for value in values)


def fixed(path: str, value: str) -> Field:
    """What goes along with the fields that it stands among."""
    return Field(path, "", "hidden", value=value)
