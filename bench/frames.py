"""What decoding raw sensor frames costs: megabytes a second, clean, with a broken byte in 100 frames, and at worst.

    python -m bench.frames --json

24 bits, 8 channels, 256 samples a frame, CRC over the whole frame, in chunks of *chunk* bytes. Processor time of this
thread, the best of several rounds: compare them with each other, not with another machine.
"""

from __future__ import annotations

import argparse
import json
import struct
import time
import zlib
from typing import Any

import numpy as np

from cython_ext.frames import Decoder

SYNC = b"\xeb\x90\x5a\xa5"
SAMPLES, CHANNELS, FRAMES, ROUNDS = 256, 8, 4000, 7
PAYLOAD = len(SYNC) + 4
END = PAYLOAD + SAMPLES * CHANNELS * 3
CHUNKS = (1460, 1 << 16, 1 << 20)
CRC32 = (0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, True)


def stream(broken: bool) -> bytes:
    """FRAMES frames; broken: one byte is wrong in each hundredth, from the fiftieth on."""
    rng, out = np.random.default_rng(0), bytearray()
    for number in range(FRAMES):
        frame = SYNC + struct.pack(">I", number) + rng.bytes(END - PAYLOAD)
        frame += struct.pack(">I", zlib.crc32(frame))
        if broken and number % 100 == 50:
            at = int(rng.integers(len(frame)))
            frame = frame[:at] + bytes([frame[at] ^ 0x5A]) + frame[at + 1 :]
        out += frame
    return bytes(out)


def decoder() -> Decoder:
    """Of the layout above."""
    payload = (PAYLOAD, SAMPLES, CHANNELS, "int24", True)
    return Decoder(SYNC, (len(SYNC), 4, True), payload, (0, END, 32, True, *CRC32))


def run(chunks: list[bytes]) -> tuple[float, int]:
    """Seconds of the processor, and the good frames."""
    sut, count = decoder(), 0
    start = time.thread_time()
    for chunk in chunks:
        count += sut.feed(chunk).frames
    return time.thread_time() - start, count


def measure(data: bytes, size: int, want: int) -> dict[str, Any]:
    """The best of ROUNDS."""
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    rounds = [run(chunks) for _ in range(ROUNDS)]
    assert {count for _, count in rounds} == {want}
    best = min(seconds for seconds, _ in rounds)
    return {"chunk": size, "frames": want, "mb_per_s": round(len(data) / best / 1e6)}


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object")
    as_json = parser.parse_args().json
    clean, broken = stream(False), stream(True)
    found = {
        "frame_bytes": decoder().size,
        "clean": [measure(clean, size, FRAMES) for size in CHUNKS],
        "one_broken_byte_in_100_frames": [measure(broken, size, FRAMES - FRAMES // 100) for size in CHUNKS],
        "nothing_but_sync_words": [measure(SYNC * (len(clean) // len(SYNC)), size, 0) for size in CHUNKS],
    }
    print(json.dumps(found, indent=None if as_json else 1))


if __name__ == "__main__":
    main()
