#include "things_ahead.h"

/* Numbers as close as that are worth reading together, so many at once. */
enum { SPREAD = 2, AT_ONCE = 256 };

static const struct way {
    const char *relation;
    bool outward;
} ways[] = {
    { "runs_on", true },  { "may_run_on", true }, { "hosted_on", true },  { "part_of", true },
    { "part_of", false }, { "member_of", true },  { "member_of", false },
};

static void note_way(number_vec *fars, const struct thing *thing, const struct way *way)
{
    const struct thing_tie *tie;
    size_t at = 0, count = 0;

    while (count++ < THINGS_AHEAD_TIES && (tie = thing_tie(thing, way->relation, way->outward, &at)) != NULL) {
        if (tie->far > 0)
            vec_push(fars, tie->far);
    }
}

void things_ahead_note(number_vec *fars, const struct thing *thing)
{
    for (size_t i = 0; thing->tie_count > 0 && i < sizeof ways / sizeof *ways; i++)
        note_way(fars, thing, &ways[i]);
}

bool things_ahead_next(const number_vec *fars, size_t *at, int64_t *low, int64_t *high)
{
    size_t first = *at, end = first + 1;

    if (first == fars->count)
        return false;
    while (end < fars->count && end - first < AT_ONCE && fars->items[end] - fars->items[end - 1] <= SPREAD)
        end++;
    *low = fars->items[first];
    *high = fars->items[end - 1];
    *at = end;
    return true;
}
