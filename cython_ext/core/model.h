/* What a call learns from: probabilities of residuals by their recent size, of numbers, and of a column's choices. */
#ifndef STEELYARD_MODEL_H
#define STEELYARD_MODEL_H

#include "coder.h"
#include "priors.h"

enum {
    LEVELS = 32,  /* sizes of the mean residual below 2, by quarters of an octave */
    HISTORIES = 8, /* what the last residuals were */
    TREES = 12,   /* 8 for means below 2, by half octaves; 4 for those above, by the quarter of the octave */
    LEAVES = 16,
    ESCAPES = 40, /* bits of an escaped residual's length */
    FIELDS = 3    /* kinds of numbers in a column's head */
};

typedef struct {
    chance zero[LEVELS][HISTORIES];
    chance tree[TREES][LEAVES];
    chance sign[3];
    chance escape[2][ESCAPES];
    chance number[FIELDS][128]; /* length of a number, a tree of 7 bits */
    chance constant, divided, shifted, corrected;
    chance kind[8], order[32], precision[16], start[64];
    chance lattice[8], decimals[2][16];
    chance listed, first[8], fresh, rank[1 << 6];
} model;

static void chances_even(chance *of, int count, int seen)
{
    for (int i = 0; i < count; i++) of[i] = (chance){32768, (uint16_t)seen};
}

/* A model before the first column. */
static void model_begin(model *m)
{
    chances_even((chance *)m, sizeof *m / sizeof(chance), 1);
    for (int i = 0; i < LEVELS; i++)
        for (int j = 0; j < HISTORIES; j++) m->zero[i][j] = (chance){ZERO_PRIOR[i][j], 3};
    for (int i = 0; i < TREES; i++)
        for (int j = 1; j < LEAVES; j++) m->tree[i][j] = (chance){TREE_PRIOR[i][j], 3};
    chances_even(m->sign, 3, 6);
    chances_even(m->escape[0], 2 * ESCAPES, 2);
}

ALWAYS int bits_of(uint64_t value)
{
    return value ? 64 - __builtin_clzll(value) : 0;
}

/* A signed number of any size: its length by a tree, then its bits. */
ALWAYS int64_t code_number(coder *c, const int WRITE, chance *length, int64_t value)
{
    uint64_t folded = (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
    int bits = (int)code_tree(c, WRITE, length, 7, WRITE ? (uint32_t)bits_of(folded) : 0);
    if (bits > 64) bits = 64; /* hostile bytes: no more than a word */
    if (bits > 1) {
        uint64_t top = (uint64_t)1 << (bits - 1);
        folded = top | code_raw(c, WRITE, folded & (top - 1), bits - 1);
    } else {
        folded = (uint64_t)bits;
    }
    return (int64_t)(folded >> 1 ^ (0 - (folded & 1)));
}

/* A number of 0 or more as an Elias gamma code with adaptive bits. */
ALWAYS uint64_t code_escape(coder *c, const int WRITE, chance *length, uint64_t value)
{
    int bits = WRITE ? bits_of(value + 1) - 1 : 0, read = 0;
    while (read < 63 && code_bit(c, WRITE, &length[read < ESCAPES - 1 ? read : ESCAPES - 1], read < bits)) read++;
    uint64_t top = (uint64_t)1 << read;
    return (top | code_raw(c, WRITE, (value + 1) & (top - 1), read)) - 1;
}

#endif
