/* What the configuration says is read from the database as it was written there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "estate_row.h"

#include <string.h>

static const char *const domains[] = { "corp.example", "a \"quoted\" one", "\xE2\x80\xAE right to left" };
static const struct estate_server servers[] = {
    { .name = "mabs01.corp.example",
      .product = "mabs-v2",
      .update = "UR1",
      .installation = "physical",
      .os = "Windows Server 2016",
      .domain = "corp.example",
      .site = "Ghent",
      .trusts = domains,
      .trust_count = 3 },
    { .name = "none is trusted", .trusts = domains, .trust_count = 0 },
    { .name = "nothing is said", .product = "dpm-2019" },
};
static const struct estate_rule rules[] = {
    { .where = { .workload = "sql",
                 .kind = "sql_instance",
                 .name = "a*'; DROP TABLE basis",
                 .folder = "/x/y",
                 .ou = "OU=a\\,b,DC=c",
                 .attribute = "os.name",
                 .value = "",
                 .tag = "t",
                 .target = "v/*" },
      .server = "mabs01",
      .by = "none",
      .owner = "\x01\n\t",
      .site = "s",
      .installation = "azure-stack",
      .criticality = "high",
      .reason = "a reason of \\ two \"words\"" },
    { .owner = "the rest" },
};

static int64_t store(struct test_world *world, const struct estate *estate)
{
    struct str text = STR_EMPTY;
    struct sql_query query;

    estate_row_write(&text, estate, NULL);
    sql_query(&query, &world->sql,
              "INSERT INTO basis (hash, files, estate, first_at) VALUES (randomblob(16), '[]', ?1, 1)");
    sql_bind_text(&query, 1, str_text(&text));
    if (!sql_done(&query, &world->err))
        fail_msg("%s", world->err.text);
    str_finish(&text);
    return world_number(world, "SELECT max(id) FROM basis");
}

static struct estate read(struct test_world *world, int64_t basis)
{
    struct estate estate;

    if (!estate_row_read(&world->sql, basis, &world->arena, &estate, &world->err))
        fail_msg("%s", world->err.text);
    return estate;
}

static bool same(const struct estate *one, const struct estate *other)
{
    struct hash128 a = estate_hash(one), b = estate_hash(other);

    return memcmp(&a, &b, sizeof a) == 0;
}

static void what_is_read_is_what_was_written(void **state)
{
    struct docket *docket = *state;
    const struct estate estate = { servers, 3, rules, 2, { 0 } };
    struct estate found = read(docket->world, store(docket->world, &estate));

    assert_true(same(&found, &estate));
    assert_true(found.hash.high == estate_hash(&estate).high && found.hash.low == estate_hash(&estate).low);
    assert_int_equal(found.servers[0].trust_count, 3);
    assert_string_equal(found.servers[0].trusts[2], domains[2]);
    assert_string_equal(found.rules[0].where.name, rules[0].where.name);
    assert_string_equal(found.rules[0].owner, rules[0].owner);
    assert_string_equal(found.rules[0].where.value, "");
}

/* Nobody is trusted is something else than nobody knows. */
static void an_empty_list_is_not_a_missing_one(void **state)
{
    struct docket *docket = *state;
    const struct estate estate = { servers, 3, NULL, 0, { 0 } };
    struct estate found = read(docket->world, store(docket->world, &estate));

    assert_non_null(found.servers[1].trusts);
    assert_int_equal(found.servers[1].trust_count, 0);
    assert_null(found.servers[2].trusts);
    assert_null(found.servers[2].update);
    assert_int_equal(found.rule_count, 0);
}

static void more_than_ten_stay_in_their_order(void **state)
{
    struct docket *docket = *state;
    struct estate_server many[12];
    struct estate estate = { many, 12, NULL, 0, { 0 } }, found;

    for (int i = 0; i < 12; i++)
        many[i] = (struct estate_server){ .name = arena_format(&docket->world->arena, "s%d", i) };
    found = read(docket->world, store(docket->world, &estate));
    for (int i = 0; i < 12; i++)
        assert_string_equal(found.servers[i].name, many[i].name);
}

static void a_verdict_brings_what_it_rests_on(void **state)
{
    struct docket *docket = *state;
    struct estate found;

    charter_rule(&docket->charter, &(struct estate_rule){ .owner = "ann" });
    docket_host(docket, "h1", "10.0.14393", NULL);
    docket_scan(docket);
    found = read(docket->world, world_number(docket->world, "SELECT max(id) FROM basis"));
    assert_true(same(&found, &docket->charter.estate));
}

static void one_written_by_hand_is_of_nobody(void **state)
{
    struct docket *docket = *state;
    struct estate found;

    world_run(docket->world, "INSERT INTO basis (id, hash, files, first_at) VALUES (77, x'01', '[]', 1)");
    found = read(docket->world, 77);
    assert_int_equal(found.server_count, 0);
    assert_int_equal(found.rule_count, 0);
    world_run(docket->world, "UPDATE basis SET estate = '{\"servers\":[{},{\"name\":\"a\",\"trusts\":9}]}'");
    found = read(docket->world, 77);
    assert_int_equal(found.server_count, 1);
    assert_string_equal(found.servers[0].name, "a");
    world_run(docket->world, "UPDATE basis SET estate = 'no JSON'");
    assert_false(estate_row_read(&docket->world->sql, 77, &docket->world->arena, &found, &docket->world->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_read_is_what_was_written, docket_open, docket_close),
        cmocka_unit_test_setup_teardown(an_empty_list_is_not_a_missing_one, docket_open, docket_close),
        cmocka_unit_test_setup_teardown(more_than_ten_stay_in_their_order, docket_open, docket_close),
        cmocka_unit_test_setup_teardown(a_verdict_brings_what_it_rests_on, docket_open, docket_close),
        cmocka_unit_test_setup_teardown(one_written_by_hand_is_of_nobody, docket_open, docket_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
