"""Text in registers, two bytes each: UTF-8, which ASCII is part of. It ends at the first NUL; spaces at its end are padding."""

from libc.stdint cimport int32_t


cdef inline bint text(const unsigned char* at, int32_t registers, int32_t order, unsigned char* row) noexcept nogil:
    """The text into 2 · registers bytes of the row, NUL after its end; false for what is no text.

    No text: bytes that are not UTF-8 (RFC 3629), control characters, and anything but NUL and spaces behind a NUL.
    """
    cdef int32_t i, size = 2 * registers, end = size
    for i in range(size):
        row[i] = at[i ^ order]
    for i in range(size):
        if row[i] == 0 and end == size:
            end = i
        if i > end and row[i] != 0 and row[i] != 32:
            return False
    while end > 0 and row[end - 1] == 32:
        end -= 1
    for i in range(end, size):
        row[i] = 0
    i = 0
    while i < end:
        size = _character(row + i, end - i)
        if size == 0:
            return False
        i += size
    return True


cdef inline int32_t _character(const unsigned char* at, int32_t left) noexcept nogil:
    """Bytes of the character at *at*, of which *left* are there; 0 when it is none or a control character."""
    cdef int32_t i, size
    cdef unsigned char first = at[0], low = 0x80, high = 0xBF
    if first < 0x80:
        return first >= 0x20 and first != 0x7F
    if first < 0xC2 or first > 0xF4:
        return 0
    size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if first == 0xC2 or first == 0xE0:  # control characters up to U+009F; longer than need be
        low = 0xA0
    elif first == 0xED:  # surrogates
        high = 0x9F
    elif first == 0xF0:  # longer than need be
        low = 0x90
    elif first == 0xF4:  # above U+10FFFF
        high = 0x8F
    if size > left or at[1] < low or at[1] > high:
        return 0
    for i in range(2, size):
        if at[i] < 0x80 or at[i] > 0xBF:
            return 0
    return size
