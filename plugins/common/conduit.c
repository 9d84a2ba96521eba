#include "conduit.h"

#include "mem.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct conduit {
    pthread_mutex_t lock; /* of all below but the ring's bytes, each of which belongs to one side at a time */
    pthread_cond_t changed;
    uint64_t written, read; /* bytes since the beginning */
    uint64_t end;           /* of the reply that is read; where has_end */
    bool has_end, closed;
    size_t lent; /* bytes that the reader looks at */
    size_t size;
    char *ring;
};

struct conduit *conduit_create(size_t size)
{
    struct conduit *conduit = mem_new(1, sizeof *conduit);

    pthread_mutex_init(&conduit->lock, NULL);
    pthread_cond_init(&conduit->changed, NULL);
    conduit->size = size;
    conduit->ring = mem_new(size, 1);
    return conduit;
}

void conduit_destroy(struct conduit *conduit)
{
    if (conduit == NULL)
        return;
    pthread_mutex_destroy(&conduit->lock);
    pthread_cond_destroy(&conduit->changed);
    free(conduit->ring);
    free(conduit);
}

static size_t smaller(size_t one, size_t other)
{
    return one < other ? one : other;
}

static size_t smallest(size_t one, size_t two, size_t three)
{
    return smaller(one, smaller(two, three));
}

/* ------------------------------------------------------------------------------------------------- the writer ---- */

/* How many bytes may be written now in one piece; 0: closed. */
static size_t wait_for_room(struct conduit *conduit, size_t wanted)
{
    size_t room;

    pthread_mutex_lock(&conduit->lock);
    while (conduit->written - conduit->read == conduit->size && !conduit->closed)
        pthread_cond_wait(&conduit->changed, &conduit->lock);
    room = smallest(wanted, conduit->size - (size_t)(conduit->written - conduit->read),
                    conduit->size - (size_t)(conduit->written % conduit->size));
    if (conduit->closed)
        room = 0;
    pthread_mutex_unlock(&conduit->lock);
    return room;
}

static bool is_batch(const struct conduit *conduit, size_t bytes)
{
    return bytes >= smaller(CONDUIT_BATCH, conduit->size);
}

static void add(struct conduit *conduit, size_t size)
{
    pthread_mutex_lock(&conduit->lock);
    conduit->written += size;
    if (is_batch(conduit, (size_t)(conduit->written - conduit->read)))
        pthread_cond_signal(&conduit->changed);
    pthread_mutex_unlock(&conduit->lock);
}

bool conduit_write(struct conduit *conduit, const char *bytes, size_t size)
{
    while (size > 0) {
        size_t part = wait_for_room(conduit, size);

        if (part == 0)
            return false;
        memcpy(conduit->ring + conduit->written % conduit->size, bytes, part);
        add(conduit, part);
        bytes += part;
        size -= part;
    }
    return !conduit_is_closed(conduit);
}

bool conduit_end(struct conduit *conduit)
{
    bool open;

    pthread_mutex_lock(&conduit->lock);
    while (conduit->has_end && !conduit->closed)
        pthread_cond_wait(&conduit->changed, &conduit->lock);
    open = !conduit->closed;
    conduit->end = conduit->written;
    conduit->has_end = true;
    pthread_cond_signal(&conduit->changed);
    pthread_mutex_unlock(&conduit->lock);
    return open;
}

/* ------------------------------------------------------------------------------------------------- the reader ---- */

static size_t available(const struct conduit *conduit)
{
    return (size_t)((conduit->has_end ? conduit->end : conduit->written) - conduit->read);
}

static void give_back(struct conduit *conduit)
{
    if (conduit->lent == 0)
        return;
    conduit->read += conduit->lent;
    conduit->lent = 0;
    pthread_cond_signal(&conduit->changed);
}

size_t conduit_read(struct conduit *conduit, const char **bytes)
{
    size_t at;

    pthread_mutex_lock(&conduit->lock);
    give_back(conduit);
    while (!conduit->has_end && !is_batch(conduit, available(conduit)))
        pthread_cond_wait(&conduit->changed, &conduit->lock);
    at = (size_t)(conduit->read % conduit->size);
    conduit->lent = smallest(available(conduit), conduit->size - at, CONDUIT_BATCH);
    *bytes = conduit->ring + at;
    pthread_mutex_unlock(&conduit->lock);
    return conduit->lent;
}

void conduit_next(struct conduit *conduit)
{
    pthread_mutex_lock(&conduit->lock);
    conduit->has_end = false;
    pthread_cond_signal(&conduit->changed);
    pthread_mutex_unlock(&conduit->lock);
}

void conduit_close(struct conduit *conduit)
{
    pthread_mutex_lock(&conduit->lock);
    conduit->closed = true;
    pthread_cond_broadcast(&conduit->changed);
    pthread_mutex_unlock(&conduit->lock);
}

bool conduit_is_closed(struct conduit *conduit)
{
    bool closed;

    pthread_mutex_lock(&conduit->lock);
    closed = conduit->closed;
    pthread_mutex_unlock(&conduit->lock);
    return closed;
}
