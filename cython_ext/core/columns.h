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
} bench;

/* Room for columns of at most so many rows; whether there was memory. */
static int bench_room(bench *b, uint32_t rows)
{
    b->k = malloc(sizeof(int64_t) * 3 * ((size_t)rows + 1) + sizeof(double) * (2 * ((size_t)rows + 1) + MOST_ORDER + LAGS));
    if (!b->k) return 0;
    b->beside = b->k + rows + 1;
    b->ordered = b->beside + rows + 1;
    b->values = (double *)(b->ordered + rows + 1);
    b->weighted = b->values + rows + 1;
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

static void write_floats(coder *to, bench *b, const column *c)
{
    int count = (int)c->count, single = c->type == F32;
    numbers n = {single ? b->values : c->data, b->ordered, count};
    for (int i = 0; i < count && single; i++) {
        b->values[i] = ((const float *)c->data)[i];
        b->ordered[i] = ordered_bits32(((const int32_t *)c->data)[i]);
    }
    for (int i = 0; i < count && !single; i++) b->ordered[i] = ordered_bits64(((const int64_t *)c->data)[i]);
    lattice l = place(&n, b->k, b->beside, single);
    code_lattice(to, 1, &b->m, &l);
    int64_t *residuals = b->ordered;
    write_integers(to, &b->m, b->k, residuals, b->weighted, count);
    if (l.kind != ORDERED) write_integers(to, &b->m, b->beside, residuals, b->weighted, count);
}

#define VALUES(kind)                                                                                                   \
    for (int i = 0; i < count; i++) {                                                                                  \
        if (l.single) ((float *)c->data)[i] = float_at(&l, kind, b->k[i], b->beside[i]);                               \
        else ((double *)c->data)[i] = double_at(&l, kind, b->k[i], b->beside[i]);                                      \
    }

static void read_floats(coder *from, bench *b, const column *c)
{
    int count = (int)c->count;
    lattice l = {.single = c->type == F32};
    code_lattice(from, 0, &b->m, &l);
    read_integers(from, &b->m, b->k, count);
    if (l.kind != ORDERED) read_integers(from, &b->m, b->beside, count);
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
static size_t columns_write(bench *b, column *columns, int count, int known, uint8_t *data, size_t size, int *full)
{
    coder c;
    coder_writes(&c, data, size);
    code_counts(&c, 1, &b->m, columns, count, known);
    for (int i = 0; i < count && !c.bad; i++) {
        if (columns[i].type <= F32) {
            write_floats(&c, b, &columns[i]);
            continue;
        }
        widen(&columns[i], b->k);
        write_integers(&c, &b->m, b->k, b->beside, b->weighted, (int)columns[i].count);
    }
    size_t length = coder_end(&c);
    *full = c.bad;
    return c.bad ? 0 : length;
}

/* Read columns whose data have room for their count. */
static void columns_read(coder *c, bench *b, column *columns, int count)
{
    for (int i = 0; i < count; i++) {
        if (columns[i].type <= F32) {
            read_floats(c, b, &columns[i]);
            continue;
        }
        read_integers(c, &b->m, b->k, (int)columns[i].count);
        narrow(&columns[i], b->k);
    }
}

#endif
