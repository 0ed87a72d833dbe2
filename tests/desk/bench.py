"""A cloud's folder with a declared mill, its commands as a person types them, and what it keeps."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cloud.declarations.declare import declare
from cloud.ledger import Decoder, read
from cloud.settings import load
from contract.statement import Statement
from settings import SettingsError
from tests.cloud.edge_twin import free_port, run, workdir

SITE = """\
site: {id: mill, name_zh: 印染厂, name_en: Mill, tz: Asia/Shanghai, province: 浙江}
points:
  - {id: main, carrier: electricity}
  - {id: gas, carrier: gas}
  - {id: steam, carrier: steam}
  - {id: read, carrier: electricity, node: mill-edge, tag: main.kwh}
  - {id: cloth}
  - {id: 总排口}
"""
HEADER = "from,to,point,quantity,value,unit\n"


class Bench:
    """One cloud's folder."""

    def __init__(self, folder: Path, site: str = SITE, port: int | None = None) -> None:
        self.folder = workdir(folder, port or free_port(), free_port())
        self.declare(site)

    def run(self, *words: str, code: int = 0) -> Any:
        """A command with --workdir and --json; its one object (None for exit 2 and 3), after a check of its status."""
        done = run(*words, "--workdir", str(self.folder), "--json")
        assert done.returncode == code, (done.stdout[-2000:], done.stderr[-2000:])
        assert "Traceback" not in done.stderr
        self.errors = done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def file(self, name: str, content: str | bytes) -> str:
        """Write a file beside the cloud; its path."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def declare(self, text: str, code: int = 0) -> Any:
        """Declare what a YAML text says."""
        return self.run("declare", self.file("site.yaml", text), "--by", "王敏", code=code)

    def take(self, rows: str | bytes, code: int = 0, site: str = "mill") -> Any:
        """Import rows below a header, or a whole file where bytes are given."""
        file = self.file("rows.csv", HEADER + rows if isinstance(rows, str) else rows)
        return self.run("import", "--site", site, file, "--by", "王敏", code=code)

    def rows(self) -> list[tuple[Any, ...]]:
        """The imported rows that the registry counts, by point, quantity, begin."""
        with sqlite3.connect(self.folder / "cloud" / "registry.db") as database:
            columns = "point, quantity, from_ns, to_ns, value, unit"
            asked = f"SELECT {columns} FROM readings WHERE site = 'mill' ORDER BY 1, 2, 3"
            found = database.execute(asked).fetchall()
        database.close()
        return found

    def refuse(self, text: str) -> list[str]:
        """The lines that refuse a YAML text; the ledger must be as it was."""
        before = self.size()
        with pytest.raises(SettingsError) as caught:
            declare(load(self.folder / "cloud" / "cloud.yaml"), Path(self.file("site.yaml", text)), "王敏")
        assert self.size() == before
        return str(caught.value).splitlines()

    def size(self) -> int:
        """Bytes of the ledger."""
        return sum(path.stat().st_size for path in (self.folder / "cloud" / "ledger").glob("*.seg"))

    def statements(self, kind: str) -> list[Statement]:
        """The statements of a kind in the ledger, in order."""
        decoder = Decoder()
        statements = [
            decoder.feed(record.data).statement for record in read(self.folder / "cloud" / "ledger")
        ]
        return [item for item in statements if item is not None and item.kind == kind]

    def sound(self) -> Any:
        """The survey of the ledger, which must find nothing bad."""
        found = self.run("blocks", "--verify")
        assert found["bad"] == []
        return found
