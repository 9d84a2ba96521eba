/* Any bytes as a scan's stream: within its limits, with records that keep the promises of item.h, and with the same
 * result however the bytes are cut. The first byte of the input says how. */
#include "stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct stream_limits limits = { .bytes = 8192, .items = 4, .offers = 2, .words = 3, .steps = 2 };

/* What the handlers were given. */
struct received {
    uint64_t items, gone, offers, tokens, warnings, logs, steps, denied;
};

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void on_item(void *context, struct item *item, struct hash128 content)
{
    struct hash128 again = item_hash(item);

    ((struct received *)context)->items++;
    expect(item_check(item, NULL));
    expect(item->bytes <= ITEM_MAX_BYTES);
    expect(again.low == content.low && again.high == content.high);
}

static void on_gone(void *context, const struct message_gone *gone)
{
    ((struct received *)context)->gone++;
    expect(strlen(gone->kind) <= ITEM_MAX_NAME && strlen(gone->key) <= ITEM_MAX_KEY);
}

static void on_offer(void *context, const struct message_offer *offer)
{
    ((struct received *)context)->offers++;
    expect(offer->port <= 65535 && strlen(offer->host) <= ITEM_MAX_KEY);
}

static void on_token(void *context, const struct message_token *token)
{
    ((struct received *)context)->tokens++;
    expect(token->token.size <= MESSAGE_MAX_TOKEN);
}

static void on_warning(void *context, const struct message_warning *warning)
{
    ((struct received *)context)->warnings++;
    expect(strlen(warning->text) <= MESSAGE_MAX_WORDS);
}

static void on_log(void *context, const struct message_log *log)
{
    ((struct received *)context)->logs++;
    expect(log->level >= 1 && log->level <= 4);
}

static void on_step(void *context, const struct message_step *step)
{
    ((struct received *)context)->steps++;
    expect(step->state >= STEP_OK && step->state <= STEP_SKIPPED);
}

static void on_gone_by(void *context, const struct message_gone_by *gone)
{
    ((struct received *)context)->gone++;
    expect(strlen(gone->kind) <= ITEM_MAX_NAME && strlen(gone->attribute) <= ITEM_MAX_NAME);
    expect(strlen(gone->value) <= ITEM_MAX_TEXT);
}

static void on_denied(void *context, const struct message_denied *denied)
{
    ((struct received *)context)->denied++;
    expect(strlen(denied->text) <= MESSAGE_MAX_WORDS);
}

static const struct stream_handler handler = { on_item, on_gone, on_offer,   on_token, on_warning,
                                               on_log,  on_step, on_gone_by, on_denied };

static void check(const struct stream *stream, const struct received *received)
{
    expect(received->items <= limits.items && received->gone <= limits.items && received->offers <= limits.offers);
    expect(received->logs <= limits.words && received->warnings <= 2 * limits.words && received->steps <= limits.steps);
    expect(received->denied <= 1 && (received->denied == 1) == (stream->refusal.class == ERR_DENIED));
    switch (stream->state) {
    case STREAM_OPEN: abort();
    case STREAM_ENDED:
        expect(stream->completeness >= COMPLETE && stream->completeness < COMPLETENESS_COUNT);
        expect(stream->completeness == DELTA || stream->twice > 0 || received->denied > 0 || stream->gone == 0);
        expect(received->denied == 0 || stream->completeness == PARTIAL);
        break;
    case STREAM_FAILED:
    case STREAM_BROKEN: expect(stream->err.class != ERR_NONE && stream->err.text[0] != '\0');
    }
}

static enum stream_state run(const uint8_t *data, size_t size, size_t piece, struct received *received)
{
    struct stream stream;
    enum stream_state state;

    stream_init(&stream, &limits, &handler, received);
    for (size_t at = 0; at < size; at += piece) {
        if (!stream_feed(&stream, data + at, size - at < piece ? size - at : piece))
            break;
    }
    stream_close(&stream);
    check(&stream, received);
    state = stream.state;
    stream_finish(&stream);
    return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct received cut = { 0 }, whole = { 0 };
    enum stream_state state;

    if (size < 2)
        return 0;
    state = run(data + 1, size - 1, data[0] + 1U, &cut);
    /* A feed that goes over the limit of bytes is not looked at, so that there the cuts matter. */
    if (size - 1 <= limits.bytes) {
        expect(run(data + 1, size - 1, size - 1, &whole) == state);
        expect(memcmp(&whole, &cut, sizeof whole) == 0);
    }
    return 0;
}
