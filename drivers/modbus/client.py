"""One connection to a Modbus TCP device: a read answers with its own registers or fails, never with another's."""

from __future__ import annotations

import logging

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import DecodePDU, ModbusPDU

from contract.errors import SteelyardError
from contract.message import Message
from drivers.messages import ConnectionLost
from drivers.modbus.messages import (
    DeviceException,
    MalformedAnswer,
    NoConnection,
    OtherAnswer,
    Timeout,
    UnaskedBytes,
)
from drivers.modbus.plan import ModbusDevice, Read

FUNCTIONS = {"holding": 3, "input": 4}
_FAILED = 0x80

logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # what fails is reported by the driver


class DeviceRefused(SteelyardError):
    """The device answered with a Modbus exception; the connection stays."""

    def __init__(self, code: int) -> None:
        super().__init__(DeviceException(f"{code:02x}"))
        self.code = code


class Lost(SteelyardError):
    """The connection or its framing is lost and closed."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)


class _Answer(ModbusPDU):
    """Any answer, as sent."""

    body = b""


class _AsSent(DecodePDU):
    """Keeps answers as bytes: registers are decoded by the kernel, and no answer raises inside the transport."""

    def decode(self, frame: bytes) -> ModbusPDU:
        answer = _Answer()
        answer.function_code, answer.body = frame[0], frame[1:]
        return answer


class Connection:
    """Reads registers of one device, one read at a time. After Lost, connect() begins anew."""

    def __init__(self, device: ModbusDevice) -> None:
        self._device = device
        self._client: AsyncModbusTcpClient | None = None

    @property
    def open(self) -> bool:
        """Whether there is a connection."""
        return self._client is not None and self._client.connected

    async def connect(self) -> None:
        """Connect anew; raises Lost with the reason."""
        self.close()
        device = self._device
        client = AsyncModbusTcpClient(
            device.host, port=device.port, timeout=device.timeout, retries=0, reconnect_delay=0,
            trace_connect=self._connected,
        )  # fmt: skip
        client.ctx.framer.decoder = _AsSent(False)
        self._client = client
        try:
            connected = await client.connect()
        except BaseException:
            self.close()
            raise
        if not connected:
            self.close()
            raise Lost(NoConnection(device.host, device.port))

    def close(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def read(self, read: Read) -> bytes:
        """The bytes of *read*'s registers as sent; raises DeviceRefused, or Lost after closing the connection."""
        try:
            return await self._read(read)
        except Lost:
            self.close()
            raise

    async def _read(self, read: Read) -> bytes:
        client = self._client
        if client is None or not client.connected:
            raise Lost(ConnectionLost())
        if client.ctx.recv_buffer:
            raise Lost(UnaskedBytes())
        ask = client.read_holding_registers if read.table == "holding" else client.read_input_registers
        try:
            answer = await ask(read.address, count=read.count, device_id=self._device.unit)
        except ConnectionException as error:
            raise Lost(ConnectionLost()) from error
        except ModbusException as error:
            raise Lost(Timeout()) from error
        if answer.transaction_id != client.ctx.next_tid or answer.dev_id != self._device.unit:
            raise Lost(OtherAnswer())
        return _registers(answer, read)

    def _connected(self, connected: bool) -> None:
        """Fail the read in flight at once when the device drops the connection: the library would wait."""
        client = self._client
        if not connected and client is not None and not client.ctx.response_future.done():
            client.ctx.response_future.set_exception(ConnectionException("dropped"))
            client.ctx.response_future.exception()  # retrieved: between two reads nothing awaits it


def _registers(answer: ModbusPDU, read: Read) -> bytes:
    """The registers of an answer that is whole and of the right function and length. Raises DeviceRefused, Lost."""
    body: bytes = answer.body if isinstance(answer, _Answer) else b""
    function = FUNCTIONS[read.table]
    if answer.function_code == function | _FAILED and len(body) == 1:
        raise DeviceRefused(body[0])
    if answer.function_code != function or len(body) != 1 + 2 * read.count or body[0] != 2 * read.count:
        raise Lost(MalformedAnswer())
    return body[1:]
