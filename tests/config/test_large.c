/* Large configurations, right and wrong: nothing takes time with the square of its size. A test that would take minutes
 * is stopped, and has failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crowd.h"
#include "yard.h"

#include <string.h>

static void ten_thousand_targets_are_loaded(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    fleet_write(&text, 10000);
    yard_load(str_text(&text));
    yard_loads();
    yard_count_warnings(0);
    assert_int_equal(yard.config->targets.count, 10000);
    assert_int_equal(yard.config->plugins.count, 2);
    assert_string_equal(yard.config->targets.items[9999].name, "host09999.corp.example");
    assert_int_equal(yard.config->targets.items[9999].place.line, 24 + 9999 * 12);
    str_finish(&text);
}

static void one_entry_may_have_thousands_of_hosts(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "targets = ( { name = \"hv\"; plugin = \"file\"; hosts = [ \"h\"");
    for (int i = 1; i < 4096; i++)
        str_format(&text, ", \"h%d\"", i);
    str_add(&text, " ]; } );");
    yard_load(str_text(&text));
    yard_loads();
    assert_int_equal(yard.config->targets.count, 4096);
    text.length = strlen(str_text(&text)) - strlen(" ]; } );");
    text.bytes[text.length] = '\0';
    str_add(&text, ", \"x\" ]; } );");
    yard_load(str_text(&text));
    yard_has(1, "hosts: a list of 4097, where 4096 are possible");
    str_finish(&text);
}

/* So many texts at the place of %zu. */
static void repeat(struct str *out, size_t count, const char *before, const char *behind)
{
    for (size_t i = 0; i < count; i++)
        str_format(out, "%s%s%zu%s", i == 0 ? "" : ",\n", before, i, behind);
}

static void a_thousandfold_mistake_is_found_in_time(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "credentials = (");
    repeat(&text, 20000, "{ name = \"credential", "\"; systemd_credential = \"c\"; }");
    str_add(&text, ");\nbackup_servers = (");
    repeat(&text, 10000, "{ name = \"server", "\"; product = \"mabs-v3\"; }");
    str_add(&text, ");\ntargets = (");
    repeat(&text, 20000, "{ plugin = \"file\"; credential = \"credentail0\"; name = \"t", "\"; }");
    str_add(&text, ");\nassign = (");
    repeat(&text, 10000, "{ server = \"sever", "\"; }");
    str_add(&text, ");");
    yard_load(str_text(&text));
    yard_count(CONFIG_MAX_PROBLEMS);
    assert_int_equal(yard.problems.left_out, 30000 - CONFIG_MAX_PROBLEMS);
    assert_true(yard_says("; the nearest is "));
    str_finish(&text);
}

static void there_are_limits_to_targets_and_plugins(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "targets = (");
    for (int entry = 0; entry < 26; entry++) {
        str_format(&text, "%s{ name = \"e%d\"; plugin = \"file\"; hosts = [ ", entry == 0 ? "" : ",\n", entry);
        repeat(&text, 4000, "\"", "\"");
        str_add(&text, "]; }");
    }
    str_add(&text, ");");
    yard_load(str_text(&text));
    yard_count(1);
    assert_true(yard_says("more than 100000 targets"));
    str_clear(&text);
    str_add(&text, "targets = (");
    for (int i = 0; i < 300; i++)
        str_format(&text, "%s{ name = \"t%d\"; plugin = \"p%d\"; }", i == 0 ? "" : ",", i, i);
    str_add(&text, ");");
    yard_load(str_text(&text));
    assert_true(yard_says("targets of more than 256 plugins"));
    str_finish(&text);
}

/* As many settings as a group may have, in as many groups as fit: libconfig compares each name with all before. */
static void the_largest_groups_take_no_minutes(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "x = (");
    for (int group = 0; text.length < 6000000 && group < 1600; group++) {
        str_add(&text, group == 0 ? "{" : ",{");
        for (int i = 0; i < 300; i++)
            str_format(&text, "a%d=1;", i);
        str_add(&text, "}");
    }
    str_add(&text, ");");
    yard_load(str_text(&text));
    yard_count(1);
    str_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ten_thousand_targets_are_loaded, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(one_entry_may_have_thousands_of_hosts, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_thousandfold_mistake_is_found_in_time, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(there_are_limits_to_targets_and_plugins, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(the_largest_groups_take_no_minutes, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
