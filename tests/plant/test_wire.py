"""Bytes on the wire, against layouts written out by hand."""

from __future__ import annotations

import random

import pytest

from plant import wire

# The register guide of nearly every meter's manual: 0x12345678 and 1.0 (0x3F800000) in the four orders.
ORDERS = [("ABCD", "12345678"), ("CDAB", "56781234"), ("BADC", "34127856"), ("DCBA", "78563412")]


@pytest.mark.parametrize(("order", "wanted"), ORDERS)
def test_orders_of_32_bits(order: str, wanted: str) -> None:
    assert wire.packer("uint32", order)(0x12345678).hex() == wanted


@pytest.mark.parametrize(
    ("type_", "order", "number", "wanted"),
    [
        ("int16", "AB", -2, "fffe"),
        ("uint16", "BA", 0x1234, "3412"),
        ("int32", "ABCD", -1, "ffffffff"),
        ("float32", "CDAB", 1.0, "00003f80"),
        ("float32", "DCBA", 1.0, "0000803f"),
        ("uint64", "ABCDEFGH", 0x0102030405060708, "0102030405060708"),
        ("uint64", "GHEFCDAB", 0x0102030405060708, "0708050603040102"),
        ("uint64", "BADCFEHG", 0x0102030405060708, "0201040306050807"),
        ("float64", "HGFEDCBA", 1.0, "000000000000f03f"),
    ],
)
def test_types(type_: str, order: str, number: float, wanted: str) -> None:
    assert wire.packer(type_, order)(number).hex() == wanted


def test_an_order_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="does not belong"):
        wire.packer("uint16", "ABCD")


def test_float32_is_shown_at_its_own_precision() -> None:
    assert wire.fitted("float32", 0.1) == 0.10000000149011612
    assert wire.fitted("int16", 2.6) == 3


def test_every_prefix_of_a_frame_needs_more() -> None:
    whole = bytes.fromhex("0001000000060103 00000002".replace(" ", ""))
    for cut in range(len(whole)):
        part = bytearray(whole[:cut])
        assert wire.take_frame(part) is None
        assert part == whole[:cut]
    buffer = bytearray(whole + whole[:3])
    assert wire.take_frame(buffer) == wire.Frame(1, 1, bytes.fromhex("0300000002"))
    assert buffer == whole[:3]


@pytest.mark.parametrize("head", ["00010001000601", "00010000000101", "00010000ffff01", "0001000000ff01"])
def test_what_is_no_modbus_is_refused(head: str) -> None:
    with pytest.raises(wire.NotModbus):
        wire.take_frame(bytearray.fromhex(head))


def test_random_bytes_end_in_frames_or_refusal() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        buffer = bytearray(chance.randbytes(chance.randrange(600)))
        if chance.random() < 0.5:
            buffer[2:5] = b"\0\0\0"
        try:
            while (frame := wire.take_frame(buffer)) is not None:
                assert 1 <= len(frame.pdu) <= wire.MAX_PDU
        except wire.NotModbus:
            continue
        assert len(buffer) < 260
