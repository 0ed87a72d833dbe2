/* Residuals of a predictor: small ones by a flag and a tree, large ones by a tree of their leading bits and raw bits.
 *
 * The mean of the recent residuals chooses the probabilities: `mean` is that mean times 256. Below a mean of 2 a flag
 * says whether the residual is 0, with the history of the last ones; above, the tree codes residual >> shift.
 */
#ifndef STEELYARD_RESIDUALS_H
#define STEELYARD_RESIDUALS_H

#include "model.h"

typedef struct {
    uint64_t mean;
    int run;     /* zeros in a row */
    int history; /* 0 to 3: size of the last residual */
    int last;    /* its sign: -1, 0, 1 */
    int memory;  /* the mean follows a residual by 1 / 2^memory */
} recent;

enum { LARGE = 512, LAST = LEAVES - 1 };

/* Four times the binary logarithm of mean / 4, rounded down. */
ALWAYS int level_of(uint64_t mean)
{
    if (mean < 4) return (int)mean;
    int bits = bits_of(mean);
    return 4 * (bits - 2) + (int)(mean >> (bits - 3) & 3);
}

/* The least mean of a level. */
ALWAYS uint64_t mean_of(int level)
{
    return level < 4 ? (uint64_t)level : (uint64_t)(4 + (level & 3)) << (level / 4 - 1);
}

ALWAYS int zeros_of(const recent *r)
{
    if (r->run == 0) return r->history;
    return r->run >= 16 ? 7 : r->run >= 6 ? 6 : r->run >= 3 ? 5 : 4;
}

ALWAYS uint64_t code_small(coder *c, const int WRITE, model *m, recent *r, uint64_t size)
{
    int level = level_of(r->mean);
    if (!code_bit(c, WRITE, &m->zero[level][zeros_of(r)], size != 0)) return 0;
    int tree = level < 16 ? 0 : (level - 16) / 2;
    uint64_t more = size - 1;
    uint32_t leaf = code_tree(c, WRITE, m->tree[tree], 4, WRITE && more > LAST ? LAST : (uint32_t)more);
    if (leaf < LAST) return leaf + 1;
    return LAST + 1 + code_escape(c, WRITE, m->escape[0], size - LAST - 1);
}

ALWAYS uint64_t code_large(coder *c, const int WRITE, model *m, recent *r, uint64_t size)
{
    int bits = bits_of(r->mean), shift = bits - 10;
    chance *tree = m->tree[8 + (r->mean >> (bits - 3) & 3)];
    uint64_t high = size >> shift;
    uint32_t leaf = code_tree(c, WRITE, tree, 4, WRITE && high > LAST ? LAST : (uint32_t)high);
    high = leaf < LAST ? leaf : LAST + code_escape(c, WRITE, m->escape[1], high - LAST);
    uint64_t low = ((uint64_t)1 << shift) - 1;
    return high << shift | code_raw(c, WRITE, size & low, shift);
}

ALWAYS int64_t code_residual(coder *c, const int WRITE, model *m, recent *r, int64_t value)
{
    int negative = value < 0;
    uint64_t size = negative ? 0 - (uint64_t)value : (uint64_t)value;
    size = r->mean < LARGE ? code_small(c, WRITE, m, r, size) : code_large(c, WRITE, m, r, size);
    if (size) negative = code_bit(c, WRITE, &m->sign[r->last + 1], negative);
    r->run = size ? 0 : r->run + 1;
    r->history = size < 2 ? (int)size : size < 4 ? 2 : 3;
    r->last = size == 0 ? 0 : negative ? -1 : 1;
    uint64_t most = (uint64_t)1 << 54, seen = (size < most ? size : most) << 8, cap = 4 * r->mean + 1024;
    if (r->mean < (uint64_t)1 << 58 && seen > cap) seen = cap;
    r->mean += (uint64_t)((int64_t)(seen - r->mean) >> r->memory);
    if (r->mean < 1) r->mean = 1;
    return (int64_t)(negative ? 0 - size : size);
}

#endif
