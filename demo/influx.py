"""The InfluxDB of `--store influx`: a child of ours that is set up on its first start, or one that is there already."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo import ports
from demo.errors import CannotRun
from demo.options import Options
from demo.words import Text

HOST = "127.0.0.1"
BUCKET = "steelyard"
STARTING = 60.0  # s that a server of ours may take to answer
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy


@dataclass(frozen=True)
class Influx:
    """Address, organisation, file of the token (mode 0600), and the command that runs it (None: it is not ours)."""

    url: str
    org: str
    token_file: Path
    port: int | None = None
    command: list[str] | None = None

    @property
    def store(self) -> dict[str, str]:
        """The section `store` of cloud.yaml."""
        return {"kind": "influx", "url": self.url, "org": self.org, "bucket": BUCKET,
                "token_file": self.token_file.name}  # fmt: skip


def plan(options: Options, root: Path, kept: int | None) -> Influx:
    """What is used, with its token in ``cloud/influx.token``. CannotRun where there is no influxd."""
    token_file = root / "cloud" / "influx.token"
    if options.influx_url is not None:
        _keep(token_file, str(options.token))
        return Influx(options.influx_url.rstrip("/"), str(options.influx_org), token_file)
    program = _program()
    if not token_file.is_file():
        _keep(token_file, secrets.token_hex(32))
    port = kept if kept is not None and ports.is_free(kept) else ports.choose()
    folder = (root / "influx").absolute()
    folder.mkdir(exist_ok=True)
    command = [
        program, "run", f"--http-bind-address={HOST}:{port}", f"--bolt-path={folder / 'influxd.bolt'}",
        f"--sqlite-path={folder / 'influxd.sqlite'}", f"--engine-path={folder / 'engine'}", "--reporting-disabled",
        "--log-level=error",
    ]  # fmt: skip
    return Influx(f"http://{HOST}:{port}", options.influx_org or "steelyard", token_file, port, command)


def ready(influx: Influx, wait: Callable[[float, Callable[[], bool]], bool]) -> None:
    """Return once organisation and bucket are there. wait(seconds, until): serves the children meanwhile.

    CannotRun when the server does not answer, or refuses the token.
    """
    if not wait(STARTING if influx.command else 5.0, lambda: _answers(influx)):
        raise CannotRun(Text.INFLUX_SILENT(url=influx.url))
    token = influx.token_file.read_text().strip()
    if influx.command is not None and _ask(influx, "GET", "setup")["allowed"]:
        first = {
            "username": "steelyard",
            "password": secrets.token_hex(16),
            "org": influx.org,
            "bucket": BUCKET,
        }
        _ask(influx, "POST", "setup", first | {"token": token})
        return
    orgs = _ask(influx, "GET", "orgs", token=token)["orgs"]
    mine = next((org["id"] for org in orgs if org["name"] == influx.org), None)
    if mine is None:
        raise CannotRun(Text.NO_ORGANISATION(url=influx.url, org=repr(influx.org)))
    if not _has_bucket(influx, mine, token):
        _ask(influx, "POST", "buckets", {"name": BUCKET, "orgID": mine, "retentionRules": []}, token)


def version(influx: Influx) -> str:
    """As the server names it; one that was built from its sources may call itself dev."""
    return str(_ask(influx, "GET", "/health").get("version", "")).removeprefix("v")


def _program() -> str:
    """influxd of `make servers`, beside the environment that runs us, or of PATH."""
    built = Path(sys.prefix).parent / ".servers" / "influxd"
    found = str(built) if os.access(built, os.X_OK) else shutil.which("influxd")
    if found is None:
        raise CannotRun(Text.NO_INFLUX())
    return found


def _keep(path: Path, token: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(token + "\n")


def _has_bucket(influx: Influx, org: str, token: str) -> bool:
    try:
        return bool(_ask(influx, "GET", f"buckets?name={BUCKET}&orgID={org}", token=token)["buckets"])
    except CannotRun:
        return False  # it says 404 where there is none of the name


def _answers(influx: Influx) -> bool:
    try:
        return _ask(influx, "GET", "/health").get("status") == "pass"
    except CannotRun:
        time.sleep(0.1)
        return False


def _ask(
    influx: Influx, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
) -> dict[str, Any]:
    """One request to the API, below /api/v2 unless *path* begins with /. CannotRun when it fails."""
    where = path if path.startswith("/") else f"/api/v2/{path}"
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Token {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(influx.url + where, data, headers, method=method)
    try:
        with _OPENER.open(request, timeout=10) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        refusal = Text.INFLUX_FORBIDDEN if error.code in (401, 403) else Text.INFLUX_REFUSED
        request_line = f"{method} {where}"
        raise CannotRun(refusal(url=influx.url, request=request_line, status=error.code)) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise CannotRun(Text.INFLUX_FAILED(url=influx.url, why=str(error))) from None
    if not isinstance(found, dict):
        raise CannotRun(Text.NOT_INFLUX(url=influx.url, path=where))
    return found
