/* What verdicts can depend on of an item's facts, small and quick to read: the column item.gist.
 *
 * It holds the facts of the table in gist.c, those that the data dictionary does not have (rules of the configuration
 * may name them; texts of at most GIST_MAX_FREE bytes, lists and bools), and the unread sections that any of these are
 * in. What counts or ticks is not among them, so that a rescan of a busy machine has the same gist.
 *
 * The form, whose numbers never change: a byte GIST_FORM; for each fact, in the order of strcmp, its number in the
 * table as one byte (GIST_FREE: its name follows as a text) and its value: the byte of enum value_type, then a text, an
 * integer (varint, zigzag), a byte, or a varint and so many texts; a byte 0; for each section two texts: prefix, why. A
 * text is a varint of its length, its bytes, and a NUL. */
#ifndef GIST_H
#define GIST_H

#include "arena.h"
#include "item.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define GIST_FORM 1
#define GIST_FREE 255
#define GIST_MAX_FREE 256

struct gist {
    struct attribute *facts; /* in the order of strcmp */
    size_t fact_count;
    struct unread *unread;
    size_t unread_count;
};

/* Appends that of an item, which is sorted (item_sort). */
void gist_write(struct str *out, const struct item *item);

/* Reads what gist_write wrote; texts lie in the arena. False where it is not that. */
bool gist_read(const void *bytes, size_t size, struct arena *arena, struct gist *gist);

/* The same out of an item, without the detour; texts are the item's. */
void gist_take(const struct item *item, struct arena *arena, struct gist *gist);

/* Whether a fact of that name can be in a gist. */
bool gist_has(const char *name);

#endif
