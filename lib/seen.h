/* Remembers which objects a scan has sent, and with what content, in about 50 bytes each: to notice a key that comes
 * twice.
 *
 * Identities must be hashes under the process's own key (hash.h), so that hostile names cannot be made to collide. */
#ifndef SEEN_H
#define SEEN_H

#include "hash.h"

#include <stddef.h>

struct seen_object;
struct seen_slot;

struct seen {
    struct seen_object *objects; /* in the order they came */
    size_t count, room;
    struct seen_slot *slots; /* where in objects each one is */
    size_t capacity;
};

#define SEEN_EMPTY ((struct seen){ 0 })

enum seen_answer { SEEN_NEW, SEEN_SAME, SEEN_DIFFERENT };

void seen_finish(struct seen *seen);

/* Bytes of memory that it holds now. */
size_t seen_memory(const struct seen *seen);

/* Whether this identity is new (it is then remembered), was there with the same content, or with another. The caller's
 * own limit keeps their number below 2^32. */
enum seen_answer seen_add(struct seen *seen, struct hash128 identity, struct hash128 content);

#endif
