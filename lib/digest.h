/* A hash over a series of texts and numbers, for telling whether two things say the same.
 *
 *     struct digest digest = DIGEST_EMPTY;
 *     digest_text(&digest, name);
 *     digest_number(&digest, count);
 *     struct hash128 hash = digest_end(&digest);
 *
 * Only the same series gives the same hash: ("ab", "c") is not ("a", "bc"), NULL is not "". It is stable, so it may be
 * stored and compared later; it takes no memory. */
#ifndef DIGEST_H
#define DIGEST_H

#include "hash.h"

#include <stddef.h>
#include <stdint.h>

struct digest {
    struct hash128 state; /* of what came before the bytes that wait */
    size_t waiting;
    unsigned char bytes[512];
};

/* The bytes that wait need no start. */
#define DIGEST_EMPTY                                                                                                   \
    {                                                                                                                  \
        .state = { 0x6d75737465722e31, 0x6469676573742e31 }                                                            \
    }

void digest_text(struct digest *digest, const char *text); /* NULL is a value of its own */
void digest_texts(struct digest *digest, const char *const *texts, size_t count);
void digest_number(struct digest *digest, int64_t number);

/* The digest is of no use afterwards. */
struct hash128 digest_end(struct digest *digest);

#endif
