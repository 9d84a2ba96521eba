/* What targets say may be made to cost: what is looked at is bounded, and what lies beyond is told. */
#include "judge_parts.h"
#include "judge_testing.h"

#include <stdio.h>

/* More ties than a thing of the fixture has room for. */
static void tie_many(struct fixture_thing *made, const struct thing_tie *ties, size_t count)
{
    made->thing.ties = arena_bytes(&fixture.arena, ties, count * sizeof *ties);
    made->thing.tie_count = count;
}

/* A source that says of so many servers, none of which is in the inventory, that they protect the machine. */
static struct fixture_thing *protected_by_many(size_t count)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    struct fixture_thing *source = thing_add(&fixture, "protected", "source");
    struct thing_tie *ties = arena_alloc(&fixture.arena, count * sizeof *ties);

    for (size_t i = 0; i < count; i++)
        ties[i] = (struct thing_tie){ "protected_by", true, 0, "backup_server",
                                      arena_format(&fixture.arena, "server%05zu", i) };
    tie_many(source, ties, count);
    tie_put(made, (struct thing_tie){ .relation = "protects", .far = source->thing.id });
    return made;
}

static void servers_that_nobody_configured_are_few(void **state)
{
    struct fixture_thing *made = protected_by_many(4000);
    const struct verdict *verdicts;
    size_t count;

    (void)state;
    verdicts = judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 17);
    assert_string_equal(verdicts[0].server, "server00000");
    assert_string_equal(verdicts[16].server, "(others: too many are named)");
    assert_word(verdicts[16].word, VERDICT_UNKNOWN);
}

static void as_many_servers_as_are_looked_at_are_all_told(void **state)
{
    struct fixture_thing *made = protected_by_many(16);
    const struct verdict *verdicts;
    size_t count;

    (void)state;
    verdicts = judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 16);
    assert_string_equal(verdicts[15].server, "server00015");
}

static void a_configured_server_has_its_place_behind_any_others(void **state)
{
    struct fixture_thing *made = protected_by_many(4000);
    const struct verdict *verdicts;
    size_t count;

    (void)state;
    protect(made, thing_add(&fixture, "backup_server", "backup01"), "Volume");
    verdicts = judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 18);
    assert_string_equal(verdicts[17].server, "backup01");
}

static void ties_that_are_not_followed_any_more_are_told(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    struct fixture_thing *source = thing_add(&fixture, "protected", "source");
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "backup01");
    struct thing_tie ties[5000];
    const struct verdict *verdicts;
    size_t count;

    (void)state;
    tie_add(source, "protected_by", server);
    for (size_t i = 0; i < COUNT(ties); i++)
        ties[i] = (struct thing_tie){ .relation = "protects", .far = source->thing.id };
    tie_many(made, ties, COUNT(ties));
    verdicts = judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 2);
    assert_string_equal(verdicts[0].server, "backup01");
    assert_string_equal(verdicts[1].server, "(others: too many are named)");
}

static size_t asked;

static const struct thing *ask_server(struct world *world, const char *name)
{
    (void)world;
    (void)name;
    asked++;
    return NULL;
}

static void a_server_is_looked_up_once(void **state)
{
    struct fixture_thing *made = protected_by_many(10);
    size_t count;

    (void)state;
    fixture.world.server = ask_server;
    asked = 0;
    for (size_t i = 0; i < 100; i++)
        judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 10);
    assert_int_equal(asked, 10);
}

/* A cluster of so many hosts, to each of which so many ties lead. */
static struct fixture_thing *cluster_of(size_t hosts, size_t ties_each)
{
    struct fixture_thing *cluster = thing_add(&fixture, "cluster", "CL");
    struct thing_tie *ties = arena_alloc(&fixture.arena, hosts * ties_each * sizeof *ties);
    size_t count = 0;

    for (size_t i = 0; i < hosts; i++) {
        struct fixture_thing *host = host_add(&fixture, arena_format(&fixture.arena, "HV%zu", i), "10.0.14393");
        for (size_t j = 0; j < ties_each; j++)
            ties[count++] = (struct thing_tie){ .relation = "member_of", .far = host->thing.id };
    }
    tie_many(cluster, ties, count);
    return cluster;
}

static const struct verdict *image_on(struct fixture_thing *cluster)
{
    struct fixture_thing *guest = guest_add(&fixture, "WEB01", "10.0.14393");

    tie_put(guest, (struct thing_tie){ .relation = "may_run_on", .outward = true, .far = cluster->thing.id });
    return verdict_by(&fixture, guest, METHOD_IMAGE);
}

static void more_hosts_than_any_cluster_has_are_not_all_asked(void **state)
{
    const struct verdict *verdict = image_on(cluster_of(400, 1));

    (void)state;
    assert_int_equal(verdict->leg_count, 257);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "more hosts than are looked at");
}

static void as_many_hosts_as_are_asked_are_a_verdict(void **state)
{
    const struct verdict *verdict = image_on(cluster_of(256, 2));

    (void)state;
    assert_int_equal(verdict->leg_count, 256);
    assert_word(verdict->word, VERDICT_SUPPORTED);
}

static void ties_to_the_same_hosts_are_not_followed_for_ever(void **state)
{
    const struct verdict *verdict = image_on(cluster_of(2, 3000));

    (void)state;
    assert_int_equal(verdict->leg_count, 3);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "more hosts than are looked at");
}

static size_t found;

static const struct thing *count_finds(struct world *world, int64_t id)
{
    found++;
    return fixture_find(world, id);
}

/* Thirty instances, each of which says that all of them execute it: a million ways of four steps. */
static void applications_that_execute_each_other_are_not_followed_for_ever(void **state)
{
    enum { INSTANCES = 30 };
    struct fixture_thing *instances[INSTANCES];
    size_t count;

    (void)state;
    for (size_t i = 0; i < INSTANCES; i++)
        instances[i] = thing_add(&fixture, "sql_instance", arena_format(&fixture.arena, "SQL%zu", i));
    for (size_t i = 0; i < INSTANCES; i++) {
        for (size_t j = 0; j < INSTANCES; j++)
            tie_add(instances[i], "hosted_on", instances[j]);
    }
    fixture.world.find = count_finds;
    found = 0;
    judge_installations(fixture.judge, &instances[0]->thing, &count);
    assert_int_equal(count, 6);
    assert_in_range(found, 1, 2000);
}

static const struct thing *real;

static const struct thing *real_server(struct world *world, const char *name)
{
    (void)world;
    return strcasecmp(name, "backup01") == 0 ? real : NULL;
}

/* Row 11 asks for the system of the backup server: the configuration says nothing of it, so scans are asked. */
static void scanned_server(struct fixture_thing **server)
{
    *server = thing_add(&fixture, "backup_server", "BACKUP01");
    real = &(*server)->thing;
    fixture.servers[0].os = NULL;
    fixture.world.server = real_server;
    fixture_judge(&fixture);
}

static void what_two_sources_say_otherwise_of_a_backup_server_is_not_believed(void **state)
{
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "BACKUP02");
    const struct attribute other = { .name = "domain.name", .value = { .type = VALUE_TEXT, .text = "evil.example" } };
    const struct served *served;

    (void)state;
    fact_text(server, "domain.name", "corp.example");
    fact_text(server, "id.fqdn", "backup02.corp.example");
    served = judge_served(fixture.judge, &server->thing, NULL, NULL, NULL);
    assert_string_equal(thing_text(&served->thing, "domain.name"), "corp.example");
    server->thing.others = &other;
    server->thing.other_count = 1;
    fixture_judge(&fixture);
    served = judge_served(fixture.judge, &server->thing, NULL, NULL, NULL);
    assert_null(thing_text(&served->thing, "domain.name"));
    assert_string_equal(thing_text(&served->thing, "id.fqdn"), "backup02.corp.example");
}

static void a_backup_server_on_two_machines_is_on_none(void **state)
{
    struct fixture_thing *server;

    (void)state;
    scanned_server(&server);
    tie_add(server, "hosted_on", machine_add(&fixture, "BACKUP01", "6.2.9200"));
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_UNSUPPORTED, 11);
    tie_add(server, "hosted_on", machine_add(&fixture, "ELSEWHERE", "10.0.14393"));
    fixture_judge(&fixture);
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_CONDITIONAL, 11);
}

static void one_that_is_called_like_a_configured_server_does_not_speak_for_it(void **state)
{
    struct fixture_thing *server, *liar, *made = machine_add(&fixture, "ERP01", "6.2.9200");

    (void)state;
    scanned_server(&server);
    tie_add(server, "hosted_on", machine_add(&fixture, "BACKUP01", "6.2.9200"));
    liar = thing_add(&fixture, "backup_server", "backup01.evil.example");
    tie_add(liar, "hosted_on", machine_add(&fixture, "ELSEWHERE", "10.0.14393"));
    protect(made, liar, "Volume");
    assert_row(verdict_by(&fixture, made, METHOD_AGENT), VERDICT_UNSUPPORTED, 11);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(servers_that_nobody_configured_are_few),
        TEST(as_many_servers_as_are_looked_at_are_all_told),
        TEST(a_configured_server_has_its_place_behind_any_others),
        TEST(ties_that_are_not_followed_any_more_are_told),
        TEST(a_server_is_looked_up_once),
        TEST(applications_that_execute_each_other_are_not_followed_for_ever),
        TEST(what_two_sources_say_otherwise_of_a_backup_server_is_not_believed),
        TEST(a_backup_server_on_two_machines_is_on_none),
        TEST(one_that_is_called_like_a_configured_server_does_not_speak_for_it),
        TEST(more_hosts_than_any_cluster_has_are_not_all_asked),
        TEST(as_many_hosts_as_are_asked_are_a_verdict),
        TEST(ties_to_the_same_hosts_are_not_followed_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
