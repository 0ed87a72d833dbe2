"""Other rooms' commands: run one or several at once while the supervisor goes on with its work."""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from demo.errors import BadInput, CannotRun
from demo.process import signal_group, start, tool
from demo.supervisor import Supervisor


def run_all(
    supervisor: Supervisor,
    commands: Mapping[str, Sequence[str]],
    patience: float = 120.0,
    good: Sequence[int] = (0,),
) -> dict[str, str]:
    """Run console scripts `{key: [script, argument...]}` side by side; answers what each printed.

    An exit code that is not in `good`, or another than 0 without any output, raises BadInput (2) or
    CannotRun with what the command said.
    """
    with tempfile.TemporaryDirectory() as place:
        outputs = {key: (Path(place) / f"{key}.out", Path(place) / f"{key}.err") for key in commands}
        running = {}
        try:
            for key, command in commands.items():
                out, err = outputs[key]
                with out.open("wb") as stdout, err.open("wb") as stderr:
                    running[key] = _start([tool(command[0]), *command[1:]], stdout, stderr)
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
        raise CannotRun(f"{' '.join(command)} printed no JSON: {error}") from error
    if not isinstance(answer, dict):
        raise CannotRun(f"{' '.join(command)} printed no JSON object")
    return answer


def _start(command: Sequence[str], stdout: Any, stderr: Any) -> Any:
    try:
        return start(command, stdout, stderr)
    except FileNotFoundError:
        raise CannotRun(f"{command[0]} is missing: make install") from None


def _failed(command: Sequence[str], code: int | None, said: str) -> BadInput | CannotRun:
    last = said.strip().splitlines()[-5:]
    how = "took too long" if code is None else f"ended with {code}"
    kind = BadInput if code == 2 else CannotRun
    return kind("\n".join([f"{' '.join(command)} {how}", *last]))
