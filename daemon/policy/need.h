/* What a verdict asks of people: to act, to decide, or to look. */
#ifndef NEED_H
#define NEED_H

#include "verdict.h"

#include <stdbool.h>

/* From the least to the most. */
enum need {
    NEED_NOTHING,
    NEED_LOOK,   /* unknown, conditional; anything else that asks nothing, where it is stale */
    NEED_DECIDE, /* deprecated; unlisted, but for what is newer or older than all that is listed */
    NEED_ACT,    /* unsupported, contradictory, unlisted as newer or older */
};

enum need need_of(enum verdict_word word, enum verdict_class class, bool stale);

const char *need_word(enum need need); /* act, decide, look; "" for nothing */

#endif
