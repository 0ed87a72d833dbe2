/* All columns of a call in one stream: their counts where nobody else knows them, then column by column.
 *
 * The first byte of a stream is below 0xFC: the values from there on mark streams of other forms, of which there is one,
 * the columns as they are behind a byte 0xFF.
 */
#ifndef STEELYARD_COLUMNS_H
#define STEELYARD_COLUMNS_H

#include <stdlib.h>

#include "floats.h"

typedef enum { F64, F32, I64, I32, I16, I8, U64, U32, U16, U8, TYPES } type_of_column;

typedef struct {
    void *data;
    int type;
    uint32_t count;
} column;

enum { MOST_ROWS = 65536, STORED = 0xFF, DENSE_BELOW = 0xFC00 };

static const uint8_t WIDTH[TYPES] = {8, 4, 8, 4, 2, 1, 8, 4, 2, 1};

/* Room for one column at work. */
typedef struct {
    model m;
    int64_t *k, *beside, *ordered;
    double *weighted, *values;
} workspace;

/* Room for columns of at most so many rows; whether there was memory. */
static int workspace_room(workspace *w, uint32_t rows)
{
    w->k = malloc(sizeof(int64_t) * 3 * ((size_t)rows + 1) + sizeof(double) * (2 * ((size_t)rows + 1) + MOST_ORDER + LAGS));
    if (!w->k) return 0;
    w->beside = w->k + rows + 1;
    w->ordered = w->beside + rows + 1;
    w->values = (double *)(w->ordered + rows + 1);
    w->weighted = w->values + rows + 1;
    return 1;
}

static uint32_t most_rows(const column *columns, int count)
{
    uint32_t most = 0;
    for (int i = 0; i < count; i++)
        if (columns[i].count > most) most = columns[i].count;
    return most;
}

#define WIDEN(T)                                                                                                       \
    for (uint32_t i = 0; i < c->count; i++) k[i] = (int64_t)((const T *)c->data)[i]
#define NARROW(T)                                                                                                      \
    for (uint32_t i = 0; i < c->count; i++) ((T *)c->data)[i] = (T)k[i]
#define EACH_TYPE(act)                                                                                                 \
    switch (c->type) {                                                                                                 \
    case I32: act(int32_t); break;                                                                                     \
    case I16: act(int16_t); break;                                                                                     \
    case I8: act(int8_t); break;                                                                                       \
    case U32: act(uint32_t); break;                                                                                    \
    case U16: act(uint16_t); break;                                                                                    \
    case U8: act(uint8_t); break;                                                                                      \
    default: act(int64_t);                                                                                             \
    }

static void widen(const column *c, int64_t *k)
{
    EACH_TYPE(WIDEN)
}

static void narrow(const column *c, const int64_t *k)
{
    EACH_TYPE(NARROW)
}

static void write_floats(coder *to, workspace *w, const column *c)
{
    int count = (int)c->count, single = c->type == F32;
    numbers n = {single ? w->values : c->data, w->ordered, count};
    for (int i = 0; i < count && single; i++) {
        w->values[i] = ((const float *)c->data)[i];
        w->ordered[i] = ordered_bits32(((const int32_t *)c->data)[i]);
    }
    for (int i = 0; i < count && !single; i++) w->ordered[i] = ordered_bits64(((const int64_t *)c->data)[i]);
    lattice l = place(&n, w->k, w->beside, single);
    code_lattice(to, 1, &w->m, &l);
    int64_t *residuals = w->ordered;
    write_integers(to, &w->m, w->k, residuals, w->weighted, count);
    if (l.kind != ORDERED) write_integers(to, &w->m, w->beside, residuals, w->weighted, count);
}

#define VALUES(kind)                                                                                                   \
    for (int i = 0; i < count; i++) {                                                                                  \
        if (l.single) ((float *)c->data)[i] = float_at(&l, kind, w->k[i], w->beside[i]);                               \
        else ((double *)c->data)[i] = double_at(&l, kind, w->k[i], w->beside[i]);                                      \
    }

static void read_floats(coder *from, workspace *w, const column *c)
{
    int count = (int)c->count;
    lattice l = {.single = c->type == F32};
    code_lattice(from, 0, &w->m, &l);
    read_integers(from, &w->m, w->k, count);
    if (l.kind != ORDERED) read_integers(from, &w->m, w->beside, count);
    switch (l.kind) {
    case ORDERED: VALUES(ORDERED) break;
    case DECIMAL: VALUES(DECIMAL) break;
    case SINGLE_DECIMAL: VALUES(SINGLE_DECIMAL) break;
    case TIMES: VALUES(TIMES) break;
    default: VALUES(PARTS)
    }
}

/* The form of the stream and the counts of its columns; whether they can be. */
static int code_counts(coder *c, const int WRITE, model *m, column *columns, int count, int known)
{
    chance dense = {DENSE_BELOW, 0};
    if (code_bit(c, WRITE, &dense, 0)) return 0;
    for (int i = 0; i < count && !known; i++) {
        int64_t before = i ? columns[i - 1].count : 0;
        int64_t more = code_number(c, WRITE, m->number[2], minus(columns[i].count, before));
        if (!WRITE && (more > MOST_ROWS || before + more < 0 || before + more > MOST_ROWS)) return 0;
        columns[i].count = (uint32_t)(before + more);
    }
    return 1;
}

/* Write columns; the length of the stream, or 0 and *full = 1 where it does not fit into size bytes. */
static size_t columns_write(workspace *w, column *columns, int count, int known, uint8_t *data, size_t size, int *full)
{
    coder c;
    coder_writes(&c, data, size);
    code_counts(&c, 1, &w->m, columns, count, known);
    for (int i = 0; i < count && !c.bad; i++) {
        if (columns[i].type <= F32) {
            write_floats(&c, w, &columns[i]);
            continue;
        }
        widen(&columns[i], w->k);
        write_integers(&c, &w->m, w->k, w->beside, w->weighted, (int)columns[i].count);
    }
    size_t length = coder_end(&c);
    *full = c.bad;
    return c.bad ? 0 : length;
}

/* Read columns whose data have room for their count. */
static void columns_read(coder *c, workspace *w, column *columns, int count)
{
    for (int i = 0; i < count; i++) {
        if (columns[i].type <= F32) {
            read_floats(c, w, &columns[i]);
            continue;
        }
        read_integers(c, &w->m, w->k, (int)columns[i].count);
        narrow(&columns[i], w->k);
    }
}

#endif
