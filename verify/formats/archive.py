"""Files of a pack from a zip that may be hostile: nothing is written, nothing larger than its cap is inflated."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from verify.formats.findings import NotAPack
from verify.formats.message import Message
from verify.formats.messages import (
    AnotherSize,
    ArchiveComment,
    BytesBefore,
    BytesBehind,
    CompressedFile,
    EncryptedFile,
    FileNameTwice,
    GrowsTooMuch,
    NoZip,
    TooLarge,
    UnknownFileName,
    UnusualEntry,
)

MOST_FILES = 256
MOST_BYTES = 2 << 30
MOST_RATIO = 100
SMALL = 4 << 20  # a small file may shrink as far as it likes
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError,
    NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


def _entry(info: zipfile.ZipInfo) -> None:
    """Refuse a name that leads out of the pack and sizes that only a bomb has."""
    if not NAME.match(info.filename) or info.filename != info.orig_filename:
        raise NotAPack(UnknownFileName(info.filename[:80]))
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAPack(EncryptedFile(info.filename))
    if info.file_size > SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
        raise NotAPack(GrowsTooMuch(info.filename, MOST_RATIO))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as source:
        data = source.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise NotAPack(AnotherSize(info.filename))
    return data


@dataclass(frozen=True)
class Opened:
    """files: content by name, in the order of the archive; oddities: (where, why) of what a pack does not have."""

    files: dict[str, bytes]
    oddities: list[tuple[str, Message]]


def _oddities(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> list[tuple[str, Message]]:
    """Places where bytes could hide that nobody checks."""
    odd: list[tuple[str, Message]] = [("archive", ArchiveComment())] if archive.comment else []
    expected = 0
    for info in entries:
        if info.compress_type != zipfile.ZIP_STORED:
            odd.append((info.filename, CompressedFile()))
        if info.comment or info.extra or info.date_time != (1980, 1, 1, 0, 0, 0):
            odd.append((info.filename, UnusualEntry()))
        if info.header_offset != expected:
            odd.append((info.filename, BytesBefore()))
        expected = info.header_offset + 30 + len(info.orig_filename.encode()) + info.compress_size
    if archive.start_dir != expected:
        odd.append(("archive", BytesBehind()))
    return odd


def read(data: bytes) -> Opened:
    """The files; raises NotAPack with what is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(info.file_size for info in entries) > MOST_BYTES:
                raise NotAPack(TooLarge())
            for info in entries:
                _entry(info)
            if len({info.filename for info in entries}) != len(entries):
                raise NotAPack(FileNameTwice())
            content = {info.filename: _content(archive, info) for info in entries}
            return Opened(content, _oddities(archive, entries))
    except UNREADABLE as error:
        raise NotAPack(NoZip(str(error)[:120])) from error
