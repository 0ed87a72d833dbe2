/* Random layouts and bytes through the core of the frames kernel; every buffer has exactly the size that it must have.

Built with the address and undefined-behaviour sanitizers, which end the program at the first access out of bounds. */
#include <stdio.h>
#include <stdlib.h>

#include "frames.h"

static uint64_t state;

static uint32_t random_below(uint32_t most) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % most;
}

static FrameLayout random_layout(void) {
    static const int bits[] = {16, 16, 12, 12, 24, 32, 32}, sizes[] = {2, 4, 2, 2, 4, 4, 4}, counters[] = {1, 2, 4};
    FrameLayout layout = {0};
    layout.sync_size = 1 + random_below(8);
    for (size_t i = 0; i < layout.sync_size; i++)
        layout.sync[i] = (uint8_t)random_below(2);
    layout.sequence_size = counters[random_below(3)], layout.sequence_big = (int)random_below(2);
    size_t header = (size_t)layout.sequence_size + random_below(6);
    layout.sequence_at = layout.sync_size + random_below((uint32_t)(header - layout.sequence_size) + 1);
    layout.payload_at = layout.sync_size + header, layout.values = 1 + random_below(40);
    layout.format = (int)random_below(7), layout.big = (int)random_below(2);
    layout.value_size = (size_t)sizes[layout.format];
    layout.size = layout.payload_at + (layout.values * (size_t)bits[layout.format] + 7) / 8;
    size_t covered = 1 + random_below((uint32_t)layout.size);
    layout.sum_from = random_below((uint32_t)(layout.size - covered) + 1);
    layout.sum_size = (int)random_below(3) * 2, layout.sum_big = (int)random_below(2);
    if (layout.sum_size)
        crc_prepare(&layout.crc, covered, 8 * layout.sum_size, 0x1021, random_below(65536), random_below(65536),
                    (int)random_below(2));
    layout.size += (size_t)layout.sum_size;
    return layout;
}

static void good_frame(const FrameLayout *layout, uint8_t *to) {
    for (size_t i = 0; i < layout->size; i++)
        to[i] = (uint8_t)random_below(256);
    memcpy(to, layout->sync, layout->sync_size);
    if (!layout->sum_size)
        return;
    uint32_t sum = crc_result(&layout->crc, crc_register(&layout->crc, 0, to + layout->sum_from, layout->crc.size));
    for (int i = 0; i < layout->sum_size; i++)
        to[layout->size - 1 - (size_t)i] = (uint8_t)(sum >> 8 * (layout->sum_big ? i : layout->sum_size - 1 - i));
}

/* Noise, good frames, and beginnings of good frames. */
static uint8_t *random_chunk(const FrameLayout *layout, size_t *size) {
    uint8_t *frame = malloc(layout->size), *chunk;
    *size = random_below(3) ? layout->size : random_below(400);
    if (*size == layout->size && random_below(4) == 0)
        *size = 1 + random_below((uint32_t)layout->size);
    good_frame(layout, frame);
    chunk = malloc(*size ? *size : 1);
    for (size_t i = 0; i < *size; i++)
        chunk[i] = *size <= layout->size ? frame[i] : (uint8_t)random_below(3);
    free(frame);
    return chunk;
}

static uint64_t call(const FrameLayout *layout, FrameStream *stream, int ended) {
    size_t size = 0;
    uint8_t *chunk = ended ? NULL : random_chunk(layout, &size);
    FramesFound found = {0};
    found.room = (stream->held + size) / layout->size;
    found.samples = found.room ? malloc(found.room * layout->values * layout->value_size) : NULL;
    found.sequences = found.room ? malloc(found.room * sizeof(uint32_t)) : NULL;
    if (ended)
        frames_finish(layout, stream, &found);
    else
        frames_feed(layout, stream, chunk, size, &found);
    free(chunk), free(found.samples), free(found.sequences);
    return found.frames;
}

int main(int count, char **arguments) {
    uint64_t frames = 0;
    int rounds = count > 1 ? atoi(arguments[1]) : 1;
    for (int round = 0; round < rounds; round++) {
        state = (uint64_t)round;
        FrameLayout layout = random_layout();
        FrameStream stream = {0};
        size_t need = layout.size + layout.sync_size;
        stream.capacity = 2 * need, stream.buffer = malloc(stream.capacity);
        for (int i = 0; i < 60; i++)
            frames += call(&layout, &stream, random_below(20) == 0);
        free(stream.buffer);
    }
    printf("%llu\n", (unsigned long long)frames);
    return 0;
}
