#include "thing_suppose.h"

static bool is_set(const char *name, const struct attribute *facts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (thing_name_order(facts[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Both are in order: of one name, what is supposed is taken. */
static void merge(struct thing *supposed, const struct thing *thing, const struct attribute *facts, size_t count,
                  struct arena *arena)
{
    struct attribute *merged = arena_alloc(arena, (thing->fact_count + count + 1) * sizeof *merged);
    size_t own = 0, set = 0, at = 0;

    while (own < thing->fact_count || set < count) {
        int order = own == thing->fact_count ? 1
                    : set == count           ? -1
                                             : thing_name_order(thing->facts[own].name, facts[set].name);

        merged[at++] = order < 0 ? thing->facts[own] : facts[set];
        own += order <= 0;
        set += order >= 0;
    }
    supposed->facts = merged;
    supposed->fact_count = at;
}

static void drop_others(struct thing *supposed, const struct thing *thing, const struct attribute *facts, size_t count,
                        struct arena *arena)
{
    struct attribute *others = arena_alloc(arena, (thing->other_count + 1) * sizeof *others);

    supposed->other_count = 0;
    for (size_t i = 0; i < thing->other_count; i++) {
        if (!is_set(thing->others[i].name, facts, count))
            others[supposed->other_count++] = thing->others[i];
    }
    supposed->others = others;
}

/* A section stays: it hides more than these. */
static void drop_unread(struct thing *supposed, const struct thing *thing, const struct attribute *facts, size_t count,
                        struct arena *arena)
{
    struct unread *unread = arena_alloc(arena, (thing->unread_count + 1) * sizeof *unread);

    supposed->unread_count = 0;
    for (size_t i = 0; i < thing->unread_count; i++) {
        if (!is_set(thing->unread[i].prefix, facts, count))
            unread[supposed->unread_count++] = thing->unread[i];
    }
    supposed->unread = unread;
}

const struct thing *thing_suppose(const struct thing *thing, const struct attribute *facts, size_t count,
                                  struct arena *arena)
{
    struct thing *supposed = arena_alloc(arena, sizeof *supposed);

    *supposed = *thing;
    merge(supposed, thing, facts, count, arena);
    drop_others(supposed, thing, facts, count, arena);
    drop_unread(supposed, thing, facts, count, arena);
    return supposed;
}
