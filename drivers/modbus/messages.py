"""What can be wrong with the settings of a Modbus device and with reading it."""

from __future__ import annotations

from contract.message import Message


class OrderOfOtherType(Message, text="{type} has the orders {orders}, not {order!r}"):
    """A byte order with another number of bytes than the type."""

    type: str
    orders: tuple[str, ...]
    order: str


class BeyondLastRegister(Message, text="{type} at {address} ends after the last register, 65535"):
    """A value that does not fit between its address and the end of the table."""

    type: str
    address: int


class BitsForm(Message, text="{text!r} names no bits: a bit such as 3, or a range such as 4-7, 0 the lowest"):
    """Bits in another form."""

    text: str


class BitsOfOtherType(Message, text="{type} has no bits to choose: only {types} have"):
    """Bits of a type whose registers are no word of bits."""

    type: str
    types: tuple[str, ...]


class BitsOutside(Message, text="{type} has the bits 0-{last}"):
    """Bits beyond the word."""

    type: str
    last: int


class SeveralBits(Message, text="bool is one bit: name one, or the type uint16"):
    """A range of bits of a bool."""


class ReadCounterType(Message, text="must have an integer type, not {type}"):
    """The tag that a group names as its read counter."""

    type: str


class SeveralReads(
    Message, text="the group takes {reads} reads (max_gap {max_gap}), and {key} needs exactly one"
):
    """A group whose rows would not be of one moment; key: time_from or read_counter."""

    reads: int
    max_gap: int
    key: str


class KernelFails(
    Message, text="the registers kernel does not decode its known answers: nothing is read with it"
):
    """The known-answer test of the compiled kernel."""


class NoConnection(Message, text="no connection to {host}:{port}"):
    """Nothing accepts a connection there."""

    host: str
    port: int


class Timeout(Message, text="timeout"):
    """No answer within the timeout of the device."""


class UnaskedBytes(Message, text="bytes that were not asked for"):
    """Bytes wait in the connection before a request goes out."""


class OtherAnswer(Message, text="an answer to another request"):
    """The transaction or unit of an answer is not that of the request."""


class MalformedAnswer(Message, text="malformed answer"):
    """An answer of another function or length than asked for."""


class DeviceException(Message, text="exception {code}"):
    """A Modbus exception; code: two hex digits."""

    code: str


class ExplainedException(Message, text="{exception}: {meaning}"):
    """A Modbus exception and what it means."""

    exception: Message
    meaning: Message


class IllegalFunction(Message, text="illegal function: the device has no such table"):
    """Exception 01."""


class IllegalAddress(Message, text="illegal address: the device has no such register"):
    """Exception 02."""


class IllegalValue(Message, text="illegal value: the device does not take this request"):
    """Exception 03."""


class DeviceFailure(Message, text="device failure"):
    """Exception 04."""


class NotReadyYet(Message, text="acknowledged, but not ready yet"):
    """Exception 05."""


class DeviceBusy(Message, text="device busy"):
    """Exception 06."""


class ParityError(Message, text="memory parity error"):
    """Exception 08."""


class NoGatewayPath(Message, text="the gateway has no path to the unit"):
    """Exception 0a."""


class NoGatewayAnswer(Message, text="the unit behind the gateway does not answer"):
    """Exception 0b."""


class UnknownException(Message, text="unknown exception"):
    """An exception code that the protocol does not have."""


class Overrun(Message, text="overrun"):
    """A read took longer than the interval of its group: cycles without a row."""


class RegisterBytes(Message, text="{found} bytes of registers instead of {wanted}"):
    """Answers of another length than the plan of the group."""

    found: int
    wanted: int


class KernelRefuses(Message, text="the kernel refused the answer"):
    """The compiled kernel can't decode the answers of a group."""


class ClockOutOfRange(Message, text="the device's clock is out of range"):
    """The row time that a device gave is not after 1970."""


class WrongEncoding(Message, text="{raw} is no number: look at type, order and address"):
    """A value that was read is NaN or infinite."""

    raw: str


class NotOfType(Message, text="registers {hex} hold no {type}: look at type, order and address"):
    """Registers whose content is no value of the tag's type, such as a decimal digit above 9."""

    hex: str
    type: str
