/* The language of tests: each form as a tree, and each way to get it wrong at its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

/* The condition's test starts on line 2. */
static void load(const char *test)
{
    struct str text = STR_EMPTY;

    str_format(&text, "conditions = ( { name = \"c\"; text = \"t\";\ntest = %s;\n} );\n", test);
    archive_load(str_text(&text));
    str_finish(&text);
}

static const struct test *test_of(const char *text)
{
    load(text);
    archive_loads();
    return knowledge_matrix(archive.knowledge)->conditions[0].test;
}

static void refused(const char *text, int line, const char *sentence)
{
    load(text);
    yard_has_in("matrix/a.conf", line, sentence);
    yard_count(1);
}

static void a_fact_is_compared(void **state)
{
    const struct test *test;

    (void)state;
    test = test_of("{ fact = \"os.build\"; is = \"7601\"; }");
    assert_int_equal(test->type, TEST_FACT);
    assert_string_equal(test->fact, "os.build");
    assert_int_equal(test->compare, COMPARE_IS);
    assert_int_equal(test->value_count, 1);
    assert_int_equal(test->values[0].type, VALUE_TEXT);
    assert_string_equal(test->values[0].text, "7601");
    test = test_of("{ fact = \"os.product_type\"; in = [ 2, 3 ]; }");
    assert_int_equal(test->compare, COMPARE_IS);
    assert_int_equal(test->value_count, 2);
    assert_int_equal(test->values[1].type, VALUE_INT);
    assert_int_equal(test->values[1].number, 3);
    test = test_of("{ fact = \"volume.capacity\"; above = 17592186044416L; }");
    assert_int_equal(test->compare, COMPARE_ABOVE);
    assert_true(test->values[0].number == INT64_C(17592186044416));
    test = test_of("{ fact = \"volume.dedup\"; is_not = true; }");
    assert_int_equal(test->compare, COMPARE_IS_NOT);
    assert_int_equal(test->values[0].type, VALUE_BOOL);
    assert_true(test->values[0].truth);
    test = test_of("{ fact = \"os.hotfixes\"; empty = false; }");
    assert_int_equal(test->compare, COMPARE_EMPTY);
    assert_int_equal(test->values[0].type, VALUE_BOOL);
    assert_false(test->values[0].truth);
    test = test_of("{ fact = \"domain.name\"; trusted_by = \"server\"; }");
    assert_int_equal(test->compare, COMPARE_TRUSTED_BY);
    assert_int_equal(test->value_count, 0);
    test = test_of("{ fact = \"availability_group.role\"; same_as = \"id.name\"; }");
    assert_int_equal(test->compare, COMPARE_SAME_AS);
    assert_string_equal(test->values[0].text, "id.name");
}

static void every_comparison_has_its_word(void **state)
{
    static const struct {
        const char *text;
        enum compare compare;
    } rows[] = {
        { "{ fact = \"os.name\"; is = \"a\"; }", COMPARE_IS },
        { "{ fact = \"os.name\"; is_not = \"a\"; }", COMPARE_IS_NOT },
        { "{ fact = \"os.name\"; in = [ \"a\" ]; }", COMPARE_IS },
        { "{ fact = \"os.name\"; not_in = [ \"a\" ]; }", COMPARE_IS_NOT },
        { "{ fact = \"os.build\"; at_least = \"6.1\"; }", COMPARE_AT_LEAST },
        { "{ fact = \"os.build\"; at_most = \"6.1\"; }", COMPARE_AT_MOST },
        { "{ fact = \"os.build\"; above = \"6.1\"; }", COMPARE_ABOVE },
        { "{ fact = \"os.build\"; below = \"6.1\"; }", COMPARE_BELOW },
        { "{ fact = \"os.name\"; starts = \"a\"; }", COMPARE_STARTS },
        { "{ fact = \"os.name\"; contains = [ \"a\", \"b\" ]; }", COMPARE_CONTAINS },
        { "{ fact = \"os.hotfixes\"; has = \"KB1\"; }", COMPARE_HAS },
        { "{ fact = \"os.hotfixes\"; lacks = [ \"KB1\" ]; }", COMPARE_LACKS },
        { "{ fact = \"kind\"; has = \"vm\"; }", COMPARE_HAS },
        { "{ fact = \"kind\"; is = \"vm\"; }", COMPARE_IS },
        { "{ fact = \"name\"; starts = \"RTM-\"; }", COMPARE_STARTS },
        { "{ fact = \"workload\"; in = [ \"sql\", \"exchange\" ]; }", COMPARE_IS },
        { "{ fact = \"installation\"; is = \"azure-vm\"; }", COMPARE_IS },
        { "{ fact = \"version\"; at_least = \"windows server 2008 SP2\"; }", COMPARE_AT_LEAST },
        { "{ fact = \"database.created_at\"; at_least = \"2018-03-01T12:00:00Z\"; }", COMPARE_AT_LEAST },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(test_of(rows[i].text)->compare, rows[i].compare);
}

static void tests_stand_in_tests(void **state)
{
    const struct test *test;

    (void)state;
    test = test_of("{ any = ( { fact = \"os.build\"; is = \"1\"; }, { all = ( { undecided = \"why\"; } ); },\n"
                   "{ not = { fact = \"os.build\"; is = \"2\"; }; } ); }");
    assert_int_equal(test->type, TEST_ANY);
    assert_int_equal(test->part_count, 3);
    assert_int_equal(test->parts[0].type, TEST_FACT);
    assert_int_equal(test->parts[1].type, TEST_ALL);
    assert_int_equal(test->parts[1].parts[0].type, TEST_UNDECIDED);
    assert_string_equal(test->parts[1].parts[0].why, "why");
    assert_int_equal(test->parts[2].type, TEST_NOT);
    assert_int_equal(test->parts[2].part_count, 1);
    assert_string_equal(test->parts[2].parts[0].values[0].text, "2");
}

static void related_things_are_asked(void **state)
{
    const struct test *test;

    (void)state;
    test = test_of("{ every = \"volumes\"; that = { fact = \"volume.dedup\"; is = false; }; }");
    assert_int_equal(test->type, TEST_EVERY);
    assert_int_equal(test->collection, COLLECTION_VOLUMES);
    assert_int_equal(test->empty, TRUTH_UNKNOWN);
    assert_int_equal(test->part_count, 1);
    test = test_of("{ some = \"mailbox-databases\"; where = { fact = \"name\"; is = \"w\"; };\n"
                   "that = { fact = \"name\"; is = \"t\"; }; empty = \"no\"; }");
    assert_int_equal(test->type, TEST_SOME);
    assert_int_equal(test->collection, COLLECTION_MAILBOX_DATABASES);
    assert_int_equal(test->empty, TRUTH_NO);
    assert_int_equal(test->part_count, 2);
    assert_string_equal(test->parts[0].values[0].text, "t");
    assert_string_equal(test->parts[1].values[0].text, "w");
    assert_int_equal(test_of("{ every = \"hosts\"; that = { undecided = \"u\"; }; empty = \"yes\"; }")->empty,
                     TRUTH_YES);
    test_of("{ every = \"server\"; that = { all = ( { fact = \"product\"; is = \"mabs-v2\"; }, { fact = \"update\"; "
            "at_least = \"UR1\"; }, { fact = \"site\"; is = \"Rotterdam\"; } ); }; }");
}

static void a_test_has_exactly_one_form(void **state)
{
    (void)state;
    refused("{ }", 2, "exactly one of fact, all, any, not, every, some and undecided; this one has none");
    refused("{\n alll = ( ); }", 2, "this one has none; the nearest is all");
    refused("{ undecided = \"x\"; not = { undecided = \"x\"; }; }", 2, "this one has more");
    refused("5", 2, "test: expected a group");
    refused("{ undecided = \"\"; }", 2, "undecided: it is empty");
    refused("{ undecided = \"x\";\n because = 1; }", 3, "because: a test with undecided has no such key");
    refused("{ every = \"volumes\"; that = { undecided = \"x\"; };\n were = { }; }", 3,
            "a test with every has no such key; the nearest is where");
    refused("{ fact = \"os.build\"; is = \"1\";\n at_leest = \"1\"; }", 3,
            "a test with fact has no such key; the nearest is at_least");
}

static void a_fact_has_exactly_one_comparison(void **state)
{
    (void)state;
    refused("{ fact = \"os.build\"; }", 2, "exactly one comparison, such as is, in, at_least or has; this one has 0");
    refused("{ fact = \"os.build\"; above = \"1\"; below = \"3\"; }", 2,
            "this one has 2: make it all = ( { ... }, { ... } )");
    refused("{ fact = 5; is = \"1\"; }", 2, "fact: expected a fact in quotes");
}

static void a_fact_is_one_of_the_data_dictionary(void **state)
{
    (void)state;
    refused("{ fact = \"os.biuld\"; is = \"1\"; }", 2, "there is no fact \"os.biuld\"; the nearest is \"os.build\"");
    refused("{ fact = \"instalation\"; is = \"1\"; }", 2, "the nearest is \"installation\"");
    refused("{ fact = \"\\x1b[31m\"; is = \"1\"; }", 2, "there is no fact \"\\x1B[31m\"");
    refused("{ fact = \"product\"; is = \"mabs-v2\"; }", 2, "only the backup server has \"product\"");
    refused("{ every = \"server\"; that = {\n every = \"protected\"; that = {\n fact = \"site\"; is = \"x\"; }; }; }",
            4, "only the backup server has \"site\"");
}

static void a_value_fits_its_fact(void **state)
{
    (void)state;
    refused("{ fact = \"os.build\"; at_least = 7601; }", 2, "at_least: expected a text in quotes, not a number");
    refused("{ fact = \"os.sku\"; is = \"7\"; }", 2, "is: expected a whole number without quotes");
    refused("{ fact = \"os.sku\"; is = 7.5; }", 2, "is: expected a whole number");
    refused("{ fact = \"os.sku\";\n in = [ \"7\" ]; }", 3, "in: expected a whole number");
    refused("{ fact = \"volume.dedup\"; is = \"true\"; }", 2, "is: expected true or false without quotes, not a text");
    refused("{ fact = \"volume.dedup\"; at_least = true; }", 2,
            "\"volume.dedup\" is true or false, of which at_least says nothing");
    refused("{ fact = \"os.hotfixes\"; is = \"KB1\"; }", 2, "\"os.hotfixes\" is a list, of which is says nothing");
    refused("{ fact = \"os.name\"; has = \"x\"; }", 2, "\"os.name\" is a text, of which has says nothing");
    refused("{ fact = \"os.sku\"; starts = \"1\"; }", 2, "\"os.sku\" is a whole number, of which starts says nothing");
    refused("{ fact = \"os.name\"; is = [ \"x\" ]; }", 2, "is: expected a single value, not a list");
    refused("{ fact = \"os.name\"; in = \"x\"; }", 2,
            "in: expected a list of values, such as [ \"a\", \"b\" ], not a text");
    refused("{ fact = \"os.name\"; in = [ ]; }", 2, "in: a list of 0 values, where 1 to 4096 are possible");
    refused("{ fact = \"os.name\"; empty = \"yes\"; }", 2, "empty: expected true or false");
    refused("{ fact = \"database.created_at\"; above = \"2018\"; }", 2, "expected a time, such as");
    refused("{ fact = \"domain.name\"; trusted_by = \"domain\"; }", 2, "expected \"server\"");
    refused("{ fact = \"os.name\"; same_as = \"id.nam\"; }", 2,
            "there is no fact \"id.nam\"; the nearest is \"id.name\"");
    refused("{ fact = \"os.name\"; same_as = \"os.sku\"; }", 2, "\"os.sku\" is no text that a scan reports");
    refused("{ fact = \"name\"; same_as = \"id.name\"; }", 2, "\"name\" is no text that a scan reports");
    refused("{ fact = \"os.sku\"; same_as = \"id.name\"; }", 2, "of which same_as says nothing");
    refused("{ fact = \"os.name\"; same_as = true; }", 2, "same_as: expected a fact in quotes");
    refused("{ fact = \"os.name\"; is = \"\\xff\"; }", 2, "is: it is not valid UTF-8");
}

static void a_word_that_a_fact_never_is_is_a_slip(void **state)
{
    (void)state;
    refused("{ fact = \"version\"; at_least = \"Windows Server 2021\"; }", 2,
            "there is no version \"Windows Server 2021\" in products.conf; the nearest is \"Windows Server 2012\"");
    refused("{ fact = \"version\"; in = [ \"SQL Server 2012\",\n\"SQL Server 2102\" ]; }", 3,
            "there is no version \"SQL Server 2102\"");
    test_of("{ fact = \"version\"; starts = \"Windows Server\"; }");
    refused("{ fact = \"kind\"; has = \"machin\"; }", 2, "there is no kind \"machin\"; the nearest is \"machine\"");
    refused("{ fact = \"workload\"; is = \"serer\"; }", 2, "the nearest is \"server\"");
    refused("{ fact = \"installation\"; is = \"hyper-v-vm\"; }", 2, "the nearest is \"hyperv-vm\"");
    refused("{ every = \"server\"; that = { fact = \"product\"; is = \"mabs-v3\"; }; }", 2,
            "there is no product \"mabs-v3\" in products.conf; the nearest is \"mabs-v1\"");
}

static void a_collection_is_one_of_a_few(void **state)
{
    (void)state;
    refused("{ every = \"volume\"; that = { undecided = \"u\"; }; }", 2,
            "every: there is no collection \"volume\"; the nearest is \"volumes\"");
    refused("{ some = 3; that = { undecided = \"u\"; }; }", 2, "some: expected a collection in quotes");
    refused("{ some = \"hosts\"; }", 2, "some: add what must hold of it: that = { fact = ... };");
    refused("{ some = \"hosts\"; that = { undecided = \"u\"; }; empty = \"maybe\"; }", 2,
            "empty: \"maybe\" is none of no, yes, unknown");
    refused("{ some = \"hosts\"; that = { undecided = \"u\"; };\n where = { facts = 1; }; }", 3,
            "where: a test has exactly one");
}

static void parts_are_counted(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    refused("{ all = ( ); }", 2, "all: 0 tests, where 1 to 64 are possible");
    refused("{ all = { undecided = \"u\"; }; }", 2, "all: expected a list of groups");
    refused("{ all = (\n 5 ); }", 3, "all: expected a group");
    for (int count = CONDITION_MAX_PARTS; count <= CONDITION_MAX_PARTS + 1; count++) {
        str_clear(&text);
        str_add(&text, "{ any = (");
        for (int i = 0; i < count; i++)
            str_add(&text, i == 0 ? "{ undecided = \"u\"; }" : ", { undecided = \"u\"; }");
        str_add(&text, "); }");
        if (count == CONDITION_MAX_PARTS)
            assert_int_equal(test_of(str_text(&text))->part_count, CONDITION_MAX_PARTS);
        else
            refused(str_text(&text), 2, "any: 65 tests, where 1 to 64 are possible");
    }
    str_finish(&text);
}

static void depth_is_counted(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    for (int depth = CONDITION_MAX_DEPTH; depth <= CONDITION_MAX_DEPTH + 1; depth++) {
        str_clear(&text);
        for (int i = 1; i < depth; i++)
            str_add(&text, "{ not = ");
        str_add(&text, "{ undecided = \"u\"; }");
        for (int i = 1; i < depth; i++)
            str_add(&text, "; }");
        if (depth == CONDITION_MAX_DEPTH)
            test_of(str_text(&text));
        else
            refused(str_text(&text), 2, "not: tests within tests: 12 deep is possible");
    }
    str_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fact_is_compared, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(every_comparison_has_its_word, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(tests_stand_in_tests, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(related_things_are_asked, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_test_has_exactly_one_form, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_fact_has_exactly_one_comparison, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_fact_is_one_of_the_data_dictionary, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_value_fits_its_fact, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_word_that_a_fact_never_is_is_a_slip, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_collection_is_one_of_a_few, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(parts_are_counted, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(depth_is_counted, archive_open, archive_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
