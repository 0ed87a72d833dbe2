/* Reads streams of columns from stdin for the sanitizers: again and again a count of columns (one byte), for each its
 * type (one byte) and rows (two bytes, little-endian), the length of the stream (two bytes) and the stream. */
#include <stdio.h>

#include "columns.h"

static int next(void *to, size_t size) { return fread(to, 1, size, stdin) == size; }

int main(void)
{
    uint8_t count, kind[3], length[2];
    unsigned long read = 0, bad = 0;
    while (next(&count, 1)) {
        column columns[256];
        uint8_t *rooms[256], *stream;
        for (int i = 0; i < count; i++) {
            if (!next(kind, 3)) return 2;
            uint32_t rows = kind[1] | (uint32_t)kind[2] << 8;
            rooms[i] = malloc((size_t)rows * WIDTH[kind[0] % TYPES] + 1);
            columns[i] = (column){rooms[i], kind[0] % TYPES, rows};
        }
        if (!next(length, 2)) return 2;
        size_t size = length[0] | (size_t)length[1] << 8;
        stream = malloc(size + 1);
        if (!next(stream, size)) return 2;
        workspace w;
        coder c;
        if (!workspace_room(&w, most_rows(columns, count))) return 2;
        model_begin(&w.m);
        coder_reads(&c, stream, size);
        if (code_counts(&c, 0, &w.m, columns, count, 1)) columns_read(&c, &w, columns, count);
        else c.bad = 1;
        read++, bad += c.bad != 0;
        free(w.k);
        free(stream);
        for (int i = 0; i < count; i++) free(rooms[i]);
    }
    printf("%lu %lu\n", read, bad);
    return 0;
}
