#include "small_table.h"

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
    tell(setting, 0, "abc", NULL);
    assert_ptr_not_equal(ask(setting), three);
    assert_ptr_not_equal(one, two);
    assert_ptr_not_equal(two, three);
    assert_ptr_not_equal(one, three);
}

static void a_text_cannot_pass_for_two_facts(void **state)
{
    struct setting *setting = *state;
    const struct classification *two;

    tell(setting, 0, "a", "b");
    two = ask(setting);
    for (char index = 1; index < 64; index++) {
        char text[] = { 'a', index, VALUE_TEXT, 'b', '\0' }, longer[] = { 'a', index, VALUE_TEXT, 1, 'b', '\0' };

        tell(setting, 0, text, NULL);
        assert_ptr_not_equal(ask(setting), two);
        tell(setting, 0, longer, NULL);
        assert_ptr_not_equal(ask(setting), two);
    }
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
    other = fake_thing(&setting->judge, "vm", "HV01");
    assert_string_not_equal(name(classify(&setting->judge, other, GROUP_OS)), "Windows Server 2016");
    other = fake_thing(&setting->judge, "vm", "WEB01");
    assert_string_equal(name(classify(&setting->judge, other, GROUP_OS)), "Windows 10");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(things_of_the_same_facts_are_classified_once),
        TEST(long_texts_that_differ_are_not_mixed_up),
        TEST(values_do_not_run_into_each_other),
        TEST(a_text_cannot_pass_for_two_facts),
        TEST(the_memory_of_a_session_is_bounded),
        TEST(tables_that_ask_for_more_than_facts_are_asked_each_time),
        TEST(a_table_that_asks_for_its_own_answer_ends),
        TEST(kinds_and_names_are_part_of_what_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
