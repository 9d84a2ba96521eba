/* SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash whose collisions an outsider cannot compute without the
 * key. Fast enough for every record, no secret-grade promise. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash128 {
    uint64_t low, high;
};

struct hash_key {
    uint64_t low, high;
};

/* A key that stays the same for ever: for hashes that are stored and compared later. */
extern const struct hash_key hash_stable_key;

/* A key drawn once per process: for tables that hostile names must not be able to slow down. */
const struct hash_key *hash_process_key(void);

uint64_t hash64(const struct hash_key *key, const void *bytes, size_t size);
struct hash128 hash128(const struct hash_key *key, const void *bytes, size_t size);

#endif
