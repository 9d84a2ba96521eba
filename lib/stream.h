/* The receiving end of one scan: bytes in, records out, and a judgement on the whole.
 *
 *     struct stream stream;
 *     stream_init(&stream, &stream_default_limits, &handler, context);
 *     while ((size = read(fd, buffer, sizeof buffer)) > 0)
 *         if (!stream_feed(&stream, buffer, (size_t)size))
 *             break;                                 // close the descriptor: that cancels the scan
 *     stream_close(&stream);
 *     ... stream.state, stream.completeness, stream.err ...
 *     stream_finish(&stream);
 *
 * Nothing that is fed can do more than break this stream: its cost is bounded by the limits. Pure; no clock, no
 * descriptor. */
#ifndef STREAM_H
#define STREAM_H

#include "arena.h"
#include "err.h"
#include "frame.h"
#include "hash.h"
#include "item.h"
#include "message.h"
#include "seen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream_limits {
    uint64_t bytes; /* of the whole stream */
    uint64_t items; /* also of gone, by key or by a fact */
    uint64_t offers;
    uint64_t words; /* warnings handed on, and log lines handed on; the rest is only counted */
    uint64_t steps;
};

extern const struct stream_limits stream_default_limits;

/* What to do with each record. Everything passed is borrowed until the callback returns. A NULL callback ignores. */
struct stream_handler {
    void (*item)(void *context, struct item *item, struct hash128 content);
    void (*gone)(void *context, const struct message_gone *gone);
    void (*offer)(void *context, const struct message_offer *offer);
    void (*token)(void *context, const struct message_token *token);
    void (*warning)(void *context, const struct message_warning *warning);
    void (*log)(void *context, const struct message_log *log);
    void (*step)(void *context, const struct message_step *step);
    void (*gone_by)(void *context, const struct message_gone_by *gone);
    void (*denied)(void *context, const struct message_denied *denied);
};

enum stream_state {
    STREAM_OPEN,   /* no end yet */
    STREAM_ENDED,  /* END came, and its counts were right */
    STREAM_FAILED, /* FAIL came: err says why */
    STREAM_BROKEN, /* what came cannot be trusted, or was cut off: err says why */
};

struct stream {
    const struct stream_limits *limits;
    const struct stream_handler *handler;
    void *context;
    enum stream_state state;
    enum completeness completeness; /* valid when STREAM_ENDED; lowered to PARTIAL where an item was not recorded, or
                                      the credential was refused */
    struct err err;
    struct err refusal; /* class denied: the credential was refused, however the stream ended; none: it was not */
    bool untried;       /* the credential was not used: that all went well says nothing of it */
    bool closed_early;  /* broken only because it stopped without an end: how the process ended says more */
    uint64_t bytes, items, gone, offers, warnings, logs, steps;
    uint64_t twice; /* items left out because another with the same kind and key, but other content, came before */
    struct frame_decoder decoder;
    struct arena arena;
    struct seen seen;
};

/* limits and handler must outlive the stream. */
void stream_init(struct stream *stream, const struct stream_limits *limits, const struct stream_handler *handler,
                 void *context);

/* Takes what arrived. False once the stream is broken: nothing more is worth reading. */
bool stream_feed(struct stream *stream, const void *bytes, size_t size);

/* Says that the receiver itself gives the scan up, and why. A stream that has failed or is broken keeps its reason. */
void stream_cancel(struct stream *stream, const char *why);

/* Says that no more will come: a stream without its end becomes STREAM_BROKEN. */
void stream_close(struct stream *stream);

/* Bytes of memory that the stream holds now: an unfinished message, and what it remembers of each object. */
size_t stream_memory(const struct stream *stream);

void stream_finish(struct stream *stream);

#endif
