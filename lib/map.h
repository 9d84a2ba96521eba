/* A table from names to pointers.
 *
 *     struct map targets = MAP_EMPTY;
 *     map_put(&targets, target->name, target);
 *     struct target *found = map_get(&targets, "vc01");
 *
 *     size_t at = 0;
 *     const struct map_entry *entry;
 *     while ((entry = map_next(&targets, &at)) != NULL)
 *         target_destroy(entry->value);
 *     map_finish(&targets);
 *
 * Keys are borrowed: the caller keeps them alive and unchanged while they are in the table. A value is never NULL, and
 * is the caller's. Keys are hashed with the process key, so that hostile names cannot slow the table down. A key may
 * hold any bytes: the _bytes forms take its length, the others take C strings, and both name the same keys. */
#ifndef MAP_H
#define MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_entry {
    const char *key; /* NULL: the slot is free */
    size_t length;
    uint64_t hash;
    void *value;
};

struct map {
    struct map_entry *slots;
    size_t count;
    size_t capacity; /* 0 or a power of two */
};

#define MAP_EMPTY ((struct map){ 0 })

/* Frees the table; not the keys, not the values. */
void map_finish(struct map *map);

/* The value, NULL where there is none. */
void *map_get(const struct map *map, const char *key);
void *map_get_bytes(const struct map *map, const char *key, size_t length);

/* Sets key and value. Returns the value that was there, NULL where there was none; the key that was there is replaced
 * too, so that it may die with its value. */
void *map_put(struct map *map, const char *key, void *value);
void *map_put_bytes(struct map *map, const char *key, size_t length, void *value);

/* Takes an entry out. Returns its value, NULL where there was none. */
void *map_remove(struct map *map, const char *key);
void *map_remove_bytes(struct map *map, const char *key, size_t length);

/* The next entry in no useful order, NULL at the end; *at is 0 at the start. The table must not change meanwhile. */
const struct map_entry *map_next(const struct map *map, size_t *at);

#endif
