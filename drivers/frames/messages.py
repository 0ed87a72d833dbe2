"""What can be wrong with the layout of raw sensor frames."""

from __future__ import annotations

from contract.message import Message


class SyncForm(Message, text="must be 1 to 8 bytes in hex such as eb90 (it is {text!r})"):
    """The sync word of a layout."""

    text: str


class CounterOutsideHeader(
    Message,
    text="the {size} bytes of the counter must lie in the header, bytes {first} to {last} of the frame",
):
    """The place of the counter; first, last: bytes from 0."""

    size: int
    first: int
    last: int


class NoRoomForCounter(Message, text="a counter of {bits} bits needs a header of at least {count} bytes"):
    """A header shorter than the counter in it."""

    bits: int
    count: int


class ChecksumBounds(Message, text="must be from 1 to {most}, where the payload ends"):
    """The end of the bytes that a checksum covers."""

    most: int


class ChecksumCoversNothing(Message, text="must be below {end}, the end of the checked bytes"):
    """The start of the bytes that a checksum covers."""

    end: int


class ChecksumNumberMissing(Message, text="is required with kind: crc16"):
    """A checksum by its parameters, one of which is not there."""


class ChecksumNumberOfNamed(Message, text="stands only with kind: crc16; {kind} has its own"):
    """A parameter of a checksum that is known by name."""

    kind: str
