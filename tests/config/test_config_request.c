/* The options of targets against the tables of their plugins, and what a run is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "yard.h"

#include <string.h>
#include <sys/stat.h>

static const struct option_spec specs[] = {
    { .name = "host", .type = OPTION_TEXT },
    { .name = "port", .type = OPTION_INT, .min = 1, .max = 65535 },
    { .name = "username", .type = OPTION_TEXT, .required = true },
    { .name = "password", .type = OPTION_SECRET, .required = true },
    { .name = "ca_file", .type = OPTION_PATH },
    { .name = "pin", .type = OPTION_SECRET },
};

static const struct option_table table = { specs, sizeof specs / sizeof specs[0] };

static const struct option_spec plain_specs[] = { { .name = "path", .type = OPTION_PATH, .required = true } };
static const struct option_table plain = { plain_specs, 1 };

#define CREDENTIALS                                                                                                    \
    "credentials = ( { name = \"k\"; username = \"u\"; password_file = \"p\"; }, { name = \"n\"; password_file = "     \
    "\"p\"; } );\n"
#define OPTIONS(text)                                                                                                  \
    "targets = ( { name = \"a\"; plugin = \"file\"; credential = \"k\"; options = {\n" text "\n}; } );"

static bool check(const char *text, const struct option_table *with)
{
    yard_load(text);
    yard_loads();
    yard.problems.warnings.count = 0;
    return config_check_options(yard.config, 0, with, &yard.problems);
}

static void right_options_are_right(void **state)
{
    (void)state;
    assert_true(check(CREDENTIALS OPTIONS("host = \"h\"; port = 443;"), &table));
    yard_count(0);
    yard_count_warnings(0);
}

static void each_wrong_option_has_its_own_line(void **state)
{
    (void)state;
    assert_false(check(CREDENTIALS OPTIONS("port = 70000;\nhst = \"h\";\nhost = [ \"a\", \"b\" ];"), &table));
    yard_count(3);
    yard_has(3, "target \"a\", option port of plugin file: 70000 is out of bounds: 1 to 65535 is possible");
    yard_has(4, "option hst of plugin file: there is no option of this name; the nearest is host");
    yard_has(5, "option host of plugin file: takes one value, not 2");
}

static void a_missing_option_is_told_at_its_target(void **state)
{
    (void)state;
    assert_false(check("\ntargets = (\n{ name = \"a\"; plugin = \"file\"; } );", &table));
    yard_count(2);
    yard_has(3, "option username of plugin file: it is missing");
    yard_has(3,
             "option password of plugin file: it is missing, and the plugin cannot do without it; give the target a");
}

static void what_a_credential_gives_is_not_missing(void **state)
{
    (void)state;
    assert_false(check(CREDENTIALS "targets = (\n{ name = \"a\"; plugin = \"file\"; credential = \"n\"; } );", &table));
    yard_count(1);
    yard_has(3, "option username of plugin file: it is missing");
}

static void what_credential_and_options_both_give_is_a_conflict(void **state)
{
    (void)state;
    assert_false(check(CREDENTIALS OPTIONS("username = \"v\";\npassword = \"geheim\";"), &table));
    yard_count(2);
    yard_has(3, "option username: the credential \"k\" gives it too; take it out of the options");
    yard_has(4, "option password: the credential \"k\" gives it too");
    assert_false(yard_says("geheim"));
}

static void a_secret_in_the_options_is_a_warning_without_its_text(void **state)
{
    (void)state;
    assert_true(check("targets = ( { name = \"a\"; plugin = \"file\"; options = { username = \"u\";\npassword = "
                      "\"geheim\";\npin = \"geheim\"; }; } );",
                      &table));
    yard_count_warnings(2);
    yard_warns(2, "option password: this secret stands in the file, for everyone who may read it; give the target a");
    yard_warns(3, "option pin: this secret stands in the file");
    assert_false(yard_says("geheim"));
}

static void a_wrong_secret_is_not_shown(void **state)
{
    (void)state;
    assert_false(check("targets = ( { name = \"a\"; plugin = \"file\"; options = { username = \"u\";\npassword = [ "
                       "\"geheim\", \"geheim\" ]; }; } );",
                       &table));
    assert_false(yard_says("geheim"));
}

static void a_credential_that_a_plugin_cannot_use_is_a_warning(void **state)
{
    (void)state;
    assert_true(check(CREDENTIALS OPTIONS("path = \"x\";"), &plain));
    yard_count_warnings(1);
    yard_warns(2, "plugin file takes no password");
}

static void an_entry_with_hosts_is_told_once(void **state)
{
    (void)state;
    assert_false(check(CREDENTIALS
                       "targets = ( { name = \"a\"; plugin = \"file\"; credential = \"k\"; hosts = [ \"h1\", "
                       "\"h2\" ]; options = {\nprt = 1; }; },\n{ name = \"b\"; plugin = \"file\"; },\n{ name "
                       "= \"c\"; plugin = \"file\"; } );",
                       &table));
    yard_count(5);
    yard_has(3, "target \"a/h1\", option prt");
    yard_has(4, "target \"b\", option username");
    yard_has(5, "target \"c\", option username");
}

static void hosts_need_a_plugin_with_such_an_option(void **state)
{
    (void)state;
    assert_false(
        check("targets = ( { name = \"a\"; plugin = \"file\"; options = { path = \"x\"; };\nhosts = [ \"h\" ]; } );",
              &plain));
    yard_count(1);
    yard_has(2, "option host of plugin file: there is no option of this name");
}

static void only_the_targets_of_the_plugin_are_checked(void **state)
{
    (void)state;
    yard_load("targets = ( { name = \"a\"; plugin = \"vmware\"; }, { name = \"b\"; plugin = \"file\"; } );");
    yard_loads();
    assert_false(config_check_options(yard.config, 1, &plain, &yard.problems));
    yard_count(1);
    yard_has(1, "target \"b\"");
}

static void a_run_is_given_options_and_credential(void **state)
{
    struct option_list list;
    struct arena arena;

    (void)state;
    assert_int_equal(mkdir(yard_path("more"), 0755), 0);
    yard_write("more/o.conf", "ca_file = \"ca.pem\";\n");
    assert_true(check(CREDENTIALS OPTIONS("host = \"h\";\n@include \"more/o.conf\""), &table));
    arena_init(&arena, ARENA_SECRET);
    list = config_request(&yard.config->targets.items[0], &table, "geheim", &arena);
    assert_int_equal(list.count, 4);
    assert_string_equal(list.given[0].texts[0], "h");
    assert_string_equal(list.given[1].texts[0], yard_path("more/ca.pem"));
    assert_string_equal(list.given[2].name, "username");
    assert_string_equal(list.given[2].texts[0], "u");
    assert_string_equal(list.given[3].name, "password");
    assert_string_equal(list.given[3].texts[0], "geheim");
    list = config_request(&yard.config->targets.items[0], &table, NULL, &arena);
    assert_int_equal(list.count, 3);
    list = config_request(&yard.config->targets.items[0], &plain, "geheim", &arena);
    assert_int_equal(list.count, 2);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(right_options_are_right, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(each_wrong_option_has_its_own_line, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_missing_option_is_told_at_its_target, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_a_credential_gives_is_not_missing, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_credential_and_options_both_give_is_a_conflict, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_secret_in_the_options_is_a_warning_without_its_text, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_wrong_secret_is_not_shown, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_credential_that_a_plugin_cannot_use_is_a_warning, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(an_entry_with_hosts_is_told_once, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(hosts_need_a_plugin_with_such_an_option, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(only_the_targets_of_the_plugin_are_checked, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_run_is_given_options_and_credential, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
