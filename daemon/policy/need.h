/* What a verdict asks of people: to act, to decide, or to look. */
#ifndef NEED_H
#define NEED_H

#include "matrix.h"
#include "verdict.h"

#include <stdbool.h>

/* From the least to the most. */
enum need {
    NEED_NOTHING,
    NEED_LOOK,   /* unknown, conditional; anything else that asks nothing, where it is stale */
    NEED_DECIDE, /* deprecated; unlisted, but for what is newer or older than all that is listed */
    NEED_ACT,    /* unsupported, contradictory, unlisted as newer or older */
};

/* What is published asks for. */
enum need need_of(enum verdict_word word, enum verdict_class class, bool stale);

/* What the organisation has ruled, where that is in force, decides instead: yes asks nothing, no to act, deprecated to
 * decide. ruled: 0 where nothing is. */
enum need need_ruled(enum verdict_word word, enum verdict_class class, enum answer ruled, bool stale);

/* need_ruled by the words of the database; class and ruled may be NULL. Nothing where the verdict is none. */
enum need need_of_words(const char *verdict, const char *class, const char *ruled, bool stale);

const char *need_word(enum need need); /* act, decide, look; "" for nothing */
enum need need_find(const char *word); /* NEED_NOTHING: none */

#endif
