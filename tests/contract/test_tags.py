"""Tags and schemas: values rounded once, schemas read back as written, hostile fields refused."""

from __future__ import annotations

import decimal
import math
import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract import statement
from contract.errors import Malformed
from contract.schema import Schema
from contract.tags import TAG_NAME, TYPES, Group, Layout, Tag, check_decimal, from_bits, to_bits
from tests.contract import made

EXACT = decimal.Context(prec=2500, Emin=-9999, Emax=9999)
DECIMAL = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,12})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)


@settings(max_examples=400, deadline=None)
@given(st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False), DECIMAL, DECIMAL)
@example(2**64 - 1, "0.01", "0")
@example(1.7976931348623157e308, "10", "0")
@example(-1.7976931348623157e308, "10", "0")
@example(5e-324, "0.5", "0")
@example(0.1, "0.1", "-0.01")
@example(9007199254740993, "1", "0")
def test_values_are_exact_and_rounded_once(raw: int | float, scale: str, offset: str) -> None:
    """Against decimal arithmetic wide enough to be exact, then one rounding by the reader of decimal text."""
    exact = EXACT.add(EXACT.multiply(EXACT.create_decimal(raw), Decimal(scale)), Decimal(offset))
    assert not EXACT.flags[decimal.Inexact]
    assert Tag("t", "float64", "1", scale=scale, offset=offset).value(raw) == float(str(exact))


@pytest.mark.parametrize("raw", [math.inf, -math.inf])
def test_infinity_and_nan_stay(raw: float) -> None:
    tag = Tag("t", "float64", "1", scale="-2", offset="5")
    assert tag.value(raw) == raw
    assert math.isnan(tag.value(math.nan))


@settings(max_examples=60, deadline=None)
@given(made.schemas())
def test_schemas_are_read_back_as_written(schema: Schema) -> None:
    data = statement.dump(statement.Statement("schema", schema.to_fields()))
    back = Schema.from_fields(statement.load(data).fields)
    assert back == schema
    assert statement.dump(statement.Statement("schema", back.to_fields())) == data
    assert schema.of_stream("account") == schema
    assert schema.of_stream("process").groups == ()


def test_defaults_are_left_out() -> None:
    group = Group("g", "d", "opcua", "process", Layout.EVENTS, 0, "source", (Tag("t", "bool", "1"),))
    fields = Schema("00", 0, (group,)).to_fields()
    assert fields["groups"][0]["tags"] == [{"name": "t", "type": "bool", "unit": "1"}]
    full = {
        "name": "t",
        "type": "bool",
        "unit": "1",
        "kind": "gauge",
        "scale": "1",
        "offset": "0",
        "source": "",
    }
    fields["groups"][0]["tags"] = [full]
    assert Schema.from_fields(fields).groups == (group,)


def sound() -> dict[str, Any]:
    """The fields of a schema with every field of a tag."""
    tag = {"name": "a.b", "type": "uint32", "unit": "kW.h", "kind": "counter", "scale": "0.01", "offset": "1"}
    tag |= {"max_rate": "2", "meter": "m", "carrier": "gas", "zh": "总", "en": "All", "source": "holding:6"}
    group: dict[str, Any] = {
        "id": "g",
        "device": "d",
        "protocol": "modbus-tcp",
        "stream": "account",
        "layout": "table",
    }
    group |= {
        "every": "1000",
        "time_source": "edge",
        "tags": [tag, {"name": "c", "type": "bool", "unit": "1"}],
    }
    return {"config": "00" * 32, "seal_after": "2000", "groups": [group]}


JUNK: list[Any] = [
    None, True, 5, -1, "", "x", "\n", "１", "-1", "1_0", " 1", "01", "1" * 20, "1" * 2000, "NaN", "1/3", "1e999",
    [], {}, [[]], [{}], [""], ["name"], [None], {"a": 1}, "TABLE",
]  # fmt: skip


def test_hostile_fields_raise_only_malformed() -> None:
    """Each field in turn replaced by junk or left out; what is taken all the same is written back alike."""
    refused = taken = 0
    for path in [
        *[(key,) for key in sound()],
        *[("groups", 0, key) for key in sound()["groups"][0]],
        *[("groups", 0, "tags", 0, key) for key in sound()["groups"][0]["tags"][0]],
        ("groups", 0),
        ("groups", 0, "tags", 0),
    ]:
        for junk in [*JUNK, "leave out"]:
            fields = sound()
            holder: Any = fields
            for key in path[:-1]:
                holder = holder[key]
            if junk == "leave out":
                del holder[path[-1]]
            else:
                holder[path[-1]] = junk
            try:
                schema = Schema.from_fields(fields)
            except Malformed as error:
                assert "\n" not in str(error)
                assert len(str(error)) < 300
                refused += 1
                continue
            taken += 1
            assert Schema.from_fields(schema.to_fields()) == schema
    assert refused > 300
    assert taken < 200


@pytest.mark.parametrize(
    "change",
    [
        {"groups": [sound()["groups"][0]] * 2},
        {"groups": [sound()["groups"][0] | {"tags": []}]},
        {"groups": [sound()["groups"][0] | {"tags": [{"name": "t", "type": "bool", "unit": "1"}] * 2}]},
        {"groups": [sound()["groups"][0] | {"stream": "wave"}]},
        {"groups": [sound()["groups"][0] | {"layout": "TABLE"}]},
        {"groups": [sound()["groups"][0] | {"time_source": "moon"}]},
        {"groups": [sound()["groups"][0] | {"every": "-1"}]},
        {"seal_after": 5},
        {"groups": {}},
        {"groups": ""},
    ],
)
def test_schemas_that_contradict_themselves(change: dict[str, Any]) -> None:
    assert Schema.from_fields(sound()).groups
    with pytest.raises(Malformed):
        Schema.from_fields(sound() | change)


def test_a_group_holds_so_many_tags() -> None:
    many = [{"name": f"t{i}", "type": "bool", "unit": "1"} for i in range(4097)]
    most = sound() | {"groups": [sound()["groups"][0] | {"tags": many[:-1]}]}
    assert len(Schema.from_fields(most).groups[0].tags) == 4096
    with pytest.raises(Malformed):
        Schema.from_fields(sound() | {"groups": [sound()["groups"][0] | {"tags": many}]})


@pytest.mark.parametrize("name", ["a", "染色机1.布速", "é-1", "9/x:y", "a" * 128, "A_b"])
def test_tag_names(name: str) -> None:
    assert TAG_NAME.fullmatch(name)


@pytest.mark.parametrize(
    "name", ["", ".a", "_a", "a b", "a\n", "a" * 129, "a+b", "a#", "a\u200b", "a,b", '"a"']
)
def test_names_that_are_none(name: str) -> None:
    assert not TAG_NAME.fullmatch(name)


@pytest.mark.parametrize(
    "text", ["", ".5", "5.", "+1", "1,5", "１", "0x1", "1e100", "1/3", "nan", " 1", "1" * 41]
)
def test_decimals_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        check_decimal(text)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TYPES)), st.integers(0, 2**32))
def test_bits_there_and_back(kind: str, seed: int) -> None:
    dtype = TYPES[kind]
    values = np.frombuffer(random.Random(seed).randbytes(dtype.itemsize * 9), dtype)
    bits = to_bits(values)
    assert bits.dtype == np.dtype("<u8")
    assert bits.tolist() == [
        int.from_bytes(values.tobytes()[i : i + dtype.itemsize], "little")
        for i in range(0, values.nbytes, dtype.itemsize)
    ]
    assert from_bits(bits, dtype).tobytes() == values.tobytes()
