"""`steelyard-edge frames`: the counts and the digest of a file of raw frames, by a plain reading of the same bytes."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import zlib
from contextvars import copy_context
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contract.message import Message
from drivers.frames.layout import load
from edge.frames import CHUNK, count
from edge.main import app

LAYOUT = """\
sync: eb90
header: 2
sequence: {offset: 2, bits: 16, order: little}
payload: {samples: 64, channels: 4, format: int12, order: big}
checksum: {kind: crc32, start: 0, order: little}
"""
VALUES = 64 * 4


def frame(number: int, body: bytes) -> bytes:
    whole = b"\xeb\x90" + number.to_bytes(2, "little") + body
    return whole + zlib.crc32(whole).to_bytes(4, "little")


def digest(bodies: list[bytes]) -> str:
    """SHA-256 of the samples as int16, little-endian, from the letters of their hexadecimal."""
    out = hashlib.sha256()
    for body in bodies:
        letters = body.hex()
        for i in range(0, 3 * VALUES, 3):
            value = int(letters[i : i + 3], 16)
            out.update((value - 4096 * (value >= 2048)).to_bytes(2, "little", signed=True))
    return out.hexdigest()


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "layout.yaml"
    path.write_text(LAYOUT, "utf-8")
    return path


@pytest.fixture(scope="module")
def recording() -> tuple[bytes, dict[str, object]]:
    """60 frames, the 10th missing, the 20th broken, noise before and a begun frame behind; and what they are."""
    rng = random.Random(0)
    bodies = [rng.randbytes(VALUES * 3 // 2) for _ in range(60)]
    sent = [frame(i, body) for i, body in enumerate(bodies)]
    sent[20] = sent[20][:100] + bytes([sent[20][100] ^ 1]) + sent[20][101:]
    del sent[10]
    good = [body for i, body in enumerate(bodies) if i not in (10, 20)]
    data = b"noise" + b"".join(sent) + frame(60, bodies[0])[:50]
    return data, {"frames": 58, "bad": 2, "lost": 2, "samples_sha256": digest(good)}


def invoke(*words: object) -> Result:
    return copy_context().run(CliRunner(env={"LC_ALL": "C"}).invoke, app, [str(word) for word in words])


def test_counts_and_digest_are_those_of_a_plain_reading(
    layout: Path, tmp_path: Path, recording: tuple[bytes, dict[str, object]]
) -> None:
    data, want = recording
    (tmp_path / "raw").write_bytes(data)
    done = invoke("frames", layout, tmp_path / "raw", "--json")
    assert (done.exit_code, done.stderr) == (0, "") and json.loads(done.stdout) == want
    assert invoke("frames", layout, tmp_path / "raw").stdout.startswith("58 frames, 2 bad, 2 lost\n")
    chinese = invoke("frames", layout, tmp_path / "raw", "--lang", "zh").stdout
    assert chinese.startswith("58 帧完好，2 帧损坏，2 帧丢失\n") and str(want["samples_sha256"]) in chinese


def test_standard_input_comes_in_pieces_through_a_pipe(
    layout: Path, recording: tuple[bytes, dict[str, object]]
) -> None:
    data, want = recording
    command = [
        sys.executable,
        "-c",
        "from edge.main import main; main()",
        "frames",
        str(layout),
        "-",
        "--json",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        for at in range(0, len(data), 777):
            process.stdin.write(data[at : at + 777])
            process.stdin.flush()
        process.stdin.close()
        assert json.loads(process.stdout.read()) == want
    assert process.returncode == 0


def test_a_stream_without_a_frame_has_the_digest_of_nothing(layout: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"")
    assert json.loads(invoke("frames", layout, tmp_path / "raw", "--json").stdout) == {
        "frames": 0, "bad": 0, "lost": 0, "samples_sha256": hashlib.sha256(b"").hexdigest(),
    }  # fmt: skip


def test_a_counter_that_goes_back_is_said_on_standard_error(layout: Path, tmp_path: Path) -> None:
    body = bytes(VALUES * 3 // 2)
    (tmp_path / "raw").write_bytes(b"".join(frame(number, body) for number in (500, 501, 0, 1, 1)))
    done = invoke("frames", layout, tmp_path / "raw", "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["lost"] == 0
    assert (
        done.stderr
        == "the counter of frames stood still or went back 2 times; what was lost there is not counted\n"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_cannot_be_read_is_one_line_and_exit_2(layout: Path, tmp_path: Path, lang: str) -> None:
    colon = "：" if lang == "zh" else ": "
    for path, why in ((tmp_path / "none", "No such file or directory"), (tmp_path, "Is a directory")):
        done = invoke("frames", layout, path, "--json", "--lang", lang)
        assert (done.exit_code, done.stderr) == (2, f"{path}{colon}{why}\n")
        assert json.loads(done.stdout)["error"]["code"] == "journal.path_error"
    layout.write_text(LAYOUT.replace("eb90", "no hex"), "utf-8")
    done = invoke("frames", layout, tmp_path / "none", "--lang", lang)
    assert done.exit_code == 2 and done.stdout == "" and done.stderr.startswith(f"{layout}:1: sync{colon}")
    assert done.stderr.count("\n") == 1
    assert invoke("frames", tmp_path / "no.yaml", "-", "--lang", lang).exit_code == 2


def test_progress_of_a_long_file(
    layout: Path, tmp_path: Path, recording: tuple[bytes, dict[str, object]]
) -> None:
    data, want = recording
    (tmp_path / "raw").write_bytes(data + bytes(2 * CHUNK))
    shown: list[Message] = []
    found = count(load(layout).decoder(), str(tmp_path / "raw"), shown.append, every=0)
    assert found.json() == want, "the begun frame is broken either way"
    assert str(shown[0]) == "1 MB read: 58 frames, 2 bad, 2 lost" and len(shown) >= 3
