/* An adaptive binary range coder: one stream of bits for all columns of a call.
 *
 * Probabilities are 16 bits wide and learn at a rate that falls with the number of bits seen. The same functions write
 * and read (WRITE is a constant, so that the compiler makes two of each). Integer arithmetic only. A reader past the
 * end reads zeros: the writer leaves out zeros at the end.
 */
#ifndef STEELYARD_CODER_H
#define STEELYARD_CODER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ALWAYS static inline __attribute__((always_inline))

typedef struct {
    uint64_t low, range;
    uint8_t *data;
    size_t at, size;
    int bad; /* what is written does not fit into data, what is read can't have been written */
} coder;

typedef struct {
    uint16_t zero; /* probability of a 0, of 65536 */
    uint16_t seen; /* how many bits it has learnt from */
} chance;

enum { LEAST = 24, SLOWEST = 40 };

/* 65536 / (seen + 1.6): how far one bit moves a probability. */
static const uint16_t RATE[SLOWEST + 1] = {
    40960, 25206, 18204, 14246, 11702, 9929, 8623, 7620, 6826, 6182, 5649, 5201, 4818, 4488, 4201, 3947,
    3723, 3523, 3343, 3181, 3034, 2899, 2776, 2664, 2560, 2463, 2374, 2291, 2214, 2141, 2073, 2010,
    1950, 1894, 1840, 1790, 1742, 1697, 1654, 1614, 1575,
};

static void coder_writes(coder *c, uint8_t *data, size_t size)
{
    *c = (coder){0, ~(uint64_t)0, data, 0, size, 0};
}

static void coder_take(coder *c)
{
    uint32_t word = 0;
    if (c->size - c->at >= 4 && c->at < c->size) {
        const uint8_t *p = c->data + c->at;
        word = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        c->at += 4;
    } else {
        for (int i = 0; i < 4; i++) word = word << 8 | (c->at < c->size ? c->data[c->at++] : 0);
    }
    c->low = c->low << 32 | word;
    c->range <<= 32;
}

static void coder_reads(coder *c, const uint8_t *data, size_t size)
{
    *c = (coder){0, 0, (uint8_t *)(uintptr_t)data, 0, size, 0};
    coder_take(c);
    coder_take(c);
    c->range = ~(uint64_t)0;
}

static void coder_give(coder *c)
{
    uint32_t word = (uint32_t)(c->low >> 32);
    if (c->size - c->at < 4) {
        c->bad = 1;
        c->at = 0;
    }
    uint8_t *p = c->data + c->at;
    p[0] = (uint8_t)(word >> 24), p[1] = (uint8_t)(word >> 16), p[2] = (uint8_t)(word >> 8), p[3] = (uint8_t)word;
    c->at += 4;
    c->low <<= 32;
    c->range <<= 32;
}

static void coder_carry(coder *c)
{
    size_t i = c->at;
    while (i > 0 && ++c->data[--i] == 0) {
    }
}

ALWAYS void coder_add(coder *c, uint64_t by)
{
    c->low += by;
    if (__builtin_expect(c->low < by, 0)) coder_carry(c);
}

ALWAYS void coder_shift(coder *c, const int WRITE)
{
    if (c->range >> 32) return;
    if (WRITE) coder_give(c);
    else coder_take(c);
}

/* One bit with an adaptive probability. */
ALWAYS int code_bit(coder *c, const int WRITE, chance *of, int bit)
{
    uint64_t zero = (c->range >> 16) * of->zero;
    if (!WRITE) bit = c->low >= zero;
    uint32_t p = of->zero, rate = RATE[of->seen];
    if (bit) {
        if (WRITE) coder_add(c, zero);
        else c->low -= zero;
        c->range -= zero;
        p -= p * rate >> 16;
        if (p < LEAST) p = LEAST;
    } else {
        c->range = zero;
        p += (65535 - p) * rate >> 16;
        if (p > 65536 - LEAST) p = 65536 - LEAST;
    }
    of->zero = (uint16_t)p;
    of->seen += of->seen < SLOWEST;
    coder_shift(c, WRITE);
    return bit;
}

/* The lowest *count* bits of a value as they are, count 0 to 64. */
ALWAYS uint64_t code_raw(coder *c, const int WRITE, uint64_t value, int count)
{
    uint64_t read = 0;
    while (count > 0) {
        int now = count > 16 ? 16 : count;
        uint64_t mask = ((uint64_t)1 << now) - 1;
        count -= now;
        c->range >>= now;
        if (WRITE) {
            coder_add(c, (value >> count & mask) * c->range);
        } else {
            uint64_t part = c->low / c->range;
            if (part > mask) part = mask;
            c->low -= part * c->range;
            read = read << now | part;
        }
        coder_shift(c, WRITE);
    }
    return WRITE ? value : read;
}

/* *depth* bits from the highest on, each with the probability of its node; tree has 1 << depth nodes. */
ALWAYS uint32_t code_tree(coder *c, const int WRITE, chance *tree, int depth, uint32_t value)
{
    uint32_t node = 1;
    for (int i = depth - 1; i >= 0; i--) node = 2 * node + (uint32_t)code_bit(c, WRITE, &tree[node], value >> i & 1);
    return node - (1u << depth);
}

/* End of writing: the shortest bytes that lie in the last range, without zeros at the end. How many bytes there are. */
static size_t coder_end(coder *c)
{
    uint64_t low = c->low, found = low;
    for (int bytes = 1; bytes < 8; bytes++) {
        uint64_t rest = ~(uint64_t)0 >> 8 * bytes, up = (low + rest) & ~rest;
        if (up - low >= c->range) continue;
        if (low + rest < low) coder_carry(c);
        found = up;
        break;
    }
    for (int i = 0; i < 8; i++) {
        if (c->at >= c->size) {
            c->bad = 1;
            break;
        }
        c->data[c->at++] = (uint8_t)(found >> (56 - 8 * i));
    }
    while (c->at > 0 && c->data[c->at - 1] == 0) c->at--;
    return c->at;
}

#endif
