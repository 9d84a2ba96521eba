#include "small_table.h"

/* ------------------------------------------------------------------------------------------------------ rules ---- */

static void a_test_that_says_yes_is_the_version(void **state)
{
    struct setting *setting = *state;

    tell(setting, 3, "6.3.9600", NULL);
    assert_string_equal(name(ask(setting)), "Windows Server 2012 R2");
    assert_null(ask(setting)->conflict);
    assert_null(ask(setting)->missing);
    tell(setting, 1, "6.3.9600", NULL);
    assert_string_equal(name(ask(setting)), "Windows 8.1");
    tell(setting, 3, "10.0.14393.2273", "Windows Server 2016 Standard");
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
    assert_null(ask(setting)->conflict);
}

static void what_tests_do_not_exclude_are_candidates(void **state)
{
    struct setting *setting = *state;

    tell(setting, 0, "6.3.9600", NULL);
    assert_string_equal(name(ask(setting)), "Windows 8.1, Windows Server 2012 R2");
    assert_string_equal(ask(setting)->missing, "os.product_type");
    tell(setting, 1, NULL, NULL);
    assert_string_equal(name(ask(setting)), "Windows 8.1, Windows 10");
    assert_string_equal(ask(setting)->missing, "os.build");
}

static void hints_narrow_the_candidates(void **state)
{
    struct setting *setting = *state;

    tell(setting, 0, "6.3.9600", "Microsoft Windows Server 2012 R2");
    assert_string_equal(name(ask(setting)), "Windows Server 2012 R2");
    tell(setting, 0, NULL, "Microsoft Windows Server 2012 R2");
    assert_string_equal(name(ask(setting)), "Windows Server 2012, Windows Server 2012 R2");
    assert_string_equal(ask(setting)->missing, "os.build");
    assert_null(ask(setting)->conflict);
}

static void weak_hints_count_where_no_hint_does(void **state)
{
    struct setting *setting = *state;

    fake_text(setting->thing, "vm.configured_guest_id", "windows9Server64Guest");
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
    tell(setting, 0, NULL, "Windows Server 2008 R2");
    assert_string_equal(name(ask(setting)), "Windows Server 2008 R2");
    assert_null(ask(setting)->conflict);
    tell(setting, 0, "6.2.9200", NULL);
    assert_string_equal(name(ask(setting)), "Windows Server 2012");
    tell(setting, 3, "6.1.7600", NULL);
    assert_string_equal(name(ask(setting)), "Windows Server 2008 R2");
    assert_null(ask(setting)->conflict);
}

static void hints_against_a_sure_test_are_a_conflict(void **state)
{
    struct setting *setting = *state;

    tell(setting, 3, "10.0.14393", "Windows Server 2008 R2 Enterprise");
    assert_string_equal(name(ask(setting)), "Windows Server 2008 R2, Windows Server 2016");
    assert_string_equal(ask(setting)->conflict,
                        "os.name \"Windows Server 2008 R2 Enterprise\" says Windows Server 2008 R2, but "
                        "os.build \"10.0.14393\" says Windows Server 2016");
}

static void hints_for_what_tests_exclude_are_a_conflict(void **state)
{
    struct setting *setting = *state;

    tell(setting, 3, NULL, "Windows 8.1");
    assert_string_equal(name(ask(setting)), "Windows 8.1, Windows Server 2008 R2, Windows Server 2012, "
                                            "Windows Server 2012 R2, Windows Server 2016");
    fake_text(setting->thing, "vm.configured_guest_id", "windows9Server64Guest");
    assert_int_equal(ask(setting)->count, 5);
    assert_string_equal(ask(setting)->conflict,
                        "os.name \"Windows 8.1\" says Windows 8.1, but os.product_type \"3\" says that it is not");
}

static void what_all_tests_exclude_is_foreign(void **state)
{
    struct setting *setting = *state;

    tell(setting, 3, "10.0.99999", "Windows Server 2016");
    assert_string_equal(name(ask(setting)), "foreign");
    tell(setting, 7, NULL, NULL);
    assert_string_equal(name(ask(setting)), "foreign");
}

static void without_facts_every_version_is_a_candidate(void **state)
{
    struct setting *setting = *state;

    assert_string_equal(name(ask(setting)), "all");
    assert_string_equal(ask(setting)->missing, "os.product_type");
    tell(setting, 0, NULL, "Debian GNU/Linux");
    assert_string_equal(name(ask(setting)), "all");
    assert_true(classify(&setting->judge, NULL, GROUP_OS)->all);
    assert_true(classify(&setting->judge, setting->thing, GROUP_COUNT)->all);
    assert_true(classify(&setting->judge, setting->thing, GROUP_VSPHERE)->all);
}

static bool is_candidate(const struct classification *found, const char *version)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->candidates[i]->name, version) == 0)
            return true;
    }
    return found->all;
}

static void fewer_facts_never_exclude_what_all_of_them_say(void **state)
{
    struct setting *setting = *state;

    for (size_t i = 0; i < COMPUTERS; i++) {
        for (unsigned known = 0; known < 16; known++) {
            tell(setting, (known & 1) != 0 ? rows[i].type : 0, (known & 2) != 0 ? rows[i].build : NULL,
                 (known & 4) != 0 ? rows[i].name : NULL);
            fake_unset(setting->thing, "vm.configured_guest_id");
            if ((known & 8) != 0 && rows[i].weak != NULL)
                fake_text(setting->thing, "vm.configured_guest_id", rows[i].weak);
            assert_true(is_candidate(ask(setting), rows[i].name));
            assert_null(ask(setting)->conflict);
            if ((known & 3) == 3)
                assert_int_equal(ask(setting)->count, 1);
        }
    }
}

static void what_the_hypervisor_says_stands_in(void **state)
{
    struct setting *setting = *state;

    fake_text(setting->thing, "guest.build", "6.2.9200");
    fake_int(setting->thing, "guest.product_type", 3);
    assert_string_equal(name(ask(setting)), "Windows Server 2012");
    fake_text(setting->thing, "guest.build", "6.1.7600");
    assert_string_equal(name(ask(setting)), "Windows Server 2008 R2");
    tell(setting, 0, "6.3.9600", NULL);
    assert_string_equal(name(ask(setting)), "Windows Server 2012 R2");
}

static void why_a_fact_is_missing_is_told_of_each_thing(void **state)
{
    static const struct unread denied[] = { { "os.", "access is denied" } };
    static const struct unread off[] = { { "guest.", "the guest is switched off" } };
    struct setting *setting = *state;
    struct thing *other = fake_thing(&setting->judge, "vm", "APP");

    assert_null(ask(setting)->why);
    setting->thing->unread = denied;
    other->unread = off;
    setting->thing->unread_count = other->unread_count = 1;
    assert_string_equal(ask(setting)->why, "access is denied");
    assert_string_equal(classify(&setting->judge, other, GROUP_OS)->why, "the guest is switched off");
    assert_string_equal(ask(setting)->why, "access is denied");
}

/* ----------------------------------------------------------------------------------------- contradicting facts ---- */

static void each_value_of_a_contradicted_fact_is_tried(void **state)
{
    static const struct attribute others[] = {
        { "os.build", { .type = VALUE_TEXT, .text = "6.3.9600" } },
        { "id.name", { .type = VALUE_TEXT, .text = "WEB-1" } },
    };
    struct setting *setting = *state;

    tell(setting, 3, "10.0.14393", NULL);
    assert_null(ask(setting)->conflict);
    setting->thing->others = others;
    setting->thing->other_count = 2;
    assert_string_equal(name(ask(setting)), "Windows Server 2012 R2, Windows Server 2016");
    assert_string_equal(ask(setting)->conflict,
                        "one source says os.build \"10.0.14393\", which is Windows Server 2016, "
                        "another \"6.3.9600\", which is Windows Server 2012 R2");
}

static void a_value_that_comes_to_the_same_is_no_conflict(void **state)
{
    static const struct attribute others[] = {
        { "os.build", { .type = VALUE_TEXT, .text = "10.0.14393.2273" } },
        { "os.name", { .type = VALUE_TEXT, .text = "Windows Server 2016 Datacenter" } },
    };
    struct setting *setting = *state;

    tell(setting, 3, "10.0.14393", "Windows Server 2016");
    setting->thing->others = others;
    setting->thing->other_count = 2;
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
    assert_null(ask(setting)->conflict);
}

static void a_value_that_says_nothing_is_no_conflict(void **state)
{
    static const struct attribute others[] = { { "os.build", { .type = VALUE_INT, .number = 6 } } };
    struct setting *setting = *state;

    tell(setting, 0, "6.3.9600", NULL);
    setting->thing->others = others;
    setting->thing->other_count = 1;
    assert_string_equal(name(ask(setting)), "Windows 8.1, Windows Server 2012 R2");
    assert_null(ask(setting)->conflict);
}

static void a_value_that_no_table_knows_is_a_conflict(void **state)
{
    static const struct attribute others[] = { { "os.build", { .type = VALUE_TEXT, .text = "99.9\n" } } };
    struct setting *setting = *state;

    tell(setting, 3, "10.0.14393", NULL);
    setting->thing->others = others;
    setting->thing->other_count = 1;
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
    assert_string_equal(ask(setting)->conflict,
                        "one source says os.build \"10.0.14393\", which is Windows Server 2016, "
                        "another \"99.9\\n\", which is no version of the tables");
}

/* ------------------------------------------------------------------------------------------------ other things ---- */

static void a_database_has_the_version_of_its_instance(void **state)
{
    struct setting *setting = *state;
    struct thing *instance = fake_thing(&setting->judge, "sql_instance", "SQL01");
    struct thing *database = fake_thing(&setting->judge, "database", "Crew");

    assert_string_equal(name(classify(&setting->judge, database, GROUP_SQL)), "all");
    assert_string_equal(classify(&setting->judge, database, GROUP_SQL)->missing, "sql.build");
    fake_text(instance, "sql.build", "13.0.1601.5");
    fake_tie(&setting->judge, database, "part_of", instance);
    assert_string_equal(name(classify(&setting->judge, database, GROUP_SQL)), "SQL Server 2016");
}

static void a_mailbox_database_may_have_the_version_of_each_of_its_servers(void **state)
{
    struct setting *setting = *state;
    struct judge *judge = &setting->judge;
    struct thing *one = fake_thing(judge, "exchange_server", "EX01"),
                 *two = fake_thing(judge, "exchange_server", "EX02");
    struct thing *database = fake_thing(judge, "mailbox_database", "Crew");

    fake_text(one, "exchange.version", "15.1.1531.3");
    fake_text(two, "exchange.version", "15.1.1466.3");
    fake_tie(judge, database, "replicated_to", one);
    fake_tie(judge, database, "replicated_to", two);
    assert_string_equal(name(classify(judge, database, GROUP_EXCHANGE)), "Exchange 2016");
    fake_text(two, "exchange.version", "15.0.1395.4");
    assert_string_equal(name(classify(judge, database, GROUP_EXCHANGE)), "Exchange 2013, Exchange 2016");
    fake_unset(two, "exchange.version");
    assert_string_equal(name(classify(judge, database, GROUP_EXCHANGE)), "all");
    assert_string_equal(classify(judge, database, GROUP_EXCHANGE)->missing, "exchange.version");
    fake_text(two, "exchange.version", "8.3");
    assert_string_equal(name(classify(judge, database, GROUP_EXCHANGE)), "all");
    fake_text(one, "exchange.version", "8.3");
    assert_string_equal(name(classify(judge, database, GROUP_EXCHANGE)), "foreign");
}

static void a_product_is_the_newest_of_its_line_that_the_facts_show(void **state)
{
    struct setting *setting = *state;
    struct thing *server = fake_thing(&setting->judge, "backup_server", "MABS01");

    assert_null(classify_product(&setting->judge, server));
    fake_text(server, "backup.version", "11.0.1");
    assert_string_equal(classify_product(&setting->judge, server)->name, "mabs-v1");
    fake_text(server, "backup.version", "12.0.332.0");
    assert_string_equal(classify_product(&setting->judge, server)->name, "mabs-v2");
    fake_text(server, "backup.version", "5.0.158.0");
    assert_string_equal(classify_product(&setting->judge, server)->name, "dpm-2016");
    fake_text(server, "backup.version", "4.2");
    assert_null(classify_product(&setting->judge, server));
    setting->table.backup_tests[2] = text_test("backup.version", COMPARE_STARTS, "12");
    fake_text(server, "backup.version", "12.0.332.0");
    assert_null(classify_product(&setting->judge, server));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_test_that_says_yes_is_the_version),
        TEST(what_tests_do_not_exclude_are_candidates),
        TEST(hints_narrow_the_candidates),
        TEST(weak_hints_count_where_no_hint_does),
        TEST(hints_against_a_sure_test_are_a_conflict),
        TEST(hints_for_what_tests_exclude_are_a_conflict),
        TEST(what_all_tests_exclude_is_foreign),
        TEST(without_facts_every_version_is_a_candidate),
        TEST(fewer_facts_never_exclude_what_all_of_them_say),
        TEST(what_the_hypervisor_says_stands_in),
        TEST(why_a_fact_is_missing_is_told_of_each_thing),
        TEST(each_value_of_a_contradicted_fact_is_tried),
        TEST(a_value_that_comes_to_the_same_is_no_conflict),
        TEST(a_value_that_says_nothing_is_no_conflict),
        TEST(a_value_that_no_table_knows_is_a_conflict),
        TEST(a_database_has_the_version_of_its_instance),
        TEST(a_mailbox_database_may_have_the_version_of_each_of_its_servers),
        TEST(a_product_is_the_newest_of_its_line_that_the_facts_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
