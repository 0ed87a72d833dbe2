"""The checksum of raw sensor frames: by name, or a CRC of 16 bits by its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

import settings
from drivers.frames.messages import ChecksumNumberMissing, ChecksumNumberOfNamed
from settings.model import Fault

_NAMED = {
    # (bits, polynomial, register at the start, exclusive-or at the end, reflected)
    "crc16-ccitt-false": (16, 0x1021, 0xFFFF, 0x0000, False),
    "crc16-modbus": (16, 0x8005, 0xFFFF, 0x0000, True),
    "crc16-xmodem": (16, 0x1021, 0x0000, 0x0000, False),
    "crc32": (32, 0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, True),
}
_BY_PARAMETERS = "crc16"
_PARAMETERS = ("poly", "init", "xorout", "reflected")


class Checksum(settings.Model):
    """What stands at the end of a frame."""

    kind: Literal["crc16-ccitt-false", "crc16-modbus", "crc16-xmodem", "crc32", "crc16"] = Field(
        description="a checksum by name (crc32: that of IEEE 802.3), or crc16 with the parameters below"
    )
    order: Literal["big", "little"] = Field(description="order of its bytes in the frame")
    start: int = Field(ge=0, description="place of the first byte that it covers")
    end: int | None = Field(
        None, description="place behind the last byte that it covers; default: the end of the payload"
    )
    poly: int | None = Field(None, ge=1, le=0xFFFF, description="crc16: polynomial without its highest term")
    init: int | None = Field(None, ge=0, le=0xFFFF, description="crc16: register at the start")
    xorout: int | None = Field(None, ge=0, le=0xFFFF, description="crc16: exclusive-or at the end")
    reflected: bool | None = Field(None, description="crc16: lowest bit first, of input and output")

    @model_validator(mode="after")
    def _check(self) -> Checksum:
        settings.faults("checksum", self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        for name in _PARAMETERS:
            given = getattr(self, name) is not None
            if self.kind == _BY_PARAMETERS and not given:
                yield settings.fault(name, ChecksumNumberMissing())
            elif self.kind != _BY_PARAMETERS and given:
                yield settings.fault(name, ChecksumNumberOfNamed(self.kind))

    def for_kernel(self, payload_end: int) -> tuple[int, int, int, bool, int, int, int, bool]:
        """As cython_ext.frames.Decoder takes it."""
        own = (16, self.poly or 0, self.init or 0, self.xorout or 0, bool(self.reflected))
        bits, *rest = _NAMED.get(self.kind, own)
        end = payload_end if self.end is None else self.end
        return (self.start, end, bits, self.order == "big", *rest)  # type: ignore[return-value]
