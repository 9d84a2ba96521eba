/* Shared objects that are no plugin, or no plugin of this muster: refused with what is wrong and what to do. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct trial refusals[] = {
    { "a_shared_object_that_is_no_plugin_is_refused", "libmuster_absent", .class = ERR_BUG,
      .words = { "no muster plugin", "no symbol muster_plugin_entry" } },
    { "a_plugin_without_a_table_is_refused", "no_table", .class = ERR_BUG,
      .words = { "muster_plugin_entry() returned no table" } },
    { "a_missing_library_is_named_with_the_likely_cause", "missing_library", .class = ERR_BUG,
      .words = { "libmuster_absent.so: cannot open shared object file", "is not installed" } },
    { "a_function_of_a_newer_muster_is_named_with_the_likely_cause", "from_the_future", .class = ERR_BUG,
      .words = { "undefined symbol: muster_from_the_future", "it was built for a newer muster than this one" } },
    { "a_function_of_no_library_is_named_with_the_likely_cause", "undefined", .class = ERR_BUG,
      .words = { "undefined symbol: read_the_stars", "it was linked without a library it needs" } },
    { "a_plugin_that_is_not_there_is_told", "nowhere", .class = ERR_SYSTEM,
      .words = { "nowhere.so", "No such file or directory" } },
    { "another_abi_is_refused", "abi_99", .class = ERR_BUG,
      .words = { "the plugin speaks ABI 99 and this muster speaks ABI 1" } },
    { "an_empty_table_is_refused", "empty_table", .class = ERR_BUG, .words = { "table says it is 0 bytes long" } },
    { "a_short_table_is_refused", "short_table", .class = ERR_BUG, .words = { "too short to hold .scan" } },
    { "short_options_are_refused", "short_options", .class = ERR_BUG, .words = { "they are 8 bytes each: too short" } },
    { "a_missing_name_is_told", "no_name", .class = ERR_BUG, .words = { "has no .name, which is required" } },
    { "a_missing_version_is_told", "no_version", .class = ERR_BUG, .words = { "has no .version, which is required" } },
    { "a_missing_summary_is_told", "no_summary", .class = ERR_BUG, .words = { "has no .summary, which is required" } },
    { "missing_kinds_are_told", "no_kinds", .class = ERR_BUG, .words = { "has no .kinds, which is required" } },
    { "a_missing_scan_is_told", "no_scan", .class = ERR_BUG, .words = { "has no .scan, which is required" } },
    { "a_name_that_is_no_word_is_refused", "odd_name", .class = ERR_BUG,
      .words = { ".name must be lower case letters, digits and _" } },
    { "a_version_that_is_not_utf8_is_refused", "odd_version", .class = ERR_BUG,
      .words = { ".version is not valid UTF-8" } },
    { "a_kind_that_is_no_word_is_refused", "odd_kinds", .class = ERR_BUG,
      .words = { "kind 2 of the plugin's .kinds is no lower-case word" } },
    { "kinds_without_an_end_are_refused", "endless_kinds", .class = ERR_BUG,
      .words = { ".kinds has more than 64 kinds, or no NULL at its end" } },
    { "an_option_that_is_there_twice_is_refused", "option_twice", .class = ERR_BUG,
      .words = { "the plugin's option table: option colour is there twice" } },
    { "an_option_of_an_unknown_type_is_refused", "option_type", .class = ERR_BUG,
      .words = { "option colour", "has type 99, which this muster does not know" } },
    { "a_fallback_that_is_no_number_is_refused", "option_fallback", .class = ERR_BUG,
      .words = { "the fallback of option count", "\"many\" is not a whole number" } },
    { "a_fallback_out_of_bounds_is_refused", "option_fallback_out_of_bounds", .class = ERR_BUG,
      .words = { "the fallback of option count", "3 is out of bounds: 5 to 9 is possible" } },
    { "bounds_the_wrong_way_round_are_refused", "option_bounds", .class = ERR_BUG,
      .words = { "option count has its bounds the wrong way round" } },
    { "a_choice_of_nothing_is_refused", "option_no_choice", .class = ERR_BUG,
      .words = { "option colour is a choice of nothing" } },
    { "a_secret_with_a_fallback_is_refused", "option_secret", .class = ERR_BUG,
      .words = { "option password is a secret and has a fallback" } },
    { "an_options_name_that_is_no_word_is_refused", "option_name", .class = ERR_BUG,
      .words = { "option \"Colour of the sky\" is no name" } },
    { "help_that_is_not_utf8_is_refused", "option_help", .class = ERR_BUG,
      .words = { "option colour: its help is not valid UTF-8" } },
    { "choices_without_an_end_are_refused", "option_choices", .class = ERR_BUG,
      .words = { "option colour: it has more than 256 choices, or no NULL at their end" } },
    { "options_without_an_end_are_refused", "option_endless", .class = ERR_BUG,
      .words = { "more than 256 options, or no empty one at their end" } },
};

static const struct trial trials[] = {
    { "a_plugin_of_the_first_header_loads", "v1", .good = true, .note = "all is well" },
    { "a_plugin_with_a_shorter_table_loads", "older", .class = ERR_DENIED, .words = { "it is as bad as ever" } },
    { "a_plugin_with_a_longer_table_loads", "newer", .class = ERR_DENIED, .words = { "12 is not enough" } },
};

/* ------------------------------------------------------------------------------------------ files of all sorts ---- */

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/muster-loading-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/plugin.so", folder);
    return 0;
}

static int remove_folder(void **state)
{
    unlink(path);
    rmdir(folder);
    return trial_end(state);
}

static void write_plugin(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* The first of so many parts of the plugin that does everything right. */
static void copy_plugin(off_t parts)
{
    int from = open(trial_path("ok"), O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    struct stat status;

    assert_int_equal(fstat(from, &status), 0);
    assert_int_equal(sendfile(to, from, NULL, (size_t)(status.st_size / parts)), status.st_size / parts);
    close(from);
    close(to);
}

static void a_text_file_is_refused(void **state)
{
    (void)state;
    write_plugin("#!/bin/sh\necho This is a plugin, is it not? It says so, and it has a line that is long enough.\n");
    trial_is_refused(path, NULL, ERR_BUG, "invalid ELF header (the file is no shared object)");
}

static void an_empty_file_is_refused(void **state)
{
    (void)state;
    write_plugin("");
    trial_is_refused(path, NULL, ERR_BUG, "file too short (the file is no shared object, or was copied only in part)");
}

static void a_folder_is_refused(void **state)
{
    (void)state;
    trial_is_refused(folder, NULL, ERR_CONFIG, "is not a regular file");
}

static void a_part_of_a_plugin_is_refused(void **state)
{
    (void)state;
    copy_plugin(2);
    trial_is_refused(path, NULL, ERR_BUG, "its end is missing, so it was copied only in part");
}

static void a_copy_of_a_plugin_loads(void **state)
{
    struct client client;
    struct err err = ERR_EMPTY;

    (void)state;
    copy_plugin(1);
    assert_true(client_start(&client, path, NULL, &err));
    trial_neighbour(&client);
    trial_stop(&client);
}

static void a_plugin_that_others_may_change_is_refused(void **state)
{
    (void)state;
    copy_plugin(1);
    assert_int_equal(chmod(path, 0646), 0);
    trial_is_refused(path, NULL, ERR_CONFIG, "plugin.so is not trusted: everybody may change it");
}

static void a_plugin_in_a_folder_that_others_may_change_is_refused(void **state)
{
    (void)state;
    copy_plugin(1);
    assert_int_equal(chmod(folder, 0777), 0);
    trial_is_refused(path, NULL, ERR_CONFIG, "is not trusted: everybody may change it");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_text_file_is_refused),
        TEST(an_empty_file_is_refused),
        TEST(a_folder_is_refused),
        TEST(a_part_of_a_plugin_is_refused),
        TEST(a_copy_of_a_plugin_loads),
        TEST(a_plugin_that_others_may_change_is_refused),
        TEST(a_plugin_in_a_folder_that_others_may_change_is_refused),
    };

    return refusals_run("loading, refused", refusals, sizeof refusals / sizeof refusals[0]) +
           trials_run("loading, taken", trials, sizeof trials / sizeof trials[0]) +
           cmocka_run_group_tests_name("loading, files", tests, NULL, NULL);
}
