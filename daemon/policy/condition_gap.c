/* Why a collection is not known as a whole, in words. */
#include "condition_parts.h"

#include "judge.h"
#include "text.h"

const char condition_cut_off[] = "there are more than are looked at";

static bool visit_nobody(struct condition_walk *walk, const struct condition_member *member)
{
    (void)walk;
    (void)member;
    return true;
}

static const char *tell_lost(struct judge *judge, const char *word, const struct thing_tie *lost)
{
    char name[TEXT_QUOTE_SIZE];

    if (lost->far > 0)
        return arena_format(judge_arena(judge), "of its %s, one that the inventory has cannot be read", word);
    if (lost->name == NULL)
        return arena_format(judge_arena(judge), "of its %s, one is not in the inventory", word);
    return arena_format(judge_arena(judge), "of its %s, \"%s\" is not in the inventory", word,
                        text_quote(name, lost->name));
}

const char *condition_gap(struct judge *judge, enum collection collection, const struct thing *thing)
{
    struct condition_walk walk = { .judge = judge, .visit = visit_nobody };

    condition_relate(&walk, collection, thing);
    if (!walk.incomplete)
        return NULL;
    if (walk.gap == condition_cut_off)
        return arena_format(judge_arena(judge), "of its %s, no more than %d are looked at", collection_word(collection),
                            CONDITION_MAX_RELATED);
    return walk.lost != NULL ? tell_lost(judge, collection_word(collection), walk.lost) : walk.gap;
}
