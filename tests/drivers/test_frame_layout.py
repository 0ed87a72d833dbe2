"""The layout file of raw frames: the example of the docs is good, what is wrong is named with its line."""

from __future__ import annotations

import random
import re
import zlib
from pathlib import Path

import pytest

from drivers.frames.layout import FrameLayout, load
from settings import SettingsError

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = """\
sync: "eb90 5aa5"
header: 8
sequence: {offset: 8, bits: 32, order: big}
payload: {samples: 256, channels: 8, format: int24, order: big}
checksum: {kind: crc32, start: 0, order: big}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "layout.yaml"
    path.write_text(text, "utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    with pytest.raises(SettingsError) as error:
        load(path)
    return [str(problem).removeprefix(str(path)) for problem in error.value.problems]


def frame(number: int, body: bytes) -> bytes:
    whole = bytes.fromhex("eb905aa5") + bytes(4) + number.to_bytes(4, "big") + body
    return whole + zlib.crc32(whole).to_bytes(4, "big")


def test_the_example_of_the_docs_decodes_what_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "frames.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```", page, flags=re.S | re.M)
    assert load(written(tmp_path, example)).model_dump() == load(written(tmp_path, GOOD)).model_dump()
    decoder, body = load(written(tmp_path, example)).decoder(), random.Random(0).randbytes(256 * 8 * 3)
    found = decoder.feed(frame(7, body) + frame(9, body))
    want = [int.from_bytes(body[i : i + 3], "big", signed=True) for i in range(0, len(body), 3)]
    assert found.samples.shape == (512, 8) and found.samples.reshape(-1).tolist() == want * 2
    assert (found.sequences.tolist(), found.bad, found.lost) == ([7, 9], 0, 1)


@pytest.mark.parametrize(
    ("checksum", "check"),
    [
        ("kind: crc16-ccitt-false, order: big", "29b1"),
        ("kind: crc16-modbus, order: little", "374b"),
        ("kind: crc16-xmodem, order: big", "31c3"),
        ("kind: crc32, order: little", "2639f4cb"),
        ("kind: crc16, poly: 0x3d65, init: 0, xorout: 0xffff, reflected: true, order: big", "ea82"),
    ],
)
def test_a_checksum_by_its_published_value_of_123456789(tmp_path: Path, checksum: str, check: str) -> None:
    text = f"""\
sync: aa
header: 1
sequence: {{offset: 1, bits: 8, order: big}}
payload: {{samples: 5, channels: 1, format: int16, order: big}}
checksum: {{{checksum}, start: 2, end: 11}}
"""
    found = load(written(tmp_path, text)).decoder().feed(b"\xaa\x05123456789\0" + bytes.fromhex(check))
    assert (found.frames, found.bad) == (1, 0)


@pytest.mark.parametrize(
    ("old", "new", "want"),
    [
        ('"eb90 5aa5"', "zz", ":1: sync: must be 1 to 8 bytes in hex such as eb90 (it is 'zz')"),
        ('"eb90 5aa5"', '""', ":1: sync: must be 1 to 8 bytes in hex such as eb90 (it is '')"),
        ('"eb90 5aa5"', "1234", ":1: sync: must be text; put it in quotes (it is 1234)"),
        ("header: 8", "header: 3", ":2: header: a counter of 32 bits needs a header of at least 4 bytes"),
        ("header: 8", "headers: 8", ":1: header: is required"),
        (
            "offset: 8",
            "offset: 9",
            ":3: sequence.offset: the 4 bytes of the counter must lie in the header, bytes 4 to 11 of the frame",
        ),
        ("bits: 32", "bits: 12", ":3: sequence.bits: must be 8, 16 or 32, not 12"),
        ("channels: 8", "channels: 65", ":4: payload.channels: must be less than or equal to 64 (it is 65)"),
        (
            "samples: 256",
            "samples: 4097",
            ":4: payload.samples: must be less than or equal to 4096 (it is 4097)",
        ),
        (
            "start: 0",
            "start: 0, end: 6157",
            ":5: checksum.end: must be from 1 to 6156, where the payload ends",
        ),
        ("start: 0", "start: 9, end: 9", ":5: checksum.start: must be below 9, the end of the checked bytes"),
        (
            "start: 0",
            "start: 0, poly: 1",
            ":5: checksum.poly: stands only with kind: crc16; crc32 has its own",
        ),
        ("kind: crc32", "kind: crc-32", ":5: checksum.kind: must be"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, want: str) -> None:
    found = problems(tmp_path, GOOD.replace(old, new))
    assert any(problem.startswith(want) for problem in found), found


def test_all_parameters_of_a_crc_are_asked_for_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace("crc32", "crc16").replace("header: 8", "header: 3"))
    assert found == [f":5: checksum.{name}: is required with kind: crc16" for name in
                     ("poly", "init", "xorout", "reflected")]  # fmt: skip


def test_every_layout_that_is_taken_makes_a_decoder(tmp_path: Path) -> None:
    for form in ("int16", "uint16", "int12", "uint12", "int24", "int32", "float32"):
        text = (
            GOOD.replace("int24", form)
            .replace("samples: 256", "samples: 1")
            .replace("channels: 8", "channels: 3")
        )
        layout: FrameLayout = load(written(tmp_path, text))
        assert layout.decoder().size == layout.payload_end + 4
