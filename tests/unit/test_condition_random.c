#include "fake_judge.h"

#include "condition.h"

/* Random conditions about a machine, its volumes, its instance with databases and its backup server. Of random facts,
 * consistent ones, more and more are taken away: what is decided with fewer facts is what all of them say. */

enum { TREES = 20000, DEPTH = 4, VOLUMES = 3, DATABASES = 3, PROTECTED = 2 };

static uint64_t random_state = 0x6d7573746572;

/* Splitmix64: the same numbers in each run. */
static uint64_t draw(uint64_t below)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

/* ------------------------------------------------------------------------------------------------------ tables ---- */

static const struct {
    const char *name, *build, *caption;
} systems[] = {
    { "Windows Server 2012", "6.2.9200", "Windows Server 2012 Standard" },
    { "Windows Server 2012 R2", "6.3.9600", "Windows Server 2012 R2 Standard" },
    { "Windows Server 2016", "10.0.14393", "Windows Server 2016 Standard" },
};

enum { SYSTEMS = 3 };

static struct version versions[SYSTEMS];
static struct test version_tests[SYSTEMS], version_hints[SYSTEMS];
static struct family family = { "Windows Server", GROUP_OS, NULL, 0, versions, SYSTEMS };
static const struct products products = { .families = &family, .family_count = 1 };

static void make_tables(void)
{
    for (size_t i = 0; i < SYSTEMS; i++) {
        version_tests[i] = (struct test){
            .type = TEST_FACT, .fact = "os.build", .compare = COMPARE_STARTS, FAKE_TEXTS(systems[i].build)
        };
        version_hints[i] = (struct test){
            .type = TEST_FACT, .fact = "os.name", .compare = COMPARE_CONTAINS, FAKE_TEXTS(systems[i].name)
        };
        versions[i] = (struct version){
            .name = systems[i].name, .order = i, .family = &family, .test = &version_tests[i], .hint = &version_hints[i]
        };
    }
}

/* ------------------------------------------------------------------------------------------------------- world ---- */

static const char *const letters[] = { "C:\\", NULL, "D:\\", NULL, "E:\\", NULL, NULL };
static const char *const folders[] = { "C:\\Data\\x", NULL, "D:\\Data", NULL, "E:\\a\\b", NULL };
static const char *const filesystems[] = { "NTFS", "ReFS", "FAT32" };
static const char *const domains[] = { "corp.example", "x.corp.example", "dmz.example", "far.example" };
static const char *const trusts[] = { "dmz.example", NULL };

static struct thing *make_volume(struct judge *judge, struct thing *machine, size_t i)
{
    struct thing *volume = fake_thing(judge, "volume", letters[2 * i]);

    fake_list(volume, "volume.paths", draw(6) == 0 ? &letters[6] : &letters[2 * i]);
    fake_int(volume, "volume.drive_type", draw(6) == 0 ? 2 : 3);
    fake_text(volume, "volume.filesystem", filesystems[draw(3)]);
    fake_int(volume, "volume.capacity", (int64_t)draw(3));
    fake_bool(volume, "volume.dedup", draw(2) == 0);
    fake_tie(judge, volume, "part_of", machine);
    return volume;
}

static void make_database(struct judge *judge, struct thing *instance)
{
    struct thing *database = fake_thing(judge, "database", "DB");

    fake_bool(database, "database.system", draw(4) == 0);
    fake_bool(database, "database.snapshot", draw(4) == 0);
    fake_bool(database, "database.on_csv", draw(2) == 0);
    fake_tie(judge, database, "part_of", instance);
}

/* Its name and its paths lie on one volume. */
static void make_protected(struct judge *judge, struct thing *machine, struct thing *server)
{
    struct thing *protected = fake_thing(judge, "protected", "P");
    bool system = draw(3) == 0;
    size_t at = 2 * draw(3);

    fake_text(protected, "protected.type", system ? "System Protection" : "Volume");
    fake_text(protected, "protected.state", draw(4) == 0 ? "unprotected" : "protected");
    fake_text(protected, "id.name", system || draw(2) == 0 ? "Data" : letters[at]);
    if (!system)
        fake_list(protected, "protected.paths", &folders[at]);
    fake_tie(judge, protected, "protects", machine);
    fake_tie(judge, protected, "protected_by", server);
}

static struct thing *make_server(struct judge *judge)
{
    struct thing *server = fake_thing(judge, "backup_server", "MABS01");

    fake_text(server, "domain.name", domains[0]);
    fake_list(server, "domain.trusts", trusts);
    fake_text(server, "version", systems[draw(SYSTEMS)].name);
    judge->server = server;
    return server;
}

static struct thing *make_world(struct judge *judge)
{
    struct thing *machine = fake_thing(judge, "machine", "WEB01"), *server = make_server(judge);
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01");
    size_t system = draw(SYSTEMS);

    fake_text(machine, "os.build", systems[system].build);
    fake_text(machine, "os.name", systems[system].caption);
    fake_int(machine, "os.sku", (int64_t)draw(3));
    fake_text(machine, "domain.name", domains[draw(4)]);
    fake_tie(judge, instance, "hosted_on", machine);
    fake_tie(judge, machine, "uses", instance);
    for (size_t i = draw(2); i < VOLUMES; i++)
        make_volume(judge, machine, i);
    for (size_t i = draw(DATABASES + 1); i < DATABASES; i++)
        make_database(judge, instance);
    for (size_t i = draw(PROTECTED + 1); i < PROTECTED; i++)
        make_protected(judge, machine, server);
    return machine;
}

/* ------------------------------------------------------------------------------------------------------- trees ---- */

enum scope { OF_MACHINE, OF_VOLUME, OF_DATABASE, OF_INSTANCE, OF_SERVER, SCOPES };

struct question {
    const char *fact;
    enum value_type type;
};

static const struct question questions[SCOPES][4] = {
    [OF_MACHINE] = { { "version", VALUE_TEXT },
                     { "os.sku", VALUE_INT },
                     { "domain.name", VALUE_LIST },
                     { "os.build", VALUE_TEXT } },
    [OF_VOLUME] = { { "volume.filesystem", VALUE_TEXT },
                    { "volume.capacity", VALUE_INT },
                    { "volume.dedup", VALUE_BOOL },
                    { "volume.drive_type", VALUE_INT } },
    [OF_DATABASE] = { { "database.on_csv", VALUE_BOOL },
                      { "database.system", VALUE_BOOL },
                      { "name", VALUE_TEXT },
                      { "kind", VALUE_TEXT } },
    [OF_INSTANCE] = { { "sql.clustered", VALUE_BOOL },
                      { "kind", VALUE_TEXT },
                      { "name", VALUE_TEXT },
                      { "sql.build", VALUE_TEXT } },
    [OF_SERVER] = { { "version", VALUE_TEXT },
                    { "domain.trusts", VALUE_TEXT },
                    { "name", VALUE_TEXT },
                    { "domain.name", VALUE_TEXT } },
};

static const char *const texts[] = {
    "Windows Server 2012 R2", "NTFS", "ReFS", "6.3", "DB", "dmz.example", "machine", "database"
};

static struct value random_value(enum value_type type)
{
    struct value value = { .type = type };

    if (type == VALUE_TEXT)
        value.text = texts[draw(sizeof texts / sizeof texts[0])];
    else if (type == VALUE_INT)
        value.number = (int64_t)draw(3);
    else
        value.truth = draw(2) == 0;
    return value;
}

static enum compare random_compare(enum value_type type)
{
    static const enum compare of_texts[] = { COMPARE_IS,     COMPARE_IS_NOT,   COMPARE_AT_LEAST, COMPARE_BELOW,
                                             COMPARE_STARTS, COMPARE_CONTAINS, COMPARE_HAS,      COMPARE_LACKS };

    if (type == VALUE_LIST)
        return COMPARE_TRUSTED_BY;
    return of_texts[draw(type == VALUE_TEXT ? 8 : type == VALUE_INT ? 4 : 2)];
}

static struct test random_leaf(struct arena *arena, enum scope scope)
{
    const struct question *question = &questions[scope][draw(4)];
    struct value value = random_value(question->type);

    if (draw(20) == 0)
        return (struct test){ .type = TEST_UNDECIDED, .why = "no fact tells" };
    return (struct test){ .type = TEST_FACT,
                          .fact = question->fact,
                          .compare = random_compare(question->type),
                          .values = arena_bytes(arena, &value, sizeof value),
                          .value_count = 1 };
}

static const struct {
    enum scope from, to;
    enum collection collection;
} ways[] = {
    { OF_MACHINE, OF_VOLUME, COLLECTION_VOLUMES },      { OF_MACHINE, OF_INSTANCE, COLLECTION_INSTANCES },
    { OF_MACHINE, OF_SERVER, COLLECTION_SERVER },       { OF_MACHINE, OF_MACHINE, COLLECTION_MACHINE },
    { OF_INSTANCE, OF_DATABASE, COLLECTION_DATABASES }, { OF_INSTANCE, OF_MACHINE, COLLECTION_MACHINE },
    { OF_DATABASE, OF_INSTANCE, COLLECTION_INSTANCE },  { OF_VOLUME, OF_SERVER, COLLECTION_SERVER },
    { OF_SERVER, OF_SERVER, COLLECTION_SERVER },
};

static struct test random_test(struct arena *arena, enum scope scope, int depth);

static struct test random_parts(struct arena *arena, enum test_type type, enum scope scope, size_t count, int depth)
{
    struct test *parts = arena_alloc(arena, (count + 1) * sizeof *parts);

    for (size_t i = 0; i < count; i++)
        parts[i] = random_test(arena, scope, depth - 1);
    return (struct test){ .type = type, .parts = parts, .part_count = count };
}

static struct test random_related(struct arena *arena, enum scope scope, int depth)
{
    size_t way;
    struct test test;

    do
        way = draw(sizeof ways / sizeof ways[0]);
    while (ways[way].from != scope);
    test = random_parts(arena, draw(2) == 0 ? TEST_EVERY : TEST_SOME, ways[way].to, 1 + draw(2), depth);
    test.collection = ways[way].collection;
    test.empty = (enum truth)draw(3);
    return test;
}

static struct test random_test(struct arena *arena, enum scope scope, int depth)
{
    switch (depth == 0 ? 0 : draw(6)) {
    case 0: return random_leaf(arena, scope);
    case 1: return random_parts(arena, TEST_ALL, scope, 1 + draw(3), depth);
    case 2: return random_parts(arena, TEST_ANY, scope, 1 + draw(3), depth);
    case 3: return random_parts(arena, TEST_NOT, scope, 1, depth);
    default: return random_related(arena, scope, depth);
    }
}

/* ----------------------------------------------------------------------------------------------------- the law ---- */

/* A cause names something that people can look for. */
static void check_cause(enum truth truth, const struct condition_cause *cause)
{
    if (truth == TRUTH_YES)
        return;
    assert_true(cause->fact != NULL || cause->collection < COLLECTION_COUNT || cause->why != NULL ||
                cause->thing != NULL);
    if (cause->fact != NULL && truth == TRUTH_NO)
        assert_non_null(cause->value);
}

static bool forget_something(struct judge *judge)
{
    for (int tries = 0; tries < 50; tries++) {
        struct thing *thing = judge->world.things[draw(judge->world.count)];

        if (thing->fact_count > 0) {
            fake_unset(thing, thing->facts[draw(thing->fact_count)].name);
            return true;
        }
    }
    return false;
}

static void try_tree(uint64_t seed, size_t counts[3])
{
    struct judge *judge = mem_new(1, sizeof *judge);
    struct thing *machine;
    struct test test;
    enum truth full, before;

    random_state = seed;
    fake_judge_init(judge, &products);
    machine = make_world(judge);
    test = random_test(&judge->world.arena, OF_MACHINE, DEPTH);
    full = before = condition_test(judge, &test, machine, NULL);
    counts[full]++;
    do {
        struct condition_cause cause = { 0 };
        enum truth truth = condition_test(judge, &test, machine, &cause);

        check_cause(truth, &cause);
        if (truth != TRUTH_UNKNOWN && (truth != full || truth != before))
            fail_msg("seed %llu: %d with fewer facts, %d before, %d with all", (unsigned long long)seed, (int)truth,
                     (int)before, (int)full);
        before = truth;
    } while (forget_something(judge));
    fake_judge_finish(judge);
    free(judge);
}

static void what_is_decided_with_fewer_facts_is_what_all_facts_say(void **state)
{
    size_t counts[3] = { 0 };

    (void)state;
    make_tables();
    for (uint64_t seed = 1; seed <= TREES; seed++)
        try_tree(seed * 7919, counts);
    /* All three answers are there, so that the law is about something. */
    assert_true(counts[TRUTH_NO] > TREES / 10 && counts[TRUTH_YES] > TREES / 10 && counts[TRUTH_UNKNOWN] > TREES / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_decided_with_fewer_facts_is_what_all_facts_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
