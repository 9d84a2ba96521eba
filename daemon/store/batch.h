/* What one scan brought, kept as small as it came until its end, when it is committed or dropped.
 *
 *     struct batch batch;
 *     batch_init(&batch);
 *     batch_add_item(&batch, &item, content);            // as the stream hands them over
 *     ... commit_scan(store, &commit, ...) ...
 *     batch_finish(&batch);
 *
 * Memory is wiped before it is given back: a token may hold secrets. */
#ifndef BATCH_H
#define BATCH_H

#include "arena.h"
#include "hash.h"
#include "item.h"
#include "message.h"
#include "str.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One item as it came: a frame's worth of bytes. */
struct batch_item {
    struct hash128 identity, content; /* item_identity, item_hash */
    const char *kind, *key;           /* within bytes */
    const void *bytes;
    size_t size;
};

struct batch_gone {
    struct hash128 identity;
    const char *kind, *key;
};

struct batch_gone_by {
    const char *kind, *attribute, *value;
};

struct batch_offer {
    const char *plugin, *host, *evidence;
    uint64_t port;
};

struct batch_warning {
    const char *kind, *key; /* may be NULL */
    const char *text;
};

struct batch {
    struct arena arena;
    vec(struct batch_item) items;
    vec(struct batch_gone) gone;
    vec(struct batch_gone_by) gone_by;
    vec(struct batch_offer) offers;
    vec(struct batch_warning) warnings; /* those handed on; the stream counts the rest */
    struct bytes token;                 /* size 0: none */
    struct str scratch;
};

void batch_init(struct batch *batch);
void batch_finish(struct batch *batch);

/* The item must be one that item_check accepts, as those of a stream are; one within the limits of item.h always fits.
 */
void batch_add_item(struct batch *batch, const struct item *item, struct hash128 content);
void batch_add_gone(struct batch *batch, const struct message_gone *gone);
void batch_add_gone_by(struct batch *batch, const struct message_gone_by *gone);
void batch_add_offer(struct batch *batch, const struct message_offer *offer);
void batch_add_warning(struct batch *batch, const struct message_warning *warning);
void batch_set_token(struct batch *batch, const struct message_token *token);

/* Bytes of the heap that the batch holds now. */
size_t batch_bytes(const struct batch *batch);

/* The item again, in an arena of the caller's; some of its texts are the batch's. */
bool batch_read(const struct batch_item *kept, struct arena *arena, struct item *item, struct err *err);

#endif
