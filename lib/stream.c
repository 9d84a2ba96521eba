#include "stream.h"

#include "unit.h"

#include <string.h>

const struct stream_limits stream_default_limits = {
    .bytes = UINT64_C(1) << 30,
    .items = 1000000,
    .offers = 10000,
    .words = 1000,
    .steps = 1000,
};

void stream_init(struct stream *stream, const struct stream_limits *limits, const struct stream_handler *handler,
                 void *context)
{
    *stream = (struct stream){ .limits = limits, .handler = handler, .context = context };
    arena_init(&stream->arena, ARENA_SECRET);
}

void stream_finish(struct stream *stream)
{
    frame_decoder_finish(&stream->decoder);
    arena_finish(&stream->arena);
    seen_finish(&stream->seen);
}

size_t stream_memory(const struct stream *stream)
{
    return stream->decoder.buffer.capacity + stream->arena.total + seen_memory(&stream->seen);
}

static bool broken(struct stream *stream)
{
    stream->state = STREAM_BROKEN;
    return false;
}

/* Counts one more of a sort of which only so many are let in. */
static bool count(struct stream *stream, uint64_t *counter, uint64_t limit, const char *what)
{
    if (*counter >= limit) {
        err_set(&stream->err, ERR_PROTOCOL, "more than %llu %s in one scan", (unsigned long long)limit, what);
        return broken(stream);
    }
    ++*counter;
    return true;
}

static void warn_twice(struct stream *stream, const struct item *item)
{
    const struct message_warning warning = {
        .kind = item->kind,
        .key = item->key,
        .text = "it came twice in one scan with different content; the first is kept, so the scan counts as partial",
    };

    stream->twice++;
    if (stream->handler->warning != NULL && stream->twice <= stream->limits->words)
        stream->handler->warning(stream->context, &warning);
}

/* Not item_identity(), whose key everybody knows: names could be chosen that meet in one place of the table. */
static struct hash128 identity_of(const struct item *item)
{
    char identity[ITEM_MAX_NAME + 1 + ITEM_MAX_KEY];
    size_t kind = strlen(item->kind) + 1, key = strlen(item->key);

    memcpy(identity, item->kind, kind);
    memcpy(identity + kind, item->key, key);
    return hash128(hash_process_key(), identity, kind + key);
}

static bool take_item(struct stream *stream, struct message *message)
{
    struct item *item = &message->item;
    struct hash128 content = item_hash(item);

    if (!count(stream, &stream->items, stream->limits->items, "items"))
        return false;
    switch (seen_add(&stream->seen, identity_of(item), content)) {
    case SEEN_NEW:
        if (stream->handler->item != NULL)
            stream->handler->item(stream->context, item, content);
        break;
    case SEEN_SAME: break;
    case SEEN_DIFFERENT: warn_twice(stream, item); break;
    }
    return true;
}

static bool count_gone(struct stream *stream)
{
    return count(stream, &stream->gone, stream->limits->items, "objects said to be gone");
}

static bool take_gone(struct stream *stream, struct message *message)
{
    if (!count_gone(stream))
        return false;
    if (stream->handler->gone != NULL)
        stream->handler->gone(stream->context, &message->gone);
    return true;
}

static bool take_gone_by(struct stream *stream, struct message *message)
{
    if (!count_gone(stream))
        return false;
    if (stream->handler->gone_by != NULL)
        stream->handler->gone_by(stream->context, &message->gone_by);
    return true;
}

static bool take_offer(struct stream *stream, struct message *message)
{
    if (!count(stream, &stream->offers, stream->limits->offers, "offers"))
        return false;
    if (stream->handler->offer != NULL)
        stream->handler->offer(stream->context, &message->offer);
    return true;
}

static bool take_token(struct stream *stream, struct message *message)
{
    if (stream->handler->token != NULL)
        stream->handler->token(stream->context, &message->token);
    return true;
}

static bool take_warning(struct stream *stream, struct message *message)
{
    if (stream->handler->warning != NULL && stream->warnings < stream->limits->words)
        stream->handler->warning(stream->context, &message->warning);
    stream->warnings++;
    return true;
}

static bool take_log(struct stream *stream, struct message *message)
{
    if (stream->handler->log != NULL && stream->logs < stream->limits->words)
        stream->handler->log(stream->context, &message->log);
    stream->logs++;
    return true;
}

static bool take_step(struct stream *stream, struct message *message)
{
    if (!count(stream, &stream->steps, stream->limits->steps, "steps"))
        return false;
    if (stream->handler->step != NULL)
        stream->handler->step(stream->context, &message->step);
    return true;
}

static bool take_denied(struct stream *stream, struct message *message)
{
    const char *text = message->denied.text;

    if (stream->refusal.class != ERR_NONE) {
        err_set(&stream->err, ERR_BUG, "it said twice that the credential was refused");
        return broken(stream);
    }
    err_set(&stream->refusal, ERR_DENIED, "%s", text[0] == '\0' ? "the credential was refused" : text);
    if (stream->handler->denied != NULL)
        stream->handler->denied(stream->context, &message->denied);
    return true;
}

static bool take_untried(struct stream *stream, struct message *message)
{
    (void)message;
    if (stream->untried) {
        err_set(&stream->err, ERR_BUG, "it said twice that the credential was not tried");
        return broken(stream);
    }
    stream->untried = true;
    return true;
}

static bool counts_differ(struct stream *stream, const struct message_end *end)
{
    const struct {
        const char *noun;
        uint64_t said, came;
    } counts[] = {
        { "item", end->items, stream->items },
        { "gone object", end->gone, stream->gone },
        { "offer", end->offers, stream->offers },
        { "warning", end->warnings, stream->warnings },
    };
    char said[COUNT_TEXT_SIZE];

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i].said != counts[i].came) {
            err_set(&stream->err, ERR_BUG, "it ended with %s by its own count, but %llu came",
                    count_text(counts[i].said, counts[i].noun, said), (unsigned long long)counts[i].came);
            return true;
        }
    }
    return false;
}

static bool take_end(struct stream *stream, struct message *message)
{
    if (counts_differ(stream, &message->end))
        return broken(stream);
    stream->completeness = (enum completeness)message->end.completeness;
    if (stream->gone > 0 && stream->completeness != DELTA) {
        err_set(&stream->err, ERR_BUG, "it named objects as gone, which only a delta scan may");
        return broken(stream);
    }
    if (stream->twice > 0 || stream->refusal.class != ERR_NONE)
        stream->completeness = PARTIAL;
    stream->state = STREAM_ENDED;
    return true;
}

static bool take_fail(struct stream *stream, struct message *message)
{
    enum err_class class = (enum err_class)message->fail.class;

    err_set(&stream->err, class == ERR_NONE ? ERR_BUG : class, "%s",
            message->fail.text[0] == '\0' ? "it failed and did not say why" : message->fail.text);
    stream->state = STREAM_FAILED;
    return true;
}

static bool (*const takers[MESSAGE_TYPE_COUNT])(struct stream *, struct message *) = {
    [MESSAGE_ITEM] = take_item,       [MESSAGE_GONE] = take_gone,     [MESSAGE_OFFER] = take_offer,
    [MESSAGE_TOKEN] = take_token,     [MESSAGE_LOG] = take_log,       [MESSAGE_STEP] = take_step,
    [MESSAGE_WARNING] = take_warning, [MESSAGE_END] = take_end,       [MESSAGE_FAIL] = take_fail,
    [MESSAGE_GONE_BY] = take_gone_by, [MESSAGE_DENIED] = take_denied, [MESSAGE_UNTRIED] = take_untried,
};

static bool take(struct stream *stream, const struct frame *frame)
{
    struct message message;

    arena_reset(&stream->arena);
    if (stream->state != STREAM_OPEN) {
        err_set(&stream->err, ERR_BUG, "a message %s after the end", message_name(frame->type));
        return broken(stream);
    }
    if (!message_read(frame, &stream->arena, &message, &stream->err))
        return broken(stream);
    if (takers[message.type] == NULL) {
        err_set(&stream->err, ERR_PROTOCOL, "a message %s, which is not a scan's to send", message_name(frame->type));
        return broken(stream);
    }
    return takers[message.type](stream, &message);
}

bool stream_feed(struct stream *stream, const void *bytes, size_t size)
{
    char limit[UNIT_TEXT_SIZE];
    enum frame_status status;
    struct frame frame;

    if (stream->state == STREAM_BROKEN)
        return false;
    stream->bytes += size;
    if (stream->bytes > stream->limits->bytes) {
        err_set(&stream->err, ERR_PROTOCOL, "more than %s in one scan",
                size_text((int64_t)stream->limits->bytes, limit));
        return broken(stream);
    }
    frame_feed(&stream->decoder, bytes, size);
    while ((status = frame_next(&stream->decoder, &frame, &stream->err)) == FRAME_READY) {
        if (!take(stream, &frame))
            return false;
    }
    if (status == FRAME_BAD)
        return broken(stream);
    if (stream->state != STREAM_OPEN && frame_pending(&stream->decoder) > 0) {
        err_set(&stream->err, ERR_BUG, "it sent more after its end");
        return broken(stream);
    }
    return true;
}

void stream_cancel(struct stream *stream, const char *why)
{
    if (stream->state == STREAM_BROKEN || stream->state == STREAM_FAILED)
        return;
    err_set(&stream->err, ERR_SYSTEM, "it was cancelled: %s", why);
    broken(stream);
}

void stream_close(struct stream *stream)
{
    size_t pending = frame_pending(&stream->decoder);
    char counted[COUNT_TEXT_SIZE];

    if (stream->state != STREAM_OPEN)
        return;
    if (pending > 0)
        err_set(&stream->err, ERR_BUG, "the stream was cut off in the middle of a message, %s into it",
                count_text(pending, "byte", counted));
    else
        err_set(&stream->err, ERR_BUG, "the stream stopped without an end, after %s",
                count_text(stream->items, "item", counted));
    stream->closed_early = true;
    broken(stream);
}
