#include "hash.h"

#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Stored hashes depend on it: it never changes. */
const struct hash_key hash_stable_key = { 0x6d75737465722e31, 0x68617368206b6579 };

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static inline void mix(struct state *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 = rotate(s->v2, 32);
}

static inline void take(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s);
    mix(s);
    s->v0 ^= word;
}

/* The last word: the bytes that are left, and the size's low byte on top. */
static inline uint64_t tail(const unsigned char *bytes, size_t left, size_t size)
{
    unsigned char last[8] = { 0 };
    uint64_t word;

    if (left > 0)
        memcpy(last, bytes, left);
    last[7] = (unsigned char)size;
    memcpy(&word, last, sizeof word);
    return le64toh(word);
}

static inline struct state absorb(const struct hash_key *key, const unsigned char *bytes, size_t size, uint64_t twist)
{
    struct state s = {
        key->low ^ 0x736f6d6570736575,
        key->high ^ 0x646f72616e646f6d ^ twist,
        key->low ^ 0x6c7967656e657261,
        key->high ^ 0x7465646279746573,
    };
    size_t left;

    for (left = size; left >= 8; left -= 8) {
        uint64_t word;

        memcpy(&word, bytes, sizeof word);
        take(&s, le64toh(word));
        bytes += 8;
    }
    take(&s, tail(bytes, left, size));
    return s;
}

static inline uint64_t squeeze(struct state *s)
{
    for (int i = 0; i < 4; i++)
        mix(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t hash64(const struct hash_key *key, const void *bytes, size_t size)
{
    struct state s = absorb(key, bytes, size, 0);

    s.v2 ^= 0xff;
    return squeeze(&s);
}

struct hash128 hash128(const struct hash_key *key, const void *bytes, size_t size)
{
    struct state s = absorb(key, bytes, size, 0xee);
    struct hash128 hash;

    s.v2 ^= 0xee;
    hash.low = squeeze(&s);
    s.v1 ^= 0xdd;
    hash.high = squeeze(&s);
    return hash;
}

static struct hash_key process_key;
static pthread_once_t process_key_drawn = PTHREAD_ONCE_INIT;

static void draw_process_key(void)
{
    ssize_t got;

    do
        got = getrandom(&process_key, sizeof process_key, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof process_key) {
        fprintf(stderr, "the kernel gives no random bytes: %s\n", strerror(errno));
        abort();
    }
}

const struct hash_key *hash_process_key(void)
{
    pthread_once(&process_key_drawn, draw_process_key);
    return &process_key;
}
