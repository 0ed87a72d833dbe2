"""Numbers in registers. Every function here is given the bytes of whole registers as sent, and takes no other.

order: which byte of the value is sent first, 0 the most significant. With it the bytes of each register are swapped (bit
0), and its place among the registers is that of the value's word, exclusive or with order >> 1; three registers are in
their order or reversed (bit 2).
"""

from libc.stdint cimport int16_t, int32_t, int64_t, uint64_t


cdef inline bint known_order(int32_t order, int32_t registers) noexcept nogil:
    """Whether values of so many registers have the order: all of 1, 2 and 4; of others the bytes may be swapped."""
    if registers == 1 or registers == 2 or registers == 4:
        return 0 <= order < 2 * registers
    return order == 0 or order == 1 or (registers == 3 and (order == 4 or order == 5))


cdef inline int32_t word(const unsigned char* at, int32_t i, int32_t registers, int32_t order) noexcept nogil:
    """The register of significance i, 0 the most significant."""
    cdef int32_t place = i ^ (order >> 1)
    if registers == 3:
        place = 2 - i if order & 4 else i
    return (at[2 * place + (order & 1)] << 8) | at[2 * place + 1 - (order & 1)]


cdef inline uint64_t whole(const unsigned char* at, int32_t registers, int32_t order) noexcept nogil:
    """The bits of 1, 2 or 4 registers as one number."""
    cdef uint64_t value = 0
    cdef int32_t i
    for i in range(registers):
        value = value << 16 | <uint64_t>word(at, i, registers, order)
    return value


cdef inline bint bcd(uint64_t digits, uint64_t* value) noexcept nogil:
    """Packed decimal, a digit in each 4 bits; false where one is above 9."""
    cdef uint64_t digit, unit = 1
    value[0] = 0
    while digits:
        digit = digits & 15
        if digit > 9:
            return False
        value[0] += digit * unit
        unit *= 10
        digits >>= 4
    return True


cdef inline bint mod10k(
    const unsigned char* at, int32_t registers, int32_t order, bint signed, int64_t* value
) noexcept nogil:
    """Each register a digit to the base 10,000; false where one is no such digit.

    Signed: each register is -9999..9999 and carries the sign. Where two of them differ in sign, the formula of the meters'
    documents and the digits on their display are two numbers: false.
    """
    cdef int32_t i, digit
    cdef bint above = False, below = False
    value[0] = 0
    for i in range(registers):
        digit = word(at, i, registers, order)
        if signed:
            digit = <int16_t>digit
        if digit > 9999 or digit < -9999:
            return False
        above |= digit > 0
        below |= digit < 0
        value[0] = value[0] * 10000 + digit
    return not (above and below)
