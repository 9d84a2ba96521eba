/* Files that include each other: what is put in place of what, and where each line came from. */
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

#define TARGET(name) "{ name = \"" name "\"; plugin = \"file\"; }"

static void an_included_file_stands_in_place_of_its_directive(void **state)
{
    (void)state;
    yard_write("targets.conf", TARGET("b") ",\n" TARGET("c"));
    yard_load("targets = (" TARGET("a") ",\n@include \"targets.conf\"\n, " TARGET("d") ");");
    yard_loads();
    assert_int_equal(yard.config->targets.count, 4);
    assert_string_equal(yard.config->targets.items[1].name, "b");
    assert_string_equal(yard.config->targets.items[1].place.file, yard_path("targets.conf"));
    assert_int_equal(yard.config->targets.items[2].place.line, 2);
    assert_string_equal(yard.config->targets.items[3].place.file, yard_path("musterd.conf"));
    assert_int_equal(yard.config->targets.items[3].place.line, 3);
}

static void what_follows_a_directive_on_its_line_is_read(void **state)
{
    (void)state;
    yard_write("a.conf", "slots = { total = 3; }; # no end of line");
    yard_load("@include \"a.conf\" retention = \"2d\"; x = 1;\ny = 2;");
    yard_count(2);
    yard_has(1, "x: the configuration has no such key");
    yard_has(2, "y: the configuration has no such key");
}

static void a_name_is_relative_to_the_file_that_includes(void **state)
{
    (void)state;
    assert_int_equal(mkdir(yard_path("more"), 0755), 0);
    yard_write("more/one.conf", "\n@include \"two.conf\"\n");
    yard_write("more/two.conf", "retention = \"2d\";\n\nnonsense = 1;\n");
    yard_load("@include \"more/one.conf\"");
    yard_count(1);
    yard_has_in("more/two.conf", 3, "nonsense: ");
}

static void a_relative_path_starts_at_its_own_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(yard_path("more"), 0755), 0);
    yard_write("more/one.conf", "database = \"db/muster.db\";");
    yard_load("control = \"socket\";\n@include \"more/one.conf\"");
    yard_loads();
    assert_string_equal(yard.config->database, yard_path("more/db/muster.db"));
    assert_string_equal(yard.config->control, yard_path("socket"));
}

static void a_configuration_named_relatively_has_absolute_paths(void **state)
{
    char here[512];

    (void)state;
    yard_write("plain.conf", "database = \"muster.db\"; plugins = \"plugins\"; control = \"sub/../c\";");
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(yard.folder), 0);
    yard.config = config_load("plain.conf", &yard.problems);
    assert_int_equal(chdir(here), 0);
    yard_loads();
    assert_string_equal(yard.config->database, yard_path("muster.db"));
    assert_string_equal(yard.config->plugin_dir, yard_path("plugins"));
    assert_string_equal(yard.problems.warnings.items[0].place.file, "plain.conf");
}

static void a_missing_file_is_named_with_the_reason(void **state)
{
    (void)state;
    yard_load("\n@include \"gone.conf\"");
    yard_count(1);
    yard_has(2, "@include \"gone.conf\": ");
    yard_has(2, "No such file");
    yard_load("@include \"conf.d/*.conf\"");
    yard_has(1, "wildcards have no meaning here");
    yard_load("@include \"\"");
    yard_has(1, "names no file");
    yard_load_file("not.there");
    yard_has_in("not.there", 0, "No such file");
}

/* libconfig itself ends the process on a folder, and waits for ever on a pipe. */
static void what_is_no_regular_file_is_refused(void **state)
{
    (void)state;
    yard_load("@include \"plugins\"");
    yard_has(1, "is not a regular file");
    assert_int_equal(mkfifo(yard_path("pipe"), 0600), 0);
    yard_load("\n\n@include \"pipe\"");
    yard_has(3, "is not a regular file");
    yard_load("@include \"/dev/zero\"");
    yard_has(1, "is not a regular file");
    yard_load_file("plugins");
    yard_has_in("plugins", 0, "is not a regular file");
    yard_load_file("pipe");
    yard_has_in("pipe", 0, "is not a regular file");
}

static void a_file_that_others_may_change_is_refused(void **state)
{
    (void)state;
    yard_write("open.conf", "retention = \"2d\";");
    assert_int_equal(chmod(yard_path("open.conf"), 0666), 0);
    yard_load("@include \"open.conf\"");
    yard_has(1, "chmod o-w");
    yard_load_file("open.conf");
    yard_has_in("open.conf", 0, "chmod o-w");
}

static void a_circle_is_named(void **state)
{
    (void)state;
    yard_write("a.conf", "\n@include \"b.conf\"\n");
    yard_write("b.conf", "@include \"./a.conf\"\n");
    yard_load("@include \"a.conf\"");
    yard_count(1);
    yard_has_in("b.conf", 1, "the file includes itself: ");
    assert_true(yard_says("a.conf <- "));
    yard_write("self.conf", "\n\n@include \"self.conf\"\n");
    yard_load_file("self.conf");
    yard_has_in("self.conf", 3, "includes itself");
}

static void a_file_may_be_included_twice(void **state)
{
    (void)state;
    yard_write("tags.conf", "tags = [ \"a\" ];\n");
    yard_load("targets = ( { name = \"a\"; plugin = \"file\";\n@include \"tags.conf\"\n},\n"
              "{ name = \"b\"; plugin = \"file\";\n@include \"tags.conf\"\n} );");
    yard_loads();
    assert_int_equal(yard.config->targets.items[1].tag_count, 1);
}

/* d0 includes d1, and so on. */
static void write_chain(int length)
{
    for (int i = 0; i <= length; i++) {
        char name[32], text[64] = "retention = \"3d\";\n";

        snprintf(name, sizeof name, "d%d.conf", i);
        if (i < length)
            snprintf(text, sizeof text, "@include \"d%d.conf\"\n", i + 1);
        yard_write(name, text);
    }
}

static void files_may_include_each_other_ten_deep(void **state)
{
    (void)state;
    write_chain(10);
    yard_load_file("d0.conf");
    yard_loads();
    assert_true(yard.config->retention_ms == INT64_C(3) * 86400000);
    write_chain(11);
    yard_load_file("d0.conf");
    yard_has_in("d10.conf", 1, "include each other 10 deep");
}

static void a_thousand_includes_are_possible(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    yard_write("empty.conf", "");
    for (int i = 0; i < 1000; i++)
        str_add(&text, "@include \"empty.conf\"\n");
    yard_write("all.conf", str_text(&text));
    yard_load_file("all.conf");
    yard_loads();
    str_add(&text, "@include \"empty.conf\"\n");
    yard_write("all.conf", str_text(&text));
    yard_load_file("all.conf");
    yard_has_in("all.conf", 1001, "more than 1000 files");
    str_finish(&text);
}

/* libconfig takes the rest of everything for a comment, and says nothing. */
static void what_an_included_file_opens_it_must_close(void **state)
{
    (void)state;
    yard_write("a.conf", "retention = \"2d\";\n /* here\n\n");
    yard_load("@include \"a.conf\"\nslots = { total = 4; };\n/* */");
    yard_count(1);
    yard_has_in("a.conf", 2, "the comment that opens here is never closed");
    yard_write("a.conf", "retention = \"2d;\n\n");
    yard_load("@include \"a.conf\"\nlandlock = \"off\";");
    yard_count(1);
    yard_has_in("a.conf", 1, "the quote that opens here is never closed");
    yard_load("\nretention = 2; /* x");
    yard_has(2, "never closed");
}

static void a_directive_in_a_comment_or_a_string_is_none(void **state)
{
    (void)state;
    yard_load("# @include \"x\"\n/*\n@include \"x\"\n*/\nreaders = \"a\"; assign = ( { owner = \"x\"; reason =\n\"\n"
              "@include \"; } );");
    yard_loads();
    assert_string_equal(yard.config->assigns.items[0].reason, "\n@include ");
}

static void bytes_that_are_no_text_have_their_line(void **state)
{
    (void)state;
    yard_write_bytes("nul.conf", "retention = \"2d\";\n\n#\0\n", 21);
    yard_load_file("nul.conf");
    yard_has_in("nul.conf", 3, "NUL byte");
    yard_write("latin.conf", "#\n# caf\xE9\n");
    yard_load("@include \"latin.conf\"");
    yard_has_in("latin.conf", 2, "not valid UTF-8");
    yard_write_bytes("wide.conf",
                     "\xFF\xFE"
                     "a\0=\0",
                     6);
    yard_load_file("wide.conf");
    yard_has_in("wide.conf", 1, "UTF-16");
}

static void a_mark_before_the_text_is_skipped(void **state)
{
    (void)state;
    yard_write("mark.conf", "\xEF\xBB\xBFretention = \"2d\";\r\n\r\nx = 1;\r\n");
    yard_load_file("mark.conf");
    yard_count(1);
    yard_has_in("mark.conf", 3, "x: ");
}

static void all_files_together_have_eight_mebibytes(void **state)
{
    static char much[(8 << 20) + 2];

    (void)state;
    memset(much, ' ', sizeof much - 1);
    yard_write_bytes("much.conf", much, 8 << 20);
    yard_load_file("much.conf");
    yard_loads();
    yard_load("@include \"much.conf\"");
    yard_has(1, "larger than 8 MiB");
    yard_write_bytes("much.conf", much, (8 << 20) + 1);
    yard_load_file("much.conf");
    yard_has_in("much.conf", 0, "larger than 8 MiB");
    memset(much, '\n', 5 << 20);
    yard_write_bytes("half.conf", much, 5 << 20);
    yard_load("@include \"half.conf\"\n@include \"half.conf\"\n");
    yard_has(2, "larger than 8 MiB");
}

static void a_line_far_down_is_right(void **state)
{
    static char lines[200001];

    (void)state;
    memset(lines, '\n', 200000);
    yard_write("far.conf", lines);
    yard_load("@include \"far.conf\"\nx = 1;");
    yard_has(2, "x: ");
    strcpy(lines + 199990, "y = 1;");
    yard_write("far.conf", lines);
    yard_load("@include \"far.conf\"\n");
    yard_has_in("far.conf", 199991, "y: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_included_file_stands_in_place_of_its_directive, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_follows_a_directive_on_its_line_is_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_name_is_relative_to_the_file_that_includes, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_relative_path_starts_at_its_own_file, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_configuration_named_relatively_has_absolute_paths, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_missing_file_is_named_with_the_reason, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_is_no_regular_file_is_refused, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_file_that_others_may_change_is_refused, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_circle_is_named, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_file_may_be_included_twice, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(files_may_include_each_other_ten_deep, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_thousand_includes_are_possible, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_an_included_file_opens_it_must_close, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_directive_in_a_comment_or_a_string_is_none, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text_have_their_line, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_mark_before_the_text_is_skipped, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(all_files_together_have_eight_mebibytes, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_line_far_down_is_right, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
