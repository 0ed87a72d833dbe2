# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Modbus registers -> packed little-endian values: a whole response in one call, without the interpreter lock."""

from libc.stdint cimport int32_t

cdef enum:
    SOURCE = 0
    KIND = 1
    ORDER = 2
    TARGET = 3


cdef Py_ssize_t _run(
    const unsigned char* data, Py_ssize_t size, const int32_t* fields, Py_ssize_t count,
    unsigned char* row, Py_ssize_t room,
) noexcept nogil:
    cdef Py_ssize_t i, j, at, source, target, width
    cdef int32_t kind, order
    for i in range(count):
        source = fields[4 * i + SOURCE]
        kind = fields[4 * i + KIND]
        order = fields[4 * i + ORDER]
        target = fields[4 * i + TARGET]
        if order < 0 or order > 3 or not (kind == 1 or kind == 2 or kind == 4 or kind == 8):
            return i
        width = 2 if kind == 1 else kind
        if source < 0 or target < 0 or source > size - width or target > room - kind:
            return i
        if kind == 1:
            row[target] = (data[source] | data[source + 1]) != 0
            continue
        for j in range(width):
            at = width - 1 - j
            if order & 1:
                at = (width - 2 - (at & ~<Py_ssize_t>1)) | (at & 1)
            if order & 2:
                at = at ^ 1
            row[target + j] = data[source + at]
    return -1


def decode(const unsigned char[::1] data not None, const int32_t[:, ::1] fields not None,
           unsigned char[::1] row not None):
    """Decode the registers in *data* (big-endian, as sent) into *row*; -1, or the index of the first bad field.

    fields: int32[k, 4] of (first byte in data, kind, order, first byte in row). kind: 1 = bool (a register that is
    not 0; one byte 0 or 1 in row), 2, 4, 8 = bytes of a number, little-endian in row. order: bit 0 = words
    reversed, bit 1 = bytes swapped within each word. A field that would leave data or row, or of another kind
    or order, is bad: it and those after it are not decoded, nothing is read or written outside.
    """
    if fields.shape[1] != 4:
        raise ValueError(f"fields must have 4 columns, not {fields.shape[1]}")
    if data.shape[0] == 0 or fields.shape[0] == 0 or row.shape[0] == 0:
        return 0 if fields.shape[0] else -1
    cdef Py_ssize_t found
    with nogil:
        found = _run(&data[0], data.shape[0], &fields[0, 0], fields.shape[0], &row[0], row.shape[0])
    return found
