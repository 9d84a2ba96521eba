/* An asset as the judge sees it: what all its items say, merged, and how it relates to other assets.
 *
 * A thing is a constant. Whoever makes it (the store from its rows, a test from a table) keeps it and its texts alive
 * while somebody judges. Facts of one name are one: where an asset's items say different things, the one of the kind
 * that tells most is the fact, and the others stand in `others`.
 *
 * Texts come from targets: hostile, but within the limits of item.h. */
#ifndef THING_H
#define THING_H

#include "item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct thing_tie {
    const char *relation;    /* of the data dictionary */
    bool outward;            /* this thing says so; else the far end does */
    int64_t far;             /* id of the far end; 0: it is not in the inventory */
    const char *kind, *name; /* of the far end, as the source names it, where far is 0; may be NULL where it is not */
};

struct thing {
    int64_t id; /* above 0 */
    const char *kind, *name;
    const char *const *kinds; /* of all its items, each once, in the order of strcmp */
    size_t kind_count;
    const struct attribute *facts; /* in the order of strcmp of their names, each name once */
    size_t fact_count;
    const struct attribute *others; /* what further items say against a fact of that name; any order */
    size_t other_count;
    const struct unread *unread; /* sections that the last scan could not read; an older value may still be a fact */
    size_t unread_count;
    const struct thing_tie *ties; /* in the order of relation (strcmp), outward first, then far */
    size_t tie_count;
    const char *const *targets; /* names of the targets that see it, and the tags of these; any order */
    size_t target_count;
    const char *const *tags;
    size_t tag_count;
};

/* Where things are found by their id. NULL: there is none, or it could not be read (then the owner of the world knows).
 * A thing that was found stays valid as long as the judge's session. Embedded in whatever knows them. */
struct world {
    const struct thing *(*find)(struct world *world, int64_t id);
};

/* The order of names, that of strcmp: in a search, most are told apart by their first letter. */
static inline int thing_name_order(const char *one, const char *other)
{
    return *one != *other ? (unsigned char)*one - (unsigned char)*other : strcmp(one, other);
}

/* The value of a fact; NULL where nothing says. Of a computer, what it says itself is first: os.build, and where that
 * is missing, guest.build of its hypervisor (os.arch, os.name, os.family, os.product_type, os.service_pack likewise).
 */
const struct value *thing_fact(const struct thing *thing, const char *name);

/* The fact that stands in for this one where a computer does not say it: guest.build for os.build. NULL: none does. */
const char *thing_hearsay(const char *name);

/* The fact's text; NULL where there is none or it is no text. */
const char *thing_text(const struct thing *thing, const char *name);

/* Why a fact is missing, or is of an earlier time, in the words of the last scan; NULL where nothing says. */
const char *thing_unread(const struct thing *thing, const char *name);

bool thing_is(const struct thing *thing, const char *kind);

/* The first tie of this relation and direction at or after *at, which then leads to the next; NULL at the end. */
const struct thing_tie *thing_tie(const struct thing *thing, const char *relation, bool outward, size_t *at);

/* A value as people read it: a list with commas, at most size - 1 bytes, cut with "..." on a character. An empty list
 * is (none), an empty text (empty). A text stays as it came: what shows it, escapes it. Returns text. */
const char *thing_value_text(const struct value *value, char *text, size_t size);

#endif
