"""Which driver speaks which protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.errors import BadInput
from drivers.base import Driver
from drivers.messages import UnknownProtocol
from drivers.modbus.plan import ModbusDevice
from drivers.opcua.plan import OpcuaDevice


def _modbus(device: ModbusDevice) -> Driver:
    from drivers.modbus.driver import ModbusDriver

    return ModbusDriver(device)


def _opcua(device: OpcuaDevice) -> Driver:
    from drivers.opcua.driver import OpcuaDriver  # a second of importing, only where it is used

    return OpcuaDriver(device)


DRIVERS: dict[str, Callable[[Any], Driver]] = {"modbus-tcp": _modbus, "opcua": _opcua}
"""Protocol name -> the function that makes its driver from the plan of a device."""


def driver(device: ModbusDevice | OpcuaDevice) -> Driver:
    """The driver of a device. Raises BadInput for a protocol that no driver speaks."""
    if device.protocol not in DRIVERS:
        raise BadInput(UnknownProtocol(device.protocol, tuple(sorted(DRIVERS))))
    return DRIVERS[device.protocol](device)
