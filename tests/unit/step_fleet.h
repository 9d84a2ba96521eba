/* A fleet of one, judged by the real judge, for the tests of steps: a thing, what it runs on, a backup server. */
#ifndef STEP_FLEET_H
#define STEP_FLEET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge.h"
#include "matrix_sample.h"
#include "step.h"

#include <string.h>

/* A fleet of one: a thing, what it runs on, and a backup server. A test sets rows, products and facts before it asks.
 */
enum { FACTS = 4, THINGS = 8 };

struct fleet {
    struct world world; /* first: find() gets it back */
    struct arena arena;
    struct thing things[THINGS]; /* by id - 1 */
    struct attribute facts[THINGS][FACTS];
    struct edition editions[2];
    size_t edition_count;
    struct estate_server server;
    struct estate estate;
    const struct ruling *ruling; /* NULL: none */
    struct matrix matrix;
    struct judge *judge;
};

static const char *const machine_kinds[] = { "machine" };

static inline const struct thing *find(struct world *world, int64_t id)
{
    struct fleet *fleet = (struct fleet *)world;

    return id >= 1 && id <= THINGS && fleet->things[id - 1].id == id ? &fleet->things[id - 1] : NULL;
}

static inline int start(void **state)
{
    struct fleet *fleet = test_calloc(1, sizeof *fleet);

    arena_init(&fleet->arena, ARENA_PLAIN);
    fleet->world.find = find;
    fleet->server = (struct estate_server){ .name = "MABS01", .product = "mabs-v2", .installation = "physical" };
    fleet->estate = (struct estate){ .servers = &fleet->server, .server_count = 1 };
    *state = fleet;
    return 0;
}

static inline int finish(void **state)
{
    struct fleet *fleet = *state;

    judge_destroy(fleet->judge);
    arena_finish(&fleet->arena);
    test_free(fleet);
    return 0;
}

static inline struct thing *add_thing(struct fleet *fleet, int64_t id, const char *const *kind, const char *name)
{
    fleet->things[id - 1] = (struct thing){
        .id = id, .kind = kind[0], .name = name, .kinds = kind, .kind_count = 1, .facts = fleet->facts[id - 1]
    };
    return &fleet->things[id - 1];
}

/* Sets a fact, or changes it; new ones come in the order of their names. */
static inline void set(struct fleet *fleet, struct thing *thing, const char *name, struct value value)
{
    struct attribute *facts = fleet->facts[thing->id - 1];

    for (size_t i = 0; i < thing->fact_count; i++) {
        if (strcmp(facts[i].name, name) == 0) {
            facts[i].value = value;
            return;
        }
    }
    assert_true(thing->fact_count < FACTS);
    assert_true(thing->fact_count == 0 || strcmp(facts[thing->fact_count - 1].name, name) < 0);
    facts[thing->fact_count++] = (struct attribute){ name, value };
}

static inline void set_text(struct fleet *fleet, struct thing *thing, const char *name, const char *text)
{
    set(fleet, thing, name, (struct value){ .type = VALUE_TEXT, .text = text });
}

static inline struct edition *add_rows(struct fleet *fleet, const char *const *products, size_t product_count,
                                       struct entry_row *rows, size_t count)
{
    struct edition *edition = &fleet->editions[fleet->edition_count++];

    *edition = (struct edition){
        .name = "edition", .products = products, .product_count = product_count, .rows = rows, .row_count = count
    };
    edition->readings[0] = edition->readings[1] = edition->readings[2] = READING_WORKLOAD;
    edition->readings[5] = READING_SERVER;
    return edition;
}

static const char *const all_products[] = { "mabs-v1", "mabs-v2", "mabs-v3", "mabs-v3-ur1", "dpm-2016", "dpm-2022" };

#define ADD_ROWS(fleet, rows) add_rows(fleet, all_products, SAMPLE_COUNT(all_products), rows, SAMPLE_COUNT(rows))

/* Judges anew what the fleet is now. */
static inline const struct verdict *judge_again(struct fleet *fleet, int64_t id, enum method method)
{
    struct judge_setting setting = {
        .matrix = &fleet->matrix, .estate = &fleet->estate, .world = &fleet->world, .now = SAMPLE_NOW
    };
    const struct verdict *verdicts;
    size_t count;

    judge_destroy(fleet->judge);
    fleet->matrix = sample_matrix(&fleet->arena, fleet->editions, fleet->edition_count);
    fleet->matrix.rulings = fleet->ruling;
    fleet->matrix.ruling_count = fleet->ruling != NULL;
    fleet->judge = judge_create(&setting);
    verdicts = judge_thing(fleet->judge, find(&fleet->world, id), &count);
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].method == method)
            return &verdicts[i];
    }
    fail_msg("no protection by %s", method_word(method));
    return NULL;
}

/* A machine with a version of Windows, on bare metal. */
static inline struct thing *add_machine(struct fleet *fleet, const char *build)
{
    struct thing *thing = add_thing(fleet, 1, machine_kinds, "RTM-APP02");

    set_text(fleet, thing, "hardware.manufacturer", "Contoso");
    set_text(fleet, thing, "os.build", build);
    return thing;
}

static const struct value four[] = { { .type = VALUE_TEXT, .text = "4.0" } };
static const struct test wmf_test = {
    .type = TEST_FACT, .fact = "wmf.version", .compare = COMPARE_AT_LEAST, .values = four, .value_count = 1
};
static const struct condition wmf = {
    .name = "R5",
    .id = "R5",
    .text = "Windows Management Framework 4.0 is installed.",
    .test = &wmf_test,
    .effect = EFFECT_VERDICT,
    .step = STEP_UPDATE,
    .remedy = "Install Windows Management Framework 4.0.",
};
static const struct value gpt[] = { { .type = VALUE_TEXT, .text = "gpt" } };
static const struct test place_test = {
    .type = TEST_FACT, .fact = "x.place", .compare = COMPARE_IS, .values = gpt, .value_count = 1
};
static const struct condition place = {
    .name = "R1",
    .id = "R1",
    .text = "It lies elsewhere.",
    .test = &place_test,
    .effect = EFFECT_VERDICT,
    .step = STEP_FILE_SYSTEM,
    .remedy = "Format it. Then copy it.",
};

static inline void assert_step(const struct verdict *verdict, enum step_type type, const char *text)
{
    assert_non_null(verdict->step.text);
    assert_string_equal(verdict->step.text, text);
    assert_int_equal(verdict->step.type, type);
}

#endif
