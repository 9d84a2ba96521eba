#include "batch.h"

#include "frame.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

void batch_init(struct batch *batch)
{
    *batch = (struct batch){ 0 };
    arena_init(&batch->arena, ARENA_SECRET);
}

void batch_finish(struct batch *batch)
{
    arena_finish(&batch->arena);
    vec_finish(&batch->items);
    vec_finish(&batch->gone);
    vec_finish(&batch->gone_by);
    vec_finish(&batch->offers);
    vec_finish(&batch->warnings);
    batch->token = (struct bytes){ 0 };
    str_finish(&batch->scratch);
}

static const char *copy(struct batch *batch, const char *text)
{
    return text == NULL ? NULL : arena_text(&batch->arena, text);
}

static struct frame_reader read_item(const struct batch_item *kept)
{
    return frame_read(&(struct frame){ .body = kept->bytes, .size = kept->size });
}

/* Kind and key are the first fields of a record. */
static void name_item(struct batch_item *kept)
{
    struct frame_reader reader = read_item(kept);

    kept->kind = frame_get_text(&reader, ITEM_MAX_NAME);
    kept->key = frame_get_text(&reader, ITEM_MAX_KEY);
    kept->identity = item_identity(kept->kind, kept->key);
}

void batch_add_item(struct batch *batch, const struct item *item, struct hash128 content)
{
    struct batch_item kept = { .content = content };
    struct frame_writer writer;

    str_clear(&batch->scratch);
    frame_begin(&writer, &batch->scratch, MESSAGE_ITEM);
    record_put(&writer, item);
    if (!frame_end(&writer, NULL))
        abort();
    kept.size = batch->scratch.length - FRAME_HEADER;
    kept.bytes = arena_bytes(&batch->arena, batch->scratch.bytes + FRAME_HEADER, kept.size);
    name_item(&kept);
    vec_push(&batch->items, kept);
}

void batch_add_gone(struct batch *batch, const struct message_gone *gone)
{
    const struct batch_gone kept = {
        .identity = item_identity(gone->kind, gone->key),
        .kind = copy(batch, gone->kind),
        .key = copy(batch, gone->key),
    };

    vec_push(&batch->gone, kept);
}

void batch_add_gone_by(struct batch *batch, const struct message_gone_by *gone)
{
    const struct batch_gone_by kept = {
        .kind = copy(batch, gone->kind),
        .attribute = copy(batch, gone->attribute),
        .value = copy(batch, gone->value),
    };

    vec_push(&batch->gone_by, kept);
}

void batch_add_offer(struct batch *batch, const struct message_offer *offer)
{
    const struct batch_offer kept = {
        .plugin = copy(batch, offer->plugin),
        .host = copy(batch, offer->host),
        .evidence = copy(batch, offer->evidence),
        .port = offer->port,
    };

    vec_push(&batch->offers, kept);
}

void batch_add_warning(struct batch *batch, const struct message_warning *warning)
{
    const struct batch_warning kept = {
        .kind = copy(batch, warning->kind),
        .key = copy(batch, warning->key),
        .text = copy(batch, warning->text),
    };

    vec_push(&batch->warnings, kept);
}

void batch_set_token(struct batch *batch, const struct message_token *token)
{
    batch->token.bytes = arena_bytes(&batch->arena, token->token.bytes, token->token.size);
    batch->token.size = token->token.size;
}

size_t batch_bytes(const struct batch *batch)
{
    return batch->arena.reserved + batch->scratch.capacity + batch->items.capacity * sizeof *batch->items.items +
           batch->gone.capacity * sizeof *batch->gone.items + batch->gone_by.capacity * sizeof *batch->gone_by.items +
           batch->offers.capacity * sizeof *batch->offers.items +
           batch->warnings.capacity * sizeof *batch->warnings.items;
}

bool batch_read(const struct batch_item *kept, struct arena *arena, struct item *item, struct err *err)
{
    struct frame_reader reader = read_item(kept);

    record_get(&reader, item, arena);
    return frame_done(&reader, err) || err_add(err, "an item that was kept for its commit");
}
