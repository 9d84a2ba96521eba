#include "things_load.h"

#include <stdlib.h>
#include <string.h>

/* The item that tells most comes first; of equal ones, the first that was seen. */
static int compare_rows(const void *one, const void *other)
{
    const struct things_row *a = *(const struct things_row *const *)one, *b = *(const struct things_row *const *)other;

    return a->rank != b->rank ? b->rank - a->rank : (a->id > b->id) - (a->id < b->id);
}

static int compare_texts(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* In the order of strcmp, each once. */
static size_t order_texts(const char **texts, size_t count)
{
    size_t kept = 0;

    if (count > 1)
        qsort(texts, count, sizeof *texts, compare_texts);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(texts[kept - 1], texts[i]) != 0)
            texts[kept++] = texts[i];
    }
    return kept;
}

static void merge_kinds(struct arena *arena, struct thing *thing, const struct things_row *const *rows, size_t count)
{
    const char **kinds = arena_alloc(arena, count * sizeof *kinds);

    for (size_t i = 0; i < count; i++)
        kinds[i] = rows[i]->kind;
    thing->kind_count = order_texts(kinds, count);
    thing->kinds = kinds;
}

/* Two ordered lists become one; what the second says against the first stands in others. */
static void merge_facts(struct things_load *load, struct thing *thing, const struct gist *gist)
{
    size_t at = 0, next = 0;

    vec_clear(&load->facts);
    while (at < thing->fact_count || next < gist->fact_count) {
        int order = at == thing->fact_count    ? 1
                    : next == gist->fact_count ? -1
                                               : strcmp(thing->facts[at].name, gist->facts[next].name);

        if (order == 0 && !value_same(&thing->facts[at].value, &gist->facts[next].value))
            vec_push(&load->others, gist->facts[next]);
        if (order <= 0)
            vec_push(&load->facts, thing->facts[at]);
        else
            vec_push(&load->facts, gist->facts[next]);
        at += order <= 0;
        next += order >= 0;
    }
    thing->fact_count = load->facts.count;
    if (load->facts.count > 0)
        thing->facts =
            arena_bytes(&load->things->arena, load->facts.items, load->facts.count * sizeof *load->facts.items);
}

static void merge_unread(struct arena *arena, struct thing *thing, const struct things_row *const *rows, size_t count)
{
    struct unread *unread;
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += rows[i]->gist.unread_count;
    if (total == 0)
        return;
    unread = arena_alloc(arena, total * sizeof *unread);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < rows[i]->gist.unread_count; j++)
            unread[thing->unread_count++] = rows[i]->gist.unread[j];
    }
    thing->unread = unread;
}

static void merge_rows(struct things_load *load, struct thing *thing, const struct things_row *const *rows,
                       size_t count)
{
    struct arena *arena = &load->things->arena;

    merge_kinds(arena, thing, rows, count);
    merge_unread(arena, thing, rows, count);
    thing->facts = rows[0]->gist.facts;
    thing->fact_count = rows[0]->gist.fact_count;
    vec_clear(&load->others);
    for (size_t i = 1; i < count; i++)
        merge_facts(load, thing, &rows[i]->gist);
    thing->other_count = load->others.count;
    if (load->others.count > 0)
        thing->others = arena_bytes(arena, load->others.items, load->others.count * sizeof *load->others.items);
}

static void take_rows(struct things_load *load, struct thing *thing, size_t *at)
{
    const struct things_row *all = load->rows.items, **rows;
    size_t count = 0;

    while (*at < load->rows.count && all[*at].asset < thing->id)
        ++*at;
    while (*at + count < load->rows.count && all[*at + count].asset == thing->id)
        count++;
    if (count == 0)
        return;
    rows = arena_alloc(&load->things->arena, count * sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = &all[*at + i];
    if (count > 1)
        qsort(rows, count, sizeof *rows, compare_rows);
    merge_rows(load, thing, rows, count);
    *at += count;
}

static void take_ties(struct things_load *load, struct thing *thing, size_t *at)
{
    const struct things_tie *all = load->ties.items;
    struct thing_tie *ties;
    size_t count = 0;

    while (*at < load->ties.count && all[*at].asset < thing->id)
        ++*at;
    while (*at + count < load->ties.count && all[*at + count].asset == thing->id)
        count++;
    if (count == 0)
        return;
    ties = arena_alloc(&load->things->arena, count * sizeof *ties);
    for (size_t i = 0; i < count; i++)
        ties[i] = all[*at + i].tie;
    thing->ties = ties;
    thing->tie_count = count;
    *at += count;
}

/* What the one target of most says can be shared by all that it sees. */
static void share_target(struct arena *arena, struct thing *thing, const struct things_target *target)
{
    const char **names = arena_alloc(arena, sizeof *names);

    names[0] = target->name;
    thing->targets = names;
    thing->target_count = 1;
    thing->tags = target->tags;
    thing->tag_count = target->tag_count;
}

static void join_targets(struct arena *arena, struct thing *thing, const struct things_sight *sights, size_t count)
{
    const char **names = arena_alloc(arena, count * sizeof *names), **tags;
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        names[i] = sights[i].target->name;
        total += sights[i].target->tag_count;
    }
    tags = arena_alloc(arena, (total + 1) * sizeof *tags);
    total = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sights[i].target->tag_count; j++)
            tags[total++] = sights[i].target->tags[j];
    }
    thing->targets = names;
    thing->target_count = order_texts(names, count);
    thing->tags = tags;
    thing->tag_count = order_texts(tags, total);
}

static void take_sights(struct things_load *load, struct thing *thing, size_t *at)
{
    const struct things_sight *all = load->sights.items;
    size_t count = 0;

    while (*at < load->sights.count && all[*at].asset < thing->id)
        ++*at;
    while (*at + count < load->sights.count && all[*at + count].asset == thing->id)
        count++;
    if (count == 1)
        share_target(&load->things->arena, thing, all[*at].target);
    else if (count > 1)
        join_targets(&load->things->arena, thing, &all[*at], count);
    *at += count;
}

void things_merge(struct things_load *load, struct thing *thing, struct things_place *place)
{
    take_rows(load, thing, &place->row);
    take_ties(load, thing, &place->tie);
    take_sights(load, thing, &place->sight);
}
