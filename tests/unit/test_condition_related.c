#include "fake_judge.h"

#include "condition.h"

static const struct products products = { 0 };

static int set_up(void **state)
{
    struct judge *judge = mem_new(1, sizeof *judge);

    fake_judge_init(judge, &products);
    *state = judge;
    return 0;
}

static int tear_down(void **state)
{
    fake_judge_finish(*state);
    free(*state);
    return 0;
}

/* -------------------------------------------------------------------------------------------------- incomplete ---- */

static const struct test any_name = { .type = TEST_ANY };

static void what_is_not_in_the_inventory_leaves_a_collection_open(void **state)
{
    struct judge *judge = *state;
    struct thing *vm = fake_thing(judge, "vm", "APP"), *store = fake_thing(judge, "datastore", "NFS01");
    struct test nfs = { .type = TEST_FACT, .fact = "datastore.type", .compare = COMPARE_IS, FAKE_TEXTS("NFS") };
    struct test test = { .type = TEST_EVERY, .collection = COLLECTION_DATASTORES, .parts = &nfs, .part_count = 1 };
    struct condition_cause cause;

    test.empty = TRUTH_YES;
    fake_text(store, "datastore.type", "NFS");
    fake_tie(judge, vm, "stored_on", store);
    assert_int_equal(condition_test(judge, &test, vm, NULL), TRUTH_YES);
    fake_tie_lost(judge, vm, "stored_on", "volume");
    assert_int_equal(condition_test(judge, &test, vm, NULL), TRUTH_YES);
    fake_tie_lost(judge, vm, "stored_on", "datastore");
    assert_int_equal(condition_test(judge, &test, vm, &cause), TRUTH_UNKNOWN);
    assert_null(cause.fact);
    assert_int_equal(cause.collection, COLLECTION_DATASTORES);
    assert_string_equal(cause.why, "of its datastores, \"somewhere\" is not in the inventory");
    fake_text(store, "datastore.type", "VMFS");
    assert_int_equal(condition_test(judge, &test, vm, NULL), TRUTH_NO);
    test.type = TEST_SOME;
    assert_int_equal(condition_test(judge, &test, vm, NULL), TRUTH_UNKNOWN);
}

static void what_cannot_be_read_leaves_a_collection_open(void **state)
{
    struct judge *judge = *state;
    struct thing *vm = fake_thing(judge, "vm", "APP"), *store = fake_thing(judge, "datastore", "NFS01");

    fake_tie(judge, vm, "stored_on", store);
    assert_string_equal(fake_members(judge, COLLECTION_DATASTORES, vm), "NFS01 ");
    judge->world.hidden = store;
    assert_string_equal(fake_members(judge, COLLECTION_DATASTORES, vm), "...");
    judge->world.hidden = NULL;
    judge->setting.world = NULL;
    assert_string_equal(fake_members(judge, COLLECTION_DATASTORES, vm), "...");
}

/* Why a collection is not known as a whole. */
static const char *why(struct judge *judge, enum collection collection, const struct thing *thing)
{
    struct test test = { .type = TEST_EVERY, .collection = collection, .parts = &any_name, .part_count = 1 };
    struct test where[2] = { any_name, any_name };
    struct condition_cause cause = { 0 };

    test.parts = where;
    test.part_count = 2;
    assert_int_equal(condition_test(judge, &test, thing, &cause), TRUTH_UNKNOWN);
    assert_null(cause.fact);
    assert_int_equal(cause.collection, collection);
    return cause.why;
}

static void a_collection_that_is_open_says_why(void **state)
{
    static const char *const names[] = { "HV1", "HV2", NULL }, *const content[] = { "SQL01\\Lost", NULL };
    struct judge *judge = *state;
    struct thing *cluster = fake_thing(judge, "cluster", "CL"), *farm = fake_thing(judge, "sharepoint_farm", "FARM");
    struct thing *vm = fake_thing(judge, "vm", "APP"), *host = fake_thing(judge, "hyperv_host", "HV1");

    fake_list(cluster, "cluster.nodes", names);
    assert_string_equal(why(judge, COLLECTION_NODES, cluster),
                        "the cluster names more nodes than are in the inventory");
    fake_list(farm, "sharepoint.content_databases", content);
    assert_string_equal(why(judge, COLLECTION_CONTENT_DATABASES, farm),
                        "the farm names more content databases than are in the inventory");
    assert_string_equal(why(judge, COLLECTION_SERVER, vm), "it is judged for no backup server");
    fake_tie(judge, vm, "runs_on", host);
    judge->world.hidden = host;
    assert_string_equal(why(judge, COLLECTION_HOSTS, vm), "of its hosts, one that the inventory has cannot be read");
    judge->world.hidden = NULL;
    fake_tie_lost(judge, vm, "stored_on", "datastore");
    fake_tie_lost(judge, vm, "may_run_on", "cluster");
    assert_string_equal(why(judge, COLLECTION_HOSTS, vm), "of its hosts, \"somewhere\" is not in the inventory");
    fake_tie_end(judge, vm, (struct thing_tie){ .relation = "may_run_on", .outward = true, .far = INT64_MAX });
    assert_string_equal(why(judge, COLLECTION_HOSTS, vm), "of its hosts, \"somewhere\" is not in the inventory");
    fake_tie_end(judge, vm, (struct thing_tie){ .relation = "runs_on", .outward = true });
    assert_string_equal(why(judge, COLLECTION_HOSTS, vm), "of its hosts, one is not in the inventory");
    assert_null(why(judge, COLLECTION_DATASTORES, NULL));
}

static void of_nothing_every_collection_is_open(void **state)
{
    struct test test = { .type = TEST_EVERY, .empty = TRUTH_YES, .parts = &any_name, .part_count = 1 };
    struct condition_cause cause;

    for (test.collection = 0; test.collection < COLLECTION_COUNT; test.collection++) {
        assert_int_equal(condition_test(*state, &test, NULL, &cause), TRUTH_UNKNOWN);
        assert_null(cause.thing);
        assert_int_equal(cause.collection, test.collection);
    }
}

static void more_members_than_are_looked_at_leave_it_open(void **state)
{
    struct judge *judge = *state;
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01");
    struct value no = { .type = VALUE_BOOL };
    struct condition_cause cause;
    struct test test = { .type = TEST_EVERY, .collection = COLLECTION_DATABASES, .part_count = 1 };
    struct test csv = {
        .type = TEST_FACT, .fact = "database.on_csv", .compare = COMPARE_IS, .values = &no, .value_count = 1
    };

    test.empty = TRUTH_UNKNOWN;
    test.parts = &csv;
    for (int i = 0; i <= CONDITION_MAX_RELATED; i++) {
        struct thing *database = fake_thing(judge, "database", "x");

        fake_bool(database, "database.system", false);
        fake_bool(database, "database.snapshot", false);
        fake_bool(database, "database.on_csv", false);
        fake_tie_end(judge, database, (struct thing_tie){ "part_of", true, instance->id, NULL, NULL });
    }
    /* The ends at the instance are made at once: sorting after each takes too long. */
    struct thing_tie *ties = arena_alloc(&judge->world.arena, (CONDITION_MAX_RELATED + 1) * sizeof *ties);
    for (int i = 0; i <= CONDITION_MAX_RELATED; i++)
        ties[i] = (struct thing_tie){ "part_of", false, 2 + i, NULL, NULL };
    instance->ties = ties;
    instance->tie_count = CONDITION_MAX_RELATED;
    assert_int_equal(condition_test(judge, &test, instance, NULL), TRUTH_YES);
    instance->tie_count++;
    assert_int_equal(condition_test(judge, &test, instance, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.why, "of its databases, no more than 4096 are looked at");
}

/* ------------------------------------------------------------------------------------------ hosts and clusters ---- */

static void hosts_are_those_that_run_it_or_may(void **state)
{
    struct judge *judge = *state;
    struct thing *vm = fake_thing(judge, "vm", "APP"), *cluster = fake_thing(judge, "cluster", "CL");
    struct thing *one = fake_thing(judge, "hyperv_host", "HV1"), *two = fake_thing(judge, "hyperv_host", "HV2");
    struct thing *three = fake_thing(judge, "esxi_host", "ESX3");

    fake_tie(judge, vm, "runs_on", one);
    assert_string_equal(fake_members(judge, COLLECTION_HOSTS, vm), "HV1 ");
    fake_tie(judge, vm, "may_run_on", two);
    assert_string_equal(fake_members(judge, COLLECTION_HOSTS, vm), "HV1 HV2 ");
    fake_tie(judge, three, "member_of", cluster);
    fake_tie(judge, vm, "may_run_on", cluster);
    assert_string_equal(fake_members(judge, COLLECTION_HOSTS, vm), "HV1 HV2 ESX3 ");
    assert_string_equal(fake_members(judge, COLLECTION_HOSTS, one), "");
}

static void nodes_are_found_from_the_cluster_and_from_one_of_them(void **state)
{
    static const char *const names[] = { "HV1", "HV2", NULL };
    struct judge *judge = *state;
    struct thing *cluster = fake_thing(judge, "cluster", "CL"), *one = fake_thing(judge, "hyperv_host", "HV1");
    struct thing *two, *vm = fake_thing(judge, "vm", "V");

    fake_tie(judge, one, "member_of", cluster);
    fake_tie(judge, vm, "member_of", cluster);
    assert_string_equal(fake_members(judge, COLLECTION_NODES, cluster), "HV1 ");
    assert_string_equal(fake_members(judge, COLLECTION_NODES, one), "HV1 ");
    assert_string_equal(fake_members(judge, COLLECTION_CLUSTER, one), "CL ");
    assert_string_equal(fake_members(judge, COLLECTION_CLUSTER, cluster), "CL ");
    two = fake_thing(judge, "hyperv_host", "HV2");
    fake_tie(judge, two, "member_of", cluster);
    fake_list(cluster, "cluster.nodes", names);
    assert_string_equal(fake_members(judge, COLLECTION_NODES, one), "HV1 HV2 ");
}

static void a_node_that_only_its_cluster_names_leaves_the_nodes_open(void **state)
{
    static const char *const names[] = { "HV1", "HV2", NULL };
    struct judge *judge = *state;
    struct thing *cluster = fake_thing(judge, "cluster", "CL"), *one = fake_thing(judge, "hyperv_host", "HV1");

    fake_tie(judge, one, "member_of", cluster);
    fake_list(cluster, "cluster.nodes", names);
    assert_string_equal(fake_members(judge, COLLECTION_NODES, cluster), "HV1 ...");
}

static void a_cluster_that_holds_itself_ends(void **state)
{
    struct judge *judge = *state;
    struct thing *one = fake_thing(judge, "cluster", "CL1"), *two = fake_thing(judge, "cluster", "CL2");
    struct thing *vm = fake_thing(judge, "vm", "APP");

    fake_tie(judge, one, "member_of", two);
    fake_tie(judge, two, "member_of", one);
    fake_tie(judge, one, "member_of", one);
    fake_tie(judge, vm, "may_run_on", one);
    fake_tie(judge, vm, "runs_on", vm);
    for (enum collection i = 0; i < COLLECTION_COUNT; i++) {
        fake_members(judge, i, one);
        fake_members(judge, i, vm);
    }
    assert_string_equal(fake_members(judge, COLLECTION_HOSTS, vm), "");
    assert_string_equal(fake_members(judge, COLLECTION_CLUSTER, one), "CL1 ");
}

/* ----------------------------------------------------------------------------------------------- applications ---- */

static struct thing *add_database(struct judge *judge, struct thing *instance, const char *name)
{
    struct thing *database = fake_thing(judge, "database", name);

    fake_text(database, "id.name", name);
    fake_bool(database, "database.system", false);
    fake_bool(database, "database.snapshot", false);
    fake_tie(judge, database, "part_of", instance);
    return database;
}

static void databases_are_those_of_users(void **state)
{
    struct judge *judge = *state;
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01"), *open;

    add_database(judge, instance, "Crew");
    fake_bool(add_database(judge, instance, "master"), "database.system", true);
    fake_bool(add_database(judge, instance, "Crew_snap"), "database.snapshot", true);
    open = add_database(judge, instance, "Open");
    fake_unset(open, "database.snapshot");
    assert_string_equal(fake_members(judge, COLLECTION_DATABASES, instance), "Crew (Open) ");
    assert_string_equal(fake_members(judge, COLLECTION_DATABASES, open), "Open ");
    assert_string_equal(fake_members(judge, COLLECTION_INSTANCE, open), "SQL01 ");
    assert_string_equal(fake_members(judge, COLLECTION_INSTANCE, instance), "SQL01 ");
}

static void content_databases_are_those_that_the_farm_names(void **state)
{
    static const char *const list[] = { "SQL01\\content", "SQL02\\INST\\Lost", NULL };
    struct judge *judge = *state;
    struct thing *farm = fake_thing(judge, "sharepoint_farm", "FARM");
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01");

    add_database(judge, instance, "Content");
    add_database(judge, instance, "Other");
    fake_tie(judge, farm, "uses", instance);
    assert_string_equal(fake_members(judge, COLLECTION_INSTANCES, farm), "SQL01 ");
    assert_string_equal(fake_members(judge, COLLECTION_CONTENT_DATABASES, farm), "(Content) (Other) ");
    fake_list(farm, "sharepoint.content_databases", list);
    assert_string_equal(fake_members(judge, COLLECTION_CONTENT_DATABASES, farm), "Content ...");
    add_database(judge, instance, "Lost");
    assert_string_equal(fake_members(judge, COLLECTION_CONTENT_DATABASES, farm), "Content Lost ");
}

static void machines_are_those_that_execute_it(void **state)
{
    struct judge *judge = *state;
    struct thing *machine = fake_thing(judge, "machine", "M1"), *other = fake_thing(judge, "vm", "M2");
    struct thing *cluster = fake_thing(judge, "cluster", "CL"), *farm = fake_thing(judge, "sharepoint_farm", "FARM");
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01");
    struct thing *exchange = fake_thing(judge, "exchange_server", "EX01");
    struct thing *store = fake_thing(judge, "mailbox_database", "MDB");

    fake_tie(judge, instance, "hosted_on", machine);
    fake_tie(judge, exchange, "hosted_on", other);
    fake_tie(judge, farm, "hosted_on", machine);
    fake_tie(judge, farm, "uses", instance);
    fake_tie(judge, other, "member_of", farm);
    fake_tie(judge, machine, "member_of", cluster);
    fake_tie(judge, store, "replicated_to", exchange);
    assert_string_equal(fake_members(judge, COLLECTION_MACHINE, machine), "M1 ");
    assert_string_equal(fake_members(judge, COLLECTION_MACHINE, instance), "M1 ");
    assert_string_equal(fake_members(judge, COLLECTION_MACHINE, farm), "M1 M2 ");
    assert_string_equal(fake_members(judge, COLLECTION_MACHINE, add_database(judge, instance, "DB")), "M1 ");
    assert_string_equal(fake_members(judge, COLLECTION_MACHINE, store), "M2 ");
    assert_string_equal(fake_members(judge, COLLECTION_CLUSTER, instance), "CL ");
    assert_string_equal(fake_members(judge, COLLECTION_CLUSTER, exchange), "");
    assert_string_equal(fake_members(judge, COLLECTION_MAILBOX_DATABASES, exchange), "MDB ");
    assert_string_equal(fake_members(judge, COLLECTION_EXCHANGE_SERVER, store), "EX01 ");
    assert_string_equal(fake_members(judge, COLLECTION_EXCHANGE_SERVER, exchange), "EX01 ");
}

static void protected_are_the_data_sources_of_it_and_of_its_databases(void **state)
{
    struct judge *judge = *state;
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01"), *vm = fake_thing(judge, "vm", "APP");
    struct thing *database = add_database(judge, instance, "Crew"), *vapp = fake_thing(judge, "vapp", "TIER");

    fake_protected(judge, instance, NULL, "SQL Server", "P1");
    fake_protected(judge, database, NULL, "SQL Server", "P2");
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED, instance), "P1 P2 ");
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED, database), "P2 ");
    fake_unset(database, "database.system");
    fake_protected(judge, add_database(judge, instance, "Fleet"), NULL, "SQL Server", "P3");
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED, instance), "P1 (P2) P3 ");
    judge->world.hidden = database;
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED, instance), "P1 P3 ...");
    judge->world.hidden = NULL;
    fake_tie(judge, vm, "member_of", vapp);
    assert_string_equal(fake_members(judge, COLLECTION_VAPP, vm), "TIER ");
    assert_string_equal(fake_members(judge, COLLECTION_SERVER, vm), "...");
    judge->server = fake_thing(judge, "backup_server", "MABS01");
    assert_string_equal(fake_members(judge, COLLECTION_SERVER, vm), "MABS01 ");
}

static void availability_groups_are_those_of_a_database_and_of_a_replica(void **state)
{
    struct judge *judge = *state;
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01"), *cluster = fake_thing(judge, "cluster", "CL");
    struct thing *database = add_database(judge, instance, "Crew"),
                 *group = fake_thing(judge, "availability_group", "AG1");
    struct thing *other = fake_thing(judge, "availability_group", "AG2");

    assert_string_equal(fake_members(judge, COLLECTION_AVAILABILITY_GROUPS, instance), "");
    fake_tie(judge, database, "member_of", group);
    fake_tie(judge, instance, "member_of", cluster);
    fake_tie(judge, group, "replicated_to", instance);
    fake_tie(judge, other, "replicated_to", instance);
    assert_string_equal(fake_members(judge, COLLECTION_AVAILABILITY_GROUPS, database), "AG1 ");
    assert_string_equal(fake_members(judge, COLLECTION_AVAILABILITY_GROUPS, instance), "AG1 AG2 ");
    judge->world.hidden = group;
    assert_string_equal(fake_members(judge, COLLECTION_AVAILABILITY_GROUPS, database), "...");
}

static void protected_here_are_the_data_sources_of_the_server_alone(void **state)
{
    struct judge *judge = *state;
    struct thing *here = fake_thing(judge, "backup_server", "MABS01"),
                 *there = fake_thing(judge, "backup_server", "MABS02");
    struct thing *instance = fake_thing(judge, "sql_instance", "SQL01");

    fake_protected(judge, add_database(judge, instance, "Crew"), here, "SQL Server", "P1");
    fake_protected(judge, add_database(judge, instance, "Fleet"), there, "SQL Server", "P2");
    fake_protected(judge, instance, NULL, "SQL Server", "P3");
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED_HERE, instance), "P1 P2 P3 ");
    judge->server = here;
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED_HERE, instance), "P1 (P3) ");
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED, instance), "P1 P2 P3 ");
    judge->server = there;
    assert_string_equal(fake_members(judge, COLLECTION_PROTECTED_HERE, instance), "P2 (P3) ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_in_the_inventory_leaves_a_collection_open),
        TEST(what_cannot_be_read_leaves_a_collection_open),
        TEST(a_collection_that_is_open_says_why),
        TEST(of_nothing_every_collection_is_open),
        TEST(more_members_than_are_looked_at_leave_it_open),
        TEST(hosts_are_those_that_run_it_or_may),
        TEST(nodes_are_found_from_the_cluster_and_from_one_of_them),
        TEST(a_node_that_only_its_cluster_names_leaves_the_nodes_open),
        TEST(a_cluster_that_holds_itself_ends),
        TEST(databases_are_those_of_users),
        TEST(content_databases_are_those_that_the_farm_names),
        TEST(machines_are_those_that_execute_it),
        TEST(protected_are_the_data_sources_of_it_and_of_its_databases),
        TEST(protected_here_are_the_data_sources_of_the_server_alone),
        TEST(availability_groups_are_those_of_a_database_and_of_a_replica),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
