#include "condition_memo.h"

#include "condition_parts.h"
#include "judge.h"

#include <string.h>

#define MAX_TIES 16 /* of a thing of which something is remembered */

/* Collections that depend on nothing of a thing but these ties of its own. */
static const struct {
    bool alone;
    const char *relations[2];
} ways[COLLECTION_COUNT] = {
    [COLLECTION_HOSTS] = { true, { "runs_on", "may_run_on" } },
    [COLLECTION_DATASTORES] = { true, { "stored_on" } },
    [COLLECTION_SERVER] = { true, { NULL } },
};

struct condition_kept {
    struct condition_kept *next;
    const struct test *test;
    const struct thing *server;
    struct condition_leaf leaf;
    enum truth truth;
    bool own; /* the leaf is about the thing itself, whichever that is */
};

void condition_memo_reset(struct condition_memo *memo)
{
    map_finish(&memo->tied);
    memset(memo->last, 0, sizeof memo->last);
}

static bool add_ties(const struct thing *thing, const char *relation, int64_t *ids, size_t *count)
{
    const struct thing_tie *tie;
    size_t at = 0;

    while ((tie = thing_tie(thing, relation, true, &at)) != NULL) {
        if (tie->far <= 0 || tie->far == thing->id || *count == MAX_TIES)
            return false;
        ids[(*count)++] = tie->far;
    }
    if (*count == MAX_TIES)
        return false;
    ids[(*count)++] = 0;
    return true;
}

static struct condition_tied *find_tied(struct condition_memo *memo, struct judge *judge, enum collection collection,
                                        const struct thing *thing)
{
    int64_t ids[MAX_TIES] = { (int64_t)collection };
    size_t count = 1;
    struct condition_tied *tied;

    for (size_t i = 0; i < 2 && ways[collection].relations[i] != NULL; i++) {
        if (thing == NULL || !add_ties(thing, ways[collection].relations[i], ids, &count))
            return NULL;
    }
    tied = map_get_bytes(&memo->tied, (const char *)ids, count * sizeof *ids);
    if (tied == NULL) {
        tied = arena_alloc(judge_arena(judge), sizeof *tied);
        map_put_bytes(&memo->tied, arena_bytes(judge_arena(judge), ids, count * sizeof *ids), count * sizeof *ids,
                      tied);
    }
    return tied;
}

struct condition_tied *condition_tied(struct condition_memo *memo, struct judge *judge, enum collection collection,
                                      const struct thing *thing)
{
    if (!ways[collection].alone)
        return NULL;
    if (ways[collection].relations[0] == NULL)
        thing = NULL;
    if (!memo->last[collection].known || memo->last[collection].thing != thing) {
        memo->last[collection].tied = find_tied(memo, judge, collection, thing);
        memo->last[collection].thing = thing;
        memo->last[collection].known = true;
    }
    return memo->last[collection].tied;
}

const struct condition_kept *condition_recall(struct judge *judge, const struct condition_tied *tied,
                                              const struct test *test)
{
    const struct thing *server = judge_server(judge);
    const struct condition_kept *kept = tied->kept;

    while (kept != NULL && (kept->test != test || kept->server != server))
        kept = kept->next;
    return kept;
}

enum truth condition_kept_truth(const struct condition_kept *kept, const struct thing *thing,
                                struct condition_leaf *leaf)
{
    *leaf = kept->leaf;
    if (kept->own)
        leaf->thing = thing;
    return kept->truth;
}

void condition_keep(struct judge *judge, struct condition_tied *tied, const struct test *test,
                    const struct thing *thing, enum truth truth, const struct condition_leaf *leaf)
{
    struct condition_kept *kept = arena_alloc(judge_arena(judge), sizeof *kept);

    *kept = (struct condition_kept){ .next = tied->kept,
                                     .test = test,
                                     .server = judge_server(judge),
                                     .leaf = *leaf,
                                     .truth = truth,
                                     .own = leaf->thing == thing };
    tied->kept = kept;
}
