/* What condition*.c and classify.c share. */
#ifndef CONDITION_PARTS_H
#define CONDITION_PARTS_H

#include "condition.h"

/* The leaf that made a test come out as it did. */
struct condition_leaf {
    const struct thing *thing;
    const struct test *test;
    const char *missing; /* a fact of the thing without which it is open whether that belongs to a collection, or whom
                            the server trusts; NULL: the leaf is the test itself */
    bool whole;          /* of a collection: all of it is known, so nothing needs to be said of what is not */
};

/* As condition_test, with the leaf of every result, a yes too. */
enum truth condition_decide(struct judge *judge, const struct test *test, const struct thing *thing,
                            struct condition_leaf *leaf);

/* What is remembered of every and some (condition_memo.h). Recall: NULL where nothing is. */
struct condition_tied;
struct condition_kept;
const struct condition_kept *condition_recall(struct judge *judge, const struct condition_tied *tied,
                                              const struct test *test);
enum truth condition_kept_truth(const struct condition_kept *kept, const struct thing *thing,
                                struct condition_leaf *leaf);
void condition_keep(struct judge *judge, struct condition_tied *tied, const struct test *test,
                    const struct thing *thing, enum truth truth, const struct condition_leaf *leaf);

/* What a leaf says as a cause; works out values that nobody needed for the decision. */
void condition_explain(struct judge *judge, const struct condition_leaf *leaf, struct condition_cause *cause);

/* A fact's value that is there. Of a list: one of its texts. Unknown where the types do not go together. */
enum truth compare_value(const struct test *test, const struct value *found);

/* Whether an order (found below, at or above the asked: negative, 0, positive) is what compare asks; only of the four
 * that ask for an order. */
bool compare_is_order(enum compare compare);
enum truth compare_order(enum compare compare, int order);

/* Whether conditions can name it although no item has it: one of CONDITION_DERIVED. */
bool condition_is_derived(const char *fact);
enum truth condition_derive(struct judge *judge, const struct test *test, const struct thing *thing);
void condition_explain_derived(struct judge *judge, const struct test *test, const struct thing *thing,
                               struct condition_cause *cause);

/* COMPARE_TRUSTED_BY; the leaf is filled where a fact is missing. */
enum truth condition_trusts(struct judge *judge, const struct test *test, const struct thing *thing,
                            struct condition_leaf *leaf);

/* A related thing. in: whether it is a member is certain, or hangs on a fact that is missing. */
struct condition_member {
    const struct thing *thing;
    enum truth in; /* TRUTH_YES or TRUTH_UNKNOWN */
    const struct thing *about;
    const char *missing; /* the fact of about that would tell */
};

/* A walk through a collection. visit is given each member and returns whether it wants more. */
struct condition_walk {
    struct judge *judge;
    bool (*visit)(struct condition_walk *walk, const struct condition_member *member);
    const struct thing *origin;    /* whose collection it is; NULL: nothing is known of it */
    struct condition_member shade; /* of all that is offered now: what it came through is no certain member itself */
    size_t looked;                 /* ties so far */
    bool incomplete;               /* there are more, of which nothing is known */
    const char *gap;               /* why, where it is incomplete; the first reason; NULL: because of `lost` */
    const struct thing_tie *lost;  /* the first tie whose far end is not known */
    bool done;
};

/* Walks; visit and judge are set by the caller, the rest is zero. */
void condition_relate(struct condition_walk *walk, enum collection collection, const struct thing *thing);

extern const char condition_cut_off[]; /* the gap where a collection has more than are looked at */

/* Why a collection that is incomplete is so, in a sentence in the session's arena; NULL where nothing tells. */
const char *condition_gap(struct judge *judge, enum collection collection, const struct thing *thing);

/* Parts of that for condition_volumes.c. The far end of a tie, NULL where nothing is known of it or it is none of
 * these kinds (then *other tells so); counts it. */
const struct thing *condition_far(struct condition_walk *walk, const struct thing_tie *tie, const char *const *kinds);
void condition_offer(struct condition_walk *walk, const struct condition_member *member);

/* Whether the server that is judged for holds a data source; nobody is judged for: it does. */
enum truth condition_of_server(struct condition_walk *walk, const struct thing *source);
void condition_volumes(struct condition_walk *walk, const struct thing *thing);

#endif
