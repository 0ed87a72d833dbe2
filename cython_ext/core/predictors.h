/* What the next integer of a column will be, from those before it. All sums wrap around. */
#ifndef STEELYARD_PREDICTORS_H
#define STEELYARD_PREDICTORS_H

#include <math.h>

#include "costs.h"

typedef enum { LEVEL, LAST_VALUE, LINE, PARABOLA, SMOOTHED, LINEAR, KINDS } kind_of_predictor;

enum { MOST_ORDER = 32, COEFFICIENT_BITS = 13, LAGS = 8 };

typedef struct {
    int kind;
    int64_t level;                    /* of LEVEL */
    int order, shift;                 /* of LINEAR: sum of coefficients times values, >> shift */
    int32_t coefficients[MOST_ORDER]; /* of the last value first */
} predictor;

ALWAYS int64_t linear(const predictor *p, const int64_t *before)
{
    uint64_t sum = (uint64_t)1 << (p->shift - 1);
    for (int j = 0; j < p->order; j++) sum += (uint64_t)(int64_t)p->coefficients[j] * (uint64_t)before[-j];
    return (int64_t)sum >> p->shift;
}

/* What is predicted for the value at i >= 1; smooth: the running value of SMOOTHED. */
ALWAYS int64_t predicted(const predictor *p, const int kind, const int64_t *k, int i, int64_t smooth)
{
    if (kind == LEVEL) return p->level;
    if (kind == SMOOTHED) return smooth;
    if (kind == LINE && i >= 2) return minus(plus(k[i - 1], k[i - 1]), k[i - 2]);
    if (kind == PARABOLA && i >= 3) return (int64_t)(3 * (uint64_t)minus(k[i - 1], k[i - 2]) + (uint64_t)k[i - 3]);
    if (kind == LINEAR && i >= p->order) return linear(p, k + i - 1);
    return k[i - 1];
}

ALWAYS int64_t smoothed(int64_t smooth, int64_t value)
{
    return plus(smooth, minus(value, smooth) >> 2);
}

ALWAYS void forward_of(const predictor *p, const int kind, const int64_t *k, int64_t *residuals, int count)
{
    int64_t smooth = k[0];
    for (int i = 1; i < count; i++) {
        residuals[i] = minus(k[i], predicted(p, kind, k, i, smooth));
        if (kind == SMOOTHED) smooth = smoothed(smooth, k[i]);
    }
}

ALWAYS void back_of(const predictor *p, const int kind, int64_t *k, int count)
{
    int64_t smooth = k[0] = 0;
    for (int i = 1; i < count; i++) {
        k[i] = plus(predicted(p, kind, k, i, smooth), k[i]);
        if (kind == SMOOTHED) smooth = smoothed(smooth, k[i]);
    }
}

#define EACH_KIND(act)                                                                                                 \
    switch (p->kind) {                                                                                                 \
    case LEVEL: act(LEVEL); break;                                                                                     \
    case LAST_VALUE: act(LAST_VALUE); break;                                                                           \
    case LINE: act(LINE); break;                                                                                       \
    case PARABOLA: act(PARABOLA); break;                                                                               \
    case SMOOTHED: act(SMOOTHED); break;                                                                               \
    default: act(LINEAR);                                                                                              \
    }

/* Residuals of the values from the second on; the first is 0. */
static void predict_forward(const predictor *p, const int64_t *k, int64_t *residuals, int count)
{
#define FORWARD(kind) forward_of(p, kind, k, residuals, count)
    EACH_KIND(FORWARD)
#undef FORWARD
}

/* Residuals -> values, in place. */
static void predict_back(const predictor *p, int64_t *k, int count)
{
#define BACK(kind) back_of(p, kind, k, count)
    EACH_KIND(BACK)
#undef BACK
}

/* Coefficients of order *order* from the autocorrelation (Levinson and Durbin), 0 where there are none.
 * errors: the mean square that is left of each order. */
static int levinson(const double *r, int order, double coefficients[][MOST_ORDER + 1], double *errors)
{
    double error = r[0];
    if (!(error > 0)) return 0;
    for (int i = 1; i <= order; i++) {
        const double *before = coefficients[i - 1];
        double rest = r[i];
        for (int j = 1; j < i; j++) rest -= before[j] * r[i - j];
        double reflected = rest / error;
        for (int j = 1; j < i; j++) coefficients[i][j] = before[j] - reflected * before[i - j];
        coefficients[i][i] = reflected;
        error *= 1 - reflected * reflected;
        if (!(error > 0)) return i - 1;
        errors[i] = error;
    }
    return order;
}

/* Whole coefficients of at most COEFFICIENT_BITS bits; whether they are in range. */
static int quantised(predictor *p, const double *of, int order, int bits)
{
    double largest = 0, over = 0;
    for (int j = 1; j <= order; j++)
        if (fabs(of[j]) > largest) largest = fabs(of[j]);
    int shift = bits;
    while (shift > 1 && largest * (1 << shift) >= 1 << (COEFFICIENT_BITS + 1)) shift--;
    if (!(largest * (1 << shift) < 1 << 20)) return 0;
    *p = (predictor){.kind = LINEAR, .order = order, .shift = shift};
    for (int j = 1; j <= order; j++) {
        double exact = of[j] * (1 << shift) + over, whole = rint(exact);
        p->coefficients[j - 1] = (int32_t)whole;
        over = exact - whole;
    }
    return 1;
}

/* Autocorrelation of the values under a parabola (Welch's window), lags 0 to order; weighted: room for count and
 * MOST_ORDER + LAGS more. */
static void autocorrelation(const int64_t *k, double *weighted, int count, double *r, int order)
{
    double *w = weighted + MOST_ORDER + LAGS;
    memset(weighted, 0, sizeof(double) * (MOST_ORDER + LAGS));
    for (int i = 0; i < count; i++) {
        double t = (2.0 * i - (count - 1)) / (count + 1);
        w[i] = (double)k[i] * (1 - t * t);
    }
    for (int lag = 0; lag <= order; lag += LAGS) {
        double sums[LAGS] = {0};
        for (int i = 0; i < count; i++)
            for (int j = 0; j < LAGS; j++) sums[j] += w[i] * w[i - lag - j];
        for (int j = 0; j < LAGS && lag + j <= order; j++) r[lag + j] = sums[j];
    }
    r[0] *= 1 + 1e-9;
}

/* The order that is cheapest by what the errors say: bits of the residuals and of the coefficients. */
static int best_order(const double *errors, int orders, int count)
{
    double least = 0;
    int best = 0;
    for (int i = 1; i <= orders; i++) {
        double cost = 0.5 * count * log2(errors[i]) + 9.0 * i;
        if (best && cost >= least) continue;
        least = cost;
        best = i;
    }
    return best;
}

static void try_linear(const int64_t *k, int64_t *residuals, double *weighted, int count, predictor *best, uint64_t *least)
{
    int most = count >= 2048 ? 32 : count >= 512 ? 24 : count >= 128 ? 16 : 8;
    double r[MOST_ORDER + 1], errors[MOST_ORDER + 1], all[MOST_ORDER + 1][MOST_ORDER + 1];
    autocorrelation(k, weighted, count, r, most);
    int order = best_order(errors, levinson(r, most, all, errors), count);
    predictor p;
    if (order == 0 || !quantised(&p, all[order], order, count >= 1024 ? 12 : 10)) return;
    forward_of(&p, LINEAR, k, residuals, count);
    uint64_t cost = cost_of_all(residuals, count) + 8 * (9 * (uint64_t)order + 10);
    if (cost >= *least) return;
    *least = cost;
    *best = p;
}

/* What the residuals of each predictor but LINEAR cost. */
static void costs_of(const int64_t *k, int count, int64_t level, uint64_t *costs)
{
    tally t[LINEAR];
    int64_t smooth = 0, step = 0, bend = 0;
    for (int kind = 0; kind < LINEAR; kind++) t[kind] = (tally){.product = 1};
    for (int i = 1; i < count; i++) {
        int64_t now = minus(k[i], k[i - 1]), turn = i < 2 ? now : minus(now, step);
        tally_add(&t[LEVEL], minus(k[i], level));
        tally_add(&t[LAST_VALUE], now);
        tally_add(&t[LINE], turn);
        tally_add(&t[PARABOLA], i < 3 ? now : minus(turn, bend));
        tally_add(&t[SMOOTHED], minus(k[i], smooth));
        smooth = smoothed(smooth, k[i]);
        step = now;
        bend = turn;
        if (i % FACTORS == 0)
            for (int kind = 0; kind < LINEAR; kind++) tally_shift(&t[kind]);
    }
    for (int kind = 0; kind < LINEAR; kind++) costs[kind] = tally_cost(&t[kind], count);
    costs[LEVEL] += 8 * (uint64_t)bits_of((uint64_t)(level < 0 ? -level : level));
}

/* The mean, 0 where the values are too large for one; the largest size of them. */
static int64_t level_and_size(const int64_t *k, int count, double *largest)
{
    double sum = 0;
    *largest = 0;
    for (int i = 0; i < count; i++) {
        double value = (double)k[i];
        sum += value;
        *largest = fabs(value) > *largest ? fabs(value) : *largest;
    }
    return fabs(sum) < 1e17 ? (int64_t)rint(sum / count) : 0;
}

/* The cheapest predictor and what its residuals cost. k begins with 0; residuals and weighted are room. */
static predictor choose(const int64_t *k, int64_t *residuals, double *weighted, int count, uint64_t *cheapest)
{
    double largest;
    uint64_t costs[LINEAR];
    predictor best = {.kind = LAST_VALUE, .level = level_and_size(k, count, &largest)};
    costs_of(k, count, best.level, costs);
    for (int kind = 0; kind < LINEAR; kind++)
        if (costs[kind] < costs[best.kind]) best.kind = kind;
    *cheapest = costs[best.kind];
    if (count >= 48 && largest < 1e12 && *cheapest > 16 * (uint64_t)count)
        try_linear(k, residuals, weighted, count, &best, cheapest);
    return best;
}

static void code_predictor(coder *c, const int WRITE, model *m, predictor *p)
{
    p->kind = (int)code_tree(c, WRITE, m->kind, 3, WRITE ? (uint32_t)p->kind : 0);
    if (p->kind >= KINDS) p->kind = LAST_VALUE;
    if (p->kind == LEVEL) p->level = code_number(c, WRITE, m->number[2], WRITE ? p->level : 0);
    if (p->kind != LINEAR) return;
    p->order = (int)code_tree(c, WRITE, m->order, 5, WRITE ? (uint32_t)p->order - 1 : 0) + 1;
    p->shift = (int)code_tree(c, WRITE, m->precision, 4, WRITE ? (uint32_t)p->shift : 0);
    if (p->shift < 1) p->shift = 1;
    for (int j = 0; j < p->order; j++)
        p->coefficients[j] = (int32_t)code_number(c, WRITE, m->number[1], WRITE ? p->coefficients[j] : 0);
}

#endif
