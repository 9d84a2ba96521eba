/* What is supposed is what comes of it: motley fleets are judged under another product, or with other facts, once by
 * supposing and once in earnest, and every verdict is compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "motley.h"
#include "points.h"

#include "estate.h"
#include "knowledge.h"
#include "map.h"
#include "query_suppose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLEETS = 12 };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ------------------------------------------------------------------------------------------------------ estate ---- */

/* What the fleet is judged by: the published matrix, three servers, and rules that give them out. */
struct bench {
    struct test_world *world;
    struct knowledge *knowledge;
    const struct matrix *matrix;
    struct estate_server servers[MOTLEY_SERVERS];
    struct estate_rule rules[4];
    struct estate estate;
    struct basis basis;
    int64_t changes; /* that were told in all fleets */
};

static void come_into_force(struct bench *bench)
{
    bench->estate.hash = estate_hash(&bench->estate);
    bench->basis = basis_make(bench->matrix, &bench->estate);
    bench->world->basis = &bench->basis;
}

static const char *any_product(const struct bench *bench)
{
    const struct edition *edition = &bench->matrix->editions[points_random((unsigned)bench->matrix->edition_count)];

    return edition->products[points_random((unsigned)edition->product_count)];
}

static void make_estate(struct bench *bench)
{
    for (size_t i = 0; i < MOTLEY_SERVERS; i++)
        bench->servers[i] = (struct estate_server){ .name = motley_servers[i],
                                                    .product = any_product(bench),
                                                    .installation = i == 0 ? NULL : installation_words[i % 3] };
    bench->rules[0] = (struct estate_rule){ .where = { .name = "m-1*" }, .server = motley_servers[1], .by = "any" };
    bench->rules[1] = (struct estate_rule){ .where = { .name = "m-2*" }, .server = motley_servers[2], .by = "image" };
    bench->rules[2] = (struct estate_rule){ .where = { .kind = "sql_instance" }, .owner = "database \"team\"" };
    bench->rules[3] = (struct estate_rule){ .where = { .attribute = "vm.template", .value = "true" },
                                            .by = "none",
                                            .reason = "it is no machine" };
    bench->estate = (struct estate){ bench->servers, MOTLEY_SERVERS, bench->rules, COUNT(bench->rules), { 0 } };
    come_into_force(bench);
}

static void use_product(struct bench *bench, const char *product)
{
    for (size_t i = 0; i < MOTLEY_SERVERS; i++)
        bench->servers[i].product = product;
    come_into_force(bench);
}

static void judge_all(struct bench *bench, uint64_t *changed)
{
    struct rejudge_result result;

    *changed = 0;
    do {
        if (!rejudge_slice(bench->world->store, &bench->basis, bench->world->now, 1000, true, &result,
                           &bench->world->err))
            fail_msg("%s", bench->world->err.text);
        *changed += result.changed;
    } while (result.more);
}

/* ---------------------------------------------------------------------------------------------------- verdicts ---- */

/* What people are told of a protection. */
struct told {
    const char *verdict, *class, *product, *workload, *version, *installation, *reason, *step;
    bool seen;
};

static const char *text_of(struct test_world *world, struct sql_query *rows, int column)
{
    return sql_is_null(rows, column) ? "" : arena_text(&world->arena, sql_text(rows, column));
}

static size_t read_told(struct test_world *world, struct map *all)
{
    struct sql_query rows;

    sql_query(
        &rows, &world->sql,
        "SELECT asset || '/' || method || '/' || server, verdict, class, product, workload, version, installation,"
        " reason, step FROM protection");
    while (sql_row(&rows)) {
        struct told *told = arena_alloc(&world->arena, sizeof *told);
        const char **texts[] = { &told->verdict, &told->class,        &told->product, &told->workload,
                                 &told->version, &told->installation, &told->reason,  &told->step };

        for (size_t i = 0; i < COUNT(texts); i++)
            *texts[i] = text_of(world, &rows, (int)i + 1);
        assert_null(map_put(all, text_of(world, &rows, 0), told));
    }
    assert_true(sql_done(&rows, &world->err));
    return all->count;
}

static const char *some(const char *text)
{
    return text == NULL ? "" : text;
}

static void assert_side(const struct query_supposed_change *change, const struct query_side *side, struct map *all,
                        bool step)
{
    char key[256];
    struct told *told;

    if (side->verdict == NULL)
        return;
    snprintf(key, sizeof key, "%lld/%s/%s", (long long)change->asset, side->method, change->server);
    told = map_get(all, key);
    if (told == NULL)
        fail_msg("%s is not recorded", key);
    told->seen = true;
    assert_string_equal(told->verdict, side->verdict);
    assert_string_equal(told->class, side->class);
    assert_string_equal(told->product, some(side->product));
    assert_string_equal(told->workload, side->workload);
    assert_string_equal(told->version, side->version);
    assert_string_equal(told->installation, side->installation);
    assert_string_equal(told->reason, some(side->reason));
    if (step)
        assert_string_equal(told->step, some(side->step));
}

/* What is told to change, does so; what is not, keeps its word. */
static void assert_came_true(struct test_world *world, const struct query_supposed *supposed, struct map *before,
                             struct map *after)
{
    const struct map_entry *entry;
    size_t at = 0;

    for (size_t i = 0; i < supposed->count; i++) {
        assert_side(&supposed->list[i], &supposed->list[i].before, before, false);
        assert_side(&supposed->list[i], &supposed->list[i].after, after, true);
    }
    while ((entry = map_next(after, &at)) != NULL) {
        const struct told *now = entry->value, *then = map_get(before, entry->key);

        if (now->seen)
            continue;
        if (then == NULL)
            fail_msg("%s came, and was not told", entry->key);
        if (strcmp(then->verdict, now->verdict) != 0 || strcmp(then->class, now->class) != 0)
            fail_msg("%s was %s and is %s, and that was not told", entry->key, then->verdict, now->verdict);
    }
    for (at = 0; (entry = map_next(before, &at)) != NULL;) {
        if (!((const struct told *)entry->value)->seen && map_get(after, entry->key) == NULL)
            fail_msg("%s went, and was not told", entry->key);
    }
    (void)world;
}

static void assert_same_text(const char *one, const char *other)
{
    assert_string_equal(one == NULL ? "" : one, other == NULL ? "" : other);
}

/* Each change names the group that it is told with. */
static void assert_groups(const struct query_supposed *supposed)
{
    int64_t *protections = calloc(supposed->group_count + 1, sizeof *protections);

    assert_non_null(protections);
    for (size_t i = 0; i < supposed->count; i++) {
        const struct query_supposed_change *change = &supposed->list[i];
        const struct query_supposed_group *group = &supposed->groups[change->group];

        assert_true(change->group < supposed->group_count);
        protections[change->group]++;
        assert_int_equal(change->kind, group->kind);
        assert_same_text(change->before.verdict, group->before.verdict);
        assert_same_text(change->after.verdict, group->after.verdict);
        assert_same_text(change->before.version, group->before.version);
        assert_same_text(change->after.product, group->after.product);
    }
    for (size_t i = 0; i < supposed->group_count; i++)
        assert_int_equal(protections[i], supposed->groups[i].protections);
    free(protections);
}

/* Counts and groups are what the list is, put together. */
static void assert_sums(const struct query_supposed *supposed)
{
    int64_t counted = 0, grouped = 0, of_kind[CHANGE_COUNT] = { 0 };

    assert_int_equal(supposed->count, supposed->changed);
    for (size_t i = 0; i < supposed->count; i++)
        of_kind[supposed->list[i].kind]++;
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        assert_int_equal(supposed->counts[kind].protections, of_kind[kind]);
        assert_true(supposed->counts[kind].assets <= supposed->counts[kind].protections);
        counted += supposed->counts[kind].protections;
    }
    for (size_t i = 0; i < supposed->group_count; i++)
        grouped += supposed->groups[i].protections;
    assert_int_equal(counted, supposed->changed);
    assert_int_equal(grouped, supposed->changed);
}

static void suppose(struct bench *bench, const struct query_suppose *asked, struct arena *arena,
                    struct query_supposed *supposed)
{
    struct query *query = query_open(bench->world->path, &bench->world->err);

    assert_non_null(query);
    if (!query_suppose(query, asked, bench->world->now, arena, supposed, &bench->world->err))
        fail_msg("%s", bench->world->err.text);
    query_close(query);
    assert_true(supposed->judged);
    assert_true(supposed->is_in_force);
    assert_null(supposed->other);
    assert_sums(supposed);
    assert_groups(supposed);
    bench->changes += supposed->changed;
}

/* ------------------------------------------------------------------------------------------------------- tests ---- */

static void begin(struct bench *bench, struct test_world *world, unsigned seed)
{
    uint64_t changed;

    bench->world = world;
    make_estate(bench);
    motley_scan((struct motley){ .world = world, .seed = seed });
    judge_all(bench, &changed);
    judge_all(bench, &changed);
    assert_int_equal(changed, 0);
}

static void with_world(struct bench *bench, void (*test)(struct bench *bench, unsigned seed))
{
    bench->changes = 0;
    for (unsigned i = 0; i < FLEETS; i++) {
        unsigned seed = points_random(1U << 30);
        void *world;

        assert_int_equal(world_open(&world), 0);
        begin(bench, world, seed);
        test(bench, seed);
        assert_int_equal(world_close(&world), 0);
    }
    assert_true(bench->changes > 0);
}

static void try_product(struct bench *bench, unsigned seed)
{
    const struct query_protection_filter all = { .all = true };
    const char *product = any_product(bench);
    const struct query_suppose asked = { .matrix = bench->matrix,
                                         .filter = &all,
                                         .product = products_find(bench->matrix->products, product) };
    struct map before = MAP_EMPTY, after = MAP_EMPTY;
    struct query_supposed supposed;
    struct arena arena;
    uint64_t changed;

    (void)seed;
    arena_init(&arena, ARENA_PLAIN);
    assert_true(read_told(bench->world, &before) > MOTLEY_MACHINES);
    suppose(bench, &asked, &arena, &supposed);
    assert_int_equal(supposed.compared, before.count);
    use_product(bench, product);
    judge_all(bench, &changed);
    read_told(bench->world, &after);
    assert_came_true(bench->world, &supposed, &before, &after);
    suppose(bench, &asked, &arena, &supposed);
    assert_int_equal(supposed.changed, 0);
    map_finish(&before);
    map_finish(&after);
    arena_finish(&arena);
}

static void another_product_is_what_it_would_be_in_earnest(void **state)
{
    with_world(*state, try_product);
}

#define TEXT(name, value)                                                                                              \
    {                                                                                                                  \
        name,                                                                                                          \
        {                                                                                                              \
            .type = VALUE_TEXT, .text = (value)                                                                        \
        }                                                                                                              \
    }
static const struct {
    const char *names;
    struct attribute fact;
} facts[] = {
    { "m-", TEXT("os.build", "10.0.17763") },
    { "m-1", TEXT("os.build", "6.0.6002") },
    { "m-0", TEXT("guest.build", "6.3.9600") },
    { "m-", { "os.service_pack", { .type = VALUE_INT, .number = 2 } } },
    { "m-", { "vm.template", { .type = VALUE_BOOL, .truth = true } } },
    { "m-1", TEXT("hardware.manufacturer", "Microsoft Corporation") },
    { "m-", TEXT("os.family", "linux") },
    { "host-", TEXT("os.build", "6.0.6002") },
    { "host-0", TEXT("os.build", "10.0.20348") },
    { "host-", { "hyperv.role", { .type = VALUE_BOOL, .truth = false } } },
    { "esx-", TEXT("vsphere.version", "6.7.0") },
    { "volume-", TEXT("volume.filesystem", "ReFS") },
    { "sql-", TEXT("sql.build", "13.0.5026.0") },
    { "s1", TEXT("domain.name", "example") },
};

static void try_facts(struct bench *bench, unsigned seed)
{
    const size_t which = points_random(COUNT(facts));
    const char *pattern = arena_format(&bench->world->arena, "%s*", facts[which].names);
    const struct query_protection_filter some_names = { .all = true, .name = pattern };
    const struct query_suppose asked = {
        .matrix = bench->matrix, .filter = &some_names, .facts = &facts[which].fact, .fact_count = 1
    };
    struct map before = MAP_EMPTY, after = MAP_EMPTY;
    struct query_supposed supposed;
    struct arena arena;
    uint64_t changed;

    arena_init(&arena, ARENA_PLAIN);
    read_told(bench->world, &before);
    suppose(bench, &asked, &arena, &supposed);
    motley_scan((struct motley){ bench->world, seed, facts[which].names, facts[which].fact });
    judge_all(bench, &changed);
    read_told(bench->world, &after);
    assert_came_true(bench->world, &supposed, &before, &after);
    map_finish(&before);
    map_finish(&after);
    arena_finish(&arena);
}

static void other_facts_are_what_they_would_be_in_earnest(void **state)
{
    with_world(*state, try_facts);
    with_world(*state, try_facts);
}

static int set_up(void **state)
{
    static struct bench bench;
    struct config_problems problems;

    config_problems_init(&problems);
    bench.knowledge = knowledge_load(PUBLISHED "/products.conf", PUBLISHED "/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    assert_non_null(bench.knowledge);
    bench.matrix = knowledge_matrix(bench.knowledge);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    knowledge_unload(((struct bench *)*state)->knowledge);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_product_is_what_it_would_be_in_earnest),
        cmocka_unit_test(other_facts_are_what_they_would_be_in_earnest),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
