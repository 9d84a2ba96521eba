/* The sample and the document say what the tables of keys say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sections.h"
#include "str.h"
#include "yard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *read_tree(const char *name)
{
    FILE *file = fopen(name, "r");
    char *text = mem_new(1, 65536);

    assert_non_null(file);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

/* Every key of the group and of those beneath it. */
static void each_key(const struct group *group, void (*call)(const char *name, const void *text), const void *text)
{
    for (size_t i = 0; i < group->count; i++) {
        call(group->keys[i].name, text);
        if (group->keys[i].group != NULL)
            each_key(group->keys[i].group, call, text);
    }
}

static void is_documented(const char *name, const void *text)
{
    char quoted[160], heading[160];

    snprintf(quoted, sizeof quoted, "`%s`", name);
    snprintf(heading, sizeof heading, "\n## %s\n", name);
    if (strstr(text, quoted) == NULL && strstr(text, heading) == NULL)
        fail_msg("docs/configuration.md has no `%s`", name);
}

static void words_are_documented(const struct group *group, const char *text)
{
    for (size_t i = 0; i < group->count; i++) {
        for (const char *const *word = group->keys[i].words; word != NULL && *word != NULL; word++)
            is_documented(*word, text);
        if (group->keys[i].group != NULL)
            words_are_documented(group->keys[i].group, text);
    }
}

static void every_key_and_word_is_in_the_document(void **state)
{
    char *text = read_tree(TREE "/docs/configuration.md");

    (void)state;
    each_key(&section_root, is_documented, text);
    words_are_documented(&section_root, text);
    free(text);
}

static void is_in_sample(const char *name, const void *text)
{
    char setting[160];

    snprintf(setting, sizeof setting, "%s = ", name);
    if (strstr(text, setting) == NULL)
        fail_msg("conf/musterd.conf has no %s", name);
}

static void the_sample_shows_every_key_outside_of_lists(void **state)
{
    char *text = read_tree(TREE "/conf/musterd.conf");

    (void)state;
    for (size_t i = 0; i < section_root.count; i++)
        is_in_sample(section_root.keys[i].name, text);
    free(text);
}

static void the_sample_loads_as_it_is(void **state)
{
    char *text = read_tree(TREE "/conf/musterd.conf");

    (void)state;
    yard_write("sample.conf", text);
    yard_load_file("sample.conf");
    yard_loads();
    yard_count_warnings(1);
    assert_true(yard_says("there are no targets"));
    free(text);
}

/* The text without each # that stands directly before something. Where things are is left out: they are elsewhere. */
static void uncomment(struct str *out, char *text)
{
    static const char *const elsewhere[] = { "#plugins = ", "#plugin_host = " };

    for (char *line = strsep(&text, "\n"); line != NULL; line = strsep(&text, "\n")) {
        bool skip = false;

        for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
            skip = skip || strncmp(line, elsewhere[i], strlen(elsewhere[i])) == 0;
        if (!skip)
            str_format(out, "%s\n",
                       line[0] == '#' && line[1] != '\0' && (line[1] != ' ' || line[2] == ' ') ? line + 1 : line);
    }
}

static void write_script(const char *name)
{
    mkdir(yard_path("hooks"), 0755);
    yard_write(name, "#!/bin/sh\n");
    assert_int_equal(chmod(yard_path(name), 0755), 0);
}

/* A folder that is there, of the same length: beside the configuration. */
static void move_reports(struct str *out)
{
    static const char usual[] = "/var/lib/muster/reports";
    static const char here[] = "./././././././././reports";

    for (char *at = strstr(out->bytes, usual); at != NULL; at = strstr(at, usual))
        memcpy(at, here + sizeof here - sizeof usual, sizeof usual - 1);
}

static void the_examples_of_the_sample_load(void **state)
{
    char *text = read_tree(TREE "/conf/musterd.conf");
    struct str out = STR_EMPTY;

    (void)state;
    yard_write("plugins/hyperv.so", "");
    yard_write("plugins/windows.so", "");
    yard_write("plugins/sql.so", "");
    yard_write("plugins/dpm.so", "");
    yard_write("corp-scan.pw", "x");
    yard_write("dpm.pw", "x");
    yard_write("targets.conf", "");
    write_script("hooks/mail");
    write_script("hooks/webhook");
    yard_write("hooks/mail.conf", "");
    mkdir(yard_path("reports"), 0755);
    uncomment(&out, text);
    move_reports(&out);
    yard_load(str_text(&out));
    yard_loads();
    yard_count_warnings(0);
    assert_int_equal(yard.config->targets.count, 8);
    assert_string_equal(yard.config->targets.items[2].name, "cluster1/hv02.corp.example");
    assert_string_equal(yard.config->targets.items[4].name, "servers/ex01.corp.example");
    assert_int_equal(yard.config->assigns.count, 3);
    assert_int_equal(yard.config->identities.count, 1);
    assert_int_equal(yard.config->hooks.count, 2);
    assert_int_equal(yard.config->maintenances.count, 2);
    assert_int_equal(yard.config->reports.count, 2);
    str_finish(&out);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_key_and_word_is_in_the_document, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(the_sample_shows_every_key_outside_of_lists, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(the_sample_loads_as_it_is, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(the_examples_of_the_sample_load, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
