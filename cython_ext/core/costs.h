/* Sums that wrap around, and what residuals are going to cost: the grounds on which predictors are chosen. */
#ifndef STEELYARD_COSTS_H
#define STEELYARD_COSTS_H

#include <math.h>

#include "model.h"

ALWAYS int64_t minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

ALWAYS int64_t plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Eight times the binary logarithm of 2 |residual| + 1, about: what a residual costs in bits. */
ALWAYS uint32_t cost_of(int64_t residual)
{
    uint64_t size = 2 * (residual < 0 ? 0 - (uint64_t)residual : (uint64_t)residual) + 1;
    int zeros = __builtin_clzll(size);
    return 8 * (63 - (uint32_t)zeros) + (uint32_t)(size << zeros >> 60 & 7);
}

/* Eight times the binary logarithm of a number, about; 0 of 0. */
ALWAYS uint64_t log_of(uint64_t number)
{
    return number ? cost_of((int64_t)number) - 8 : 0;
}

/* What it costs in eighths of a bit to say which of *all* are the *some*. */
ALWAYS uint64_t flags_cost(uint64_t some, uint64_t all)
{
    return all * log_of(all) - some * log_of(some) - (all - some) * log_of(all - some);
}

/* A sum of binary logarithms of |residual| + 1/2, kept as a product. */
typedef struct {
    double product;
    int64_t exponents;
    uint64_t zeros;
} tally;

enum { FACTORS = 15 }; /* of up to 2^63 each, that a product can take */

ALWAYS void tally_add(tally *t, int64_t residual)
{
    t->product *= fabs((double)residual) + 0.5;
    t->zeros += residual == 0;
}

/* Bring the product back to 1 to 2. */
ALWAYS void tally_shift(tally *t)
{
    int64_t bits;
    memcpy(&bits, &t->product, 8);
    t->exponents += (bits >> 52) - 1023;
    bits = (bits & (((int64_t)1 << 52) - 1)) | (int64_t)1023 << 52;
    memcpy(&t->product, &bits, 8);
}

/* What the residuals cost in eighths of a bit: log2 of 2 |residual| + 1 each, and which of them are 0. */
static uint64_t tally_cost(tally *t, int count)
{
    tally_shift(t);
    int64_t bits = 8 * (t->exponents + count - 1) + (int64_t)(8 * (t->product - 1));
    return (uint64_t)(bits > 0 ? bits : 0) + flags_cost(t->zeros, (uint64_t)count - 1);
}

static uint64_t cost_of_all(const int64_t *residuals, int count)
{
    tally t = {.product = 1};
    for (int i = 1; i < count; i++) {
        tally_add(&t, residuals[i]);
        if (i % FACTORS == 0) tally_shift(&t);
    }
    return tally_cost(&t, count);
}

#endif
