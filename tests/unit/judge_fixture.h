/* Backup servers, and a world of things to be judged by the matrix of judge_matrix_made.h. */
#ifndef JUDGE_FIXTURE_H
#define JUDGE_FIXTURE_H

#include "judge_matrix_made.h"

#include "judge.h"

enum { FIXTURE_THINGS = 512, FIXTURE_FACTS = 32, FIXTURE_TIES = 72 };

struct fixture_thing {
    struct thing thing;
    struct attribute facts[FIXTURE_FACTS];
    struct thing_tie ties[FIXTURE_TIES];
    const char *kinds[4];
    struct unread unread[4];
};

struct fixture {
    struct world world;
    struct arena arena;
    struct matrix matrix;
    struct estate estate;
    struct estate_server servers[3];
    struct estate_rule rules[4];
    struct fixture_thing *things[FIXTURE_THINGS];
    size_t thing_count;
    struct judge *judge;
};

/* ------------------------------------------------------------------------------------------------------ world ---- */

static const struct thing *fixture_find(struct world *world, int64_t id)
{
    struct fixture *fixture = (struct fixture *)world;

    return id < 1 || (size_t)id > fixture->thing_count ? NULL : &fixture->things[id - 1]->thing;
}

static struct fixture_thing *thing_add(struct fixture *fixture, const char *kind, const char *name)
{
    struct fixture_thing *made = arena_alloc(&fixture->arena, sizeof *made);

    assert_true(fixture->thing_count < FIXTURE_THINGS);
    fixture->things[fixture->thing_count++] = made;
    made->kinds[0] = kind;
    made->thing = (struct thing){ .id = (int64_t)fixture->thing_count,
                                  .kind = kind,
                                  .name = name,
                                  .kinds = made->kinds,
                                  .kind_count = 1,
                                  .facts = made->facts,
                                  .ties = made->ties,
                                  .unread = made->unread };
    return made;
}

static void fact_set(struct fixture_thing *made, const char *name, struct value value)
{
    size_t at = made->thing.fact_count;

    for (size_t i = 0; i < made->thing.fact_count; i++) {
        if (strcmp(made->facts[i].name, name) == 0) {
            made->facts[i].value = value;
            return;
        }
    }
    assert_true(at < FIXTURE_FACTS);
    for (; at > 0 && strcmp(made->facts[at - 1].name, name) > 0; at--)
        made->facts[at] = made->facts[at - 1];
    made->facts[at] = (struct attribute){ .name = name, .value = value };
    made->thing.fact_count++;
}

static inline void fact_text(struct fixture_thing *made, const char *name, const char *text)
{
    fact_set(made, name, (struct value){ .type = VALUE_TEXT, .text = text });
}

static inline void fact_int(struct fixture_thing *made, const char *name, int64_t number)
{
    fact_set(made, name, (struct value){ .type = VALUE_INT, .number = number });
}

static inline void fact_bool(struct fixture_thing *made, const char *name, bool truth)
{
    fact_set(made, name, (struct value){ .type = VALUE_BOOL, .truth = truth });
}

static inline void fact_remove(struct fixture_thing *made, size_t at)
{
    memmove(&made->facts[at], &made->facts[at + 1], (made->thing.fact_count - at - 1) * sizeof made->facts[0]);
    made->thing.fact_count--;
}

static int tie_compare(const struct thing_tie *one, const struct thing_tie *other)
{
    int order = strcmp(one->relation, other->relation);

    if (order != 0)
        return order;
    if (one->outward != other->outward)
        return one->outward ? -1 : 1;
    return (one->far > other->far) - (one->far < other->far);
}

static void tie_put(struct fixture_thing *made, struct thing_tie tie)
{
    size_t at = made->thing.tie_count;

    assert_true(at < FIXTURE_TIES);
    for (; at > 0 && tie_compare(&made->ties[at - 1], &tie) > 0; at--)
        made->ties[at] = made->ties[at - 1];
    made->ties[at] = tie;
    made->thing.tie_count++;
}

static inline void tie_add(struct fixture_thing *from, const char *relation, struct fixture_thing *far)
{
    tie_put(from, (struct thing_tie){ .relation = relation, .outward = true, .far = far->thing.id });
    tie_put(far, (struct thing_tie){ .relation = relation, .far = from->thing.id });
}

/* ---------------------------------------------------------------------------------------------------- session ---- */

static void fixture_judge(struct fixture *fixture)
{
    struct judge_setting setting = {
        .matrix = &fixture->matrix, .estate = &fixture->estate, .world = &fixture->world, .now = NOW
    };

    judge_destroy(fixture->judge);
    fixture->judge = judge_create(&setting);
}

static void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    arena_init(&fixture->arena, ARENA_PLAIN);
    fixture->world.find = fixture_find;
    fixture->servers[0] = (struct estate_server){
        .name = "backup01", .product = "mabs-v2", .installation = "physical", .os = "Windows Server 2016"
    };
    fixture->estate = (struct estate){ .servers = fixture->servers, .server_count = 1, .rules = fixture->rules };
    fixture_matrix(&fixture->arena, &fixture->matrix);
    fixture_judge(fixture);
}

static void fixture_finish(struct fixture *fixture)
{
    judge_destroy(fixture->judge);
    arena_finish(&fixture->arena);
}

static inline const struct verdict *verdict_by(struct fixture *fixture, struct fixture_thing *made, enum method method)
{
    size_t count;
    const struct verdict *verdicts = judge_thing(fixture->judge, &made->thing, &count);

    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].method == method)
            return &verdicts[i];
    }
    return NULL;
}

/* A machine that says everything the conditions ask of it. */
static inline struct fixture_thing *machine_add(struct fixture *fixture, const char *name, const char *build)
{
    struct fixture_thing *made = thing_add(fixture, "machine", name);

    fact_text(made, "os.build", build);
    fact_text(made, "os.arch", "x64");
    fact_text(made, "os.family", "windows");
    fact_int(made, "os.sku", 7);
    fact_text(made, "wmf.version", "5.1");
    fact_text(made, "hardware.manufacturer", "Dell Inc.");
    return made;
}

static inline struct fixture_thing *host_add(struct fixture *fixture, const char *name, const char *build)
{
    struct fixture_thing *made = thing_add(fixture, "hyperv_host", name);

    fact_text(made, "os.build", build);
    fact_int(made, "os.sku", 7);
    fact_text(made, "hardware.manufacturer", "Dell Inc.");
    return made;
}

static inline struct fixture_thing *guest_add(struct fixture *fixture, const char *name, const char *build)
{
    struct fixture_thing *made = thing_add(fixture, "vm", name);

    fact_text(made, "guest.build", build);
    fact_text(made, "guest.family", "windows");
    fact_text(made, "guest.arch", "x64");
    return made;
}

#endif
