#include "sent_things.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const struct thing *find(struct world *world, int64_t id)
{
    const struct sent_things *things = (const struct sent_things *)world;

    return id >= 1 && (size_t)id <= things->count ? &things->things[id - 1] : NULL;
}

static int compare_facts(const void *one, const void *other)
{
    return strcmp(((const struct attribute *)one)->name, ((const struct attribute *)other)->name);
}

static int compare_ties(const void *one, const void *other)
{
    const struct thing_tie *a = one, *b = other;
    int order = strcmp(a->relation, b->relation);

    if (order == 0)
        order = (int)b->outward - (int)a->outward;
    return order != 0 ? order : (a->far > b->far) - (a->far < b->far);
}

static int64_t id_of(const struct mock *mock, const char *kind, const char *key)
{
    for (size_t i = 0; i < mock_item_count(mock, NULL); i++)
        if (strcmp(mock_item_at(mock, i)->kind, kind) == 0 && strcmp(mock_item_at(mock, i)->key, key) == 0)
            return (int64_t)i + 1;
    return 0;
}

static void make(struct sent_things *things, struct thing *thing, const struct item *item)
{
    struct attribute *facts =
        arena_bytes(&things->arena, item->attributes, item->attribute_count * sizeof *item->attributes);

    if (item->attribute_count > 1)
        qsort(facts, item->attribute_count, sizeof *facts, compare_facts);
    thing->id = thing - things->things + 1;
    thing->kind = item->kind;
    thing->kinds = arena_bytes(&things->arena, &item->kind, sizeof item->kind);
    thing->kind_count = 1;
    thing->name = item_text(item, "id.name");
    thing->facts = facts;
    thing->fact_count = item->attribute_count;
    thing->unread = item->unread;
    thing->unread_count = item->unread_count;
}

static void add_tie(struct sent_things *things, struct thing *thing, struct thing_tie tie)
{
    struct thing_tie *ties = arena_alloc(&things->arena, (thing->tie_count + 1) * sizeof *ties);

    if (thing->tie_count > 0)
        memcpy(ties, thing->ties, thing->tie_count * sizeof *ties);
    ties[thing->tie_count++] = tie;
    qsort(ties, thing->tie_count, sizeof *ties, compare_ties);
    thing->ties = ties;
}

/* The far end by its key, or by the fact that names it. */
static int64_t far_end(const struct sent_things *things, const struct mock *mock, const struct link *link)
{
    if (link->key != NULL)
        return id_of(mock, link->kind, link->key);
    for (size_t i = 0; i < things->count; i++) {
        const struct thing *thing = &things->things[i];
        const char *text = thing_is(thing, link->kind) ? thing_text(thing, link->attribute) : NULL;

        if (text != NULL && strcmp(text, link->value) == 0)
            return thing->id;
    }
    return 0;
}

/* As the store has it: of one end that is named as several kinds, what nobody shows is not missed. */
static bool is_elsewhere(const struct sent_things *things, const struct mock *mock, const struct item *item,
                         const struct link *link)
{
    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *other = &item->links[i];

        if (link->key == NULL && other->key == NULL && strcmp(other->relation, link->relation) == 0 &&
            strcmp(other->value, link->value) == 0 && far_end(things, mock, other) != 0)
            return true;
    }
    return false;
}

static void tie(struct sent_things *things, const struct mock *mock, struct thing *thing, const struct item *item,
                const struct link *link)
{
    int64_t far = far_end(things, mock, link);
    const char *name = link->key != NULL ? link->key : link->value;

    if (far == 0 && is_elsewhere(things, mock, item, link))
        return;
    add_tie(things, thing, (struct thing_tie){ link->relation, true, far, link->kind, name });
    if (far != 0)
        add_tie(things, &things->things[far - 1], (struct thing_tie){ link->relation, false, thing->id, NULL, NULL });
}

void sent_things_init(struct sent_things *things, const struct mock *mock)
{
    sent_things_init_beside(things, mock, NULL, 0);
}

void sent_things_init_beside(struct sent_things *things, const struct mock *mock, const struct item *const *others,
                             size_t count)
{
    size_t sent = mock_item_count(mock, NULL);

    memset(things, 0, sizeof *things);
    arena_init(&things->arena, ARENA_PLAIN);
    things->world.find = find;
    things->count = sent + count;
    things->things = arena_alloc(&things->arena, things->count * sizeof *things->things);
    for (size_t i = 0; i < things->count; i++)
        make(things, &things->things[i], i < sent ? mock_item_at(mock, i) : others[i - sent]);
    for (size_t i = 0; i < things->count; i++) {
        const struct item *item = i < sent ? mock_item_at(mock, i) : others[i - sent];
        for (size_t j = 0; j < item->link_count; j++)
            tie(things, mock, &things->things[i], item, &item->links[j]);
    }
}

void sent_things_finish(struct sent_things *things)
{
    arena_finish(&things->arena);
}

const struct thing *sent_things_find(const struct sent_things *things, const struct mock *mock, const char *kind,
                                     const char *key)
{
    int64_t id = id_of(mock, kind, key);

    if (id == 0)
        fail_msg("there is no %s %s", kind, key);
    return &things->things[id - 1];
}
