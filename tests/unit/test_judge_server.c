#include "judge_testing.h"

/* ----------------------------------------------------------------------------------------------------- servers ---- */

static void each_server_that_protects_it_gives_a_verdict(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    struct fixture_thing *one = thing_add(&fixture, "backup_server", "BACKUP01.corp.example");
    struct fixture_thing *other = thing_add(&fixture, "backup_server", "OLD");
    const struct verdict *verdicts;
    size_t count;

    (void)state;
    fact_text(other, "backup.version", "11.0.50.0");
    protect(made, one, "Volume");
    protect(made, one, "System Protection");
    protect(made, other, "Volume");
    verdicts = judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 2);
    assert_string_equal(verdicts[0].server, "backup01");
    assert_row(&verdicts[0], VERDICT_UNSUPPORTED, 20);
    assert_string_equal(verdicts[1].server, "OLD");
    assert_string_equal(verdicts[1].product, "mabs-v1");
    assert_row(&verdicts[1], VERDICT_SUPPORTED, 20);
    assert_string_equal(verdicts[0].by, "dpmdb");
}

static void a_server_whose_product_is_not_known_is_said_to_be(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    const struct verdict *verdict;

    (void)state;
    protect(made, thing_add(&fixture, "backup_server", "STRANGE"), "Volume");
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_null(verdict->product);
    assert_says(verdict, "STRANGE is not known");
}

static void without_a_backup_server_there_is_no_verdict(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    size_t count;

    (void)state;
    fixture.estate.server_count = 0;
    judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 0);
}

static void what_is_no_workload_has_no_verdict(void **state)
{
    static const char *const kinds[] = { "volume", "datastore", "cluster", "esxi_host", "protected", "backup_server" };
    struct fixture_thing *system = thing_add(&fixture, "database", "tempdb");
    size_t count;

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        judge_thing(fixture.judge, &thing_add(&fixture, kinds[i], "x")->thing, &count);
        assert_int_equal(count, 0);
    }
    fact_bool(system, "database.system", true);
    judge_thing(fixture.judge, &system->thing, &count);
    assert_int_equal(count, 0);
}

static void the_servers_own_system_decides_where_a_condition_asks(void **state)
{
    (void)state;
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_SUPPORTED, 11);
    fixture.servers[0].os = "Windows Server 2012";
    judge_reset(fixture.judge, NOW);
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_UNSUPPORTED, 11);
    assert_says(agent("6.2.9200", PHYSICAL), "of the backup server");
    fixture.servers[0].os = NULL;
    judge_reset(fixture.judge, NOW);
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_CONDITIONAL, 11);
}

/* All servers of the configuration are assets that somebody scanned. */
static const struct thing *server_by_name(struct world *world, const char *name)
{
    struct fixture *owner = (struct fixture *)world;

    for (size_t i = 0; i < owner->thing_count; i++) {
        const struct thing *thing = &owner->things[i]->thing;
        if (strcmp(thing->kind, "backup_server") == 0 && strcasecmp(thing->name, name) == 0)
            return thing;
    }
    return NULL;
}

static void what_scans_know_of_a_configured_server_counts_too(void **state)
{
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "BACKUP01");

    (void)state;
    fixture.servers[0].os = NULL;
    tie_add(server, "hosted_on", machine_add(&fixture, "BACKUP01", "6.2.9200"));
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_CONDITIONAL, 11);
    fixture.world.server = server_by_name;
    fixture_judge(&fixture);
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_UNSUPPORTED, 11);
}

static void a_scan_that_shows_another_product_than_the_configuration_is_told(void **state)
{
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "BACKUP01");
    struct fixture_thing *machine = machine_add(&fixture, "ERP01", "6.0.6002");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].product = "mabs-v1";
    fixture.world.server = server_by_name;
    fact_text(server, "backup.version", "12.0.332.0");
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, machine, METHOD_AGENT);
    assert_string_equal(verdict->product, "mabs-v1");
    assert_row(verdict, VERDICT_SUPPORTED, 20);
    assert_string_equal(verdict->legs[0].conflict, "the configuration says backup01 is mabs-v1; its scan shows v2");
    judge_assume_product(fixture.judge, &products[2]);
    assert_null(verdict_by(&fixture, machine, METHOD_AGENT)->legs[0].conflict);
    fixture.servers[0].product = "mabs-v2";
    fixture_judge(&fixture);
    assert_null(verdict_by(&fixture, machine, METHOD_AGENT)->legs[0].conflict);
    fixture.servers[0].product = NULL;
    fixture_judge(&fixture);
    assert_null(verdict_by(&fixture, machine, METHOD_AGENT)->legs[0].conflict);
}

static void what_nobody_holds_is_judged_for_the_server_of_what_it_is_in(void **state)
{
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "OLD");
    struct fixture_thing *machine = machine_add(&fixture, "SQLM", "10.0.14393");
    struct fixture_thing *instance = thing_add(&fixture, "sql_instance", "SQL01");
    struct fixture_thing *database = thing_add(&fixture, "database", "ERP");
    const struct verdict *verdict;

    (void)state;
    fact_text(server, "backup.version", "11.0.50.0");
    fact_text(instance, "sql.build", "11.0.5058.0");
    fact_bool(database, "database.on_csv", false);
    tie_add(instance, "hosted_on", machine);
    tie_add(database, "part_of", instance);
    protect(machine, server, "Volume");
    protect(instance, server, "SQL Server");
    verdict = verdict_by(&fixture, database, METHOD_APPLICATION);
    assert_string_equal(verdict->server, "OLD");
    assert_string_equal(verdict->by, "any");
    assert_row(verdict, VERDICT_SUPPORTED, 27);
    fixture.rules[0] = (struct estate_rule){ .where.name = "ERP", .server = "backup01" };
    fixture.estate.rule_count = 1;
    judge_reset(fixture.judge, NOW);
    assert_string_equal(verdict_by(&fixture, database, METHOD_APPLICATION)->server, "backup01");
}

/* ------------------------------------------------------------------------------------------------- what counts ---- */

static struct fixture_thing *leg01(void)
{
    struct fixture_thing *host = host_add(&fixture, "HV03", "6.3.9600");
    struct fixture_thing *guest = guest_add(&fixture, "LEG01", "6.0.6002");

    tie_add(guest, "runs_on", host);
    return guest;
}

static void one_whole_machine_method_suffices(void **state)
{
    struct fixture_thing *guest = leg01();

    (void)state;
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_false(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "any");
}

static void what_dpmdb_shows_counts_before_a_rule(void **state)
{
    struct fixture_thing *guest = leg01(), *server = thing_add(&fixture, "backup_server", "backup01");

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .by = "agent" };
    fixture.estate.rule_count = 1;
    assert_true(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_AGENT)->by, "rule");
    protect(guest, server, "Microsoft Hyper-V");
    judge_reset(fixture.judge, NOW);
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_false(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "dpmdb");
}

/* The name of one type begins as that of another. */
static const char *by_of(struct fixture_thing *made)
{
    judge_reset(fixture.judge, NOW);
    return verdict_by(&fixture, made, METHOD_APPLICATION)->by;
}

static void databases_speak_for_their_instance_where_they_are_asked_about(void **state)
{
    struct fixture_thing *instance = thing_add(&fixture, "sql_instance", "SQL01");
    struct fixture_thing *system = thing_add(&fixture, "database", "msdb");
    struct fixture_thing *database = thing_add(&fixture, "database", "ERP");

    (void)state;
    fact_bool(system, "database.system", true);
    tie_add(system, "part_of", instance);
    assert_string_equal(by_of(instance), "any");
    tie_add(database, "part_of", instance);
    assert_string_equal(by_of(instance), "parts");
    assert_true(verdict_by(&fixture, instance, METHOD_APPLICATION)->counts);
    assert_string_equal(by_of(database), "any");
    protect(instance, thing_add(&fixture, "backup_server", "backup01"), "SQL Server");
    assert_string_equal(by_of(instance), "parts");
    fixture.rules[0] = (struct estate_rule){ .where = { .name = "ERP" }, .by = "none", .reason = "a lab" };
    fixture.estate.rule_count = 1;
    assert_string_equal(by_of(instance), "dpmdb");
    fixture.rules[0].where.name = "SQL01";
    assert_string_equal(by_of(instance), "none");
    assert_false(verdict_by(&fixture, instance, METHOD_APPLICATION)->counts);
}

static void mailbox_databases_speak_for_each_server_that_has_a_copy(void **state)
{
    struct fixture_thing *one = thing_add(&fixture, "exchange_server", "EX1"),
                         *other = thing_add(&fixture, "exchange_server", "EX2"),
                         *third = thing_add(&fixture, "exchange_server", "EX3"),
                         *mails = thing_add(&fixture, "mailbox_database", "DB1");

    (void)state;
    tie_add(mails, "replicated_to", one);
    tie_add(mails, "replicated_to", other);
    assert_string_equal(by_of(one), "parts");
    assert_string_equal(by_of(other), "parts");
    assert_string_equal(by_of(third), "any");
}

static void each_type_that_dpmdb_has_shows_its_method(void **state)
{
    static const struct {
        const char *kind, *type;
        enum method method;
    } types[] = {
        { "machine", "Volume", METHOD_AGENT },
        { "machine", "Share", METHOD_AGENT },
        { "sharepoint_farm", "SharePoint Farm", METHOD_APPLICATION },
        { "mailbox_database", "Exchange", METHOD_APPLICATION },
        { "database", "SQL Server", METHOD_APPLICATION },
    };
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "BACKUP01.corp.example");

    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        struct fixture_thing *made = thing_add(&fixture, types[i].kind, "X01");

        protect(made, server, types[i].type);
        if (strcmp(verdict_by(&fixture, made, types[i].method)->by, "dpmdb") != 0)
            fail_msg("%s shows no protection of a %s", types[i].type, types[i].kind);
    }
}

static void all_methods_that_dpmdb_shows_count(void **state)
{
    struct fixture_thing *guest = leg01(), *server = thing_add(&fixture, "backup_server", "backup01");

    (void)state;
    protect(guest, server, "Microsoft Hyper-V");
    protect(guest, server, "Volume");
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_true(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
}

static void the_update_of_one_product_is_not_held_against_another(void **state)
{
    struct fixture_thing *instance = sql_add("10.0.1");

    (void)state;
    fixture.servers[0].product = "mabs-v1";
    fixture.servers[0].update = "UR1";
    assert_row(verdict_by(&fixture, instance, METHOD_APPLICATION), VERDICT_SUPPORTED, 36);
    judge_assume_product(fixture.judge, &products[1]);
    assert_row(verdict_by(&fixture, instance, METHOD_APPLICATION), VERDICT_CONDITIONAL, 36);
    judge_assume_product(fixture.judge, NULL);
    assert_row(verdict_by(&fixture, instance, METHOD_APPLICATION), VERDICT_SUPPORTED, 36);
}

static void a_known_source_that_is_in_no_group_shows_nothing(void **state)
{
    struct fixture_thing *guest = leg01(), *server = thing_add(&fixture, "backup_server", "backup01");

    (void)state;
    fact_text(protect(guest, server, "Volume"), "protected.state", "unprotected");
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
}

/* The server keeps what it has, so it is the one that is asked; its method is in use no more. */
static void protection_that_has_ended_shows_its_server_but_no_method(void **state)
{
    static const char *const words[] = { "stopped", "inactive" };
    struct fixture_thing *guest = leg01(), *server = thing_add(&fixture, "backup_server", "backup02");
    struct fixture_thing *ended = protect(guest, server, "Volume");

    (void)state;
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "dpmdb");
    for (size_t i = 0; i < 2; i++) {
        fact_text(ended, "protected.state", words[i]);
        judge_reset(fixture.judge, NOW);
        assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "any");
        assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->server, "backup02");
    }
}

static void a_rule_for_a_method_that_it_has_not_leaves_nothing_uncounted(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "PHY", "10.0.14393");

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .by = "image" };
    fixture.estate.rule_count = 1;
    assert_true(verdict_by(&fixture, made, METHOD_AGENT)->counts);
}

static void none_is_out_of_scope_with_its_reason(void **state)
{
    struct fixture_thing *guest = leg01(), *instance = sql_add("11.0.2100.0");

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .by = "none", .reason = "it is rebuilt daily" };
    fixture.estate.rule_count = 1;
    assert_false(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_false(verdict_by(&fixture, instance, METHOD_APPLICATION)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->excluded, "it is rebuilt daily");
}

static void a_template_is_out_of_scope_by_itself(void **state)
{
    struct fixture_thing *guest = leg01();

    (void)state;
    fact_bool(guest, "vm.template", true);
    assert_false(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "none");
}

/* --------------------------------------------------------------------------------------------- databases, rest ---- */

static void each_database_has_its_own_verdict(void **state)
{
    struct fixture_thing *instance = sql_add("11.0.5058.0");
    struct fixture_thing *good = thing_add(&fixture, "database", "Good"),
                         *bad = thing_add(&fixture, "database", "Yard");

    (void)state;
    fact_bool(good, "database.on_csv", false);
    fact_bool(bad, "database.on_csv", true);
    tie_add(good, "part_of", instance);
    tie_add(bad, "part_of", instance);
    assert_row(verdict_by(&fixture, good, METHOD_APPLICATION), VERDICT_SUPPORTED, 27);
    assert_row(verdict_by(&fixture, bad, METHOD_APPLICATION), VERDICT_UNSUPPORTED, 27);
    assert_null(verdict_by(&fixture, bad, METHOD_APPLICATION)->cause);
}

static void an_instance_of_a_cluster_may_be_on_any_node(void **state)
{
    struct fixture_thing *cluster = thing_add(&fixture, "cluster", "SQLCL");
    struct fixture_thing *one = machine_add(&fixture, "N1", "10.0.14393");
    struct fixture_thing *other = machine_add(&fixture, "N2", "10.0.14393");
    struct fixture_thing *instance = thing_add(&fixture, "sql_instance", "SQLFCI");
    const struct verdict *verdict;

    (void)state;
    fact_text(instance, "sql.build", "11.0.5058.0");
    fact_text(other, "hardware.manufacturer", "VMware, Inc.");
    tie_add(one, "member_of", cluster);
    tie_add(other, "member_of", cluster);
    tie_add(instance, "member_of", cluster);
    tie_add(instance, "hosted_on", one);
    verdict = verdict_by(&fixture, instance, METHOD_APPLICATION);
    assert_int_equal(verdict->legs[0].installation_count, 2);
    assert_word(verdict->word, VERDICT_UNKNOWN);
}

static void one_host_is_judged_for_each_server(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV16", "10.0.14393");
    struct fixture_thing *old = thing_add(&fixture, "backup_server", "OLD");
    struct fixture_thing *one = guest_add(&fixture, "VM1", "10.0.14393");
    struct fixture_thing *other = guest_add(&fixture, "VM2", "10.0.14393");

    (void)state;
    fact_text(old, "backup.version", "11.0.50.0");
    tie_add(one, "runs_on", host);
    tie_add(other, "runs_on", host);
    protect(other, old, "Microsoft Hyper-V");
    assert_row(verdict_by(&fixture, one, METHOD_IMAGE), VERDICT_SUPPORTED, 52);
    assert_row(verdict_by(&fixture, other, METHOD_IMAGE), VERDICT_UNSUPPORTED, 52);
    assert_row(verdict_by(&fixture, one, METHOD_IMAGE), VERDICT_SUPPORTED, 52);
    assert_int_equal(verdict_by(&fixture, other, METHOD_IMAGE)->legs[0].cover_count, 0);
}

static void a_database_without_its_instance_is_unknown(void **state)
{
    struct fixture_thing *database = thing_add(&fixture, "database", "Lost");

    (void)state;
    assert_word(verdict_by(&fixture, database, METHOD_APPLICATION)->word, VERDICT_UNKNOWN);
}

static void a_ruling_stands_beside_the_published_word_until_its_review(void **state)
{
    static struct ruling ruling = { .product = "mabs-v2",
                                    .workload = "server",
                                    .version = "Windows Server 2012 R2",
                                    .installation = "physical",
                                    .answer = ANSWER_YES,
                                    .who = "me",
                                    .review_at = NOW + DAY };

    (void)state;
    fixture.matrix.rulings = &ruling;
    fixture.matrix.ruling_count = 1;
    fixture_judge(&fixture);
    assert_class(agent("6.3.9600", PHYSICAL), CLASS_GAP);
    assert_ptr_equal(agent("6.3.9600", PHYSICAL)->ruling, &ruling);
    assert_null(agent("6.3.9600", VMWARE)->ruling);
    judge_reset(fixture.judge, NOW + 2 * DAY);
    assert_null(agent("6.3.9600", PHYSICAL)->ruling);
}

static void the_end_of_support_is_told_beside_the_word(void **state)
{
    const struct verdict *verdict = agent("6.1.7600", PHYSICAL);

    (void)state;
    assert_row(verdict, VERDICT_SUPPORTED, 17);
    assert_non_null(verdict->lifecycle);
    assert_string_equal(verdict->lifecycle->name, "Windows Server 2008 R2");
    assert_null(agent("10.0.14393", PHYSICAL)->lifecycle);
}

static void a_key_by_itself_is_judged_without_any_fact(void **state)
{
    struct judge_key no = { "mabs-v2", "server", "Windows Server 2008 SP2", "physical" };
    struct judge_key yes = { "mabs-v2", "server", "Windows Server 2008 SP2", "vmware-vm" };
    struct judge_key open = { "mabs-v2", "server", "Windows Server 2008 R2 SP1", "physical" };
    struct judge_key host = { "mabs-v2", "hyperv-host", "Windows Server 2008 SP2", "physical" };

    (void)state;
    assert_row(judge_key(fixture.judge, &no), VERDICT_UNSUPPORTED, 20);
    assert_row(judge_key(fixture.judge, &yes), VERDICT_SUPPORTED, 21);
    assert_row(judge_key(fixture.judge, &open), VERDICT_CONDITIONAL, 14);
    assert_row(judge_key(fixture.judge, &host), VERDICT_UNSUPPORTED, 56);
    assert_null(judge_key(fixture.judge, &host)->thing);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_server_that_protects_it_gives_a_verdict),
        TEST(a_server_whose_product_is_not_known_is_said_to_be),
        TEST(without_a_backup_server_there_is_no_verdict),
        TEST(what_is_no_workload_has_no_verdict),
        TEST(the_servers_own_system_decides_where_a_condition_asks),
        TEST(what_scans_know_of_a_configured_server_counts_too),
        TEST(a_scan_that_shows_another_product_than_the_configuration_is_told),
        TEST(what_nobody_holds_is_judged_for_the_server_of_what_it_is_in),
        TEST(one_whole_machine_method_suffices),
        TEST(what_dpmdb_shows_counts_before_a_rule),
        TEST(databases_speak_for_their_instance_where_they_are_asked_about),
        TEST(mailbox_databases_speak_for_each_server_that_has_a_copy),
        TEST(each_type_that_dpmdb_has_shows_its_method),
        TEST(all_methods_that_dpmdb_shows_count),
        TEST(the_update_of_one_product_is_not_held_against_another),
        TEST(a_known_source_that_is_in_no_group_shows_nothing),
        TEST(protection_that_has_ended_shows_its_server_but_no_method),
        TEST(a_rule_for_a_method_that_it_has_not_leaves_nothing_uncounted),
        TEST(none_is_out_of_scope_with_its_reason),
        TEST(a_template_is_out_of_scope_by_itself),
        TEST(each_database_has_its_own_verdict),
        TEST(an_instance_of_a_cluster_may_be_on_any_node),
        TEST(one_host_is_judged_for_each_server),
        TEST(a_database_without_its_instance_is_unknown),
        TEST(a_ruling_stands_beside_the_published_word_until_its_review),
        TEST(the_end_of_support_is_told_beside_the_word),
        TEST(a_key_by_itself_is_judged_without_any_fact),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
