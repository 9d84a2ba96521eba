#include "classify_memo.h"

#include "condition_parts.h"
#include "judge.h"

#include <string.h>

static const struct classification nothing_known = { .all = true };

static const struct classification *remembered(struct judge *judge, const struct thing *thing, enum product_group group)
{
    struct classify_memo *memo = judge_classify_memo(judge);
    const struct classify_questions *questions =
        classify_memo_questions(memo, judge_setting(judge)->matrix->products, group);
    struct classification *result;
    struct classify_key key;

    if (questions->further)
        return classify_survey(judge, thing, group, questions, judge_arena(judge));
    classify_key_make(&key, questions, group, thing);
    result = map_get_bytes(&memo->entries, (const char *)key.bytes, key.length);
    if (result != NULL)
        return result;
    if (memo->entries.count >= CLASSIFY_MEMO_MAX)
        return classify_survey(judge, thing, group, questions, judge_arena(judge));
    result = classify_survey(judge, thing, group, questions, &memo->arena);
    map_put_bytes(&memo->entries, arena_bytes(&memo->arena, key.bytes, key.length), key.length, result);
    return result;
}

/* Why a fact is missing is no part of what is remembered: it differs from thing to thing. */
static const struct classification *tell_why(struct judge *judge, const struct thing *thing,
                                             const struct classification *result)
{
    const char *why = NULL;
    struct classification *told;

    if (result->missing != NULL && thing->unread_count > 0)
        why = thing_unread(thing, result->missing);
    if (why == NULL)
        return result;
    told = arena_bytes(judge_arena(judge), result, sizeof *result);
    told->why = why;
    return told;
}

/* The tables may not ask for the version that they make; where they do, nothing is known at that point. */
static const struct classification *classify_own(struct judge *judge, const struct thing *thing,
                                                 enum product_group group)
{
    struct classify_memo *memo = judge_classify_memo(judge);
    const struct classification *result = judge_supposed(judge, thing, group);

    if (result != NULL)
        return result;
    if (memo->depth > 1)
        return &nothing_known;
    memo->depth++;
    result = remembered(judge, thing, group);
    memo->depth--;
    return tell_why(judge, thing, result);
}

/* ---------------------------------------------------------------------------- versions of what something is in ---- */

static const struct {
    enum product_group group;
    const char *kind, *within;
    enum collection collection;
} owners[] = {
    { GROUP_SQL, "database", "sql_instance", COLLECTION_INSTANCE },
    { GROUP_EXCHANGE, "mailbox_database", "exchange_server", COLLECTION_EXCHANGE_SERVER },
};

/* Those that own a thing; a mailbox database may be on several servers. */
struct owning {
    struct condition_walk walk;
    enum product_group group;
    const struct classification *result;
};

/* The order of family and version, in which they stand in their arrays. */
static bool stands_before(const struct version *one, const struct version *other)
{
    return one->family != other->family ? one->family < other->family : one < other;
}

/* The next of the two that are in order, each once; NULL at the end. */
static const struct version *next_candidate(const struct classification *one, size_t *i,
                                            const struct classification *other, size_t *j)
{
    const struct version *mine = *i < one->count ? one->candidates[*i] : NULL;
    const struct version *theirs = *j < other->count ? other->candidates[*j] : NULL;
    const struct version *next = mine;

    if (mine == NULL || (theirs != NULL && stands_before(theirs, mine)))
        next = theirs;
    *i += next == mine;
    *j += next == theirs;
    return next;
}

static bool is_set(const struct classification *found)
{
    return !found->all && !found->foreign;
}

/* Servers of several versions that share a database: each is a candidate, and which it is, no fact tells. */
static const struct classification *unite(struct judge *judge, const struct classification *one,
                                          const struct classification *other)
{
    const struct version *candidates[CLASSIFY_MAX], *next;
    struct classification *both;
    size_t count = 0, i = 0, j = 0;

    if (!is_set(one) || !is_set(other))
        return one->foreign && other->foreign ? one : one->all ? one : other->all ? other : &nothing_known;
    while ((next = next_candidate(one, &i, other, &j)) != NULL) {
        if (count == CLASSIFY_MAX)
            return &nothing_known;
        candidates[count++] = next;
    }
    if (count == one->count)
        return one;
    both = arena_bytes(judge_arena(judge), one, sizeof *one);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
    both->candidates = arena_bytes(judge_arena(judge), candidates, count * sizeof candidates[0]);
    both->count = count;
    return both;
}

static bool visit_owner(struct condition_walk *walk, const struct condition_member *member)
{
    struct owning *owning = (struct owning *)walk;
    const struct classification *own = classify_own(walk->judge, member->thing, owning->group);

    owning->result = owning->result == NULL ? own : unite(walk->judge, owning->result, own);
    return true;
}

static const struct classification *classify_owner(struct judge *judge, const struct thing *thing,
                                                   enum product_group group, enum collection collection)
{
    struct owning owning = { .walk = { .judge = judge, .visit = visit_owner }, .group = group };

    condition_relate(&owning.walk, collection, thing);
    return owning.result == NULL ? classify_own(judge, thing, group) : owning.result;
}

const struct classification *classify(struct judge *judge, const struct thing *thing, enum product_group group)
{
    if (thing == NULL || (size_t)group >= GROUP_COUNT)
        return &nothing_known;
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        if (owners[i].group == group && thing_is(thing, owners[i].kind) && !thing_is(thing, owners[i].within))
            return classify_owner(judge, thing, group, owners[i].collection);
    }
    return classify_own(judge, thing, group);
}

/* ---------------------------------------------------------------------------------------------------- products ---- */

const struct product *classify_product(struct judge *judge, const struct thing *thing)
{
    const struct products *products = judge_setting(judge)->matrix->products;
    const struct product *found = NULL;

    for (size_t i = 0; i < products->product_count; i++) {
        const struct product *product = &products->products[i];
        struct condition_leaf leaf;

        if (product->test == NULL || condition_decide(judge, product->test, thing, &leaf) != TRUTH_YES)
            continue;
        if (found != NULL && strcmp(found->line, product->line) != 0)
            return NULL;
        found = product;
    }
    return found;
}
