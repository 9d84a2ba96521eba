/* What a session remembers of classifications: by the values of exactly those facts that the tests of a group name.
 * Embedded in the session; classify.c fills it.
 *
 *     classify_memo_init(&memo);
 *     ... classify(judge, ...) finds it by judge_classify_memo(judge) ...
 *     classify_memo_reset(&memo);   // with judge_reset: nothing that was returned is used any more
 *     classify_memo_finish(&memo);
 *
 * It depends on the tables of products alone, so most of it outlives judge_reset. */
#ifndef CLASSIFY_MEMO_H
#define CLASSIFY_MEMO_H

#include "arena.h"
#include "classify.h"
#include "map.h"

#include <stdbool.h>
#include <stddef.h>

#define CLASSIFY_MEMO_MAX 4096 /* entries; then it is emptied at the next reset, and remembers nothing until then */
#define CLASSIFY_MAX_FACTS 64  /* that the tests of one group name; where there are more, nothing is remembered */

/* What the tests of a group ask of a thing. */
struct classify_questions {
    const char *facts[CLASSIFY_MAX_FACTS]; /* in the order of strcmp */
    size_t fact_count;
    bool kind, name; /* derived facts that are part of the thing itself */
    bool further;    /* there are more facts, or they ask for what is not of the thing itself: nothing is remembered */
    bool known;      /* they are collected */
};

struct classify_memo {
    struct arena arena; /* keys and entries */
    struct map entries; /* key to struct classification */
    struct classify_questions questions[GROUP_COUNT];
    int depth; /* of classify within classify: tables whose tests ask for the version that they make */
};

void classify_memo_init(struct classify_memo *memo);
void classify_memo_finish(struct classify_memo *memo);
void classify_memo_reset(struct classify_memo *memo);

/* The questions of a group, collected at the first time. */
const struct classify_questions *classify_memo_questions(struct classify_memo *memo, const struct products *products,
                                                         enum product_group group);

/* Works a classification out, as classify.h says; it lies in the arena and borrows from the tables alone. */
struct classification *classify_survey(struct judge *judge, const struct thing *thing, enum product_group group,
                                       const struct classify_questions *questions, struct arena *arena);

/* The values of a thing that answer the questions, as bytes; two things of one key are classified alike. */
struct classify_key {
    size_t length;
    unsigned char bytes[8192];
};
void classify_key_make(struct classify_key *key, const struct classify_questions *questions, enum product_group group,
                       const struct thing *thing);

#endif
