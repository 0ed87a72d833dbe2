"""A cloud of which `steelyard-cloud init --empty` has just made the folder: no site, no broker, no gateway."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.web.conftest import free_port, status, wait_until

BIN = Path(sys.executable).parent


@contextmanager
def empty_cloud(folder: Path, host: str = "127.0.0.1") -> Iterator[str]:
    """It runs: the address of its pages. Its cloud.yaml is in the folder."""
    port, config = free_port(), folder / "cloud.yaml"
    subprocess.run(
        [BIN / "steelyard-cloud", "init", "--empty", "--config", config], check=True, capture_output=True
    )
    text = config.read_text(encoding="utf-8").replace("port: 1883", f"port: {free_port()}")
    config.write_text(
        text.replace("{host: 127.0.0.1, port: 8000}", f"{{host: {host}, port: {port}}}"), "utf-8"
    )
    with (folder / "cloud.log").open("ab") as log:
        cloud = subprocess.Popen([BIN / "steelyard-cloud", "all", "--config", config], stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: status(f"{url}/api/v1/health") == 200, 30)
        yield url
    finally:
        cloud.terminate()
        cloud.wait(15)


def ask(
    url: str, body: Any = None, headers: dict[str, str] | None = None, raw: bytes | None = None
) -> tuple[int, Any]:
    """Status and JSON of an answer; a POST of JSON where there is a body, as the page itself would send it."""
    home = "/".join(url.split("/")[:3])
    sent = raw if raw is not None else None if body is None else json.dumps(body).encode()
    own = {"Content-Type": "application/json", "Origin": home, "Sec-Fetch-Site": "same-origin"}
    given = {key: value for key, value in (own | (headers or {})).items() if value}
    asked = urllib.request.Request(url, data=sent, headers=given)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")
