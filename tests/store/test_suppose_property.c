/* What is supposed is what comes of it: motley fleets are judged under another product, or with other facts, once by
 * supposing and once in earnest, and every verdict is compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "points.h"
#include "world.h"

#include "estate.h"
#include "knowledge.h"
#include "map.h"
#include "query_suppose.h"

#include <stdio.h>
#include <string.h>

enum { FLEETS = 12, CLUSTERS = 2, HOSTS = 5, ESXI = 3, MACHINES = 26, INSTANCES = 5 };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* -------------------------------------------------------------------------------------------------------- fleet ----
 */

/* The same seed gives the same fleet, but for what is changed in items of these names. */
struct fleet {
    struct test_world *world;
    unsigned seed;
    const char *names; /* the beginning of a name; NULL: nothing is changed */
    struct attribute fact;
};

static unsigned any(struct fleet *fleet, unsigned limit)
{
    fleet->seed = fleet->seed * 1103515245U + 12345U;
    return (fleet->seed >> 16) % limit;
}

static const char *const builds[] = { "6.0.6002",   "6.1.7600",   "6.1.7601",   "6.2.9200",   "6.3.9600",
                                      "10.0.14393", "10.0.17763", "10.0.20348", "10.0.26100", "5.2.3790" };
static const char *const systems[] = { "Microsoft Windows Server 2016 Standard",
                                       "Microsoft Windows Server 2012 R2 Datacenter",
                                       "Microsoft Windows Server 2008 R2 Enterprise", "Microsoft Windows 10 Pro",
                                       "Red Hat Enterprise Linux 7" };
static const char *const servers[] = { "s1.example", "s2.example", "s3.example" };

#define ANY(fleet, table) ((table)[any(fleet, COUNT(table))])

static struct item *item(struct fleet *fleet, const char *kind, const char *key, const char *name)
{
    struct item *made = world_item(fleet->world, kind, key);

    assert_true(item_set_text(made, "id.name", name, NULL));
    return made;
}

static void set(struct item *made, const char *fact, const char *text)
{
    assert_true(item_set_text(made, fact, text, NULL));
}

static void tie(struct item *made, const char *relation, const char *kind, const char *key)
{
    assert_true(item_link(made, &(struct link){ relation, kind, key, NULL, NULL }, NULL));
}

static void add(struct fleet *fleet, struct item *made)
{
    if (fleet->names != NULL && strncmp(item_text(made, "id.name"), fleet->names, strlen(fleet->names)) == 0)
        assert_true(item_set(made, fleet->fact.name, &fleet->fact.value, NULL));
    world_add(fleet->world, made);
}

static const char *format(struct fleet *fleet, const char *text, unsigned number)
{
    /* The texts are this file's own. */
    char name[64], *to = name;

    for (; *text != '\0'; text++)
        to += *text == '#' ? snprintf(to, 4, "%02u", number % 100) : (*to = *text, 1);
    *to = '\0';
    return arena_text(&fleet->world->arena, name);
}

static void set_system(struct fleet *fleet, struct item *made, const char *build, const char *name)
{
    if (any(fleet, 8) > 0)
        set(made, build, ANY(fleet, builds));
    if (any(fleet, 3) > 0)
        set(made, name, ANY(fleet, systems));
    if (any(fleet, 4) == 0)
        assert_true(item_unread(made, "guest.", "it is off", NULL));
}

static void add_servers(struct fleet *fleet)
{
    for (size_t i = 0; i < COUNT(servers); i++) {
        struct item *made = item(fleet, "backup_server", servers[i], servers[i]);

        set(made, "id.fqdn", servers[i]);
        add(fleet, made);
    }
}

static void add_hosts(struct fleet *fleet)
{
    for (unsigned i = 0; i < CLUSTERS; i++)
        add(fleet, item(fleet, "cluster", format(fleet, "cluster-#", i), format(fleet, "cluster-#", i)));
    for (unsigned i = 0; i < HOSTS; i++) {
        struct item *made = item(fleet, "hyperv_host", format(fleet, "host-#", i), format(fleet, "host-#", i));

        set_system(fleet, made, "os.build", "os.name");
        set(made, "hardware.manufacturer", "Dell Inc.");
        assert_true(item_set_bool(made, "hyperv.role", any(fleet, 6) > 0, NULL));
        if (any(fleet, 2) == 0)
            tie(made, "member_of", "cluster", format(fleet, "cluster-#", any(fleet, CLUSTERS)));
        add(fleet, made);
    }
    for (unsigned i = 0; i < ESXI; i++) {
        static const char *const versions[] = { "5.5.0", "6.0.0", "6.5.0", "6.7.0", "7.0.3" };
        struct item *made = item(fleet, "esxi_host", format(fleet, "esx-#", i), format(fleet, "esx-#", i));

        set(made, "vsphere.product", "VMware ESXi");
        set(made, "vsphere.version", ANY(fleet, versions));
        add(fleet, made);
    }
}

static void add_vm(struct fleet *fleet, unsigned i)
{
    struct item *made = item(fleet, "vm", format(fleet, "vm-#", i), format(fleet, "m-#", i));

    set(made, "id.uuid", format(fleet, "423f0c5e-4d6b-4f3a-8f1f-7a11c0de00#", i));
    set_system(fleet, made, "guest.build", "guest.name");
    if (any(fleet, 2) == 0) {
        set(made, "id.hyperv_guid", format(fleet, "7a11c0de-4d6b-4f3a-8f1f-7a11c0de00#", i));
        tie(made, "runs_on", "hyperv_host", format(fleet, "host-#", any(fleet, HOSTS)));
        if (any(fleet, 2) == 0)
            tie(made, "may_run_on", "cluster", format(fleet, "cluster-#", any(fleet, CLUSTERS)));
    } else {
        set(made, "id.instance_uuid", format(fleet, "5011c0de-4d6b-4f3a-8f1f-7a11c0de00#", i));
        tie(made, "runs_on", "esxi_host", format(fleet, "esx-#", any(fleet, ESXI)));
    }
    if (any(fleet, 12) == 0)
        assert_true(item_set_bool(made, "vm.template", true, NULL));
    add(fleet, made);
}

static void add_inside(struct fleet *fleet, unsigned i, bool physical)
{
    static const char *const makers[] = { "Dell Inc.", "Microsoft Corporation", "VMware, Inc." };
    struct item *made = item(fleet, "machine", format(fleet, "in-#", i), format(fleet, "m-#", i)), *volume;

    if (!physical)
        set(made, "id.uuid", format(fleet, "423f0c5e-4d6b-4f3a-8f1f-7a11c0de00#", i));
    set_system(fleet, made, "os.build", "os.name");
    set(made, "hardware.manufacturer", physical ? "Dell Inc." : ANY(fleet, makers));
    if (any(fleet, 2) == 0)
        assert_true(item_set_int(made, "os.service_pack", any(fleet, 3), NULL));
    add(fleet, made);
    volume = item(fleet, "volume", format(fleet, "in-#/D", i), format(fleet, "volume-#", i));
    set(volume, "volume.filesystem", any(fleet, 3) > 0 ? "NTFS" : "ReFS");
    assert_true(item_set_list(volume, "volume.paths", (const char *const[]){ "D:\\" }, 1, NULL));
    assert_true(item_set_int(volume, "volume.drive_type", 3, NULL));
    tie(volume, "part_of", "machine", format(fleet, "in-#", i));
    add(fleet, volume);
}

static void add_machines(struct fleet *fleet)
{
    for (unsigned i = 0; i < MACHINES; i++) {
        unsigned sort = any(fleet, 4);

        if (sort != 0)
            add_vm(fleet, i);
        if (sort < 2)
            add_inside(fleet, i, sort == 0);
        if (sort < 2 && any(fleet, 3) == 0) {
            struct item *made = item(fleet, "protected", format(fleet, "p-#", i), "D:\\");

            set(made, "protected.type", "Volume");
            set(made, "protected.state", any(fleet, 3) > 0 ? "protected" : "inactive");
            tie(made, "protected_by", "backup_server", ANY(fleet, servers));
            tie(made, "protects", "machine", format(fleet, "in-#", i));
            add(fleet, made);
        }
    }
}

static void add_instances(struct fleet *fleet)
{
    static const char *const versions[] = { "10.50.6000.34", "11.0.5058.0", "12.0.2000.8", "13.0.5026.0",
                                            "15.0.2000.5" };

    for (unsigned i = 0; i < INSTANCES; i++) {
        struct item *made = item(fleet, "sql_instance", format(fleet, "sql-#", i), format(fleet, "sql-#", i));

        set(made, "sql.build", ANY(fleet, versions));
        tie(made, "hosted_on", "machine", format(fleet, "in-#", any(fleet, MACHINES)));
        add(fleet, made);
        made = item(fleet, "database", format(fleet, "sql-#/db", i), format(fleet, "db-#", i));
        set(made, "database.recovery_model", "FULL");
        tie(made, "part_of", "sql_instance", format(fleet, "sql-#", i));
        add(fleet, made);
    }
}

static void scan(struct fleet fleet)
{
    add_servers(&fleet);
    add_hosts(&fleet);
    add_machines(&fleet);
    add_instances(&fleet);
    if (!world_scan(fleet.world, world_target(fleet.world, "all", "all"), COMPLETE))
        fail_msg("%s", fleet.world->err.text);
}

/* ------------------------------------------------------------------------------------------------------ estate ---- */

/* What the fleet is judged by: the published matrix, three servers, and rules that give them out. */
struct bench {
    struct test_world *world;
    struct knowledge *knowledge;
    const struct matrix *matrix;
    struct estate_server servers[COUNT(servers)];
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
    for (size_t i = 0; i < COUNT(servers); i++)
        bench->servers[i] = (struct estate_server){ .name = servers[i],
                                                    .product = any_product(bench),
                                                    .installation = i == 0 ? NULL : installation_words[i % 3] };
    bench->rules[0] = (struct estate_rule){ .where = { .name = "m-1*" }, .server = servers[1], .by = "any" };
    bench->rules[1] = (struct estate_rule){ .where = { .name = "m-2*" }, .server = servers[2], .by = "image" };
    bench->rules[2] = (struct estate_rule){ .where = { .kind = "sql_instance" }, .owner = "database \"team\"" };
    bench->rules[3] = (struct estate_rule){ .where = { .attribute = "vm.template", .value = "true" },
                                            .by = "none",
                                            .reason = "it is no machine" };
    bench->estate = (struct estate){ bench->servers, COUNT(servers), bench->rules, COUNT(bench->rules), { 0 } };
    come_into_force(bench);
}

static void use_product(struct bench *bench, const char *product)
{
    for (size_t i = 0; i < COUNT(servers); i++)
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
    bench->changes += supposed->changed;
}

/* ------------------------------------------------------------------------------------------------------- tests ---- */

static void begin(struct bench *bench, struct test_world *world, unsigned seed)
{
    uint64_t changed;

    bench->world = world;
    make_estate(bench);
    scan((struct fleet){ .world = world, .seed = seed });
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
    assert_true(bench->changes > FLEETS);
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
    assert_true(read_told(bench->world, &before) > MACHINES);
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
    scan((struct fleet){ bench->world, seed, facts[which].names, facts[which].fact });
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
