#include "removal.h"

static const char advice[] = "look whether its account may still read them; if they are really gone, accept it";

static size_t limit_of(size_t had)
{
    size_t share = had / 100 * REMOVAL_SHARE + had % 100 * REMOVAL_SHARE / 100;

    return share > REMOVAL_ITEMS ? share : REMOVAL_ITEMS;
}

static bool is_emptied(const struct removal_kind *kind)
{
    return kind->had > 0 && kind->missing >= kind->had;
}

bool removal_waits(const struct removal_kind *kinds, size_t count, struct str *why)
{
    const struct removal_kind *emptied = NULL;
    size_t had = 0, missing = 0;

    for (size_t i = 0; i < count; i++) {
        had += kinds[i].had;
        missing += kinds[i].missing;
        if (is_emptied(&kinds[i]) && (emptied == NULL || kinds[i].had > emptied->had))
            emptied = &kinds[i];
    }
    if (missing > limit_of(had))
        str_format(why, "%zu of its %zu items are missing, more than the %zu that may go at once; %s", missing, had,
                   limit_of(had), advice);
    else if (emptied == NULL)
        return false;
    else if (emptied->had == 1)
        str_format(why, "the only item of kind %s is missing; %s", emptied->kind, advice);
    else
        str_format(why, "all %zu items of kind %s are missing; %s", emptied->had, emptied->kind, advice);
    return true;
}
