#include "fake_judge.h"

#include "condition.h"

static const struct products products = { 0 };

struct setting {
    struct judge judge;
    struct thing *thing;
};

static int set_up(void **state)
{
    struct setting *setting = mem_new(1, sizeof *setting);

    fake_judge_init(&setting->judge, &products);
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

/* -------------------------------------------------------------------------------------------------- comparing ---- */

static enum truth compare_texts(struct setting *setting, const char *found, enum compare compare, const char *value)
{
    struct test test = { .type = TEST_FACT, .fact = "os.name", .compare = compare, FAKE_TEXTS(value) };

    fake_text(setting->thing, "os.name", found);
    return condition_test(&setting->judge, &test, setting->thing, NULL);
}

static void texts_compare(void **state)
{
    static const struct {
        const char *found;
        enum compare compare;
        const char *value;
        enum truth truth;
    } cases[] = {
        { "NTFS", COMPARE_IS, "ntfs", TRUTH_YES },
        { "NTFS", COMPARE_IS, "NTF", TRUTH_NO },
        { "NTFS", COMPARE_IS_NOT, "ntfs", TRUTH_NO },
        { "ReFS", COMPARE_IS_NOT, "ntfs", TRUTH_YES },
        { "10.0.14393", COMPARE_AT_LEAST, "10.0.9200", TRUTH_YES },
        { "10.0.14393", COMPARE_AT_LEAST, "10.0.14393", TRUTH_YES },
        { "4.0", COMPARE_AT_LEAST, "4", TRUTH_YES },
        { "5.1.14393.0", COMPARE_AT_LEAST, "4.0", TRUTH_YES },
        { "3.0", COMPARE_AT_LEAST, "4.0", TRUTH_NO },
        { "6.10", COMPARE_AT_MOST, "6.9", TRUTH_NO },
        { "6.9", COMPARE_AT_MOST, "6.9", TRUTH_YES },
        { "6.10", COMPARE_ABOVE, "6.9", TRUTH_YES },
        { "6.9", COMPARE_ABOVE, "6.9", TRUTH_NO },
        { "6.8", COMPARE_BELOW, "6.9", TRUTH_YES },
        { "6.9", COMPARE_BELOW, "6.9", TRUTH_NO },
        { "", COMPARE_AT_LEAST, "0", TRUTH_UNKNOWN },
        { "6.1.7601", COMPARE_STARTS, "6.1", TRUTH_YES },
        { "6.1", COMPARE_STARTS, "6.1", TRUTH_YES },
        { "6.10", COMPARE_STARTS, "6.1", TRUTH_NO },
        { "6.10", COMPARE_STARTS, "6.", TRUTH_YES },
        { "SQL Server 2016", COMPARE_STARTS, "sql", TRUTH_YES },
        { "SQ", COMPARE_STARTS, "sql", TRUTH_NO },
        { "Microsoft Windows Server 2016", COMPARE_CONTAINS, "SERVER 2016", TRUTH_YES },
        { "Microsoft Windows Server 2016", COMPARE_CONTAINS, "2019", TRUTH_NO },
        { "", COMPARE_CONTAINS, "a", TRUTH_NO },
        { "one", COMPARE_HAS, "ONE", TRUTH_YES },
        { "one", COMPARE_LACKS, "two", TRUTH_YES },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (compare_texts(*state, cases[i].found, cases[i].compare, cases[i].value) != cases[i].truth)
            fail_msg("case %zu: \"%s\" and \"%s\"", i, cases[i].found, cases[i].value);
    }
}

static void one_of_several_values_is_enough(void **state)
{
    struct setting *setting = *state;
    struct test is = { .type = TEST_FACT, .fact = "os.arch", .compare = COMPARE_IS, FAKE_TEXTS("x86", "x64") };
    struct test is_not = is;

    is_not.compare = COMPARE_IS_NOT;
    fake_text(setting->thing, "os.arch", "x64");
    assert_int_equal(condition_test(&setting->judge, &is, setting->thing, NULL), TRUTH_YES);
    assert_int_equal(condition_test(&setting->judge, &is_not, setting->thing, NULL), TRUTH_NO);
    fake_text(setting->thing, "os.arch", "ia64");
    assert_int_equal(condition_test(&setting->judge, &is, setting->thing, NULL), TRUTH_NO);
    assert_int_equal(condition_test(&setting->judge, &is_not, setting->thing, NULL), TRUTH_YES);
}

static enum truth compare_numbers(struct setting *setting, int64_t found, enum compare compare, int64_t number)
{
    struct value value = { .type = VALUE_INT, .number = number };
    struct test test = { .type = TEST_FACT, .fact = "os.sku", .compare = compare, .values = &value, .value_count = 1 };

    fake_int(setting->thing, "os.sku", found);
    return condition_test(&setting->judge, &test, setting->thing, NULL);
}

static void numbers_compare_as_numbers(void **state)
{
    assert_int_equal(compare_numbers(*state, 7, COMPARE_IS, 7), TRUTH_YES);
    assert_int_equal(compare_numbers(*state, 7, COMPARE_IS, 8), TRUTH_NO);
    assert_int_equal(compare_numbers(*state, 7, COMPARE_IS_NOT, 8), TRUTH_YES);
    assert_int_equal(compare_numbers(*state, 10, COMPARE_AT_LEAST, 9), TRUTH_YES);
    assert_int_equal(compare_numbers(*state, INT64_MIN, COMPARE_BELOW, INT64_MAX), TRUTH_YES);
    assert_int_equal(compare_numbers(*state, INT64_MAX, COMPARE_ABOVE, INT64_MIN), TRUTH_YES);
    assert_int_equal(compare_numbers(*state, 1000000000, COMPARE_AT_LEAST, 1000000000), TRUTH_YES);
    assert_int_equal(compare_numbers(*state, 999999999, COMPARE_AT_LEAST, 1000000000), TRUTH_NO);
    assert_int_equal(compare_numbers(*state, 7, COMPARE_STARTS, 7), TRUTH_UNKNOWN);
}

static void types_that_do_not_go_together_leave_it_open(void **state)
{
    struct setting *setting = *state;
    struct value truth = { .type = VALUE_BOOL, .truth = true };
    struct test test = { .type = TEST_FACT, .fact = "os.name", .values = &truth, .value_count = 1 };

    fake_text(setting->thing, "os.name", "true");
    for (test.compare = COMPARE_IS; test.compare < COMPARE_EMPTY; test.compare++)
        assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_UNKNOWN);
    fake_bool(setting->thing, "os.name", true);
    test.compare = COMPARE_IS;
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_YES);
    fake_bool(setting->thing, "os.name", false);
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_NO);
    test.compare = COMPARE_AT_LEAST;
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_UNKNOWN);
}

static void lists_are_asked_for_elements(void **state)
{
    static const char *const hotfixes[] = { "KB975354", "KB971394", NULL };
    struct setting *setting = *state;
    struct test has = { .type = TEST_FACT, .fact = "os.hotfixes", .compare = COMPARE_HAS, FAKE_TEXTS("kb971394") };
    struct test lacks = has;

    lacks.compare = COMPARE_LACKS;
    fake_list(setting->thing, "os.hotfixes", hotfixes);
    assert_int_equal(condition_test(&setting->judge, &has, setting->thing, NULL), TRUTH_YES);
    assert_int_equal(condition_test(&setting->judge, &lacks, setting->thing, NULL), TRUTH_NO);
    fake_list(setting->thing, "os.hotfixes", hotfixes + 2);
    assert_int_equal(condition_test(&setting->judge, &has, setting->thing, NULL), TRUTH_NO);
    assert_int_equal(condition_test(&setting->judge, &lacks, setting->thing, NULL), TRUTH_YES);
    fake_unset(setting->thing, "os.hotfixes");
    assert_int_equal(condition_test(&setting->judge, &has, setting->thing, NULL), TRUTH_UNKNOWN);
    assert_int_equal(condition_test(&setting->judge, &lacks, setting->thing, NULL), TRUTH_UNKNOWN);
}

static void emptiness_is_asked_of_lists_and_texts(void **state)
{
    static const char *const disks[] = { "\\\\.\\PHYSICALDRIVE4", NULL };
    struct setting *setting = *state;
    struct value yes = { .type = VALUE_BOOL, .truth = true };
    struct test test = {
        .type = TEST_FACT, .fact = "vm.vapp", .compare = COMPARE_EMPTY, .values = &yes, .value_count = 1
    };

    fake_text(setting->thing, "vm.vapp", "");
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_YES);
    fake_list(setting->thing, "vm.vapp", disks);
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_NO);
    fake_int(setting->thing, "vm.vapp", 0);
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_UNKNOWN);
    yes.truth = false;
    fake_list(setting->thing, "vm.vapp", disks);
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_YES);
}

/* --------------------------------------------------------------------------------------------- three values ---- */

/* A leaf of each truth: the thing has the fact os.name "x", and no os.arch. */
static struct test leaf_of(enum truth truth)
{
    struct test leaf = { .type = TEST_FACT, .fact = "os.name", .compare = COMPARE_IS };

    if (truth == TRUTH_UNKNOWN)
        leaf.fact = "os.arch";
    leaf.values = fake_values((const char *const[]){ truth == TRUTH_NO ? "y" : "x", NULL });
    leaf.value_count = 1;
    return leaf;
}

static enum truth combine(struct setting *setting, enum test_type type, enum truth one, enum truth other)
{
    struct test parts[2] = { leaf_of(one), leaf_of(other) };
    struct test test = { .type = type, .parts = parts, .part_count = type == TEST_NOT ? 1 : 2 };

    fake_text(setting->thing, "os.name", "x");
    return condition_test(&setting->judge, &test, setting->thing, NULL);
}

static void tests_combine_in_three_values(void **state)
{
    const enum truth N = TRUTH_NO, Y = TRUTH_YES, U = TRUTH_UNKNOWN;
    const enum truth all[3][3] = { { N, N, N }, { N, Y, U }, { N, U, U } };
    const enum truth any[3][3] = { { N, Y, U }, { Y, Y, Y }, { U, Y, U } };
    const enum truth denied[3] = { Y, N, U };

    for (enum truth one = TRUTH_NO; one <= TRUTH_UNKNOWN; one++) {
        assert_int_equal(combine(*state, TEST_NOT, one, TRUTH_NO), denied[one]);
        for (enum truth other = TRUTH_NO; other <= TRUTH_UNKNOWN; other++) {
            assert_int_equal(combine(*state, TEST_ALL, one, other), all[one][other]);
            assert_int_equal(combine(*state, TEST_ANY, one, other), any[one][other]);
        }
    }
}

static void tests_without_parts_are_what_nothing_speaks_against_or_for(void **state)
{
    struct setting *setting = *state;
    struct test all = { .type = TEST_ALL }, any = { .type = TEST_ANY };

    assert_int_equal(condition_test(&setting->judge, &all, setting->thing, NULL), TRUTH_YES);
    assert_int_equal(condition_test(&setting->judge, &any, setting->thing, NULL), TRUTH_NO);
}

/* ----------------------------------------------------------------------------------------------------- causes ---- */

static void the_cause_of_a_no_is_the_first_leaf_that_decided(void **state)
{
    struct setting *setting = *state;
    struct test parts[] = { leaf_of(TRUTH_UNKNOWN), leaf_of(TRUTH_YES), leaf_of(TRUTH_NO) };
    struct test all = { .type = TEST_ALL, .parts = parts, .part_count = 3 };
    struct condition_cause cause;

    fake_text(setting->thing, "os.name", "x");
    assert_int_equal(condition_test(&setting->judge, &all, setting->thing, &cause), TRUTH_NO);
    assert_ptr_equal(cause.thing, setting->thing);
    assert_string_equal(cause.fact, "os.name");
    assert_string_equal(cause.value->text, "x");
    assert_null(cause.why);
}

static void the_cause_of_an_unknown_is_the_first_leaf_that_is_missing_and_why(void **state)
{
    static const struct unread unread[] = { { "os.", "access is denied" } };
    struct setting *setting = *state;
    struct test inner[] = { leaf_of(TRUTH_YES), leaf_of(TRUTH_UNKNOWN) };
    struct test parts[] = { leaf_of(TRUTH_YES),
                            { .type = TEST_ALL, .parts = inner, .part_count = 2 },
                            leaf_of(TRUTH_UNKNOWN) };
    struct test all = { .type = TEST_ALL, .parts = parts, .part_count = 3 };
    struct condition_cause cause;

    parts[2].fact = "os.release";
    fake_text(setting->thing, "os.name", "x");
    setting->thing->unread = unread;
    setting->thing->unread_count = 1;
    assert_int_equal(condition_test(&setting->judge, &all, setting->thing, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "os.arch");
    assert_null(cause.value);
    assert_string_equal(cause.why, "access is denied");
}

static void the_cause_of_a_denied_yes_is_what_said_yes(void **state)
{
    struct setting *setting = *state;
    struct test parts[] = { leaf_of(TRUTH_NO), leaf_of(TRUTH_YES) };
    struct test any = { .type = TEST_ANY, .parts = parts, .part_count = 2 };
    struct test not = { .type = TEST_NOT, .parts = &any, .part_count = 1 };
    struct condition_cause cause;

    fake_text(setting->thing, "os.name", "x");
    assert_int_equal(condition_test(&setting->judge, &not, setting->thing, &cause), TRUTH_NO);
    assert_string_equal(cause.fact, "os.name");
}

static void a_fact_can_be_the_same_as_another(void **state)
{
    struct setting *setting = *state;
    struct test test = { .type = TEST_FACT, .fact = "id.netbios", .compare = COMPARE_SAME_AS, FAKE_TEXTS("id.name") };
    struct condition_cause cause;

    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "id.netbios");
    fake_text(setting->thing, "id.netbios", "SQL01");
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "id.name");
    assert_ptr_equal(cause.thing, setting->thing);
    fake_text(setting->thing, "id.name", "sql01");
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, NULL), TRUTH_YES);
    fake_text(setting->thing, "id.netbios", "SQL010");
    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, &cause), TRUTH_NO);
    assert_string_equal(cause.fact, "id.netbios");
    assert_string_equal(cause.value->text, "SQL010");
}

static void what_no_fact_tells_says_so(void **state)
{
    struct setting *setting = *state;
    struct test test = { .type = TEST_UNDECIDED, .why = "no scan sees licences" };
    struct condition_cause cause;

    assert_int_equal(condition_test(&setting->judge, &test, setting->thing, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.why, "no scan sees licences");
    assert_null(cause.fact);
    assert_int_equal(cause.collection, COLLECTION_COUNT);
}

static void of_nothing_every_fact_is_missing(void **state)
{
    static const char *const facts[] = { "os.name", "version", "kind", "name", "workload", "installation" };
    struct setting *setting = *state;
    struct test test = { .type = TEST_FACT, .compare = COMPARE_IS, FAKE_TEXTS("x") };
    struct condition_cause cause;

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        test.fact = facts[i];
        assert_int_equal(condition_test(&setting->judge, &test, NULL, &cause), TRUTH_UNKNOWN);
        assert_string_equal(cause.fact, facts[i]);
        assert_null(cause.thing);
        assert_null(cause.value);
    }
}

/* ------------------------------------------------------------------------------------------------------ words ---- */

static void words_lead_to_what_they_mean_and_back(void **state)
{
    (void)state;
    assert_int_equal(compare_find("is"), COMPARE_IS);
    assert_int_equal(compare_find("in"), COMPARE_IS);
    assert_int_equal(compare_find("not_in"), COMPARE_IS_NOT);
    assert_int_equal(compare_find("trusted_by"), COMPARE_TRUSTED_BY);
    assert_int_equal(compare_find("same_as"), COMPARE_SAME_AS);
    assert_int_equal(compare_find("like"), 0);
    assert_int_equal(compare_find(""), 0);
    for (enum collection i = 0; i < COLLECTION_COUNT; i++)
        assert_int_equal(collection_find(collection_word(i)), i);
    assert_int_equal(collection_find("disks"), COLLECTION_COUNT);
    assert_string_equal(collection_word(COLLECTION_COUNT), "");
    for (enum step_type i = STEP_UPDATE; i <= STEP_UPGRADE; i++)
        assert_int_equal(step_find(step_word(i)), i);
    assert_int_equal(step_find("pray"), STEP_NONE);
    assert_string_equal(step_word(STEP_NONE), "");
}

static void conditions_know_the_dictionary_and_what_is_derived(void **state)
{
    static const char *const known[] = { "os.build",     "version", "kind",   "name", "workload",
                                         "installation", "product", "update", "site" };
    static const char *const unknown[] = { "os.bild", "versions", "", "os." };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_true(condition_knows_fact(known[i]));
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_false(condition_knows_fact(unknown[i]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(texts_compare),
        TEST(one_of_several_values_is_enough),
        TEST(numbers_compare_as_numbers),
        TEST(types_that_do_not_go_together_leave_it_open),
        TEST(lists_are_asked_for_elements),
        TEST(emptiness_is_asked_of_lists_and_texts),
        TEST(tests_combine_in_three_values),
        TEST(tests_without_parts_are_what_nothing_speaks_against_or_for),
        TEST(the_cause_of_a_no_is_the_first_leaf_that_decided),
        TEST(the_cause_of_an_unknown_is_the_first_leaf_that_is_missing_and_why),
        TEST(the_cause_of_a_denied_yes_is_what_said_yes),
        TEST(a_fact_can_be_the_same_as_another),
        TEST(what_no_fact_tells_says_so),
        TEST(of_nothing_every_fact_is_missing),
        TEST(words_lead_to_what_they_mean_and_back),
        TEST(conditions_know_the_dictionary_and_what_is_derived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
