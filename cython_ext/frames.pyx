# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Raw sensor frames -> samples: a stream of bytes in chunks of any size, without the interpreter lock."""

from collections import namedtuple

import numpy as np

from libc.stddef cimport size_t
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

cdef extern from "core/frames.h" nogil:
    ctypedef struct Crc:
        pass
    ctypedef struct FrameLayout:
        uint8_t sync[8]
        size_t sync_size, size, sequence_at, payload_at, values, value_size, sum_from
        int sequence_size, sequence_big, format, big, sum_size, sum_big
        Crc crc
    ctypedef struct FrameStream:
        uint8_t* buffer
        size_t capacity, held
    ctypedef struct FramesFound:
        uint8_t* samples
        uint32_t* sequences
        size_t room, frames
        uint64_t bad, lost, restarts
    void crc_prepare(Crc*, size_t size, int width, uint32_t poly, uint32_t init, uint32_t xorout, int reflected)
    void frames_feed(const FrameLayout*, FrameStream*, const uint8_t* chunk, size_t size, FramesFound*)
    void frames_finish(const FrameLayout*, FrameStream*, FramesFound*)

FORMATS = {
    "int16": (16, np.dtype(np.int16)), "uint16": (16, np.dtype(np.int32)), "int12": (12, np.dtype(np.int16)),
    "uint12": (12, np.dtype(np.int16)), "int24": (24, np.dtype(np.int32)), "int32": (32, np.dtype(np.int32)),
    "float32": (32, np.dtype(np.float32)),
}
MAX_CHANNELS = 64
MAX_SAMPLES = 4096
MAX_HEADER = 4096
PIECE = 1 << 16

Frames = namedtuple("Frames", ("samples", "sequences", "frames", "bad", "lost", "restarts"))


def payload_bytes(str format, samples, channels):
    """Bytes of a payload; twelve-bit numbers stand close, half a byte is left over behind an odd count of them."""
    return (samples * channels * FORMATS[format][0] + 7) // 8


cdef class Decoder:
    """Finds the frames of one layout in a stream and decodes their samples.

    sync: 1 to 8 bytes. Places are counted in bytes from its first.
    sequence: (place, bytes 1, 2 or 4, big-endian).
    payload: (place, samples 1 to 4096, channels 1 to 64, a key of FORMATS, big-endian). For 12 bits big-endian means that
    the first byte holds the high bits of the first number, else its low bits.
    checksum: None, or (first place, place after the last, bits 16 or 32, big-endian, poly, init, xorout, reflected); it
    stands at the end of the frame, after the payload. Raises ValueError for what is not in these bounds.

    A decoder is used by one thread at a time.
    """

    cdef FrameLayout layout
    cdef FrameStream stream
    cdef object dtype, no_samples, no_sequences
    cdef Py_ssize_t channels
    cdef bint busy

    def __cinit__(self, bytes sync not None, tuple sequence not None, tuple payload not None, tuple checksum=None):
        self._place_sync(sync)
        at, samples, channels, format, big = payload
        self._place_payload(at, samples, channels, format, big)
        at, size, big = sequence
        self._place_sequence(at, size, big)
        if checksum is not None:
            start, end, width, big, poly, init, xorout, reflected = checksum
            self._place_checksum(start, end, width, big, poly, init, xorout, reflected)
        need = self.layout.size + self.layout.sync_size
        self.no_samples, self.no_sequences = np.empty((0, self.channels), self.dtype), np.empty(0, np.uint32)
        self.stream.capacity = need + max(need, PIECE)
        self.stream.buffer = <uint8_t*>malloc(self.stream.capacity)
        if self.stream.buffer is NULL:
            raise MemoryError()

    def __dealloc__(self):
        free(self.stream.buffer)

    cdef _place_sync(self, bytes sync):
        _within("bytes of the sync word", len(sync), 1, 8)
        memcpy(self.layout.sync, <const char*>sync, len(sync))
        self.layout.sync_size = len(sync)

    cdef _place_payload(self, at, samples, channels, format, big):
        _within("payload", at, self.layout.sync_size, self.layout.sync_size + MAX_HEADER)
        _within("samples", samples, 1, MAX_SAMPLES)
        _within("channels", channels, 1, MAX_CHANNELS)
        if format not in FORMATS:
            raise ValueError(f"no format {format!r}")
        self.dtype = FORMATS[format][1]
        self.channels = channels
        self.layout.payload_at, self.layout.values = at, samples * channels
        self.layout.format, self.layout.big = list(FORMATS).index(format), bool(big)
        self.layout.value_size = self.dtype.itemsize
        self.layout.size = at + payload_bytes(format, samples, channels)

    cdef _place_sequence(self, at, size, big):
        if size not in (1, 2, 4):
            raise ValueError(f"a counter of {size} bytes")
        _within("counter", at, self.layout.sync_size, self.layout.payload_at - size)
        self.layout.sequence_at, self.layout.sequence_size, self.layout.sequence_big = at, size, bool(big)

    cdef _place_checksum(self, start, end, width, big, poly, init, xorout, reflected):
        if width not in (16, 32):
            raise ValueError(f"a checksum of {width} bits")
        _within("end of the checked bytes", end, 1, self.layout.size)
        _within("start of the checked bytes", start, 0, end - 1)
        for number in (poly, init, xorout):
            _within("number of the checksum", number, 0, (1 << width) - 1)
        crc_prepare(&self.layout.crc, end - start, width, poly, init, xorout, bool(reflected))
        self.layout.sum_from, self.layout.sum_size, self.layout.sum_big = start, width // 8, bool(big)
        self.layout.size += width // 8

    @property
    def size(self):
        """Bytes of a frame."""
        return self.layout.size

    def feed(self, const uint8_t[::1] chunk not None):
        """The Frames that end in this chunk; what is begun is kept for the next."""
        return self._run(chunk, False)

    def finish(self):
        """The Frames that only the end of the stream decides; one that was begun is bad. The counter goes on."""
        return self._run(None, True)

    cdef _run(self, const uint8_t[::1] chunk, bint ended):
        cdef size_t size = 0 if ended else chunk.shape[0]
        cdef const uint8_t* data = &chunk[0] if size else NULL
        cdef FramesFound found
        cdef uint8_t[::1] into
        cdef uint32_t[::1] numbers
        cdef size_t rows = self.layout.values // self.channels
        memset(&found, 0, sizeof(found))
        found.room = (self.stream.held + size) // self.layout.size
        samples, sequences = self.no_samples, self.no_sequences
        if found.room:
            samples = np.empty((found.room * rows, self.channels), self.dtype)
            sequences = np.empty(found.room, np.uint32)
            into, numbers = samples.reshape(-1).view(np.uint8), sequences
            found.samples, found.sequences = &into[0], &numbers[0]
        self._exclusively(data, size, ended, &found)
        if found.frames < found.room:
            samples, sequences = samples[:found.frames * rows], sequences[:found.frames]
        return Frames(samples, sequences, found.frames, found.bad, found.lost, found.restarts)

    cdef _exclusively(self, const uint8_t* data, size_t size, bint ended, FramesFound* found):
        if self.busy:
            raise RuntimeError("another thread is in this decoder")
        self.busy = True
        with nogil:
            if ended:
                frames_finish(&self.layout, &self.stream, found)
            else:
                frames_feed(&self.layout, &self.stream, data, size, found)
        self.busy = False


def _within(what, number, least, most):
    if not least <= number <= most:
        raise ValueError(f"{what}: {number} is not in {least} to {most}")
