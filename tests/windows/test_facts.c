#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts.h"
#include "pretend.h"

#include <string.h>

static int set_up(void **state)
{
    (void)state;
    pretend_begin();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pretend_end();
    return 0;
}

static void a_set_is_ordered_and_says_each_once(void **state)
{
    const char *texts[] = { "b", "a", "b", "c", "a" };

    (void)state;
    facts_set(&pretend.computer, "os.roles", texts, 5);
    assert_string_equal(pretend_list(&pretend.computer, "os.roles"), "a b c");
    facts_set(&pretend.computer, "os.roles", texts, 0);
    assert_string_equal(pretend_list(&pretend.computer, "os.roles"), "");
}

static void what_cannot_be_recorded_is_unread_with_the_reason(void **state)
{
    static char text[ITEM_MAX_TEXT + 2];

    (void)state;
    memset(text, 'a', sizeof text - 1);
    facts_text(&pretend.computer, "os.name", text);
    facts_text(&pretend.computer, "id.name", "\xFF");
    facts_text(&pretend.computer, "id.fqdn", NULL);
    assert_int_equal(pretend.computer.attribute_count, 0);
    assert_non_null(pretend_unread(&pretend.computer, "os.name"));
    assert_non_null(pretend_unread(&pretend.computer, "id.name"));
    assert_null(pretend_unread(&pretend.computer, "id.fqdn"));
}

static void a_reason_that_is_no_text_is_told_in_other_words(void **state)
{
    (void)state;
    facts_unread(&pretend.computer, "cluster.", "\xFF");
    assert_non_null(strstr(pretend_unread(&pretend.computer, "cluster."), "no text"));
}

static void a_link_needs_a_far_end(void **state)
{
    (void)state;
    facts_link(&pretend.computer, "part_of", "machine", NULL);
    assert_int_equal(pretend.computer.link_count, 0);
    facts_link(&pretend.computer, "part_of", "machine", "k");
    assert_int_equal(pretend.computer.link_count, 1);
    facts_link_by(&pretend.computer, "hosted_on", "machine", "id.fqdn", NULL);
    assert_int_equal(pretend.computer.link_count, 1);
    facts_link_by(&pretend.computer, "hosted_on", "machine", "id.fqdn", "sql1.example");
    assert_int_equal(pretend.computer.link_count, 2);
    assert_null(pretend.computer.links[1].key);
    assert_string_equal(pretend.computer.links[1].value, "sql1.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_set_is_ordered_and_says_each_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_recorded_is_unread_with_the_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reason_that_is_no_text_is_told_in_other_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_needs_a_far_end, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
