/* A configuration that is wrong: every kind of sentence, and all of them at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "yard.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TARGET "name = \"a\"; plugin = \"file\"; "

static const struct {
    const char *text;
    const char *sentence;
} cases[] = {
    { "databse = \"/x\";", "databse: the configuration has no such key; the nearest is database" },
    { "zzz = 1;", "zzz: the configuration has no such key; possible are database, control, plugins," },
    { "landlock = \"of\";", "landlock: \"of\" is none of wanted, required, off; the nearest is off" },
    { "landlock = true;", "landlock: expected a word in quotes, such as \"wanted\", not true or false" },
    { "database = 1;", "database: expected a path in quotes, such as \"/var/lib/muster/muster.db\", not a number" },
    { "database = \"\";", "database: expected a path of 1 to 4095 bytes" },
    { "readers = \"\";", "readers: it is empty; expected a name such as" },
    { "readers = \"a\\nb\";", "readers: \"a\\nb\" holds U+000A, which cannot be seen; a backslash is written \\\\" },
    { "readers = \"a\xE2\x80\xAE\";", "holds U+202E" },
    { "readers = \"\\xff\";", "readers: it is not valid UTF-8" },
    { "readers = \" a\";", "has blanks around it" },
    { "readers = \"a \";", "has blanks around it" },
    { "retention = \"1\";", "retention: " },
    { "retention = 400;", "retention: expected a duration in quotes, such as \"1h\", not a number" },
    { "retention = \"23h\";", "retention: \"23h\" is out of bounds: 1d to " },
    { "scan_memory = \"15MiB\";", "scan_memory: \"15MiB\" is out of bounds: 16MiB to 16GiB" },
    { "scan_memory = \"17GiB\";", "is out of bounds" },
    { "scan_memory = \"1 GiB\";", "scan_memory: " },
    { "log = \"info\";", "log: expected a group, { key = value; }, not a text" },
    { "log = { level = \"warn\"; };", "level: \"warn\" is none of debug, info, warning, error" },
    { "log = { format = \"xml\"; };", "format: \"xml\" is none of plain, json" },
    { "slots = { total = 0; };", "total: 0 is out of bounds: 1 to 500 is possible" },
    { "slots = { total = 501L; };", "total: 501 is out of bounds" },
    { "slots = { total = \"5\"; };", "total: expected a whole number without quotes, such as 16, not a text" },
    { "slots = { total = 5.0; };", "total: expected a whole number" },
    { "slots = { plugins = ( { plugin = \"file\"; } ); };", "an entry of slots.plugins has no slots; add: slots = " },
    { "slots = { plugins = ( { plugin = \"a\"; slots = 1; }, { plugin = \"a\"; slots = 2; } ); };", "given twice" },
    { "targets = { a = { name = \"a\"; }; };", "targets: expected a list of groups, ( { key = value; }" },
    { "targets = ( \"a\" );", "targets: expected a group, { key = value; }, not a text" },
    { "targets = [ 1 ];", "targets: expected a list of groups" },
    { "targets = ( { plugin = \"file\"; } );", "a target has no name; add: name = \"...\";" },
    { "targets = ( { name = \"a\"; } );", "a target has no plugin; add: plugin = \"...\";" },
    { "targets = ( { name = \"a\"; plugin = \"../x\"; } );", "plugin: \"../x\" is no plugin's name" },
    { "targets = ( { name = \"a\"; plugin = \"fil\"; } );", "; the nearest there is \"file\"" },
    { "targets = ( { name = \"a\"; plugin = \"none\"; } );", "/plugins/none.so cannot be looked at: No such file" },
    { "targets = ( { " TARGET "evry = \"1h\"; } );", "evry: a target has no such key; the nearest is every" },
    { "targets = ( { " TARGET "every = \"999ms\"; } );", "every: \"999ms\" is out of bounds: 1s to 366d" },
    { "targets = ( { " TARGET "every = \"9y\"; } );", "every: " },
    { "targets = ( { " TARGET "deadline = \"8d\"; } );", "deadline: \"8d\" is out of bounds: 1s to 1w" },
    { "targets = ( { " TARGET "max_age = \"1099d\"; } );", "max_age: \"1099d\" is out of bounds: 1s to 1098d" },
    { "targets = ( { " TARGET "memory = \"65GiB\"; } );", "memory: \"65GiB\" is out of bounds: 16MiB to 64GiB" },
    { "targets = ( { " TARGET "cpu = \"1ms\"; } );", "cpu: \"1ms\" is out of bounds: 1s to 1w" },
    { "targets = ( { " TARGET "tags = \"a\"; } );",
      "tags: expected a list of texts, such as [ \"a\", \"b\" ], not a text" },
    { "targets = ( { " TARGET "tags = [ 1 ]; } );", "tags: expected a text in quotes, such as \"vc01\", not a number" },
    { "targets = ( { " TARGET "options = ( ); } );", "options: expected a group" },
    { "targets = ( { " TARGET "options = { a = 1.5; }; } );", "a: write a number with a point in quotes" },
    { "targets = ( { " TARGET "options = { a = { }; }; } );", "a: expected a text, a whole number, true, false or" },
    { "targets = ( { " TARGET "options = { a = ( ( 1 ) ); }; } );", "a: expected a text, a whole number" },
    { "targets = ( { " TARGET "options = { a = \"\\xff\"; }; } );", "a: it is not valid UTF-8" },
    { "targets = ( { " TARGET "hosts = [ ]; } );", "hosts: an empty list" },
    { "targets = ( { " TARGET "hosts = \"a\"; } );", "hosts: expected a list of texts" },
    { "targets = ( { " TARGET "hosts = [ \"a/b\" ]; } );", "hosts: \"a/b\" is no host, such as \"hv01.corp.example\"" },
    { "targets = ( { " TARGET "hosts = [ \"a\", \"a\" ]; } );", "a target \"a/a\" is already at " },
    { "targets = ( { " TARGET "hosts = [ \"a\" ]; options = { host = \"b\"; }; } );", "this entry has hosts too" },
    { "targets = ( { " TARGET "}, { " TARGET "} );", "a target \"a\" is already at " },
    { "targets = ( { " TARGET "hosts = [ \"b\" ]; }, { name = \"a/b\"; plugin = \"file\"; } );",
      "a target \"a/b\" is already at " },
    { "targets = ( { " TARGET "was = \"b\"; }, { name = \"b\"; plugin = \"file\"; } );",
      "was: \"b\" is still the name of the target at " },
    { "targets = ( { " TARGET "was = \"a\"; } );", "was: \"a\" is still the name" },
    { "targets = ( { " TARGET "was = \"x\"; }, { name = \"b\"; plugin = \"file\"; was = \"x\"; } );",
      "was: \"x\" is also claimed by the target at " },
    { "targets = ( { " TARGET "credential = \"k\"; } );", "there is no credential \"k\"; add it to credentials" },
    { "credentials = ( { name = \"corp\"; password_file = \"p\"; } ); targets = ( { " TARGET
      "credential = \"crop\"; } );",
      "there is no credential \"crop\"; the nearest is \"corp\"" },
    { "credentials = ( { name = \"k\"; } );", "this credential has no secret; add one of: password_file" },
    { "credentials = ( { name = \"k\"; password_file = \"a\"; systemd_credential = \"b\"; } );",
      "more than one secret" },
    { "credentials = ( { name = \"k\"; systemd_credential = \"a/b\"; } );", "\"a/b\" is no name of a credential" },
    { "credentials = ( { name = \"k\"; systemd_credential = \"..\"; } );", "\"..\" is no name of a credential" },
    { "credentials = ( { name = \"k\"; password = \"\"; } );", "password: it is empty" },
    { "credentials = ( { name = \"k\"; password_file = \"a\"; }, { name = \"k\"; password_file = \"a\"; } );",
      "a credential \"k\" is already at " },
    { "credentials = ( { name = \"k\"; username = \"corp\\ndave\"; password_file = \"p\"; } );",
      "username: \"corp\\ndave\" holds U+000A, which cannot be seen; a backslash is written \\\\" },
    { "backup_servers = ( { name = \"m\"; } );", "a backup server has no product; add: product = " },
    { "backup_servers = ( { name = \"m\"; product = \" mabs-v5\"; } );", "product: " },
    { "backup_servers = ( { name = \"m\"; product = \"mabs-v3\"; installation = \"vm\"; } );", "is none of physical," },
    { "backup_servers = ( { name = \"m\"; product = \"mabs-v3\"; }, { name = \"m\"; product = \"mabs-v3\"; } );",
      "a backup server \"m\" is already at " },
    { "backup_servers = ( { name = \"m\"; product = \"mabs-v3\"; }, { name = \"M\"; product = \"mabs-v3\"; } );",
      "a backup server \"M\" is already at " },
    { "assign = ( { server = \"m\"; } );", "server: there is no backup server \"m\"; add it to backup_servers" },
    { "backup_servers = ( { name = \"mabs01\"; product = \"mabs-v3\"; } ); assign = ( { server = \"mabs1\"; } );",
      "there is no backup server \"mabs1\"; the nearest is \"mabs01\"" },
    { "assign = ( { where = { name = \"a\"; }; } );", "an assign rule that sets nothing" },
    { "assign = ( { by = \"none\"; } );", "by = \"none\" takes assets out of what is judged and needs a reason" },
    { "assign = ( { by = \"tape\"; } );", "by: \"tape\" is none of image, agent, application, any, none" },
    { "assign = ( { owner = \"o\"; where = { value = \"v\"; }; } );", "where: a value without its attribute" },
    { "assign = ( { owner = \"o\"; where = { kind = \"vms\"; }; } );", "the nearest is vm" },
    { "assign = ( { owner = \"o\"; where = { workload = \"mail\"; }; } );", "workload: \"mail\" is none of client, " },
    { "assign = ( { owner = \"o\"; where = { attribute = \"OS Name\"; }; } );", "is no name of an attribute" },
    { "assign = ( { owner = \"o\"; where = \"x\"; } );", "where: expected a group" },
    { "identity = ( { reason = \"r\"; } );", "exactly one of join and apart" },
    { "identity = ( { join = ( { kind = \"vm\"; key = \"1\"; } ); } );", "join: expected a list of 2 to 4096 items" },
    { "identity = ( { join = ( { kind = \"vm\"; }, { kind = \"vm\"; key = \"1\"; } ); } );",
      "an item has no key; add: key" },
    { "identity = ( { join = ( { kind = \"x\"; key = \"2\"; }, { kind = \"vm\"; key = \"1\"; } ); } );",
      "kind: \"x\" is none" },
};

/* Each case stands on line 3, and is the only thing that is wrong. */
static void each_mistake_has_its_sentence_at_its_line(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str_clear(&text);
        str_format(&text, "# one\n/* two */\n%s\n", cases[i].text);
        yard_load(str_text(&text));
        yard_has(3, cases[i].sentence);
        yard_count(1);
    }
    str_finish(&text);
}

static void all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    yard_load(
        "landlock = \"x\";\nslots = 1;\ntargets = (\n{ name = \"a\"; plugin = \"file\"; every = \"x\"; credential "
        "= \"k\"; },\n{ },\n{ name = \"a\"; plugin = \"file\"; }\n);\nassign = ( { server = \"s\"; } );");
    yard_count(8);
    yard_has(1, "landlock: ");
    yard_has(2, "slots: ");
    yard_has(4, "every: ");
    yard_has(4, "credential");
    yard_has(5, "no name");
    yard_has(5, "no plugin");
    yard_has(6, "already at");
    yard_has(8, "server: ");
}

static void what_is_only_doubtful_is_a_warning(void **state)
{
    (void)state;
    yard_load("\nslots = { total = 2; plugins = (\n{ plugin = \"file\"; slots = 3; },\n{ plugin = \"fil\"; slots = 1; "
              "} ); };\n"
              "credentials = (\n{ name = \"k\"; password_file = \"none.pw\"; } );\n"
              "assign = (\n{ owner = \"o\"; where = { target = \"vc\"; }; } );\n"
              "targets = (\n{ name = \"a\"; plugin = \"file\"; every = \"5m\"; max_age = \"5m\"; } );");
    yard_loads();
    yard_count_warnings(7);
    yard_warns(3, "3 slots for plugin \"file\", but there are 2 in all");
    yard_warns(4, "no target uses a plugin \"fil\"; the nearest is file");
    yard_warns(6, "no target uses the credential \"k\"");
    yard_warns(6, "password_file: ");
    yard_warns(8, "where.target: there is no target \"vc\"");
    yard_warns(10, "the deadline of this target is longer");
    yard_warns(10, "the max_age of this target is no longer than");
    assert_int_equal(yard.config->plugins.items[0].slots, 2);
    yard_load("");
    yard_loads();
    yard_count_warnings(1);
    yard_warns(0, "there are no targets");
}

static void a_plugin_that_others_may_change_is_refused_once(void **state)
{
    (void)state;
    assert_int_equal(chmod(yard_path("plugins/file.so"), 0666), 0);
    yard_load("targets = (\n{ name = \"a\"; plugin = \"file\"; },\n{ name = \"b\"; plugin = \"file\"; } );");
    yard_count(1);
    yard_has(2, "plugin file: ");
    yard_has(2, "chmod o-w");
}

static void a_host_program_must_be_there(void **state)
{
    (void)state;
    assert_int_equal(unlink(yard_path("host")), 0);
    yard_load("targets = ( { name = \"a\"; plugin = \"file\"; } );");
    yard_count(1);
    yard_has(0, "plugin_host: ");
}

static void names_have_two_hundred_bytes(void **state)
{
    char text[512], name[202];

    (void)state;
    memset(name, 'n', sizeof name);
    name[200] = '\0';
    snprintf(text, sizeof text, "targets = ( { name = \"%s\"; plugin = \"file\"; } );", name);
    yard_load(text);
    yard_loads();
    snprintf(text, sizeof text, "targets = ( { name = \"%sx\"; plugin = \"file\"; } );", name);
    yard_load(text);
    yard_has(1, "name: a name of 201 bytes, where 200 are possible");
    snprintf(text, sizeof text, "targets = ( { name = \"%s\"; plugin = \"file\"; hosts = [ \"h\" ]; } );", name);
    yard_load(text);
    yard_has(1, "hosts: the target's name with its host has 202 bytes");
}

static void a_long_password_is_refused(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "credentials = ( { name = \"k\"; password = \"");
    for (int i = 0; i < 4097; i++)
        str_add_char(&text, 'q');
    str_add(&text, "\"; } );");
    yard_load(str_text(&text));
    yard_count(1);
    yard_has(1, "password: a password of more than 4096 bytes");
    assert_false(yard_says("qq"));
    str_finish(&text);
}

/* What the problems say on standard error. */
static const char *printed(void)
{
    static char text[65536];
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    size_t size;

    assert_non_null(file);
    dup2(fileno(file), STDERR_FILENO);
    config_problems_print(&yard.problems);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static void problems_are_printed_in_the_order_of_their_lines(void **state)
{
    struct str expected = STR_EMPTY;
    const char *path = yard_path("musterd.conf");

    (void)state;
    yard_load("targets = ( );\n\nx\n = 1;\nlandlock = \"\x1b[1m\";");
    str_format(&expected, "%s: warning: there are no targets", path);
    assert_memory_equal(printed(), str_text(&expected), expected.length);
    assert_non_null(strstr(printed(), "musterd.conf:3: x: the configuration has no such key"));
    assert_non_null(strstr(printed(), "musterd.conf:5: landlock: \"\\x1B[1m\" is none of"));
    assert_true(strstr(printed(), ":3: ") < strstr(printed(), ":5: "));
    str_finish(&expected);
}

static void what_is_printed_is_fit_for_a_terminal(void **state)
{
    (void)state;
    yard_load("@include \"gone\x1b[2J\n.conf\"");
    assert_non_null(strstr(printed(), "gone\\x1B[2J\\n.conf cannot be looked at"));
    assert_null(strchr(printed(), '\x1b'));
    yard_write("\x1b[2J.conf", "x = 1;");
    yard_load("@include \"\x1b[2J.conf\"");
    assert_non_null(strstr(printed(), "/\\x1B[2J.conf:1: x: "));
    assert_null(strchr(printed(), '\x1b'));
}

static void a_thousand_problems_are_enough(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "targets = ( { }");
    for (int i = 1; i < 1234; i++)
        str_add(&text, ",{ }");
    str_add(&text, ");");
    yard_load(str_text(&text));
    yard_count(CONFIG_MAX_PROBLEMS);
    assert_int_equal(yard.problems.left_out, 1468);
    yard.problems.list.count = 1;
    yard.problems.warnings_left_out = 2;
    assert_non_null(strstr(printed(), "\nand 1468 more problems\nand 2 more warnings\n"));
    str_finish(&text);
}

static void one_computer_that_may_stand_there_twice_is_warned_of(void **state)
{
    (void)state;
    yard_load("backup_servers = ( { name = \"mabs01.corp.example\"; product = \"mabs-v3\"; },\n"
              "{ name = \"MABS01\"; product = \"mabs-v2\"; },\n"
              "{ name = \"mabs02.a.example\"; product = \"mabs-v3\"; },\n"
              "{ name = \"mabs02.b.example\"; product = \"mabs-v3\"; } );");
    yard_warns(2, "name: \"MABS01\" may be the backup server \"mabs01.corp.example\" at ");
    assert_int_equal(yard_says("mabs02"), 0);
    yard_loads();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_mistake_has_its_sentence_at_its_line, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(all_mistakes_are_told_at_once, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_is_only_doubtful_is_a_warning, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_plugin_that_others_may_change_is_refused_once, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_host_program_must_be_there, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(names_have_two_hundred_bytes, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_long_password_is_refused, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(problems_are_printed_in_the_order_of_their_lines, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_is_printed_is_fit_for_a_terminal, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_thousand_problems_are_enough, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(one_computer_that_may_stand_there_twice_is_warned_of, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
