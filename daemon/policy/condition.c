#include "condition_memo.h"
#include "condition_parts.h"

#include "judge.h"

#include <string.h>

/* ------------------------------------------------------------------------------------------- tests of a thing ---- */

/* What no item has, such as a version, is no text of a thing. */
static enum truth decide_same(const struct test *test, const struct thing *thing, struct condition_leaf *leaf)
{
    const char *other = test->value_count == 0 ? NULL : test->values[0].text;
    const char *text = thing == NULL ? NULL : thing_text(thing, test->fact), *wanted;

    if (text == NULL || other == NULL)
        return TRUTH_UNKNOWN;
    wanted = thing_text(thing, other);
    if (wanted == NULL)
        leaf->missing = other;
    return wanted == NULL ? TRUTH_UNKNOWN : strcasecmp(text, wanted) == 0 ? TRUTH_YES : TRUTH_NO;
}

static enum truth decide_fact(struct judge *judge, const struct test *test, const struct thing *thing,
                              struct condition_leaf *leaf)
{
    const struct value *value;

    if (test->compare == COMPARE_TRUSTED_BY)
        return condition_trusts(judge, test, thing, leaf);
    if (test->compare == COMPARE_SAME_AS)
        return decide_same(test, thing, leaf);
    if (condition_is_derived(test->fact))
        return condition_derive(judge, test, thing);
    value = thing == NULL ? NULL : thing_fact(thing, test->fact);
    return value == NULL ? TRUTH_UNKNOWN : compare_value(test, value);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as tests are, CONDITION_MAX_DEPTH at the most */

/* All and any: one part with the decisive answer is enough; else one that is unknown leaves it unknown. */
static enum truth decide_parts(struct judge *judge, const struct test *test, const struct thing *thing,
                               enum truth decisive, struct condition_leaf *leaf)
{
    enum truth result = decisive == TRUTH_NO ? TRUTH_YES : TRUTH_NO;

    for (size_t i = 0; i < test->part_count; i++) {
        struct condition_leaf own;
        enum truth truth = condition_decide(judge, &test->parts[i], thing, &own);

        if (i == 0 || truth == decisive || (truth == TRUTH_UNKNOWN && result != TRUTH_UNKNOWN))
            *leaf = own;
        if (truth == decisive)
            return truth;
        if (truth == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return result;
}

static enum truth decide_not(struct judge *judge, const struct test *test, const struct thing *thing,
                             struct condition_leaf *leaf)
{
    enum truth truth = condition_decide(judge, &test->parts[0], thing, leaf);

    if (truth == TRUTH_UNKNOWN)
        return truth;
    return truth == TRUTH_NO ? TRUTH_YES : TRUTH_NO;
}

/* ------------------------------------------------------------------------------------ tests of related things ---- */

/* What became of a collection so far. */
struct tally {
    struct condition_walk walk;
    const struct test *test;
    enum truth goal;   /* which member's answer decides alone: no of every, yes of some */
    enum truth result; /* starts as the opposite of the goal */
    bool certain;      /* something is a member for sure */
    bool perhaps;      /* something may be one */
    struct condition_leaf leaf;
    struct condition_leaf doubt; /* why a member is no certain one */
};

static void note_member(struct tally *tally, const struct condition_member *member)
{
    if (member->in == TRUTH_YES) {
        tally->certain = true;
    } else if (!tally->perhaps) {
        tally->perhaps = true;
        tally->doubt =
            (struct condition_leaf){ .thing = member->about, .test = tally->test, .missing = member->missing };
    }
}

static bool visit_member(struct condition_walk *walk, const struct condition_member *member)
{
    struct tally *tally = (struct tally *)walk;
    const struct test *test = tally->test;
    struct condition_leaf where_leaf, leaf;
    enum truth where = TRUTH_YES, that;

    note_member(tally, member);
    if (test->part_count > 1)
        where = condition_decide(walk->judge, &test->parts[1], member->thing, &where_leaf);
    if (where == TRUTH_NO)
        return true;
    that = condition_decide(walk->judge, &test->parts[0], member->thing, &leaf);
    if (that != TRUTH_UNKNOWN && that != tally->goal)
        return true;
    if (that == tally->goal && where == TRUTH_YES && member->in == TRUTH_YES) {
        tally->result = tally->goal;
        tally->leaf = leaf;
        return false;
    }
    if (tally->result == TRUTH_UNKNOWN)
        return true;
    tally->result = TRUTH_UNKNOWN;
    tally->leaf = that == TRUTH_UNKNOWN ? leaf
                  : where == TRUTH_UNKNOWN
                      ? where_leaf
                      : (struct condition_leaf){ .thing = member->about, .test = test, .missing = member->missing };
    return true;
}

/* What members of which none is a certain one say, must be what an empty collection means too. */
static void weigh_emptiness(struct tally *tally)
{
    if (tally->certain || tally->result == TRUTH_UNKNOWN || tally->walk.incomplete)
        return;
    if (!tally->perhaps) {
        tally->result = tally->test->empty;
    } else if (tally->result != tally->test->empty) {
        tally->result = TRUTH_UNKNOWN;
        tally->leaf = tally->doubt;
    }
}

static enum truth walk_related(struct judge *judge, const struct test *test, const struct thing *thing, enum truth goal,
                               struct condition_leaf *leaf)
{
    struct tally tally = {
        .walk = { .judge = judge, .visit = visit_member },
        .test = test,
        .goal = goal,
        .result = goal == TRUTH_NO ? TRUTH_YES : TRUTH_NO,
        .leaf = { .thing = thing, .test = test },
    };

    condition_relate(&tally.walk, test->collection, thing);
    if (tally.result != tally.goal) {
        weigh_emptiness(&tally);
        if (tally.walk.incomplete)
            tally.result = TRUTH_UNKNOWN;
    }
    *leaf = tally.leaf;
    if (leaf->test == test)
        leaf->whole = !tally.walk.incomplete;
    return tally.result;
}

static enum truth decide_related(struct judge *judge, const struct test *test, const struct thing *thing,
                                 enum truth goal, struct condition_leaf *leaf)
{
    struct condition_memo *memo = judge_condition_memo(judge);
    struct condition_tied *tied = memo == NULL ? NULL : condition_tied(memo, judge, test->collection, thing);
    const struct condition_kept *kept = tied == NULL ? NULL : condition_recall(judge, tied, test);
    enum truth truth;

    if (kept != NULL)
        return condition_kept_truth(kept, thing, leaf);
    truth = walk_related(judge, test, thing, goal, leaf);
    if (tied != NULL)
        condition_keep(judge, tied, test, thing, truth, leaf);
    return truth;
}

enum truth condition_decide(struct judge *judge, const struct test *test, const struct thing *thing,
                            struct condition_leaf *leaf)
{
    *leaf = (struct condition_leaf){ .thing = thing, .test = test };
    switch (test->type) {
    case TEST_FACT: return decide_fact(judge, test, thing, leaf);
    case TEST_ALL: return decide_parts(judge, test, thing, TRUTH_NO, leaf);
    case TEST_ANY: return decide_parts(judge, test, thing, TRUTH_YES, leaf);
    case TEST_NOT: return decide_not(judge, test, thing, leaf);
    case TEST_EVERY: return decide_related(judge, test, thing, TRUTH_NO, leaf);
    case TEST_SOME: return decide_related(judge, test, thing, TRUTH_YES, leaf);
    case TEST_UNDECIDED: return TRUTH_UNKNOWN;
    }
    return TRUTH_UNKNOWN;
}

/* NOLINTEND(misc-no-recursion) */

/* ----------------------------------------------------------------------------------------------------- causes ---- */

static void explain_fact(struct judge *judge, const struct condition_leaf *leaf, struct condition_cause *cause)
{
    if (condition_is_derived(leaf->test->fact)) {
        condition_explain_derived(judge, leaf->test, leaf->thing, cause);
        return;
    }
    cause->fact = leaf->test->fact;
    if (leaf->thing == NULL)
        return;
    cause->value = thing_fact(leaf->thing, cause->fact);
    if (cause->value != NULL)
        return;
    cause->why = thing_unread(leaf->thing, cause->fact);
    if (leaf->test->compare == COMPARE_TRUSTED_BY && thing_fact(leaf->thing, "domain.workgroup") != NULL) {
        cause->fact = "domain.workgroup";
        cause->value = thing_fact(leaf->thing, cause->fact);
    }
}

void condition_explain(struct judge *judge, const struct condition_leaf *leaf, struct condition_cause *cause)
{
    const struct test *test = leaf->test;

    *cause = (struct condition_cause){ .thing = leaf->thing, .collection = COLLECTION_COUNT };
    if (leaf->missing != NULL) {
        cause->fact = leaf->missing;
        cause->why = leaf->thing == NULL ? NULL : thing_unread(leaf->thing, leaf->missing);
    } else if (test->type == TEST_FACT) {
        explain_fact(judge, leaf, cause);
    } else if (test->type == TEST_EVERY || test->type == TEST_SOME) {
        cause->collection = test->collection;
        cause->why = leaf->whole ? NULL : condition_gap(judge, test->collection, leaf->thing);
    } else {
        cause->why = test->why;
    }
    if (cause->thing == judge_server(judge))
        cause->thing = NULL;
}

enum truth condition_test(struct judge *judge, const struct test *test, const struct thing *thing,
                          struct condition_cause *cause)
{
    struct condition_leaf leaf;
    enum truth truth = condition_decide(judge, test, thing, &leaf);

    if (truth != TRUTH_YES && cause != NULL)
        condition_explain(judge, &leaf, cause);
    return truth;
}
