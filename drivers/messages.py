"""What can be wrong with the settings of a tag, with a recorded history, with reading any device."""

from __future__ import annotations

from contract.message import Message


class NameForm(
    Message,
    text="must be 1 to 128 letters (of any script), digits or . _ - / : and begin with a letter or digit"
    " (it is {name!r})",
):
    """The name of a tag."""

    name: str


class IdForm(Message, text="must be 1 to 63 of a-z, 0-9 and -, and not begin with - (it is {text!r})"):
    """The id of a node, site, device, group or meter."""

    text: str


class HostForm(Message, text="must be a host name or address (it is {text!r})"):
    """Where a device or a broker is."""

    text: str


class TextIsNotRead(Message, text="text values are not read: name a numeric or bool node"):
    """The type of a tag is one of texts."""


class NotZero(Message, text="must be other than 0"):
    """The scale of a gauge or state."""


class AboveZero(Message, text="must be above 0"):
    """The scale of a counter, and a max_rate."""


class CounterType(Message, text="a counter needs an integer type, not {type}"):
    """A counter of floats or bools."""

    type: str


class NoMaxRate(Message, text="is required for a counter (units per second)"):
    """A counter without max_rate."""


class MaxRateOfOther(Message, text="only a counter has a max_rate, this is a {kind}"):
    """A max_rate on a gauge or state."""

    kind: str


class MeterOfState(Message, text="only a counter or gauge belongs to a meter, this is a state"):
    """A state that names a meter."""


class CarrierWithoutCounter(Message, text="stands only on the counter of a meter"):
    """A carrier on another tag."""


class NoCarrier(Message, text="is required on the counter of a meter ({carriers})"):
    """The counter of a meter without carrier."""

    carriers: tuple[str, ...]


class UnknownProtocol(Message, text="no driver speaks {protocol!r}; known are {protocols}"):
    """A device of a protocol without driver."""

    protocol: str
    protocols: tuple[str, ...]


class NoSuchFile(Message, text="{path}: no such file"):
    """A recorded history that is not there."""

    path: str


class NoRecording(Message, text="{path}: not a recorded history (.npz)"):
    """A file of numpy that holds one array."""

    path: str


class UnreadableRecording(Message, text="{path}: not a recorded history (.npz): {why}"):
    """A file that numpy can't read."""

    path: str
    why: Message


class NoTimes(Message, text="{path}: needs an array 'time' of int64, UTC ns"):
    """A recorded history without row times."""

    path: str


class TimeDoesNotGrow(Message, text="{path}: time does not grow at row {row}"):
    """A recorded history whose rows are not in order; rows from 0."""

    path: str
    row: int


class NoTagOfDevice(Message, text="{path}: {name!r} is no tag of this device"):
    """An array of a recorded history."""

    path: str
    name: str


class ArrayShape(Message, text="{path}: {name!r} has the shape {shape}, time has {rows} rows"):
    """An array of a recorded history that is not one number a row."""

    path: str
    name: str
    shape: str
    rows: int


class ArrayType(Message, text="{path}: {name!r} holds {found}, the tag is {type}"):
    """An array of a recorded history of another kind of number than its tag."""

    path: str
    name: str
    found: str
    type: str


class NumberOutOfRange(Message, text="{path}: {name!r} has a number outside of {type}"):
    """A number of a recorded history that the tag's type can't hold."""

    path: str
    name: str
    type: str


class ConnectionLost(Message, text="connection lost"):
    """The device or server ended the connection."""


class NoNumber(Message, text="{raw} is no number"):
    """A value that was read is NaN or infinite."""

    raw: str


class WindowForm(
    Message, text="must be samples by channels of int16, int32 or float32 (it is {shape} of {type})"
):
    """A window of another shape or type."""

    shape: str
    type: str


class WindowLength(
    Message, text="a window has 1 to {most} samples, for bands a power of two from 2 on (it has {count})"
):
    """A window too short, too long, or none for a Fourier transform of radix 2."""

    count: int
    most: int


class BandForm(
    Message, text="a band goes from 0 Hz or above to a higher frequency (it is {low} to {high} at {rate} Hz)"
):
    """A band that holds nothing, or a sampling rate that is none."""

    low: str
    high: str
    rate: str


class SampleNotFinite(Message, text="sample {row} of channel {channel} is not finite"):
    """A float that is infinite or no number; both from 0."""

    row: int
    channel: int
