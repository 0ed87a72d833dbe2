/* Residuals of few different values, such as the steps of a clock: their places in a list that grows as they come. */
#ifndef STEELYARD_LISTED_H
#define STEELYARD_LISTED_H

#include "predictors.h"

enum { LIST = 64, RANK_BITS = 6 };

typedef struct {
    int64_t values[LIST];
    uint32_t counts[LIST];
    int used;
} listed;

/* Place of a value; where it is new, the end, or LIST in a full list. */
ALWAYS int place_in(const listed *l, int64_t value)
{
    int at = 0;
    while (at < l->used && l->values[at] != value) at++;
    return at;
}

/* Count a value at its place, a new one behind the others; the more often it came, the further ahead it stands. */
ALWAYS void list_count(listed *l, int at, int64_t value)
{
    if (at == l->used) {
        l->values[at] = value;
        l->counts[at] = 0;
        l->used++;
    }
    uint32_t count = ++l->counts[at];
    for (; at > 0 && l->counts[at - 1] < count; at--) {
        l->values[at] = l->values[at - 1];
        l->counts[at] = l->counts[at - 1];
    }
    l->values[at] = value;
    l->counts[at] = count;
}

/* What the residuals cost in eighths of a bit when they are listed; UINT64_MAX where there are too many. */
static uint64_t list_cost(const int64_t *residuals, int count)
{
    listed l = {.used = 0};
    int most = count / 8 + 4 < LIST ? count / 8 + 4 : LIST;
    for (int i = 1; i < count; i++) {
        int at = place_in(&l, residuals[i]);
        if (at == most) return UINT64_MAX;
        list_count(&l, at, residuals[i]);
    }
    uint64_t all = (uint64_t)count - 1, sum = all * log_of(all);
    for (int at = 0; at < l.used; at++) sum += cost_of(l.values[at]) + 64 - l.counts[at] * log_of(l.counts[at]);
    return sum;
}

/* Take the steps or the values themselves by list where that is cheaper than *least*, and say so. */
static int list_is_cheaper(predictor *p, const int64_t *k, int64_t *residuals, int count, uint64_t least)
{
    static const int TRIED[] = {LAST_VALUE, LEVEL};
    int found = 0;
    for (int t = 0; t < 2; t++) {
        predictor q = {.kind = TRIED[t]};
        predict_forward(&q, k, residuals, count);
        uint64_t cost = list_cost(residuals, count);
        if (cost >= least) continue;
        least = cost;
        *p = q;
        found = 1;
    }
    return found;
}

static void code_listed(coder *c, const int WRITE, model *m, int64_t *residuals, int count)
{
    listed l = {.used = 0};
    int run = 0;
    for (int i = 1; i < count; i++) {
        int at = WRITE ? place_in(&l, residuals[i]) : 0, history = run > 15 ? 7 : run > 7 ? 6 : run > 3 ? 5 : run;
        int other = l.used == 0 || code_bit(c, WRITE, &m->first[history], at != 0);
        if (other) {
            if (l.used < 2 || (l.used < LIST && code_bit(c, WRITE, &m->fresh, at == l.used))) {
                at = l.used;
                residuals[i] = code_number(c, WRITE, m->number[1], residuals[i]);
            } else {
                at = 1 + (int)code_tree(c, WRITE, m->rank, RANK_BITS, WRITE ? (uint32_t)at - 1 : 0);
                if (at >= l.used) at = l.used - 1;
            }
        }
        run = other ? 0 : run + 1;
        if (!(other && at == l.used)) residuals[i] = l.values[at];
        list_count(&l, at, residuals[i]);
    }
}

#endif
