"""What the commands of edge and cloud share: `--lang` anywhere, errors in that language, their exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from contract.errors import BadInput, CannotBeDone, SteelyardError
from languages.choice import LANGUAGES, of_locale
from languages.messages import CannotBeDoneHere, WrongArguments
from languages.render import Word, as_it_is, plain

UsageError: Any = typer.BadParameter.__bases__[0]
"""The class of errors of arguments; not every typer exports it."""
_CHOSEN: ContextVar[str | None] = ContextVar("chosen", default=None)


def _keep(value: str | None) -> None:
    if value is not None and value not in LANGUAGES:
        raise typer.BadParameter(f"must be one of {', '.join(LANGUAGES)}")
    if value is not None:
        _CHOSEN.set(value)


Lang = Annotated[
    str | None,
    typer.Option(
        help="language of what a person reads, zh or en; by default that of the locale",
        callback=_keep, expose_value=False, is_eager=True,
    ),
]  # fmt: skip
"""The option of a group of commands (`Commands`), in the signature of its callback."""


class Commands(TyperGroup):
    """A group whose `--lang` each of its commands takes too, unless it has an option of that name itself.

    Where the arguments are wrong and `--json` is among them, stdout gets the error as one object before usage is shown
    on stderr.
    """

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the group's own arguments."""
        self._as_json = "--json" in args and parent is None
        with self._usage():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        with self._usage():
            return super().invoke(ctx)

    @contextmanager
    def _usage(self) -> Iterator[None]:
        try:
            yield
        except UsageError as error:
            if self._as_json:
                self._as_json = False
                _echo_error(WrongArguments(error.format_message()).json())
            raise

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command with the option."""
        found: Any = super().get_command(ctx, cmd_name)
        if found is not None and not any("--lang" in option.opts for option in found.params):
            found.params += [option for option in self.params if "--lang" in option.opts]
        return found


def language() -> str:
    """The language of the command that runs: zh or en."""
    return _CHOSEN.get() or of_locale(os.environ)


@contextmanager
def exits(as_json: bool = False, word: Word = as_it_is) -> Iterator[None]:
    """The exit code of each kind of error: 2 wrong input, 3 cannot be done here, 1 any other that is foreseen.

    The error goes to stderr in the language of the command; with *as_json* stdout gets {"error": {"code", "params",
    "message"}}. word: the Chinese of what stands in the places of a message.
    """
    try:
        yield
    except BrokenPipeError:
        # The reader of stdout went away, as `head` does; nothing of ours went wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except (SteelyardError, OSError) as error:
        found = _error_json(error)
        typer.echo(plain(found, language(), word), err=True)
        if as_json:
            _echo_error(found)
        raise typer.Exit(_code(error)) from None


def _echo_error(found: dict[str, Any]) -> None:
    typer.echo(json.dumps({"error": found}, ensure_ascii=False))


def _code(error: Exception) -> int:
    if isinstance(error, BadInput):
        return 2
    return 3 if isinstance(error, CannotBeDone | OSError) else 1


def _error_json(error: SteelyardError | OSError) -> dict[str, Any]:
    message = SteelyardError(str(error)).message if isinstance(error, OSError) else error.message
    return CannotBeDoneHere(message).json() if _code(error) == 3 else message.json()
