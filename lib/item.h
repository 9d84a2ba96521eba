/* One inventory record: raw facts about one thing, as a plugin saw it.
 *
 *     struct arena arena;
 *     struct item item;
 *     arena_init(&arena, ARENA_PLAIN);
 *     item_init(&item, &arena, "vm", "4217-...");
 *     item_set_text(&item, "os.name", "Windows Server 2016", &err);
 *
 * An item's memory is its arena's; it has nothing to finish. The setters copy what they are given and enforce the
 * limits below: each returns false with a sentence (class protocol) and leaves the item as it was. Text must be valid
 * UTF-8; a NULL text is refused. A setter looks through what is there, so 512 attributes cost 131,000 comparisons of
 * names: under a millisecond. */
#ifndef ITEM_H
#define ITEM_H

#include "arena.h"
#include "err.h"
#include "hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The plugin ABI promises these numbers (plugins/muster_plugin.h). */
enum {
    ITEM_MAX_KEY = 1024,       /* bytes of a key */
    ITEM_MAX_NAME = 128,       /* bytes of a kind, a relation, an attribute's name or an unread section's prefix */
    ITEM_MAX_TEXT = 65536,     /* bytes of a text, of one element of a list, or of a link's identity fact */
    ITEM_MAX_LIST = 4096,      /* elements of a list */
    ITEM_MAX_ATTRIBUTES = 512, /* of an item */
    ITEM_MAX_LINKS = 4096,     /* of an item */
    ITEM_MAX_UNREAD = 64,      /* of an item */
    ITEM_MAX_WHY = 1024,       /* bytes of the reason of an unread section */
    ITEM_MAX_BYTES = 1000000,  /* of an item, counted as its member bytes says */
};

/* The numbers go into stored hashes: they never change. */
enum value_type { VALUE_TEXT = 1, VALUE_INT, VALUE_BOOL, VALUE_LIST };

struct value {
    enum value_type type;
    union {
        const char *text;
        int64_t number;
        bool truth;
        struct {
            const char *const *texts;
            size_t count;
        } list;
    };
};

struct attribute {
    const char *name;
    struct value value;
};

/* The far end is named by key, or where it belongs to another source (key is NULL) by an identity fact. */
struct link {
    const char *relation;
    const char *kind;
    const char *key;
    const char *attribute;
    const char *value;
};

/* An attribute, or all that start with the prefix when it ends in '.', was not read; why says so in words. */
struct unread {
    const char *prefix;
    const char *why;
};

struct item {
    struct arena *arena;
    const char *kind;
    const char *key;
    struct attribute *attributes; /* in the order set; item_sort orders them by name */
    size_t attribute_count, attribute_capacity;
    struct link *links;
    size_t link_count, link_capacity;
    struct unread *unread;
    size_t unread_count, unread_capacity;
    size_t bytes; /* of all texts, and 6 for each text, 9 for each number, bool, type and list: what a frame takes */
};

/* Starts a record. Does not check kind and key: item_check does. A NULL is taken as "", which item_check refuses. */
void item_init(struct item *item, struct arena *arena, const char *kind, const char *key);

/* Whether kind and key are what they must be. */
bool item_check(const struct item *item, struct err *err);

/* Set or replace one attribute. A list keeps its order and may be empty. */
bool item_set_text(struct item *item, const char *name, const char *text, struct err *err);
bool item_set_int(struct item *item, const char *name, int64_t number, struct err *err);
bool item_set_bool(struct item *item, const char *name, bool truth, struct err *err);
bool item_set_list(struct item *item, const char *name, const char *const *texts, size_t count, struct err *err);

/* The general form of the four above. */
bool item_set(struct item *item, const char *name, const struct value *value, struct err *err);

/* Exactly one of key and (attribute, value) is given; the rest is NULL. */
bool item_link(struct item *item, const struct link *link, struct err *err);

/* A second reason for the same prefix replaces the first. */
bool item_unread(struct item *item, const char *prefix, const char *why, struct err *err);

/* The attribute's value, NULL where the item has none of that name. Valid until the item is changed or sorted. */
const struct value *item_get(const struct item *item, const char *name);

/* The attribute's text, NULL where the item has none or it is no text. */
const char *item_text(const struct item *item, const char *name);

/* Orders attributes, links and unread sections by their content, so that two equal items look the same. A link that
 * is there twice is kept once. */
void item_sort(struct item *item);

/* A hash of the content (attributes, links, unread sections) that does not depend on the order they came in.
 * Sorts the item. The order within a list counts. What is hashed is written down in item_hash.c and never changes. */
struct hash128 item_hash(struct item *item);

/* A hash of kind and key alone, as stable. */
struct hash128 item_identity(const char *kind, const char *key);

/* Whether both are of one type and say the same; of lists, in the same order. */
bool value_same(const struct value *a, const struct value *b);

/* Whether text is a name: lower-case letters, digits and _ in parts joined by single dots, starting with a letter, at
 * most ITEM_MAX_NAME bytes ("os.build", "disk.0.path"). A word is a name of one part ("vm"). */
bool item_is_name(const char *text);
bool item_is_word(const char *text);

#endif
