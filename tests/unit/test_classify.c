#include "fake_judge.h"

#include "classify.h"

#include <stdio.h>

/* A small table: a version is told by product type and build, hinted at by the name, weakly by what was configured. */

enum { VERSIONS = 7 };

static const struct {
    const char *name;
    int type;
    const char *build, *hint, *weak;
} rows[VERSIONS] = {
    { "Windows 8.1", 1, "6.3.9600", "Windows 8.1", NULL },
    { "Windows 10", 1, "10.0.14393", "Windows 10", "windows9_64Guest" },
    { "Windows Server 2008 R2", 3, "6.1.7600", "Server 2008 R2", "windows7Server64Guest" },
    { "Windows Server 2012", 3, "6.2.9200", "Server 2012", "windows8Server64Guest" },
    { "Windows Server 2012 R2", 3, "6.3.9600", "Server 2012", "windows8Server64Guest" },
    { "Windows Server 2016", 3, "10.0.14393", "Server 2016", "windows9Server64Guest" },
    { "SQL Server 2016", 0, "13.0.1601", NULL, NULL },
};

struct table {
    struct version versions[VERSIONS];
    struct test tests[VERSIONS], parts[VERSIONS][2], hints[VERSIONS], weak[VERSIONS];
    struct value types[VERSIONS];
    struct family families[3];
    struct product backup[3];
    struct test backup_tests[3];
    struct products products;
};

struct setting {
    struct judge judge;
    struct table table;
    struct thing *thing;
};

static struct test text_test(const char *fact, enum compare compare, const char *value)
{
    struct test test = { .type = TEST_FACT, .fact = fact, .compare = compare, FAKE_TEXTS(value) };

    return test;
}

static void make_row(struct table *table, size_t i)
{
    struct version *version = &table->versions[i];

    *version = (struct version){ .name = rows[i].name, .base = rows[i].name, .order = i, .test = &table->tests[i] };
    if (rows[i].type == 0) {
        table->tests[i] = text_test("sql.build", COMPARE_STARTS, rows[i].build);
        return;
    }
    table->types[i] = (struct value){ .type = VALUE_INT, .number = rows[i].type };
    table->parts[i][0] = (struct test){ .type = TEST_FACT,
                                        .fact = "os.product_type",
                                        .compare = COMPARE_IS,
                                        .values = &table->types[i],
                                        .value_count = 1 };
    table->parts[i][1] = text_test("os.build", COMPARE_STARTS, rows[i].build);
    table->tests[i] = (struct test){ .type = TEST_ALL, .parts = table->parts[i], .part_count = 2 };
    table->hints[i] = text_test("os.name", COMPARE_CONTAINS, rows[i].hint);
    version->hint = &table->hints[i];
    if (rows[i].weak != NULL) {
        table->weak[i] = text_test("vm.configured_guest_id", COMPARE_IS, rows[i].weak);
        version->weak = &table->weak[i];
    }
}

static void make_family(struct table *table, size_t at, const char *name, enum product_group group, size_t first,
                        size_t count)
{
    table->families[at] = (struct family){ name, group, NULL, 0, &table->versions[first], count };
    for (size_t i = first; i < first + count; i++)
        table->versions[i].family = &table->families[at];
}

static void make_table(struct table *table)
{
    static const char *const names[3] = { "mabs-v1", "mabs-v2", "dpm-2016" }, *const least[3] = { "11", "12", "5" };

    for (size_t i = 0; i < VERSIONS; i++)
        make_row(table, i);
    make_family(table, 0, "Windows", GROUP_OS, 0, 2);
    make_family(table, 1, "Windows Server", GROUP_OS, 2, 4);
    make_family(table, 2, "SQL Server", GROUP_SQL, 6, 1);
    for (size_t i = 0; i < 3; i++) {
        table->backup_tests[i] = text_test("backup.version", i < 2 ? COMPARE_AT_LEAST : COMPARE_STARTS, least[i]);
        table->backup[i] = (struct product){
            .name = names[i], .line = i < 2 ? "mabs" : "dpm", .order = i, .test = &table->backup_tests[i]
        };
    }
    table->products = (struct products){ table->families, 3, table->backup, 3 };
}

static int set_up(void **state)
{
    struct setting *setting = mem_new(1, sizeof *setting);

    make_table(&setting->table);
    fake_judge_init(&setting->judge, &setting->table.products);
    setting->thing = fake_thing(&setting->judge, "machine", "WEB01");
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    fake_judge_finish(&setting->judge);
    free(setting);
    return 0;
}

/* The candidates' names, "all" or "foreign". */
static const char *name(const struct classification *found)
{
    static char text[512];

    text[0] = '\0';
    if (found->all || found->foreign) {
        assert_int_equal(found->count, 0);
        assert_false(found->all && found->foreign);
        return found->all ? "all" : "foreign";
    }
    for (size_t i = 0; i < found->count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i > 0 ? ", " : "",
                 found->candidates[i]->name);
    return text;
}

static const struct classification *ask(struct setting *setting)
{
    return classify(&setting->judge, setting->thing, GROUP_OS);
}

static void tell(struct setting *setting, int type, const char *build, const char *caption)
{
    fake_unset(setting->thing, "os.product_type");
    fake_unset(setting->thing, "os.build");
    fake_unset(setting->thing, "os.name");
    if (type != 0)
        fake_int(setting->thing, "os.product_type", type);
    if (build != NULL)
        fake_text(setting->thing, "os.build", build);
    if (caption != NULL)
        fake_text(setting->thing, "os.name", caption);
}

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
    assert_string_equal(ask(setting)->missing, "os.product_type");
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

static void what_the_hypervisor_says_stands_in(void **state)
{
    struct setting *setting = *state;

    fake_text(setting->thing, "guest.build", "6.2.9200");
    fake_int(setting->thing, "guest.product_type", 3);
    assert_string_equal(name(ask(setting)), "Windows Server 2012");
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

/* ------------------------------------------------------------------------------------------ contradicting facts ----
 */

static void each_value_of_a_contradicted_fact_is_tried(void **state)
{
    static const struct attribute others[] = {
        { "os.build", { .type = VALUE_TEXT, .text = "6.3.9600" } },
        { "id.name", { .type = VALUE_TEXT, .text = "WEB-1" } },
    };
    struct setting *setting = *state;

    tell(setting, 3, "10.0.14393", NULL);
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

/* ------------------------------------------------------------------------------------------------------- memo ---- */

static void things_of_the_same_facts_are_classified_once(void **state)
{
    struct setting *setting = *state;
    const struct classification *first;

    tell(setting, 3, "10.0.14393", NULL);
    first = ask(setting);
    fake_text(setting->thing, "id.fqdn", "web01.corp.example");
    assert_ptr_equal(ask(setting), first);
    fake_text(setting->thing, "os.build", "10.0.14394");
    assert_ptr_not_equal(ask(setting), first);
    fake_text(setting->thing, "os.build", "10.0.14393");
    assert_ptr_equal(ask(setting), first);
    classify_memo_reset(&setting->judge.memo);
    assert_ptr_equal(ask(setting), first);
}

static void long_texts_that_differ_are_not_mixed_up(void **state)
{
    char *one = mem_new(ITEM_MAX_TEXT + 1, 1), *other = mem_new(ITEM_MAX_TEXT + 1, 1);
    struct setting *setting = *state;

    memset(one, 'x', ITEM_MAX_TEXT);
    memset(other, 'x', ITEM_MAX_TEXT);
    memcpy(other + ITEM_MAX_TEXT - 10, "Windows 10", 10);
    tell(setting, 0, NULL, one);
    assert_string_equal(name(ask(setting)), "all");
    fake_text(setting->thing, "os.name", other);
    assert_string_equal(name(ask(setting)), "Windows 10");
    free(one);
    free(other);
}

static void values_do_not_run_into_each_other(void **state)
{
    struct setting *setting = *state;
    const struct classification *one, *two, *three;

    tell(setting, 0, "ab", "c");
    one = ask(setting);
    tell(setting, 0, "a", "bc");
    two = ask(setting);
    tell(setting, 0, NULL, "abc");
    three = ask(setting);
    assert_ptr_not_equal(one, two);
    assert_ptr_not_equal(two, three);
    assert_ptr_not_equal(one, three);
}

static void the_memory_of_a_session_is_bounded(void **state)
{
    static char builds[CLASSIFY_MEMO_MAX + 100][24];
    struct setting *setting = *state;

    tell(setting, 3, NULL, NULL);
    for (size_t i = 0; i < CLASSIFY_MEMO_MAX + 100; i++) {
        snprintf(builds[i], sizeof builds[i], "10.0.14393.%zu", i);
        fake_text(setting->thing, "os.build", builds[i]);
        assert_string_equal(name(ask(setting)), "Windows Server 2016");
    }
    assert_int_equal(setting->judge.memo.entries.count, CLASSIFY_MEMO_MAX);
    classify_memo_reset(&setting->judge.memo);
    assert_int_equal(setting->judge.memo.entries.count, 0);
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
}

static void tables_that_ask_for_more_than_facts_are_asked_each_time(void **state)
{
    struct setting *setting = *state;
    struct thing *cluster = fake_thing(&setting->judge, "cluster", "CL");
    struct test clustered = { .type = TEST_ALL };
    struct test some = { .type = TEST_SOME, .collection = COLLECTION_CLUSTER, .parts = &clustered, .part_count = 1 };

    some.empty = TRUTH_NO;
    setting->table.versions[5].test = &some;
    tell(setting, 3, NULL, NULL);
    assert_string_equal(name(ask(setting)), "Windows Server 2008 R2, Windows Server 2012, Windows Server 2012 R2");
    fake_tie(&setting->judge, setting->thing, "member_of", cluster);
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
    assert_int_equal(setting->judge.memo.entries.count, 0);
}

static void a_table_that_asks_for_its_own_answer_ends(void **state)
{
    struct setting *setting = *state;
    struct test itself = text_test("version", COMPARE_IS, "Windows Server 2016");

    setting->table.versions[5].test = &itself;
    tell(setting, 3, "10.0.14393", NULL);
    assert_string_equal(name(ask(setting)), "Windows Server 2016");
}

static void kinds_and_names_are_part_of_what_is_remembered(void **state)
{
    struct setting *setting = *state;
    struct test host = text_test("kind", COMPARE_HAS, "hyperv_host"), web = text_test("name", COMPARE_IS, "WEB01");
    struct thing *other = fake_thing(&setting->judge, "hyperv_host", "HV01");

    setting->table.versions[5].test = &host;
    setting->table.versions[1].test = &web;
    assert_string_equal(name(ask(setting)), "Windows 10");
    assert_string_equal(name(classify(&setting->judge, other, GROUP_OS)), "Windows Server 2016");
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
        TEST(what_the_hypervisor_says_stands_in),
        TEST(why_a_fact_is_missing_is_told_of_each_thing),
        TEST(each_value_of_a_contradicted_fact_is_tried),
        TEST(a_value_that_comes_to_the_same_is_no_conflict),
        TEST(a_value_that_no_table_knows_is_a_conflict),
        TEST(things_of_the_same_facts_are_classified_once),
        TEST(long_texts_that_differ_are_not_mixed_up),
        TEST(values_do_not_run_into_each_other),
        TEST(the_memory_of_a_session_is_bounded),
        TEST(tables_that_ask_for_more_than_facts_are_asked_each_time),
        TEST(a_table_that_asks_for_its_own_answer_ends),
        TEST(kinds_and_names_are_part_of_what_is_remembered),
        TEST(a_database_has_the_version_of_its_instance),
        TEST(a_product_is_the_newest_of_its_line_that_the_facts_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
