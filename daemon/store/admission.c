#include "admission.h"

#include "change.h"
#include "delta.h"
#include "known.h"
#include "mem.h"
#include "target_row.h"

#include <stdlib.h>
#include <string.h>

static bool says_where(const struct item *item)
{
    for (size_t i = 0; i < item->link_count; i++) {
        if (strcmp(item->links[i].relation, "runs_on") == 0)
            return true;
    }
    return false;
}

/* One that another target lost, and that does not say itself where it runs: it has moved here. */
static bool note_passage(struct work *work, const struct known *known, const struct item *now, struct err *err)
{
    const char *from;

    if (!known->lost || known->gone || known->lost_by == 0 || known->lost_by == work->target.id || says_where(now))
        return true;
    if (!target_row_name(work, known->lost_by, &from, err))
        return false;
    change_note_move(work, known->id, from, work->target.name);
    return true;
}

/* An item that the scope knows, with another content than this target told last. */
static bool take_known(struct work *work, int64_t id, const struct batch_item *found, struct arena *arena,
                       struct err *err)
{
    struct assets_item touched = { .id = id };
    struct known known;
    struct delta delta;
    struct item now;

    if (!batch_read(found, arena, &now, err) || !known_load(work, id, arena, &known, err))
        return false;
    item_sort(&now);
    delta_make(&delta, &known.before, &now, arena);
    if (!known_change(work, &known, &delta, &touched.telling, err) || !known_wake(work, &known, err))
        return false;
    if (known.gone)
        work_note(work, &(struct change){ .item = id, .what = CHANGE_RETURNED });
    change_note_delta(work, id, &delta);
    touched.appeared = known.gone;
    touched.identity_changed = delta.identity_changed;
    work_touch(work, &touched);
    return note_passage(work, &known, &delta.merged, err);
}

static bool take_new(struct work *work, const struct batch_item *found, struct arena *arena, int64_t *id,
                     struct err *err)
{
    struct item now;

    if (!batch_read(found, arena, &now, err))
        return false;
    item_sort(&now);
    if (!known_add(work, &now, id, err))
        return false;
    if (*id == 0)
        return known_find(work, found->kind, found->key, id, err) && take_known(work, *id, found, arena, err);
    work_note(work, &(struct change){ .item = *id, .what = CHANGE_APPEARED });
    work_touch(work, &(struct assets_item){ .id = *id, .appeared = true });
    return true;
}

struct by_key {
    struct fresh *fresh;
};

static int compare_keys(const void *a, const void *b)
{
    const struct batch_item *x = ((const struct by_key *)a)->fresh->found;
    const struct batch_item *y = ((const struct by_key *)b)->fresh->found;
    int order = strcmp(x->kind, y->kind);

    return order != 0 ? order : strcmp(x->key, y->key);
}

/* Each table in the order of its index: a large first load otherwise touches every page many times. */
static bool take_fresh(struct work *work, struct sightings *sightings, struct arena *arena, struct err *err)
{
    size_t count = sightings->fresh.count;
    struct by_key *by_key = mem_new(count + 1, sizeof *by_key);
    bool good = true;

    for (size_t i = 0; i < count; i++)
        by_key[i].fresh = &sightings->fresh.items[i];
    qsort(by_key, count, sizeof *by_key, compare_keys);
    for (size_t i = 0; i < count && good; i++) {
        good = take_new(work, by_key[i].fresh->found, arena, &by_key[i].fresh->item, err);
        arena_reset(arena);
    }
    free(by_key);
    for (size_t i = 0; i < count && good; i++)
        good = sighting_add(work, sightings->fresh.items[i].found, sightings->fresh.items[i].item, err);
    return good;
}

static bool take_found(struct work *work, struct sightings *sightings, struct arena *arena, struct err *err)
{
    vec_each (sighting, &sightings->found) {
        if (sighting->differs && !take_known(work, sighting->item, sighting->found, arena, err))
            return false;
        if (!sighting_find(work, sighting, err))
            return false;
        arena_reset(arena);
    }
    return true;
}

bool admission_items(struct work *work, struct sightings *sightings, struct err *err)
{
    struct arena arena;
    bool good;

    arena_init(&arena, ARENA_PLAIN);
    good = take_found(work, sightings, &arena, err) && take_fresh(work, sightings, &arena, err);
    arena_finish(&arena);
    return good;
}
