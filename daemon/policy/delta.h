/* What a new record of an item changes in what is remembered of it. Pure.
 *
 * Not read is not absent: under the prefixes that the new record marks as unread, what is remembered stays, records no
 * change, and keeps the time when it was last read. */
#ifndef DELTA_H
#define DELTA_H

#include "arena.h"
#include "item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DELTA_NEVER INT64_MIN

/* What is remembered. */
struct delta_before {
    struct item item;       /* sorted (item_sort) */
    const int64_t *read_at; /* for each of item.unread: when it was last read, or DELTA_NEVER */
    int64_t seen_at;        /* when the item was last seen, or DELTA_NEVER */
};

struct delta_attribute {
    const char *name;
    const struct value *from, *to; /* NULL: there was, or is, none */
};

struct delta_link {
    const struct link *link;
};

struct delta {
    struct item merged;    /* what is to be remembered, sorted; its unread sections are those of the new record */
    int64_t *read_at;      /* for each of merged.unread */
    bool unread_differs;   /* sections, reasons or times are not what is remembered */
    bool identity_changed; /* something by which items of several sources are told to be one */
    struct delta_attribute *attributes; /* those that changed, by name */
    size_t attribute_count;
    struct delta_link *added, *removed; /* into merged.links and before->item.links */
    size_t added_count, removed_count;
    const struct link *moved_from, *moved_to; /* runs_on, where its far end is another; in added and removed too */
};

/* Fills delta, whose memory is the arena's and that of both records. after is sorted. before NULL: the item is new, so
 * that nothing counts as changed. What is remembered under an unread prefix and would break a limit of item.h beside
 * what is new is let go, and counts as changed. */
void delta_make(struct delta *delta, const struct delta_before *before, struct item *after, struct arena *arena);

/* Whether the item needs an entry of its own in the history beside that it moved. */
bool delta_is_change(const struct delta *delta);

/* Whether the link is part of the move. */
bool delta_is_move(const struct delta *delta, const struct link *link);

#endif
