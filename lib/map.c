#include "map.h"

#include "hash.h"
#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void map_finish(struct map *map)
{
    free(map->slots);
    *map = MAP_EMPTY;
}

static bool is_key(const struct map_entry *entry, uint64_t hash, const char *key, size_t length)
{
    return entry->hash == hash && entry->length == length && memcmp(entry->key, key, length) == 0;
}

/* The slot that has the key, or the free one where it belongs. There is always a free one. */
static struct map_entry *find(const struct map *map, uint64_t hash, const char *key, size_t length)
{
    size_t at = hash & (map->capacity - 1);

    while (map->slots[at].key != NULL && !is_key(&map->slots[at], hash, key, length))
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

static uint64_t hash_of(const char *key, size_t length)
{
    return hash64(hash_process_key(), key, length);
}

void *map_get_bytes(const struct map *map, const char *key, size_t length)
{
    if (map->count == 0)
        return NULL;
    return find(map, hash_of(key, length), key, length)->value;
}

static void grow(struct map *map)
{
    struct map bigger = { .count = map->count, .capacity = map->capacity == 0 ? 16 : map->capacity * 2 };

    bigger.slots = mem_new(bigger.capacity, sizeof *bigger.slots);
    for (size_t i = 0; i < map->capacity; i++) {
        const struct map_entry *entry = &map->slots[i];

        if (entry->key != NULL)
            *find(&bigger, entry->hash, entry->key, entry->length) = *entry;
    }
    free(map->slots);
    *map = bigger;
}

void *map_put_bytes(struct map *map, const char *key, size_t length, void *value)
{
    uint64_t hash = hash_of(key, length);
    struct map_entry *entry;
    void *old;

    /* At three quarters the way to a free slot is still short. */
    if (map->count >= map->capacity / 4 * 3)
        grow(map);
    entry = find(map, hash, key, length);
    old = entry->value;
    if (entry->key == NULL)
        map->count++;
    *entry = (struct map_entry){ key, length, hash, value };
    return old;
}

/* Closes the gap: what stands behind it up to the next free slot moves up, unless that would put it before the slot
 * its hash asks for. So no marks of removed entries pile up. */
static void close_gap(struct map *map, size_t gap)
{
    size_t mask = map->capacity - 1;

    for (size_t at = (gap + 1) & mask; map->slots[at].key != NULL; at = (at + 1) & mask) {
        size_t wanted = map->slots[at].hash & mask;

        if (((at - wanted) & mask) >= ((at - gap) & mask)) {
            map->slots[gap] = map->slots[at];
            gap = at;
        }
    }
    map->slots[gap] = (struct map_entry){ 0 };
}

void *map_remove_bytes(struct map *map, const char *key, size_t length)
{
    struct map_entry *entry;
    void *value;

    if (map->count == 0)
        return NULL;
    entry = find(map, hash_of(key, length), key, length);
    if (entry->key == NULL)
        return NULL;
    value = entry->value;
    map->count--;
    close_gap(map, (size_t)(entry - map->slots));
    return value;
}

const struct map_entry *map_next(const struct map *map, size_t *at)
{
    while (*at < map->capacity) {
        const struct map_entry *entry = &map->slots[(*at)++];

        if (entry->key != NULL)
            return entry;
    }
    return NULL;
}

void *map_get(const struct map *map, const char *key)
{
    return map_get_bytes(map, key, strlen(key));
}

void *map_put(struct map *map, const char *key, void *value)
{
    return map_put_bytes(map, key, strlen(key), value);
}

void *map_remove(struct map *map, const char *key)
{
    return map_remove_bytes(map, key, strlen(key));
}
