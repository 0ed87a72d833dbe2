"""Numbers and Modbus frames as bytes on the wire. Pure: no sockets, no clock."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

READ_HOLDING = 3
READ_INPUT = 4
ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
DEVICE_BUSY = 6
NO_TARGET = 11

MAX_REGISTERS = 125
MAX_PDU = 253

_FORMATS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}
_ORDERS = {
    2: ("AB", "BA"),
    4: ("ABCD", "CDAB", "BADC", "DCBA"),
    8: ("ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"),
}
_MBAP = struct.Struct(">HHHB")


def size(type_: str) -> int:
    """Bytes of one number of *type_*."""
    return struct.calcsize(_FORMATS[type_])


def packer(type_: str, order: str) -> Callable[[float], bytes]:
    """A function from a number to its bytes in *order* (A = most significant, written in wire order).

    Raises ValueError for an order that does not belong to the type.
    """
    layout = struct.Struct(_FORMATS[type_])
    if order not in _ORDERS[layout.size]:
        raise ValueError(f"order {order} does not belong to {type_}")
    if order == _ORDERS[layout.size][0]:
        return layout.pack
    places = [ord(letter) - ord("A") for letter in order]

    def pack(number: float) -> bytes:
        plain = layout.pack(number)
        return bytes([plain[place] for place in places])

    return pack


def fitted(type_: str, number: float) -> int | float:
    """*number* as a register of *type_* holds it: integers rounded, float32 at its own precision."""
    if type_ == "float32":
        held: float = struct.unpack(">f", struct.pack(">f", number))[0]
        return held
    return float(number) if type_ == "float64" else round(number)


@dataclass(frozen=True, slots=True)
class Frame:
    """One request: transaction id, unit id and the protocol data unit."""

    transaction: int
    unit: int
    pdu: bytes


class NotModbus(Exception):
    """The bytes are no Modbus TCP; the connection they came from cannot be followed any longer."""


def take_frame(buffer: bytearray) -> Frame | None:
    """Remove the first whole frame from *buffer*; None when more bytes are needed. Raises NotModbus."""
    if len(buffer) < _MBAP.size:
        return None
    transaction, protocol, length, unit = _MBAP.unpack_from(buffer)
    if protocol != 0 or not 2 <= length <= MAX_PDU + 1:
        raise NotModbus(f"protocol {protocol}, length {length}")
    end = 6 + length
    if len(buffer) < end:
        return None
    pdu = bytes(buffer[_MBAP.size : end])
    del buffer[:end]
    return Frame(transaction, unit, pdu)


def answer(frame: Frame, pdu: bytes) -> bytes:
    """The response frame to *frame* with *pdu*."""
    return _MBAP.pack(frame.transaction, 0, len(pdu) + 1, frame.unit) + pdu


def exception(function: int, code: int) -> bytes:
    """The PDU of an exception answer."""
    return bytes([(function | 0x80) & 0xFF, code])
