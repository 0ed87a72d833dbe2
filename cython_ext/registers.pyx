# cython: boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Modbus registers -> packed little-endian values: a whole response in one call, without the interpreter lock."""

from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.string cimport memset

from cython_ext.register_text cimport text
from cython_ext.register_time cimport layout_has, moment
from cython_ext.register_words cimport bcd, known_order, mod10k, whole

cdef enum:
    COLUMNS = 7

cdef struct Field:
    int32_t source, kind, order, target, registers, first, count

cpdef enum Kind:
    """What a field holds; TIME_... in the order of the layouts of register_time."""

    NUMBER = 0
    BOOL = 1
    BITS = 2
    BCD = 3
    MOD10K = 4
    SIGNED_MOD10K = 5
    TEXT = 6
    TIME_IEC = 7
    TIME_POWERLOGIC = 8
    TIME_CET = 9
    TIME_REGISTERS = 10
    TIME_SICAM = 11


cdef inline Py_ssize_t _room(const Field* f) noexcept nogil:
    """Bytes of the value in the row; 0 for a field that can't be."""
    cdef bint power = f.registers == 1 or f.registers == 2 or f.registers == 4
    if f.registers < 1 or f.registers > 125 or not known_order(f.order, f.registers):
        return 0
    if f.kind == NUMBER or f.kind == BCD:
        return 2 * f.registers if power else 0
    if f.kind == BOOL:
        return f.registers == 1 and f.first >= -1 and f.first < 16
    if f.kind == BITS:
        return 2 * f.registers if power and _inside(f) else 0
    if f.kind == MOD10K or f.kind == SIGNED_MOD10K:
        return 8 if 2 <= f.registers <= 4 else 0
    if f.kind == TEXT:
        return 2 * f.registers if f.order < 2 else 0
    return 8 if f.kind >= TIME_IEC and layout_has(f.kind - TIME_IEC, f.registers) else 0


cdef inline bint _inside(const Field* f) noexcept nogil:
    """Whether the bits are bits of the word."""
    return f.first >= 0 and f.count >= 1 and f.count <= 16 * f.registers - f.first


cdef inline bint _fits(const Field* f, Py_ssize_t size, Py_ssize_t room) noexcept nogil:
    """Whether the field lies in *size* bytes of data and *room* bytes of row."""
    cdef Py_ssize_t width = _room(f)
    if width == 0 or f.source < 0 or f.target < 0:
        return False
    return f.source <= size - 2 * f.registers and f.target <= room - width


cdef inline void _put(uint64_t value, Py_ssize_t width, unsigned char* row) noexcept nogil:
    """The low *width* bytes of a value, the lowest first."""
    cdef Py_ssize_t i
    for i in range(width):
        row[i] = <unsigned char>(value >> (8 * i))


cdef inline uint64_t _bits(const Field* f, uint64_t value) noexcept nogil:
    """*count* bits from *first* on, or one of them where the field is a bool: a register that is not 0, or its bit."""
    if f.kind == BOOL:
        return value != 0 if f.first < 0 else value >> f.first & 1
    return value >> f.first & (~<uint64_t>0 >> (64 - f.count))


cdef inline bint _value(const Field* f, const unsigned char* at, unsigned char* row) noexcept nogil:
    """Decode one field that fits; false for content that is no such value."""
    cdef uint64_t value = 0
    cdef int64_t amount = 0
    cdef bint good = True
    if f.kind == TEXT:
        return text(at, f.registers, f.order, row)
    if f.kind >= TIME_IEC:
        good = moment(at, f.kind - TIME_IEC, f.registers, f.order, &amount)
        value = <uint64_t>amount
    elif f.kind == MOD10K or f.kind == SIGNED_MOD10K:
        good = mod10k(at, f.registers, f.order, f.kind == SIGNED_MOD10K, &amount)
        value = <uint64_t>amount
    else:
        value = whole(at, f.registers, f.order)
        if f.kind == BCD:
            good = bcd(value, &value)
        elif f.kind != NUMBER:
            value = _bits(f, value)
    _put(value, _room(f), row)
    return good


cdef Py_ssize_t _run(
    const unsigned char* data, Py_ssize_t size, const Field* fields, Py_ssize_t count,
    unsigned char* row, Py_ssize_t room, unsigned char* bad,
) noexcept nogil:
    cdef Py_ssize_t i
    cdef const Field* f
    for i in range(count):
        f = fields + i
        if not _fits(f, size, room):
            return i
        bad[i] = not _value(f, data + f.source, row + f.target)
        if bad[i]:
            memset(row + f.target, 0, _room(f))
    return -1


def decode(const unsigned char[::1] data not None, const int32_t[:, ::1] fields not None,
           unsigned char[::1] row not None, unsigned char[::1] bad not None):
    """Decode the registers in *data* (big-endian, as sent) into *row*; -1, or the index of the first field that can't be.

    fields: int32[k, 7] of (first byte in data, kind, order, first byte in row, registers, first, count).
    order: which byte of the value is sent first, 0 the most significant. Values are little-endian in row:

        NUMBER         1, 2 or 4 registers: their bits, 2 · registers bytes
        BOOL           1 register: not 0 (first = -1), or its bit *first*, 0 the lowest; one byte 0 or 1
        BITS           1, 2 or 4 registers: *count* bits from bit *first* on, 2 · registers bytes
        BCD            1, 2 or 4 registers: 4, 8 or 16 packed decimal digits, 2 · registers bytes
        MOD10K         2 to 4 registers, each a digit to the base 10,000; 8 bytes
        SIGNED_MOD10K  the same, each register with the value's sign; 8 bytes, two's complement
        TEXT           1 to 125 registers: UTF-8, 2 · registers bytes, padded with NUL
        TIME_...       date and time by the layout of register_time: ms since 1970 of the meter's clock, 8 bytes

    bad: uint8[k or more], 1 for each field whose registers hold no such value, else 0; its bytes in row are 0 then.
    A field that would leave data or row, or is of another kind, order or size, can't be: it and those after it are
    not decoded, nothing is read or written outside. Raises ValueError for tables of other shapes.
    """
    cdef Py_ssize_t found, count = fields.shape[0]
    if fields.shape[1] != COLUMNS:
        raise ValueError(f"fields must have {COLUMNS} columns, not {fields.shape[1]}")
    if bad.shape[0] < count:
        raise ValueError(f"bad must have {count} bytes, not {bad.shape[0]}")
    if data.shape[0] == 0 or count == 0 or row.shape[0] == 0:
        return 0 if count else -1
    with nogil:
        found = _run(
            &data[0], data.shape[0], <const Field*>&fields[0, 0], count, &row[0], row.shape[0], &bad[0]
        )
    return found
