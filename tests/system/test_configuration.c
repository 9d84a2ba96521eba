/* What the daemon makes of its configuration, when it starts and when it reloads. */
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MACHINE(name) "{\"kind\":\"machine\",\"key\":\"" name "\",\"attributes\":{\"id.name\":\"" name "\"}}\n"
#define END "{\"end\":{\"completeness\":\"complete\"}}\n"
#define TARGET(name, file) "{ name = \"" name "\"; plugin = \"file\"; options = { path = \"" file "\"; }; }"

static void assert_log_has(struct rig *rig, const char *text)
{
    char *log = rig_read(rig, "log");

    if (strstr(log, text) == NULL)
        fail_msg("the log does not hold \"%s\":\n%s", text, log);
    free(log);
}

static void assert_nothing_started(struct rig *rig)
{
    char path[128];

    snprintf(path, sizeof path, "%s/muster.db", rig->folder);
    assert_int_not_equal(access(path, F_OK), 0);
    snprintf(path, sizeof path, "%s/control", rig->folder);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void every_mistake_is_told_with_its_line_and_nothing_starts(void **state)
{
    static const char *const arguments[] = { NULL, "--once", "--check-config" };
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig,
                  "retention = \"forever\";\n"
                  "targets = ( { name = \"a\"; plugin = \"file\"; evry = \"1h\"; options = { path = \"x\"; }; },\n"
                  "            { name = \"a\"; plugin = \"fil\"; options = { }; } );\n");
    for (size_t i = 0; i < 3; i++) {
        rig_spawn(&rig, arguments[i]);
        assert_int_equal(rig_wait(&rig), 78);
        assert_nothing_started(&rig);
    }
    assert_log_has(&rig, "musterd.conf:3: ");
    assert_log_has(&rig, "evry");
    assert_log_has(&rig, "musterd.conf:5: ");
    rig_end(&rig);
}

static void a_syntax_error_quotes_its_line(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"a\"; plugin = ; } );\n");
    rig_spawn(&rig, NULL);
    assert_int_equal(rig_wait(&rig), 78);
    assert_log_has(&rig, "plugin = ;");
    rig_end(&rig);
}

static void a_configuration_that_is_not_there_is_named(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_spawn(&rig, NULL);
    assert_int_equal(rig_wait(&rig), 78);
    assert_log_has(&rig, rig.config);
    rig_end(&rig);
}

static void options_are_checked_against_the_plugins_own_table(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(
        &rig, "targets = ( { name = \"a\"; plugin = \"file\";\n options = { path = \"x\"; formt = \"jsonl\"; }; },\n"
              " { name = \"b\"; plugin = \"file\"; } );\n");
    rig_spawn(&rig, "--check-config");
    assert_int_equal(rig_wait(&rig), 78);
    assert_log_has(&rig, "formt");
    assert_log_has(&rig, "path");
    assert_nothing_started(&rig);
    rig_end(&rig);
}

static void begin_with_one(struct rig *rig)
{
    rig_begin(rig);
    rig_write(rig, "a.jsonl", "%s", MACHINE("A") END);
    rig_write(rig, "b.jsonl", "%s", MACHINE("B") END);
    rig_configure(rig, "targets = ( " TARGET("a", "a.jsonl") " );\n");
    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", NULL), 0);
}

static void backup_servers_are_checked_against_the_tables_of_products(void **state)
{
    static const char *const arguments[] = { NULL, "--once", "--check-config" };
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig,
                  "targets = ( " TARGET(
                      "a", "a.jsonl") " );\n"
                                      "backup_servers = ( { name = \"m\"; product = \"mabs-v2\"; },\n"
                                      "{ name = \"n\"; product = \"mabs-v22\"; os = \"Windows Server 2O19\"; } );\n");
    for (size_t i = 0; i < 3; i++) {
        rig_spawn(&rig, arguments[i]);
        assert_int_equal(rig_wait(&rig), 78);
        assert_nothing_started(&rig);
    }
    assert_log_has(&rig, "musterd.conf:5: product: there is no product \"mabs-v22\" in products.conf; the nearest is "
                         "\"mabs-v2\"");
    assert_log_has(&rig, "the nearest is \"Windows Server 2019\"");
    rig_end(&rig);
}

/* How often the log holds the text. */
static size_t count_in_log(struct rig *rig, const char *text)
{
    char *log = rig_read(rig, "log");
    size_t count = 0;

    for (const char *at = strstr(log, text); at != NULL; at = strstr(at + 1, text))
        count++;
    free(log);
    return count;
}

static void without_backup_servers_a_start_and_a_check_each_warn_once(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( " TARGET("a", "a.jsonl") " );\n");
    rig_spawn(&rig, "--check-config");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(count_in_log(&rig, "warning: there are no backup servers, so nothing is judged"), 1);
    rig_start(&rig);
    assert_int_equal(count_in_log(&rig, "warning: there are no backup servers, so nothing is judged"), 2);
    rig_end(&rig);
}

static void a_reload_that_names_an_unknown_product_is_refused(void **state)
{
    struct rig rig;

    (void)state;
    begin_with_one(&rig);
    rig_configure(&rig, "targets = ( " TARGET(
                            "b", "b.jsonl") " );\n"
                                            "backup_servers = ( { name = \"m\"; product = \"mabs-v22\"; } );\n");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 78);
    assert_non_null(strstr(rig.err, "there is no product \"mabs-v22\""));
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    rig_end(&rig);
}

static void a_good_one_is_called_good_and_starts_nothing(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( " TARGET("a", "a.jsonl") " );\n");
    rig_spawn(&rig, "--check-config");
    assert_int_equal(rig_wait(&rig), 0);
    assert_nothing_started(&rig);
    rig_end(&rig);
}

static void a_reload_brings_new_targets_and_retires_old_ones(void **state)
{
    struct rig rig;

    (void)state;
    begin_with_one(&rig);
    rig_configure(&rig, "targets = ( " TARGET("b", "b.jsonl") " );\n");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "b", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 64);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history WHERE what = 'retired'"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 1);
    rig_assert_whole(&rig);
    /* And back again: the same item, the same asset. */
    rig_configure(&rig, "targets = ( " TARGET("a", "a.jsonl") ", " TARGET("b", "b.jsonl") " );\n");
    rig_reload(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 2);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 2);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void a_bad_reload_keeps_the_former_configuration_and_says_why(void **state)
{
    struct rig rig;

    (void)state;
    begin_with_one(&rig);
    rig_configure(&rig, "targets = ( " TARGET("b", "b.jsonl") ", { nme = 3; } );\n");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 78);
    assert_non_null(strstr(rig.err, "nme"));
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "b", NULL), 64);
    rig_end(&rig);
}

static void a_file_that_would_end_a_parser_does_not_end_the_daemon(void **state)
{
    struct rig rig;

    (void)state;
    begin_with_one(&rig);
    rig_configure(&rig, "@include \"%s\"\n", rig.folder);
    assert_int_equal(rig_muster(&rig, "reload", NULL), 78);
    rig_configure(&rig, "/* never closed\n");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 78);
    rig_configure(&rig, "slots = { total = 99999999999; };\n");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 78);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 0);
    rig_end(&rig);
}

static void a_renamed_target_keeps_its_history(void **state)
{
    struct rig rig;

    (void)state;
    begin_with_one(&rig);
    rig_configure(&rig,
                  "targets = ( { name = \"anew\"; was = \"a\"; plugin = \"file\"; options = { path = \"a.jsonl\"; }; "
                  "} );\n");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "anew", NULL), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history"), 1);
    rig_end(&rig);
}

static void a_secret_is_nowhere_but_in_its_file(void **state)
{
    struct rig rig;
    char *text;

    (void)state;
    rig_begin(&rig);
    rig_set_password(&rig, "hunter2-hunter2");
    rig_configure(&rig, "credentials = ( { name = \"c\"; password_file = \"word\"; } );\n"
                        "targets = ( { name = \"s\"; plugin = \"secret\"; credential = \"c\"; } );\n");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    text = rig_read(&rig, "log");
    assert_null(strstr(text, "hunter2"));
    free(text);
    rig_stop(&rig);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'good'"), 1);
    for (size_t i = 0; i < 2; i++) {
        static const char *const names[] = { "muster.db", "muster.db-wal" };
        char command[256];

        snprintf(command, sizeof command, "grep -q hunter2 %s/%s", rig.folder, names[i]);
        assert_int_not_equal(system(command), 0); /* NOLINT(cert-env33-c): a constant command on our own file */
    }
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_told_with_its_line_and_nothing_starts),
        cmocka_unit_test(a_syntax_error_quotes_its_line),
        cmocka_unit_test(a_configuration_that_is_not_there_is_named),
        cmocka_unit_test(options_are_checked_against_the_plugins_own_table),
        cmocka_unit_test(backup_servers_are_checked_against_the_tables_of_products),
        cmocka_unit_test(without_backup_servers_a_start_and_a_check_each_warn_once),
        cmocka_unit_test(a_reload_that_names_an_unknown_product_is_refused),
        cmocka_unit_test(a_good_one_is_called_good_and_starts_nothing),
        cmocka_unit_test(a_reload_brings_new_targets_and_retires_old_ones),
        cmocka_unit_test(a_bad_reload_keeps_the_former_configuration_and_says_why),
        cmocka_unit_test(a_file_that_would_end_a_parser_does_not_end_the_daemon),
        cmocka_unit_test(a_renamed_target_keeps_its_history),
        cmocka_unit_test(a_secret_is_nowhere_but_in_its_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
