"""A command starts fast: it imports no library that its work does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cloud.edge_twin import run

HEAVY = ("scipy", "duckdb", "pyarrow", "weasyprint", "influxdb_client", "fastapi", "uvicorn", "sqlalchemy")
SITE = "site: {id: mill, name_zh: 厂, name_en: Mill, tz: Asia/Shanghai, province: 浙江}\n"
PERIOD = ("--site", "mill", "--from", "2026-01-01", "--to", "2026-01-02")
# Runs the command as `steelyard-cloud` does and says on the last line which of HEAVY it has imported.
CODE = """
import json, sys
from cloud.main import main
try:
    main()
except SystemExit as end:
    sys.stdout.flush()
    print(json.dumps([end.code, [name for name in {heavy!r} if name in sys.modules]]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cloud's folder with one declared site."""
    made = tmp_path_factory.mktemp("imports")
    (made / "site.yaml").write_text(SITE, encoding="utf-8")
    for words in (["init"], ["declare", str(made / "site.yaml"), "--by", "Li Wei"]):
        assert run(*words, "--workdir", str(made)).returncode == 0
    return made


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("blocks", "--verify"), set()),
        (("figures", *PERIOD), set()),
        (("declare", "{folder}/site.yaml", "--by", "Li Wei"), {"sqlalchemy"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_imports_what_it_needs(folder: Path, words: tuple[str, ...], needed: set[str]) -> None:
    given = [word.format(folder=folder) for word in words]
    command = [sys.executable, "-c", CODE.format(heavy=HEAVY), *given, "--workdir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    code, imported = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    assert set(imported) == needed
