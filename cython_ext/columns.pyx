# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The lossless codec of columns: a few bits a value, any bits of a float kept. The core is plain C11 in core/."""

from cpython.buffer cimport PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport calloc, free, malloc

import numpy as np

cdef extern from "core/columns.h" nogil:
    ctypedef struct column:
        void* data
        int type
        uint32_t count
    ctypedef struct coder:
        int bad
    ctypedef struct model:
        pass
    ctypedef struct workspace:
        void* k
        model m
    int MOST_ROWS, STORED, F64, F32, I64, U64
    const uint8_t WIDTH[10]
    void model_begin(model* m)
    int workspace_room(workspace* w, uint32_t rows)
    uint32_t most_rows(const column* columns, int count)
    void coder_reads(coder* c, const uint8_t* data, size_t size)
    int code_counts(coder* c, int WRITE, model* m, column* columns, int count, int known)
    size_t columns_write(workspace* w, column* columns, int count, int known, uint8_t* data, size_t size, int* full)
    void columns_read(coder* c, workspace* w, column* columns, int count)

TYPES = ("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1")
"""Kind and size of the dtypes, in the order of the core's numbers; a bool is taken as u1."""
TIERS = ("auto", "dense")


cdef model _FRESH
model_begin(&_FRESH)


class BadStream(ValueError):
    """Bytes that no encoder has made."""


cdef class _Columns:
    """Columns as the core has them, their memory held while this lives."""

    cdef column* list
    cdef Py_buffer* views
    cdef int count, held

    def __cinit__(self, int count):
        self.count, self.held = count, 0
        self.list = <column*>calloc(count + 1, sizeof(column))
        self.views = <Py_buffer*>calloc(count + 1, sizeof(Py_buffer))
        if self.list == NULL or self.views == NULL:
            raise MemoryError

    def __dealloc__(self):
        for i in range(self.held):
            PyBuffer_Release(&self.views[i])
        free(self.list)
        free(self.views)

    cdef int hold(self, object array, int flags) except -1:
        """Take the next column: its memory, type and count. Raises ValueError for one that can't be taken."""
        cdef Py_buffer* view = &self.views[self.held]
        cdef column* taken = &self.list[self.held]
        PyObject_GetBuffer(array, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | flags)
        self.held += 1
        taken.data, taken.type = view.buf, _type_of(view.format, view.itemsize)
        if taken.type < 0:
            raise ValueError(f"a column can't be of {array.dtype}")
        if view.ndim != 1 or view.shape[0] > MOST_ROWS:
            raise ValueError(f"a column has one axis of at most {MOST_ROWS} values, not {array.shape}")
        taken.count = <uint32_t>view.shape[0]
        return 0

    cdef size_t size(self):
        cdef size_t found = 0
        for i in range(self.count):
            found += <size_t>self.list[i].count * WIDTH[self.list[i].type]
        return found


cdef _Columns _held(arrays, int flags):
    cdef _Columns found = _Columns(len(arrays))
    for each in arrays:
        found.hold(each, flags)
    return found


cdef int _type_of(const char* form, Py_ssize_t width) noexcept:
    """Type of the numbers of a buffer; -1 for others and for another byte order."""
    if form == NULL or form[0] == 0 or form[1] != 0:
        return -1
    cdef int size = 0 if width == 8 else 1 if width == 4 else 2 if width == 2 else 3
    if form[0] in (b"d", b"f"):
        return F64 if width == 8 else F32
    if form[0] in (b"b", b"h", b"i", b"l", b"q"):
        return I64 + size
    if form[0] in (b"B", b"H", b"I", b"L", b"Q", b"?"):
        return U64 + size
    return -1


def encode(columns, hints=None, tier="auto"):
    """Bytes of one-dimensional little-endian arrays of at most 65,536 numbers each; they need not be equally long.

    hints: {"counts": the length of each column} where the reader knows them from elsewhere: they are not written then.
    tier: "dense", or "auto", which takes the smallest. Raises ValueError for other columns.
    """
    if tier not in TIERS:
        raise ValueError(f"tier must be one of {TIERS}, not {tier!r}")
    cdef _Columns held = _held(columns, 0)
    counts = [len(each) for each in columns]
    cdef int known = _known(hints)
    if known and list(hints["counts"]) != counts:
        raise ValueError(f"the counts of the hints are not those of the columns, {counts}")
    cdef size_t raw = held.size()
    blob = _dense(held, known, raw + 8 * len(counts))
    if blob is not None:
        return blob
    head = b"" if known else np.array(counts, "<u4").tobytes()
    return bytes([STORED]) + head + b"".join(memoryview(each).cast("B") for each in columns)


cdef object _dense(_Columns held, int known, size_t room):
    """The stream of the range coder; None where it does not fit into the room."""
    cdef size_t length
    cdef int full = 0
    cdef uint8_t* out = <uint8_t*>malloc(room + 8)
    cdef workspace w
    if out == NULL or not workspace_room(&w, most_rows(held.list, held.count)):
        free(out)
        raise MemoryError
    with nogil:
        w.m = _FRESH
        length = columns_write(&w, held.list, held.count, known, out, room + 8, &full)
    free(w.k)
    try:
        return None if full or length > room else PyBytes_FromStringAndSize(<char*>out, length)
    finally:
        free(out)


def decode(blob, dtypes, hints=None):
    """The arrays that *encode* got, in new memory; dtypes: theirs; hints: as given to *encode*.

    Raises BadStream for bytes that no encoder has made, ValueError for other dtypes or counts. No more is allocated
    than the counts ask for, 65,536 numbers a column at the most.
    """
    kinds = [np.dtype(each) for each in dtypes]
    cdef const uint8_t[::1] data = memoryview(blob).cast("B")
    cdef int known = _known(hints)
    counts = list(hints["counts"]) if known else [0] * len(kinds)
    if len(counts) != len(kinds) or not all(0 <= each <= MOST_ROWS for each in counts):
        raise ValueError(f"there must be a count of 0 to {MOST_ROWS} for each column")
    arrays = [np.empty(count, each) for each, count in zip(kinds, counts)]
    cdef _Columns held = _held(arrays, PyBUF_WRITABLE)
    if data.shape[0] and data[0] == STORED:
        return _stored(bytes(data[1:]), kinds, counts if known else None)
    return _read(held, arrays, data, known)


cdef int _known(hints) except -1:
    if hints is None:
        return 0
    if len(hints) != 1 or "counts" not in hints:
        raise ValueError(f"hints are counts alone, not {sorted(hints)}")
    return 1


cdef list _read(_Columns held, list arrays, const uint8_t[::1] data, int known):
    """Read into the arrays, or into new ones where the counts stand in the stream."""
    cdef const uint8_t* start = &data[0] if data.shape[0] else NULL
    cdef size_t size = data.shape[0]
    cdef coder c
    cdef workspace w
    w.m = _FRESH
    coder_reads(&c, start, size)
    if not code_counts(&c, 0, &w.m, held.list, held.count, known):
        raise BadStream("no stream of columns, or of other counts")
    if not known:
        arrays = [np.empty(held.list[i].count, each.dtype) for i, each in enumerate(arrays)]
        held = _held(arrays, PyBUF_WRITABLE)
    if not workspace_room(&w, most_rows(held.list, held.count)):
        raise MemoryError
    with nogil:
        columns_read(&c, &w, held.list, held.count)
    free(w.k)
    if c.bad:
        raise BadStream("a number that no encoder writes")
    return arrays


cdef list _stored(bytes data, list kinds, object counts):
    if counts is None:
        head, data = data[: 4 * len(kinds)], data[4 * len(kinds) :]
        counts = [int.from_bytes(head[4 * i : 4 * i + 4], "little") for i in range(len(kinds))]
    if len(data) != sum(each.itemsize * count for each, count in zip(kinds, counts)):
        raise BadStream("columns of other lengths")
    arrays, at = [], 0
    for each, count in zip(kinds, counts):
        arrays.append(np.frombuffer(data, each, count, at).copy())
        at += each.itemsize * count
    return arrays
