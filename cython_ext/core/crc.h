/* CRC of 16 or 32 bits by eight tables (eight bytes a step), in portable C11.

A register has 32 bits: a reflected CRC stands in its low bits, any other in its high bits, so that both widths take the
same steps. */
#ifndef STEELYARD_CRC_H
#define STEELYARD_CRC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    int width;                /* 16 or 32 */
    int reflected;            /* of input and output */
    uint32_t xorout;          /* of *width* bits */
    uint32_t table[8][256];
    size_t size;              /* bytes that one CRC covers */
    uint32_t zeros[4][256];   /* a register, byte by byte -> the register after *size* bytes of zero */
    uint32_t of_init;         /* what the register at the start leaves behind after *size* bytes */
} Crc;

static uint32_t crc_mirrored(uint32_t value, int width) {
    uint32_t found = 0;
    for (int bit = 0; bit < width; bit++)
        found |= ((value >> bit) & 1u) << (width - 1 - bit);
    return found;
}

static uint32_t crc_of_byte_reflected(uint32_t byte, uint32_t mirrored_poly) {
    for (int bit = 0; bit < 8; bit++)
        byte = (byte >> 1) ^ ((byte & 1u) ? mirrored_poly : 0);
    return byte;
}

static uint32_t crc_of_byte(uint32_t byte, uint32_t high_poly) {
    byte <<= 24;
    for (int bit = 0; bit < 8; bit++)
        byte = (byte << 1) ^ ((byte >> 31) ? high_poly : 0);
    return byte;
}

static void crc_prepare_table(Crc *crc, uint32_t poly) {
    uint32_t high_poly = poly << (32 - crc->width), mirrored_poly = crc_mirrored(poly, crc->width);
    for (uint32_t i = 0; i < 256; i++)
        crc->table[0][i] = crc->reflected ? crc_of_byte_reflected(i, mirrored_poly) : crc_of_byte(i, high_poly);
    for (int k = 1; k < 8; k++)
        for (int i = 0; i < 256; i++) {
            uint32_t last = crc->table[k - 1][i];
            crc->table[k][i] = crc->reflected ? (last >> 8) ^ crc->table[0][last & 255u]
                                              : (last << 8) ^ crc->table[0][last >> 24];
        }
}

static uint32_t crc_run_reflected(const uint32_t (*table)[256], uint32_t sum, const uint8_t *at, size_t size) {
    for (; size >= 8; at += 8, size -= 8) {
        sum ^= (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        sum = table[7][sum & 255u] ^ table[6][sum >> 8 & 255u] ^ table[5][sum >> 16 & 255u] ^ table[4][sum >> 24]
            ^ table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^ table[0][at[7]];
    }
    for (; size; at++, size--)
        sum = (sum >> 8) ^ table[0][(sum ^ *at) & 255u];
    return sum;
}

static uint32_t crc_run(const uint32_t (*table)[256], uint32_t sum, const uint8_t *at, size_t size) {
    for (; size >= 8; at += 8, size -= 8) {
        sum ^= (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
        sum = table[7][sum >> 24] ^ table[6][sum >> 16 & 255u] ^ table[5][sum >> 8 & 255u] ^ table[4][sum & 255u]
            ^ table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^ table[0][at[7]];
    }
    for (; size; at++, size--)
        sum = (sum << 8) ^ table[0][sum >> 24 ^ *at];
    return sum;
}

/* The register after *size* bytes from *at*; sum: the register before them. */
static uint32_t crc_register(const Crc *crc, uint32_t sum, const uint8_t *at, size_t size) {
    return crc->reflected ? crc_run_reflected(crc->table, sum, at, size) : crc_run(crc->table, sum, at, size);
}

/* A linear map of registers: the picture of each bit. */
static uint32_t crc_mapped(const uint32_t map[32], uint32_t sum) {
    uint32_t found = 0;
    for (int bit = 0; bit < 32; bit++)
        if (sum >> bit & 1u)
            found ^= map[bit];
    return found;
}

static void crc_map_twice(uint32_t map[32]) {
    uint32_t twice[32];
    for (int bit = 0; bit < 32; bit++)
        twice[bit] = crc_mapped(map, map[bit]);
    memcpy(map, twice, sizeof twice);
}

static void crc_prepare_zeros(Crc *crc) {
    static const uint8_t zero = 0;
    uint32_t step[32], all[32];
    for (int bit = 0; bit < 32; bit++)
        step[bit] = crc_register(crc, (uint32_t)1 << bit, &zero, 1), all[bit] = (uint32_t)1 << bit;
    for (size_t left = crc->size; left; left >>= 1, crc_map_twice(step))
        for (int bit = 0; bit < 32 && (left & 1); bit++)
            all[bit] = crc_mapped(step, all[bit]);
    for (int k = 0; k < 4; k++)
        for (uint32_t i = 0; i < 256; i++)
            crc->zeros[k][i] = crc_mapped(all, i << 8 * k);
}

static uint32_t crc_after_zeros(const Crc *crc, uint32_t sum) {
    return crc->zeros[0][sum & 255u] ^ crc->zeros[1][sum >> 8 & 255u] ^ crc->zeros[2][sum >> 16 & 255u]
         ^ crc->zeros[3][sum >> 24];
}

/* size: bytes that are covered; poly, init, xorout: of *width* bits. */
static void crc_prepare(Crc *crc, size_t size, int width, uint32_t poly, uint32_t init, uint32_t xorout, int reflected) {
    crc->size = size, crc->width = width, crc->reflected = reflected, crc->xorout = xorout;
    crc_prepare_table(crc, poly);
    crc_prepare_zeros(crc);
    crc->of_init = crc_after_zeros(crc, reflected ? crc_mirrored(init, width) : init << (32 - width));
}

/* The register of the covered bytes that begin *by* bytes behind *at*, from that of those at *at*; both begin with 0.

A CRC is linear: the bytes behind are added, and what the bytes before have left is taken away. */
static uint32_t crc_moved(const Crc *crc, uint32_t sum, const uint8_t *at, size_t by) {
    return crc_register(crc, sum, at + crc->size, by) ^ crc_after_zeros(crc, crc_register(crc, 0, at, by));
}

/* The CRC from the register of the covered bytes that began with 0. */
static uint32_t crc_result(const Crc *crc, uint32_t sum) {
    sum ^= crc->of_init;
    return (crc->reflected ? sum : sum >> (32 - crc->width)) ^ crc->xorout;
}

#endif
