/* A column of floats as integers on a lattice, and how many representable numbers each lies beside its point.
 *
 * The bits of a float, put in the order of the numbers, are integers as well: the next number is one more. A value is
 * the point of its integer plus that many steps; a column whose values lie on no lattice is coded in these integers.
 */
#ifndef STEELYARD_FLOATS_H
#define STEELYARD_FLOATS_H

#include "integers.h"
#include "ordered.h"

typedef enum { ORDERED, DECIMAL, SINGLE_DECIMAL, TIMES, PARTS, LATTICES } kind_of_lattice;

enum { DECIMALS = 12, PROBES = 32, TRIALS = 64 };

typedef struct {
    int kind, decimals;
    double step; /* of TIMES: integer times step; of PARTS: integer divided by step */
    int single;  /* the column is of float32 */
} lattice;

/* Floats, and their bits in the order of the numbers. */
typedef struct {
    const double *values;
    const int64_t *ordered;
    int count;
} numbers;

static const double TEN[DECIMALS] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11};

/* The number of a lattice point. */
ALWAYS double point(const lattice *l, const int kind, int64_t k)
{
    if (kind == TIMES) return (double)k * l->step;
    if (kind == PARTS) return (double)k / l->step;
    double value = (double)k / TEN[l->decimals];
    return kind == SINGLE_DECIMAL ? (double)(float)value : value;
}

ALWAYS int64_t ordered_of(const lattice *l, double value)
{
    return l->single ? ordered_float((float)value) : ordered_double(value);
}

/* The lattice point next to a value, and how many representable numbers the value lies above it; whether there is one. */
ALWAYS int nearest(const lattice *l, const int kind, double value, int64_t ordered, int64_t *k, int64_t *beside)
{
    double scaled = kind == TIMES ? value / l->step : kind == PARTS ? value * l->step : value * TEN[l->decimals];
    if (!(fabs(scaled) < 2e15)) return 0;
    *k = (int64_t)((scaled + 6755399441055744.0) - 6755399441055744.0); /* the nearest whole number */
    *beside = minus(ordered, ordered_of(l, point(l, kind, *k)));
    return 1;
}

/* What the probes cost on a lattice in eighths of a bit, or more than *limit*; exact: whether all lie on it. */
ALWAYS uint64_t probe(const lattice *l, const int kind, const numbers *n, uint64_t limit, int *exact)
{
    uint64_t cost = 0;
    int64_t k = 0, before = 0, beside;
    *exact = 1;
    for (int i = 0; i < n->count && cost < limit; i++) {
        if (!nearest(l, kind, n->values[i], n->ordered[i], &k, &beside)) k = before, beside = INT64_MAX / 4;
        if (beside) *exact = 0, cost += cost_of(beside) + 24;
        if (i) cost += cost_of(minus(k, before));
        before = k;
    }
    return cost;
}

/* The decimals that suit the probes best. */
static lattice decimal_of(const numbers *n, int single)
{
    lattice best = {.kind = ORDERED, .single = single}, l = best;
    uint64_t least = 0;
    int exact = 0;
    for (int i = 1; i < n->count; i++) least += cost_of(minus(n->ordered[i], n->ordered[i - 1]));
    for (int kind = DECIMAL; kind <= (single ? DECIMAL : SINGLE_DECIMAL) && !exact; kind++)
        for (l.decimals = 0; l.decimals < DECIMALS && !exact; l.decimals++) {
            l.kind = kind;
            uint64_t cost = kind == DECIMAL ? probe(&l, DECIMAL, n, least, &exact)
                                            : probe(&l, SINGLE_DECIMAL, n, least, &exact);
            if (cost >= least) {
                exact = 0;
                continue;
            }
            least = cost;
            best = l;
        }
    return best;
}

/* The step of which all values are multiples, within a tolerance, by Euclid's algorithm; 0 where there is none. */
static double step_of(const double *values, int count)
{
    double largest = 0, furthest = 0, step = 0;
    for (int i = 0; i < count; i++)
        if (fabs(values[i]) > largest) largest = fabs(values[i]);
    if (!(largest > 1e-280 && largest < 1e300)) return 0;
    double tolerance = largest * 2e-9;
    for (int i = 0; i < count; i++) {
        double size = fabs(values[i]);
        if (size <= tolerance) continue;
        if (step == 0) {
            step = furthest = size;
            continue;
        }
        double rest = fabs(size - rint(size / step) * step);
        for (int turn = 0; rest > tolerance && turn < 64; turn++) {
            double next = fabs(step - rint(step / rest) * rest);
            step = rest;
            rest = next;
        }
        if (step < 10 * tolerance) return 0;
        if (size > furthest) furthest = size;
        step = furthest / rint(furthest / step); /* the furthest value tells the step best */
    }
    if (step == 0) return 0;
    for (int turn = 0; turn < 2; turn++) { /* least squares of what is left */
        double product = 0, square = 0, parts = 1 / step;
        for (int i = 0; i < count; i++) {
            double times = rint(values[i] * parts);
            product += times * (values[i] - times * step);
            square += times * times;
        }
        if (!(square > 0)) return 0;
        step += product / square;
    }
    return step;
}

/* How many values do not lie on the lattice exactly; more than *limit* where one lies far from it. */
static int off(const lattice *l, const numbers *n, int count, int limit)
{
    int found = 0;
    int64_t k, beside;
    for (int i = 0; i < count && found <= limit; i++) {
        if (!nearest(l, l->kind, n->values[i], n->ordered[i], &k, &beside) || beside > 4096 || beside < -4096) return limit + 1;
        found += beside != 0;
    }
    return found;
}

/* A lattice of a step, as of a converter's counts times its scale; ORDERED where there is none. */
static lattice stepped_of(const numbers *n, int single)
{
    lattice best = {.kind = ORDERED, .single = single};
    double step = step_of(n->values, n->count);
    int some = n->count < TRIALS ? n->count : TRIALS, least = some;
    if (step == 0) return best;
    for (int kind = TIMES; kind <= PARTS; kind++)
        for (int by = -3; by <= 3; by++) {
            double tried = kind == TIMES ? step : 1 / step;
            lattice l = {kind, 0, double_of(ordered_double(tried) + by), single};
            if (!isfinite(l.step) || l.step == 0) continue;
            int found = off(&l, n, some, least);
            if (found > least || (found == least && best.kind != ORDERED)) continue;
            least = found;
            best = l;
        }
    if (best.kind != ORDERED && off(&best, n, n->count, n->count) > n->count) best.kind = ORDERED;
    return best;
}

/* Integers and distances of all values; how many lie beside their point. One that has no point repeats the last. */
ALWAYS int place_all(const lattice *l, const int kind, const numbers *n, int64_t *k, int64_t *beside)
{
    int found = 0;
    for (int i = 0; i < n->count; i++) {
        if (!nearest(l, kind, n->values[i], n->ordered[i], &k[i], &beside[i])) {
            k[i] = i ? k[i - 1] : 0;
            beside[i] = minus(n->ordered[i], ordered_of(l, point(l, kind, k[i])));
        }
        found += beside[i] != 0;
    }
    return found;
}

static int place_on(const lattice *l, const numbers *n, int64_t *k, int64_t *beside)
{
    if (l->kind == DECIMAL) return place_all(l, DECIMAL, n, k, beside);
    if (l->kind == SINGLE_DECIMAL) return place_all(l, SINGLE_DECIMAL, n, k, beside);
    if (l->kind == TIMES) return place_all(l, TIMES, n, k, beside);
    if (l->kind == PARTS) return place_all(l, PARTS, n, k, beside);
    memcpy(k, n->ordered, sizeof(int64_t) * (size_t)n->count);
    return 0;
}

static lattice place(const numbers *n, int64_t *k, int64_t *beside, int single)
{
    double values[PROBES];
    int64_t ordered[PROBES];
    numbers probes = {values, ordered, n->count < PROBES ? n->count : PROBES};
    for (int i = 0; i < probes.count; i++) {
        int at = (int)((int64_t)i * n->count / probes.count);
        values[i] = n->values[at];
        ordered[i] = n->ordered[at];
    }
    lattice found = decimal_of(&probes, single);
    if (place_on(&found, n, k, beside) <= n->count / 8 && found.kind != ORDERED) return found;
    lattice other = stepped_of(n, single);
    if (other.kind == ORDERED) return found;
    place_on(&other, n, k, beside);
    return other;
}

static void code_lattice(coder *c, const int WRITE, model *m, lattice *l)
{
    l->kind = (int)code_tree(c, WRITE, m->lattice, 3, WRITE ? (uint32_t)l->kind : 0);
    if (l->kind >= LATTICES) l->kind = ORDERED;
    if (l->kind == DECIMAL || l->kind == SINGLE_DECIMAL) {
        chance *of = m->decimals[l->kind - DECIMAL];
        l->decimals = (int)code_tree(c, WRITE, of, 4, WRITE ? (uint32_t)l->decimals : 0);
        if (l->decimals >= DECIMALS) l->decimals = 0;
    }
    if (l->kind == TIMES || l->kind == PARTS) {
        uint64_t bits;
        memcpy(&bits, &l->step, 8);
        bits = code_raw(c, WRITE, bits, 64);
        memcpy(&l->step, &bits, 8);
        if (!(fabs(l->step) > 0 && fabs(l->step) < INFINITY)) c->bad = 1;
    }
}

ALWAYS int64_t ordered_at(const lattice *l, const int kind, int64_t k, int64_t beside)
{
    return kind == ORDERED ? k : plus(ordered_of(l, point(l, kind, k)), beside);
}

ALWAYS double double_at(const lattice *l, const int kind, int64_t k, int64_t beside)
{
    return double_of(ordered_at(l, kind, k, beside));
}

ALWAYS float float_at(const lattice *l, const int kind, int64_t k, int64_t beside)
{
    return float_of(ordered_at(l, kind, k, beside));
}

#endif
