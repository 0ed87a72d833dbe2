"""`steelyard-edge decode`: every reading of some registers, against struct and against values worked out by hand."""

from __future__ import annotations

import json
import math
import struct
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from drivers.modbus.readings import candidates
from drivers.modbus.types import FORMS
from edge.main import app

NUMBERS = {"int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "float32": "f", "int64": "q", "uint64": "Q",
           "float64": "d"}  # fmt: skip
LETTERS = {
    1: ("AB", "BA"),
    2: ("ABCD", "CDAB", "BADC", "DCBA"),
    4: ("ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA", "CDABGHEF", "EFGHABCD"),
}


def decode(words: str, *more: str) -> Result:
    return copy_context().run(CliRunner(env={"LC_ALL": "C"}).invoke, app, ["decode", "--words", words, *more])


def found(words: str) -> list[dict[str, Any]]:
    done = decode(words, "--json")
    assert done.exit_code == 0 and done.stdout.count("\n") == 1 and not done.stderr
    answer = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(answer) == ["candidates"]
    return list(answer["candidates"])


def reading(words: str, type_: str, order: str) -> Any:
    """The value of one reading; None where it is not listed."""
    values = [c["value"] for c in found(words) if (c["type"], c["order"]) == (type_, order)]
    assert len(values) <= 1
    return values[0] if values else None


def test_the_float_of_two_registers_stands_first() -> None:
    first, *rest = found("0x41C8,0x0000")
    assert first == {"type": "float32", "order": "ABCD", "value": 25.0}
    assert rest[0] == {"type": "int32", "order": "CDAB", "value": 16840} and len(rest) == 11
    assert found("0x41C8 0x0000") == found(" 16840 , 0") == [first, *rest]


@pytest.mark.parametrize(
    ("words", "type_", "order", "value"),
    [
        ("0x404F 0x4CCC 0xCCCC 0xCCCD", "float64", "ABCDEFGH", 62.6),
        ("0xCCCD 0xCCCC 0x4CCC 0x404F", "float64", "GHEFCDAB", 62.6),
        ("0xCCCC 0xCCCD 0x404F 0x4CCC", "float64", "EFGHABCD", 62.6),
        ("0 25", "int32", "ABCD", 25),
        ("0xFFFF 0xFFFE", "int32", "ABCD", -2),
        ("4567 123 0 0", "mod10k-4", "GHEFCDAB", 1_234_567),
        ("0x0119,0x640B,0x063B", "time-powerlogic", "AB", "2000-01-25T11:06:59.000"),
        ("2024 11 26 23 11 8 50", "time-registers-7", "AB", "2024-11-26T23:11:08.500"),
        ("0x504D,0x3535,0x3630,0", "text", "AB", "PM5560"),
    ],
)
def test_what_meters_send_stands_first(words: str, type_: str, order: str, value: Any) -> None:
    assert found(words)[0] == {"type": type_, "order": order, "value": value}


def test_text_is_read_in_both_orders_of_bytes() -> None:
    assert reading("0x4D50,0x3535,0x3036,0x2020", "text", "BA") == "PM5560"
    assert reading("0x4D50,0x3535,0x3036,0x2020", "text", "AB") == "MP5506"


def test_content_that_is_no_value_of_a_type_is_no_reading_of_it() -> None:
    assert reading("0x1234", "bcd16", "AB") == 1234 and reading("0x123A", "bcd16", "AB") is None
    assert reading("9999 9999", "mod10k-2", "CDAB") == 99_999_999
    assert reading("10000 0", "mod10k-2", "CDAB") is None
    assert reading("0x0D19,0x640B,0x063B", "time-powerlogic", "AB") is None


def test_nan_and_infinity_are_text_and_last() -> None:
    assert reading("0x7FC0 0", "float32", "ABCD") == "nan" and reading("0x7F80 0", "float32", "ABCD") == "inf"
    assert found("0xFF80 0xFFFF")[-1]["value"] == "nan" and reading("0xFF80 0", "float32", "ABCD") == "-inf"


def test_bool_is_a_json_bool_and_large_numbers_are_exact() -> None:
    assert reading("3", "bool", "AB") is True and reading("0", "bool", "AB") is False
    assert reading("0xFFFF,0xFFFF,0xFFFF,0xFFFF", "uint64", "ABCDEFGH") == 2**64 - 1


@given(st.sampled_from([1, 2, 4]).flatmap(lambda n: st.lists(st.integers(0, 0xFFFF), min_size=n, max_size=n)))
def test_every_number_in_every_order_is_listed_as_struct_reads_it(words: list[int]) -> None:
    sent = struct.pack(f">{len(words)}H", *words)
    listed = {(c.type, c.order): c.value for c in candidates(words)}
    for type_, form in NUMBERS.items():
        for order in LETTERS[len(words)] if struct.calcsize(form) == len(sent) else ():
            plain = bytes(byte for _, byte in sorted(zip(order, sent, strict=True)))
            (value,) = struct.unpack(">" + form, plain)
            got = listed.pop((type_, order))
            assert got == value or (math.isnan(value) and isinstance(got, float) and math.isnan(got))
    assert not {type_ for type_, _ in listed} & set(NUMBERS)
    assert {type_ for type_, _ in listed} <= {
        t for t, form in FORMS.items() if form.registers == len(words)
    } | {"text"}


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=125))
def test_no_registers_are_too_strange(words: list[int]) -> None:
    listed = candidates(words)
    assert len({(c.type, c.order) for c in listed}) == len(listed)
    assert [c.grade for c in listed] == sorted(c.grade for c in listed)


@pytest.mark.parametrize(
    ("words", "named"),
    [("41C8", "'41C8'"), ("0x41C8,,0", "''"), ("", "''"), ("65536", "'65536'"), ("-1", "'-1'"),
     ("0x10000", "'0x10000'"), ("1.5", "'1.5'"), ("0x", "'0x'"), ("1;2", "'1;2'"), ("１", "'１'"),
     ("1 2 x", "'x'"), ("1_0", "'1_0'")],
)  # fmt: skip
def test_a_bad_word_is_named_in_one_line(words: str, named: str) -> None:
    done = decode(words, "--json")
    assert done.exit_code == 2 and done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"{named} is no register: write hex such as 0x41C8")
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "edge.not_register" and error["message"] + "\n" == done.stderr
    assert decode(words).stdout == "" and decode(words).exit_code == 2


def test_more_registers_than_a_response_has_are_refused() -> None:
    assert decode(",".join(["0x4141"] * 125)).exit_code == 0
    done = decode(",".join(["0x4141"] * 126))
    assert (done.exit_code, done.stderr) == (2, "126 registers: one value has at most 125\n")


def test_the_table_is_readable_and_chinese_under_zh() -> None:
    assert [line.split() for line in decode("0x41C8 0").stdout.splitlines()[:3]] == [
        ["type", "order", "value"], ["float32", "ABCD", "25.0"], ["int32", "CDAB", "16840"],
    ]  # fmt: skip
    assert "float32  CDAB   0.1" in decode("0xCCCD 0x3DCC").stdout  # not 0.10000000149011612
    assert decode("0x41C8 0", "--lang", "zh").stdout.splitlines()[0].split() == ["类型", "字节序", "数值"]
    assert decode("x", "--lang", "zh").stderr.startswith("“x”不是寄存器")


def test_registers_without_a_reading_say_so() -> None:
    assert found("0 0 0 0 0") == []
    assert decode("0 0 0 0 0").stdout.startswith("no type fits")
    assert decode("0 0 0 0 0", "--lang", "zh").stdout.startswith("没有适用的类型")


def test_text_cannot_write_to_the_terminal() -> None:
    shown = decode("0x41E2 0x80AE 0x4242").stdout  # A, right-to-left override, BB
    assert "\u202e" not in shown and "A?BB" in shown


def test_as_a_program() -> None:
    tool = Path(sys.executable).with_name("steelyard-edge")
    done = subprocess.run(
        [tool, "decode", "--words", "0x41C8,0x0000", "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0 and json.loads(done.stdout)["candidates"][0]["value"] == 25.0
    assert subprocess.run([tool, "decode", "--json"], capture_output=True, text=True).returncode == 2


PAGE = (Path(__file__).parents[2] / "docs" / "registers.md").read_text("utf-8")


def test_the_page_has_every_type_and_order() -> None:
    short = {"signed-mod10k-3": "`-3`", "signed-mod10k-4": "`-4`", "time-registers-7": "`-7`"}
    assert [type_ for type_ in FORMS if short.get(type_, f"`{type_}`") not in PAGE] == []
    assert {order for form in FORMS.values() for order in form.orders if f"`{order}`" not in PAGE} == set()
