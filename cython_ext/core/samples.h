/* Numbers of a payload -> int16, int32 or float32 of this machine, in portable C11.

Each `take_` reads *count* numbers from *at* and writes as many; the caller has checked that both lie in their buffers. */
#ifndef STEELYARD_SAMPLES_H
#define STEELYARD_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

enum { INT16, UINT16, INT12, UINT12, INT24, INT32, FLOAT32 };

static inline uint32_t bytes_as_number(const uint8_t *at, int size, int big) {
    uint32_t found = 0;
    for (int i = 0; i < size; i++)
        found |= (uint32_t)at[i] << 8 * (big ? size - 1 - i : i);
    return found;
}

static inline int32_t with_sign(uint32_t number, int bits) {
    uint32_t sign = (uint32_t)1 << (bits - 1);
    return (int32_t)(number ^ sign) - (int32_t)sign;
}

static inline void take_16(const uint8_t *at, size_t count, int big, uint16_t *to) {
    for (size_t i = 0; i < count; i++)
        to[i] = (uint16_t)bytes_as_number(at + 2 * i, 2, big);
}

static inline void take_unsigned_16(const uint8_t *at, size_t count, int big, int32_t *to) {
    for (size_t i = 0; i < count; i++)
        to[i] = (int32_t)bytes_as_number(at + 2 * i, 2, big);
}

static inline void take_24(const uint8_t *at, size_t count, int big, int32_t *to) {
    for (size_t i = 0; i < count; i++)
        to[i] = with_sign(bytes_as_number(at + 3 * i, 3, big), 24);
}

/* Bits of int32 and float32, as they are. */
static inline void take_32(const uint8_t *at, size_t count, int big, uint32_t *to) {
    for (size_t i = 0; i < count; i++)
        to[i] = bytes_as_number(at + 4 * i, 4, big);
}

/* big: first bit of a number first (b0 = the high 8 of the first, b1 = its low 4 and the high 4 of the second, b2 = the
   low 8); else b0 = the low 8 of the first, b1 = the low 4 of the second and the high 4 of the first, b2 = the high 8. */
static inline uint32_t packed_12(const uint8_t *at, int second, int big) {
    if (big)
        return second ? (uint32_t)(at[1] & 15) << 8 | at[2] : (uint32_t)at[0] << 4 | at[1] >> 4;
    return second ? (uint32_t)at[2] << 4 | at[1] >> 4 : (uint32_t)(at[1] & 15) << 8 | at[0];
}

static inline void take_12(const uint8_t *at, size_t count, int big, int is_signed, int16_t *to) {
    for (size_t i = 0; i < count; i++) {
        uint32_t number = packed_12(at + i / 2 * 3, (int)(i & 1), big);
        to[i] = (int16_t)(is_signed ? with_sign(number, 12) : (int32_t)number);
    }
}

static inline void take_in_order(int format, const uint8_t *at, size_t count, int big, void *to) {
    switch (format) {
    case INT16: take_16(at, count, big, to); break;
    case UINT16: take_unsigned_16(at, count, big, to); break;
    case INT12: take_12(at, count, big, 1, to); break;
    case UINT12: take_12(at, count, big, 0, to); break;
    case INT24: take_24(at, count, big, to); break;
    default: take_32(at, count, big, to);
    }
}

static void take_samples(int format, const uint8_t *at, size_t count, int big, void *to) {
    if (big)
        take_in_order(format, at, count, 1, to);
    else
        take_in_order(format, at, count, 0, to);
}

#endif
