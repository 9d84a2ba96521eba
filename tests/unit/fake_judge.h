/* A judge's session of which only the parts are there that conditions and classification ask for, and a small world of
 * things to ask about. Include it in one file of a test: the functions of judge.h are defined here. */
#ifndef FAKE_JUDGE_H
#define FAKE_JUDGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "classify_memo.h"
#include "condition_memo.h"
#include "judge.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAKE_THINGS = 6000, FAKE_FACTS = 64 };

struct fake_world {
    struct world world;
    struct arena arena;
    struct thing *things[FAKE_THINGS];
    size_t count;
    const struct thing *hidden; /* is not found */
};

struct judge {
    struct arena arena;
    struct matrix matrix;
    struct judge_setting setting;
    struct classify_memo memo;
    struct condition_memo tests;
    bool remembers;
    const struct thing *server;
    const char *const *installations;
    size_t installation_count;
    struct fake_world world;
};

struct arena *judge_arena(struct judge *judge)
{
    return &judge->arena;
}

struct classify_memo *judge_classify_memo(struct judge *judge)
{
    return &judge->memo;
}

struct condition_memo *judge_condition_memo(struct judge *judge)
{
    return judge->remembers ? &judge->tests : NULL;
}

const struct judge_setting *judge_setting(const struct judge *judge)
{
    return &judge->setting;
}

const struct thing *judge_server(const struct judge *judge)
{
    return judge->server;
}

const char *const *judge_installations(struct judge *judge, const struct thing *thing, size_t *count)
{
    (void)thing;
    *count = judge->installation_count;
    return judge->installations;
}

const struct classification *judge_supposed(struct judge *judge, const struct thing *thing, enum product_group group)
{
    (void)judge, (void)thing, (void)group;
    return NULL;
}

static inline const struct thing *fake_find(struct world *world, int64_t id)
{
    struct fake_world *fake = (struct fake_world *)world;
    const struct thing *found = id > 0 && (size_t)id <= fake->count ? fake->things[id - 1] : NULL;

    return found == fake->hidden ? NULL : found;
}

static inline void fake_judge_init(struct judge *judge, const struct products *products)
{
    static const char *const installations[] = { "physical" };

    memset(judge, 0, sizeof *judge);
    arena_init(&judge->arena, ARENA_PLAIN);
    arena_init(&judge->world.arena, ARENA_PLAIN);
    classify_memo_init(&judge->memo);
    judge->matrix.products = products;
    judge->world.world.find = fake_find;
    judge->setting = (struct judge_setting){ .matrix = &judge->matrix, .world = &judge->world.world };
    judge->installations = installations;
    judge->installation_count = 1;
}

static inline void fake_judge_finish(struct judge *judge)
{
    condition_memo_reset(&judge->tests);
    classify_memo_finish(&judge->memo);
    arena_finish(&judge->arena);
    arena_finish(&judge->world.arena);
}

/* ----------------------------------------------------------------------------------------------------- things ---- */

static inline struct thing *fake_thing(struct judge *judge, const char *kind, const char *name)
{
    struct fake_world *world = &judge->world;
    struct thing *thing = arena_alloc(&world->arena, sizeof *thing);
    const char **kinds = arena_alloc(&world->arena, sizeof *kinds);

    assert_true(world->count < FAKE_THINGS);
    world->things[world->count++] = thing;
    kinds[0] = kind;
    thing->id = (int64_t)world->count;
    thing->kind = kind;
    thing->name = name;
    thing->kinds = kinds;
    thing->kind_count = 1;
    thing->facts = arena_alloc(&world->arena, FAKE_FACTS * sizeof *thing->facts);
    return thing;
}

static inline int fake_compare_facts(const void *one, const void *other)
{
    return strcmp(((const struct attribute *)one)->name, ((const struct attribute *)other)->name);
}

static inline void fake_unset(struct thing *thing, const char *name)
{
    struct attribute *facts = (struct attribute *)(uintptr_t)thing->facts;

    for (size_t i = 0; i < thing->fact_count; i++) {
        if (strcmp(facts[i].name, name) == 0) {
            facts[i] = facts[--thing->fact_count];
            qsort(facts, thing->fact_count, sizeof *facts, fake_compare_facts);
            return;
        }
    }
}

static inline void fake_set(struct thing *thing, const char *name, struct value value)
{
    struct attribute *facts = (struct attribute *)(uintptr_t)thing->facts;

    fake_unset(thing, name);
    assert_true(thing->fact_count < FAKE_FACTS);
    facts[thing->fact_count++] = (struct attribute){ name, value };
    qsort(facts, thing->fact_count, sizeof *facts, fake_compare_facts);
}

static inline void fake_text(struct thing *thing, const char *name, const char *text)
{
    fake_set(thing, name, (struct value){ .type = VALUE_TEXT, .text = text });
}

static inline void fake_int(struct thing *thing, const char *name, int64_t number)
{
    fake_set(thing, name, (struct value){ .type = VALUE_INT, .number = number });
}

static inline void fake_bool(struct thing *thing, const char *name, bool truth)
{
    fake_set(thing, name, (struct value){ .type = VALUE_BOOL, .truth = truth });
}

/* texts: an array that ends with NULL and stays. */
static inline void fake_list(struct thing *thing, const char *name, const char *const *texts)
{
    struct value value = { .type = VALUE_LIST };

    value.list.texts = texts;
    while (texts[value.list.count] != NULL)
        value.list.count++;
    fake_set(thing, name, value);
}

/* ------------------------------------------------------------------------------------------------------- ties ---- */

static inline int fake_compare_ties(const void *one, const void *other)
{
    const struct thing_tie *a = one, *b = other;
    int order = strcmp(a->relation, b->relation);

    if (order == 0)
        order = (int)b->outward - (int)a->outward;
    return order != 0 ? order : (a->far > b->far) - (a->far < b->far);
}

static inline void fake_tie_end(struct judge *judge, struct thing *thing, struct thing_tie tie)
{
    struct thing_tie *ties = (struct thing_tie *)(uintptr_t)thing->ties;
    size_t count = thing->tie_count;

    /* Grown by doubling: the old array stays in the arena. */
    if ((count & (count - 1)) == 0) {
        ties = arena_alloc(&judge->world.arena, (count == 0 ? 1 : 2 * count) * sizeof *ties);
        if (count > 0)
            memcpy(ties, thing->ties, count * sizeof *ties);
    }
    ties[count] = tie;
    thing->ties = ties;
    thing->tie_count = count + 1;
    qsort(ties, thing->tie_count, sizeof *ties, fake_compare_ties);
}

static inline void fake_tie(struct judge *judge, struct thing *from, const char *relation, struct thing *to)
{
    fake_tie_end(judge, from, (struct thing_tie){ .relation = relation, .outward = true, .far = to->id });
    fake_tie_end(judge, to, (struct thing_tie){ .relation = relation, .outward = false, .far = from->id });
}

/* To something that is not in the inventory. */
static inline void fake_tie_lost(struct judge *judge, struct thing *from, const char *relation, const char *kind)
{
    fake_tie_end(judge, from, (struct thing_tie){ relation, true, 0, kind, "somewhere" });
}

/* ------------------------------------------------------------------------------------------------------ tests ---- */

#define FAKE_TEXTS(...)                                                                                                \
    .values = (const struct value *)fake_values((const char *const[]){ __VA_ARGS__, NULL }),                           \
    .value_count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)

/* Values of so many texts; kept to the end of the program. */
static inline const struct value *fake_values(const char *const *texts)
{
    static struct value values[4096];
    static size_t used;
    size_t first = used;

    for (; *texts != NULL; texts++) {
        assert_true(used < sizeof values / sizeof values[0]);
        values[used++] = (struct value){ .type = VALUE_TEXT, .text = *texts };
    }
    return &values[first];
}

/* The names of a collection's members, those that are certain as they are, the others in brackets; "..." where there
 * are more: found by asking of each thing of the world whether some member bears its name. */
static inline const char *fake_members(struct judge *judge, enum collection collection, const struct thing *thing)
{
    static char text[1024];
    struct test named = { .type = TEST_FACT, .fact = "name", .compare = COMPARE_IS };
    struct test never = { .type = TEST_ANY };
    struct test some = { .type = TEST_SOME, .collection = collection, .empty = TRUTH_NO, .part_count = 1 };

    text[0] = '\0';
    for (size_t i = 0; i < judge->world.count; i++) {
        struct value name = { .type = VALUE_TEXT, .text = judge->world.things[i]->name };
        struct test all = { .type = TEST_ALL, .parts = &named, .part_count = 1 };
        enum truth is;

        named.values = &name;
        named.value_count = 1;
        some.parts = &all;
        is = condition_test(judge, &some, thing, NULL);
        some.parts = &never;
        if (is == TRUTH_UNKNOWN && condition_test(judge, &some, thing, NULL) == TRUTH_UNKNOWN)
            continue; /* no more than that there may be others */
        if (is != TRUTH_NO)
            snprintf(text + strlen(text), sizeof text - strlen(text), is == TRUTH_YES ? "%s " : "(%s) ", name.text);
    }
    some.parts = &never;
    if (condition_test(judge, &some, thing, NULL) == TRUTH_UNKNOWN)
        strcat(text, "...");
    return text;
}

/* A data source of a server (NULL: of one that is not known). */
static inline struct thing *fake_protected(struct judge *judge, struct thing *what, const struct thing *server,
                                           const char *type, const char *name)
{
    struct thing *protected = fake_thing(judge, "protected", name);

    if (type != NULL)
        fake_text(protected, "protected.type", type);
    if (name != NULL)
        fake_text(protected, "id.name", name);
    fake_text(protected, "protected.state", "protected");
    fake_tie(judge, protected, "protects", what);
    if (server != NULL)
        fake_tie(judge, protected, "protected_by", judge->world.things[server->id - 1]);
    return protected;
}

#endif
