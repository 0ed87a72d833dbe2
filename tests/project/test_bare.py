"""The bare machine of `make long-bare`: it holds what README names, and what its commands say is counted rightly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from scripts import bare, bare_machine

ROOT = Path(__file__).resolve().parents[2]
SAID = """\
=========================== short test summary info ============================
SKIPPED [2] tests/web/test_card.py:20: needs the Debian package chromium
SKIPPED [1] tests/web/test_held.py:9: needs the Debian package chromium
SKIPPED [1] tests/cloud/test_store.py:7: needs .servers/influxd: `make servers` builds it
FAILED tests/desk/test_rows.py::test_it - assert 1 == 2
============ 1 failed, 2500 passed, 4 skipped in 312.25s (0:05:12) =============
"""


def test_it_has_the_packages_that_readme_names_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    sentence = text.partition("On Debian 12 with ")[2].partition(":\n")[0]
    named = sentence.replace("Python 3.11 or newer", "python3").replace(" and ", ", ").split(", ")
    assert tuple(named) == bare_machine.PACKAGES


def test_tests_are_counted_with_the_reasons_of_what_is_skipped() -> None:
    assert bare.tests(SAID) == {
        "failed": 1,
        "passed": 2500,
        "skipped": 4,
        "reasons": {
            "needs .servers/influxd: `make servers` builds it": 1,
            "needs the Debian package chromium": 3,
        },
    }
    assert bare.tests("make: *** [Makefile:40: install] Error 1\n") == {"reasons": {}}


def test_the_judge_is_quoted() -> None:
    counts = {"served": 7, "stored": 7, "lost": 0, "duplicated": 0, "different": 0}
    assert bare.verdict("installed\n" + json.dumps({**counts, "energy_error": "0.00"}, indent=2)) == counts
    assert bare.verdict("no verdict") == {}


def test_where_it_cannot_be_tried_it_says_so_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.bare", "--out", str(tmp_path / "bare.json")]
    nowhere = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bare: needs root and mmdebstrap (make deps)\n"
