"""Other rooms' commands: run one or several at once while the supervisor goes on with its work."""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from demo.errors import BadInput, CannotRun
from demo.language import language
from demo.process import signal_group, start, tool
from demo.supervisor import Supervisor
from demo.words import Text


def run_all(
    supervisor: Supervisor,
    commands: Mapping[str, Sequence[str]],
    patience: float = 120.0,
    good: Sequence[int] = (0,),
) -> dict[str, str]:
    """Run console scripts `{key: [script, argument...]}` side by side; answers what each printed.

    They get the demo's `--lang`. An exit code that is not in `good`, or another than 0 without any output,
    raises BadInput (2) or CannotRun with the end of the command's stderr.
    """
    with tempfile.TemporaryDirectory() as place:
        outputs = {key: (Path(place) / f"{key}.out", Path(place) / f"{key}.err") for key in commands}
        running = {}
        try:
            for key, command in commands.items():
                out, err = outputs[key]
                with out.open("wb") as stdout, err.open("wb") as stderr:
                    running[key] = _start(
                        [tool(command[0]), *command[1:], "--lang", language()], stdout, stderr
                    )
            ended = supervisor.pump(patience, lambda: all(p.poll() is not None for p in running.values()))
            for key, process in running.items():
                silent = process.returncode != 0 and not outputs[key][0].stat().st_size
                if not ended or process.returncode not in good or silent:
                    raise _failed(commands[key], process.poll(), outputs[key][1].read_text(errors="replace"))
            return {key: out.read_text() for key, (out, _) in outputs.items()}
        finally:
            for process in running.values():
                if process.poll() is None:
                    signal_group(process, signal.SIGKILL)
                    process.wait()


def run_json(
    supervisor: Supervisor, command: Sequence[str], patience: float = 30.0, good: Sequence[int] = (0,)
) -> dict[str, Any]:
    """Run one console script that prints one JSON object."""
    text = run_all(supervisor, {"it": command}, patience, good)["it"]
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise CannotRun(Text.NO_JSON(command=" ".join(command), why=str(error))) from error
    if not isinstance(answer, dict):
        raise CannotRun(Text.NO_OBJECT(command=" ".join(command)))
    return answer


def _start(command: Sequence[str], stdout: Any, stderr: Any) -> Any:
    try:
        return start(command, stdout, stderr)
    except FileNotFoundError:
        raise CannotRun(Text.NOT_INSTALLED(command=command[0])) from None


def _failed(command: Sequence[str], code: int | None, stderr: str) -> BadInput | CannotRun:
    """The error for a command that took too long (no code) or failed, with the last lines of its stderr."""
    line, output = " ".join(command), "\n".join(stderr.strip().splitlines()[-5:])
    if code is None:
        slow = Text.COMMAND_SLOW(command=line, output=output)
        return CannotRun(slow if output else Text.COMMAND_SLOW_SILENTLY(command=line))
    failed = Text.COMMAND_FAILED(command=line, code=code, output=output)
    kind = BadInput if code == 2 else CannotRun
    return kind(failed if output else Text.COMMAND_FAILED_SILENTLY(command=line, code=code))
