"""Settings files: every problem at once, each with its line; never a traceback."""

from __future__ import annotations

import hashlib
import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

import settings
from settings import tree


class Inner(settings.Model):
    """A part."""

    port: int = Field(ge=1)
    name: str = "x"


class Outer(settings.Root):
    """A file."""

    title: str
    parts: tuple[Inner, ...] = ()


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(path, Outer)
    lines = str(caught.value).split("\n")
    assert all(line.startswith(f"{path}:") for line in lines)
    assert len(lines) == len(caught.value.problems)
    return [(p.line, p.path, str(p.message)) for p in caught.value.problems]


def test_a_good_file_is_one_frozen_value(tmp_path: Path) -> None:
    path = write(tmp_path, "title: 你好\nparts:\n  - {port: 1}\n  - port: 0x10\n    name: 'yes'\n")
    loaded = settings.load(path, Outer)
    assert loaded.title == "你好" and loaded.parts == (Inner(port=1), Inner(port=16, name="yes"))
    assert loaded.file == path and loaded.beside("k") == tmp_path / "k"
    assert loaded.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match="frozen"):
        loaded.title = "other"


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    text = "titel: a\nparts:\n  - port: 0\n  - port: '1'\n    nam: b\n  - name: 3\nparts: []\n"
    assert problems(write(tmp_path, text)) == [
        (1, "title", "is required"),
        (1, "titel", "unknown key (did you mean 'title'?)"),
        (3, "parts[0].port", "must be greater than or equal to 1 (it is 0)"),
        (4, "parts[1].port", "must be a whole number, without quotes (it is '1')"),
        (5, "parts[1].nam", "unknown key (did you mean 'name'?)"),
        (6, "parts[2].port", "is required"),
        (6, "parts[2].name", "must be text; put it in quotes (it is 3)"),
        (7, "parts", "this key stands twice, first in line 2"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("- a\n", 1, "the file must be a mapping"),
        ("title: a\nparts:\n\t- port: 1\n", 3, "a tab character"),
        ("title: [a\n", 2, "not YAML"),
        ("title: a\n  b: c\n", 2, "not YAML"),
        ("title: a\nb: &x 1\nc: *x\n", 2, "anchor &x"),
        ("title: *x\n", 1, "alias *x"),
        ("title: !!python/object:os.system a\n", 1, "tag"),
        ("title: a\n---\ntitle: b\n", 2, "a second document"),
        ("title: a\n<<: {b: 1}\n", 2, "merge key"),
        ("title: a\n? [1, 2]\n: b\n", 2, "a key must be a word"),
        (b"title: a\nparts: \xff\n", 2, "not UTF-8: byte 0xff"),
        ("title: a\x00\n", 1, "not YAML"),
        ("title: " + "[" * 2000, 1, "nested deeper than 32"),
        (b"#" * (tree.MAX_BYTES + 1), 1, "the file is over"),
    ],
)
def test_what_is_no_settings_file_is_one_clear_line(
    tmp_path: Path, text: str | bytes, line: int, reason: str
) -> None:
    found = problems(write(tmp_path, text))
    assert found[0][0] == line and reason in found[0][2], found


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.yaml") == [(1, "", "no such file")]
    assert problems(tmp_path) == [(1, "", "this is a folder, not a file")]


def test_a_pipe_of_aliases_does_not_explode(tmp_path: Path) -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"b{i}: &b{i} [*a,*a]\n" for i in range(1000))
    assert "anchor" in problems(write(tmp_path, bomb))[0][2]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("False", False), ("~", None), ("null", None),
        ("12:30", "12:30"), ("010", "010"), ("-7", -7), ("0x1F", 31), ("1e-3", 0.001), ("1.5", 1.5),
        ("2018-01-01", "2018-01-01"), (".inf", math.inf), ("9" * 5000, "9" * 5000), ("'1'", "1"), ('"a\\n"', "a\n"),
    ],
)  # fmt: skip
def test_words_mean_what_they_look_like(word: str, value: Any) -> None:
    found = tree.read("f", f"key: {word}\n".encode()).value["key"]
    assert found == value and type(found) is type(value)


NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)


def read_alike(text: str) -> bool:
    """False for a number of YAML 1.2 that the other writer, which knows YAML 1.1, takes for a word: 0E0, -.5."""
    return not NUMBER.fullmatch(text) or yaml.safe_dump(text)[0] in "'\""


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=20).filter(read_alike),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tuples(item) for key, item in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("text", "alike"), [("0E0", False), ("-.5", False), ("1e3", False), ("12", True), ("x", True)]
)
def test_numbers_of_one_yaml_only_are_known(text: str, alike: bool) -> None:
    assert read_alike(text) == alike
    assert alike == (tree.read("f", yaml.safe_dump({"key": text}).encode()).value == {"key": text})


@given(st.dictionaries(st.text(min_size=1, max_size=8), PLAIN, min_size=1, max_size=4))
def test_what_another_writer_wrote_is_read(value: dict[str, Any]) -> None:
    text = yaml.safe_dump(value)
    if "&id" in text or any("\t" in row[: len(row) - len(row.lstrip())] for row in text.split("\n")):
        return
    assert tree.read("f", text.encode()).value == tuples(value)


@given(
    st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"\n \t#?,%@`~", max_size=60).map(str.encode)
)
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    try:
        tree.read("f", data)
    except settings.SettingsError as error:
        assert error.problems
