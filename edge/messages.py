"""What can be wrong with an edge, why its groups have gaps, and what its commands print."""

from __future__ import annotations

from contract.message import Message


class NoUser(Message, text="is required with password_file"):
    """A broker with a password and no user."""


class DeviceTwice(Message, text="the device {name!r} stands twice in this node"):
    """Two devices of one id."""

    name: str


class GroupTwice(Message, text="the group {name!r} stands twice in this node"):
    """Two scan groups of one id."""

    name: str


class TagTwice(Message, text="the tag {name!r} stands twice in this node"):
    """Two tags of one name."""

    name: str


class SeveralCounters(Message, text="the meter {meter!r} has more than one counter"):
    """A meter whose amount is not one tag's."""

    meter: str


class SeveralGauges(Message, text="the meter {meter!r} has more than one gauge"):
    """A meter whose load is not one tag's."""

    meter: str


class NoCounter(Message, text="the meter {meter!r} has no counter"):
    """A meter of gauges alone."""

    meter: str


class TooManyTags(
    Message,
    text="the {count} tags of stream {stream} are too many for one node: share them among two edges",
):
    """A stream whose schema is above the limits of contract.schema_pages."""

    count: int
    stream: str


class NoPagesOfLog(Message, text="{file}: the pages of a write-ahead log's schema are damaged or gone"):
    """Rows in a log that can't be read."""

    file: str


class NoSettingsNamed(
    Message, text="name the settings by one of --workdir DIR (its edge/edge.yaml) and --config FILE"
):
    """Neither flag, or both."""


class JournalInUse(Message, text="{folder} is being written by another steelyard-edge"):
    """A second edge on one journal."""

    folder: str


class NoJournal(Message, text="{folder}: no journal here"):
    """A folder that does not exist."""

    folder: str


class RecordOfOtherGroup(Message, text="a record of the write-ahead log does not fit its group"):
    """Bytes with a right sum that are no rows of the group that they name."""


class NoPreviousBlock(Message, text="an open statement whose previous block can't be read: {error}"):
    """An `open` statement with other fields than its kind has."""

    error: str


class DriverBroke(Message, text="the driver of {groups} broke: {error} at {where}"):
    """An error that no driver raises on purpose; where: file and line."""

    groups: tuple[str, ...]
    error: str
    where: str


class JournalUnwritable(Message, text="the journal can't be written: {why}"):
    """The disk refuses a write."""

    why: Message


class Restart(Message, text="restart"):
    """Cause of a gap: the edge did not run."""


class JournalDamaged(Message, text="journal-damaged"):
    """Cause of a gap: blocks of the journal did not survive."""


class LedgerLost(Message, text="ledger-lost"):
    """Cause of a gap: the cloud lost blocks that a receipt had freed."""


class StarterWritten(Message, text="wrote a starter {path}; edit it to your machines"):
    """init in an empty folder."""

    path: str


class KeyOfNode(Message, text="{node}: key {fingerprint}\ncopy {public} to the cloud as trust/{node}.pub"):
    """The result of init."""

    node: str
    fingerprint: str
    public: str


class SettingsGood(Message, text="{file}: good"):
    """validate without a problem."""

    file: str


class ChainOfBlocks(
    Message,
    text="{stream} {incarnation}: blocks {first}..{last}, rows to {row_last}, {unreceipted} without receipt",
):
    """A chain in `journal list`; first, last: seq."""

    stream: str
    incarnation: str
    first: int
    last: int
    row_last: int
    unreceipted: int


class RowsInLog(Message, text="{stream}: {rows} rows in the write-ahead log"):
    """A stream in `journal list`: rows that no block holds yet."""

    stream: str
    rows: int


class TimeAgo(Message, text="{time} ({seconds} s ago)"):
    """A moment in `status`, RFC 3339."""

    time: str
    seconds: str


class NotTagOfGroup(Message, text="{name!r} is no tag of this group"):
    """A read counter that the group does not read."""

    name: str


class NotRegister(
    Message,
    text="{word!r} is no register: write hex such as 0x41C8 or 0 to 65535, commas or spaces between two",
):
    """A word that `decode` can't read."""

    word: str


class NumberOfRegisters(Message, text="{count} registers: one value has at most {most}"):
    """More registers than one response holds, for `decode`."""

    count: int
    most: int


class NoReading(
    Message, text="no type fits: these registers are no text, and no number has so many registers"
):
    """The result of `decode` without a candidate."""


class FramesDecoded(
    Message, text="{frames} frames, {bad} bad, {lost} lost\nSHA-256 of the samples: {samples_sha256}"
):
    """The result of `frames`."""

    frames: int
    bad: int
    lost: int
    samples_sha256: str


class FramesSoFar(Message, text="{megabytes} MB read: {frames} frames, {bad} bad, {lost} lost"):
    """What `frames` says now and then of a long file."""

    megabytes: int
    frames: int
    bad: int
    lost: int


class CounterWentBack(
    Message,
    text="the counter of frames stood still or went back {count} times; what was lost there is not counted",
    one="the counter of frames stood still or went back once; what was lost there is not counted",
):
    """A device that was restarted, or frames that came twice."""

    count: int
