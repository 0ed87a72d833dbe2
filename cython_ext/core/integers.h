/* A column of 64-bit integers: a common divisor, a predictor, its residuals. All sums wrap around. */
#ifndef STEELYARD_INTEGERS_H
#define STEELYARD_INTEGERS_H

#include "predictors.h"
#include "residuals.h"
#include "listed.h"

enum { STARTS = 6 };

/* The divisor of all differences, 1 at the least; 0 where all values are equal. */
static uint64_t divisor_of(const int64_t *k, int count)
{
    int64_t least = k[0], most = k[0];
    for (int i = 1; i < count; i++) {
        least = k[i] < least ? k[i] : least;
        most = k[i] > most ? k[i] : most;
    }
    if (minus(most, least) < 0) return 1; /* a difference does not fit into 63 bits */
    uint64_t found = 0;
    for (int i = 1; i < count && found != 1; i++) {
        uint64_t rest = k[i] < k[i - 1] ? (uint64_t)minus(k[i - 1], k[i]) : (uint64_t)minus(k[i], k[i - 1]);
        if (found && rest % found == 0) continue;
        while (rest) {
            uint64_t next = found % rest;
            found = rest;
            rest = next;
        }
    }
    return found;
}

/* k -> (k - first) / divisor, all of which are whole. */
static void divide(int64_t *k, int count, int64_t first, uint64_t divisor)
{
    for (int i = 0; i < count; i++) k[i] = (int64_t)((uint64_t)k[i] - (uint64_t)first);
    if (divisor > 1)
        for (int i = 0; i < count; i++) k[i] /= (int64_t)divisor;
}

/* The first value: a multiple of the divisor, and what is left over, which most columns do not have. */
static int64_t code_first(coder *c, const int WRITE, model *m, int64_t first, int64_t divisor)
{
    int64_t times = WRITE ? first / divisor : 0, rest = WRITE ? first % divisor : 0;
    times = code_number(c, WRITE, m->number[0], times);
    if (divisor > 1 && code_bit(c, WRITE, &m->shifted, rest != 0)) rest = code_number(c, WRITE, m->number[1], rest);
    return (int64_t)((uint64_t)times * (uint64_t)divisor + (uint64_t)rest);
}

/* How large the first residuals are, as a level of their mean. */
static int start_of(const int64_t *residuals, int count)
{
    uint64_t sum = 0;
    int some = count < 64 ? count : 64;
    for (int i = 1; i < some; i++) {
        uint64_t size = residuals[i] < 0 ? 0 - (uint64_t)residuals[i] : (uint64_t)residuals[i];
        sum += size < (uint64_t)1 << 54 ? size : (uint64_t)1 << 54;
    }
    uint64_t others = (uint64_t)(some > 1 ? some - 1 : 1);
    int start = level_of(sum / others * 256 + sum % others * 256 / others + 1) / 4;
    return start < 1 << STARTS ? start : (1 << STARTS) - 1;
}

/* memory: of the mean residual; a wave's are alike for longer than those of slow values. */
ALWAYS void code_residuals(coder *c, const int WRITE, model *m, int64_t *residuals, int count, int memory)
{
    int start = (int)code_tree(c, WRITE, m->start, STARTS, WRITE ? (uint32_t)start_of(residuals, count) : 0);
    recent r = {.mean = mean_of(4 * start + 2), .memory = memory};
    if (r.mean > (uint64_t)1 << 62) r.mean = (uint64_t)1 << 62;
    for (int i = 1; i < count; i++) residuals[i] = code_residual(c, WRITE, m, &r, residuals[i]);
}

ALWAYS int memory_of(const predictor *p)
{
    return p->kind == LINEAR ? 4 : 2;
}

static void write_integers(coder *c, model *m, int64_t *k, int64_t *residuals, double *weighted, int count)
{
    if (count == 0) return;
    int64_t first = k[0];
    uint64_t divisor = divisor_of(k, count);
    code_bit(c, 1, &m->constant, divisor == 0);
    if (divisor == 0) {
        code_number(c, 1, m->number[0], first);
        return;
    }
    if (code_bit(c, 1, &m->divided, divisor > 1)) code_number(c, 1, m->number[1], (int64_t)divisor);
    code_first(c, 1, m, first, (int64_t)divisor);
    divide(k, count, first, divisor);
    uint64_t cost;
    predictor p = choose(k, residuals, weighted, count, &cost);
    int by_list = list_is_cheaper(&p, k, residuals, count, cost);
    code_predictor(c, 1, m, &p);
    predict_forward(&p, k, residuals, count);
    code_bit(c, 1, &m->listed, by_list);
    if (by_list) code_listed(c, 1, m, residuals, count);
    else code_residuals(c, 1, m, residuals, count, memory_of(&p));
}

static void read_integers(coder *c, model *m, int64_t *k, int count)
{
    if (count == 0) return;
    if (code_bit(c, 0, &m->constant, 0)) {
        int64_t value = code_number(c, 0, m->number[0], 0);
        for (int i = 0; i < count; i++) k[i] = value;
        return;
    }
    int64_t divisor = 1;
    if (code_bit(c, 0, &m->divided, 0)) divisor = code_number(c, 0, m->number[1], 0);
    int64_t first = code_first(c, 0, m, 0, divisor);
    predictor p;
    code_predictor(c, 0, m, &p);
    if (code_bit(c, 0, &m->listed, 0)) code_listed(c, 0, m, k, count);
    else code_residuals(c, 0, m, k, count, memory_of(&p));
    predict_back(&p, k, count);
    for (int i = 0; i < count; i++) k[i] = (int64_t)((uint64_t)k[i] * (uint64_t)divisor + (uint64_t)first);
}

#endif
