/* A stream of bytes -> frames of one layout. All state is in Stream; whatever is decided depends on the bytes of the
   stream alone, never on how they were cut into chunks. */
#ifndef STEELYARD_FRAMES_H
#define STEELYARD_FRAMES_H

#include "crc.h"
#include "samples.h"

/* Bytes are counted from the first of the sync word. */
typedef struct {
    uint8_t sync[8];
    size_t sync_size, size;      /* size: of a whole frame */
    size_t sequence_at;
    int sequence_size, sequence_big;
    size_t payload_at, values;   /* values: samples times channels */
    int format, big;
    size_t value_size;           /* of a decoded value */
    size_t sum_from;             /* the checked bytes; crc.size of them */
    int sum_size, sum_big;       /* sum_size: 0 without a checksum, which stands at the end of the frame */
    Crc crc;
} FrameLayout;

typedef struct {
    uint8_t *buffer;
    size_t capacity, held;
    uint64_t position;           /* in the stream, of the first byte held */
    uint64_t covered;            /* where the last bad frame ends: none that begins before is counted */
    uint32_t last;               /* counter of the last good frame */
    int started;                 /* whether there was one */
} FrameStream;

typedef struct {
    uint8_t *samples;
    uint32_t *sequences;
    size_t room, frames;         /* room: frames that fit */
    uint64_t bad, lost, restarts;
} FramesFound;

/* The register of the checked bytes of what may be a frame at *at*. */
typedef struct {
    size_t at;
    uint32_t sum;
    int known;
} CheckedBytes;

/* First place from *at* where the sync word stands, or as much of it as there are bytes; *end* without any. */
static size_t sync_from(const FrameLayout *layout, const uint8_t *data, size_t at, size_t end) {
    while (at < end) {
        const uint8_t *first = memchr(data + at, layout->sync[0], end - at);
        if (!first)
            return end;
        at = (size_t)(first - data);
        size_t there = end - at < layout->sync_size ? end - at : layout->sync_size;
        if (!memcmp(first, layout->sync, there))
            return at;
        at++;
    }
    return end;
}

/* Without a checksum: bad when no sync word follows but one begins inside, as it does when bytes are missing. */
static int followed(const FrameLayout *layout, const uint8_t *frame, size_t there) {
    size_t after = there - layout->size;
    if (after > layout->sync_size)
        after = layout->sync_size;
    if (!memcmp(frame + layout->size, layout->sync, after))
        return 1;
    return sync_from(layout, frame, 1, layout->size + after) >= layout->size;
}

/* Sync words close to each other, as in a stream of nothing else, cost the bytes between them and not a frame each. */
static int sum_is_right(const FrameLayout *layout, const uint8_t *data, size_t at, CheckedBytes *last) {
    const Crc *crc = &layout->crc;
    size_t by = at - last->at, sum_at = at + layout->size - (size_t)layout->sum_size;
    if (last->known && by < crc->size / 2)
        last->sum = crc_moved(crc, last->sum, data + last->at + layout->sum_from, by);
    else
        last->sum = crc_register(crc, 0, data + at + layout->sum_from, crc->size);
    last->at = at, last->known = 1;
    return bytes_as_number(data + sum_at, layout->sum_size, layout->sum_big) == crc_result(crc, last->sum);
}

static int is_good(const FrameLayout *layout, const FrameStream *stream, size_t at, CheckedBytes *last) {
    if (layout->sum_size)
        return sum_is_right(layout, stream->buffer, at, last);
    return followed(layout, stream->buffer + at, stream->held - at);
}

/* Frames missing before this one. A counter that stands still or is more than half of its range ahead went back. */
static void count_missing(const FrameLayout *layout, FrameStream *stream, uint32_t sequence, FramesFound *found) {
    int bits = 8 * layout->sequence_size;
    uint32_t mask = bits == 32 ? UINT32_MAX : ((uint32_t)1 << bits) - 1;
    uint32_t step = (sequence - stream->last) & mask;
    if (stream->started && (step == 0 || step > mask / 2 + 1))
        found->restarts++;
    else if (stream->started)
        found->lost += step - 1;
    stream->last = sequence, stream->started = 1;
}

static void take_frame(const FrameLayout *layout, FrameStream *stream, const uint8_t *frame, FramesFound *found) {
    uint32_t sequence = bytes_as_number(frame + layout->sequence_at, layout->sequence_size, layout->sequence_big);
    count_missing(layout, stream, sequence, found);
    found->sequences[found->frames] = sequence;
    take_samples(layout->format, frame + layout->payload_at, layout->values, layout->big,
                 found->samples + found->frames * layout->values * layout->value_size);
    found->frames++;
}

static void count_bad(const FrameLayout *layout, FrameStream *stream, uint64_t position, FramesFound *found) {
    if (position < stream->covered)
        return;
    stream->covered = position + layout->size;
    found->bad++;
}

/* Decide on all that is held as far as its bytes are there; ended: nothing follows. */
static void advance(const FrameLayout *layout, FrameStream *stream, int ended, FramesFound *found) {
    size_t after = layout->sum_size || ended ? 0 : layout->sync_size, at = 0;
    CheckedBytes last = {0};
    for (;;) {
        at = sync_from(layout, stream->buffer, at, stream->held);
        if (stream->held - at < layout->size + after || found->frames == found->room)
            break;
        if (is_good(layout, stream, at, &last)) {
            take_frame(layout, stream, stream->buffer + at, found);
            at += layout->size;
        } else {
            count_bad(layout, stream, stream->position + at, found);
            at++;
        }
    }
    stream->position += at, stream->held -= at;
    memmove(stream->buffer, stream->buffer + at, stream->held);
}

/* Take a chunk. found->room must be at least (held + size) / layout->size. */
static void frames_feed(const FrameLayout *layout, FrameStream *stream, const uint8_t *chunk, size_t size,
                        FramesFound *found) {
    while (size) {
        size_t part = stream->capacity - stream->held;
        if (part > size)
            part = size;
        memcpy(stream->buffer + stream->held, chunk, part);
        stream->held += part, chunk += part, size -= part;
        advance(layout, stream, 0, found);
    }
}

/* The stream has ended: a frame that was begun is bad. The counter is kept for a stream that goes on after a break. */
static void frames_finish(const FrameLayout *layout, FrameStream *stream, FramesFound *found) {
    advance(layout, stream, 1, found);
    for (size_t at = 0; at + layout->sync_size <= stream->held;) {
        count_bad(layout, stream, stream->position + at, found);
        at = sync_from(layout, stream->buffer, at + 1, stream->held);
    }
    stream->position += stream->held, stream->held = 0;
}

#endif
