/* What tests of related things came to. Many things are tied to the same ones: virtual machines to the hosts of their
 * cluster and to its datastores, everything to its backup server. */
#include "condition_parts.h"

#include "judge.h"
#include "map.h"

#include <string.h>

/* Collections that depend on nothing of a thing but these ties of its own. */
static const struct {
    bool alone;
    const char *relations[2];
} ways[COLLECTION_COUNT] = {
    [COLLECTION_HOSTS] = { true, { "runs_on", "may_run_on" } },
    [COLLECTION_DATASTORES] = { true, { "stored_on" } },
    [COLLECTION_SERVER] = { true, { NULL } },
};

struct kept {
    struct condition_leaf leaf;
    enum truth truth;
    bool own; /* the leaf is about the thing itself, whichever that is */
};

bool condition_key_make(struct judge *judge, const struct test *test, const struct thing *thing,
                        struct condition_key *key)
{
    if (!ways[test->collection].alone || judge_condition_memo(judge) == NULL)
        return false;
    key->test = test;
    key->server = judge_server(judge);
    key->count = 0;
    for (size_t i = 0; i < 2 && ways[test->collection].relations[i] != NULL; i++) {
        if (thing == NULL ||
            !thing_far_ids(thing, ways[test->collection].relations[i], key->ties, CONDITION_KEY_TIES, &key->count))
            return false;
    }
    return true;
}

static size_t key_size(const struct condition_key *key)
{
    return offsetof(struct condition_key, ties) + key->count * sizeof key->ties[0];
}

bool condition_recall(struct judge *judge, const struct condition_key *key, const struct thing *thing,
                      enum truth *truth, struct condition_leaf *leaf)
{
    const struct kept *kept = map_get_bytes(judge_condition_memo(judge), (const char *)key, key_size(key));

    if (kept == NULL)
        return false;
    *truth = kept->truth;
    *leaf = kept->leaf;
    if (kept->own)
        leaf->thing = thing;
    return true;
}

void condition_remember(struct judge *judge, const struct condition_key *key, const struct thing *thing,
                        enum truth truth, const struct condition_leaf *leaf)
{
    struct arena *arena = judge_arena(judge);
    struct kept *kept = arena_alloc(arena, sizeof *kept);

    *kept = (struct kept){ .leaf = *leaf, .truth = truth, .own = leaf->thing == thing };
    map_put_bytes(judge_condition_memo(judge), arena_bytes(arena, key, key_size(key)), key_size(key), kept);
}
