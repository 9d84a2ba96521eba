/* What a token holds on its target is given back: when the target goes or is changed, and when a scan with it is not
 * committed. */
#include "clock.h"
#include "sessions.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ------------------------------------------------------------------------------------------------- the targets ---- */

static void a_token_is_given_back_when_its_target_goes(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_add("{ name = \"z\"; plugin = \"ok\"; }");
    sessions_reload(&rig);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(sessions_count(&rig, "t: gave back session-1 of anybody"), 1);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "gave back"), 1);
    sessions_end(&rig);
}

static void a_token_is_given_back_with_the_options_that_made_it(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_add_one(&rig, "t", "who = \"me\";");
    sessions_reload(&rig);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(sessions_count(&rig, "t: gave back session-1 of anybody"), 1);
    sessions_scan(&rig, "well 2 well", 0);
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 2);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: gave back session-2 of me"), 1);
    sessions_end(&rig);
}

static void a_target_that_stays_as_it_is_keeps_its_token(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_add_one(&rig, "t", "");
    sessions_add("{ name = \"z\"; plugin = \"ok\"; }");
    sessions_reload(&rig);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_scan(&rig, "well 2 well", 0);
    assert_int_equal(sessions_count(&rig, "t: given session-1"), 1);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: gave back session-2"), 1);
    assert_int_equal(sessions_count(&rig, "gave back"), 1);
    sessions_end(&rig);
}

static void a_scan_that_loses_its_target_owes_what_it_had(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    sessions_begin(&rig);
    sessions_order(&rig, "hang 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    sessions_add("{ name = \"z\"; plugin = \"ok\"; }");
    sessions_reload(&rig);
    assert_int_equal(rig_end_of(waiting), 1);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(sessions_count(&rig, "t: gave back session-2"), 1);
    assert_int_equal(sessions_count(&rig, "gave back"), 1);
    sessions_end(&rig);
}

static void a_scan_whose_options_are_changed_owes_what_it_had(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    sessions_begin(&rig);
    sessions_order(&rig, "hang 0 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: given session-1");
    sessions_order(&rig, "well 2 well");
    sessions_add_one(&rig, "t", "who = \"me\";");
    sessions_reload(&rig);
    assert_int_equal(rig_end_of(waiting), 0);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(sessions_count(&rig, "t: gave back session-1 of anybody"), 1);
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 2);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: gave back session-2 of me"), 1);
    sessions_end(&rig);
}

/* --------------------------------------------------------------------------------------------------- the scans ---- */

static void a_scan_that_fails_loses_its_token(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_scan(&rig, "fail 0 well", 1);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(sessions_count(&rig, "t: gave back session-1"), 1);
    sessions_scan(&rig, "well 3 well", 0);
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 2);
    sessions_end(&rig);
}

static void a_scan_that_dies_owes_what_it_kept_last(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_scan(&rig, "die 2 well", 1);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(sessions_count(&rig, "t: gave back session-2"), 1);
    sessions_scan(&rig, "die 3 well", 1);
    rig_await_text(&rig, "log", "t: gave back session-3");
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "gave back"), 2);
    sessions_end(&rig);
}

/* What it said to be gone counts for nothing, so the next one has to see everything. */
static void a_delta_that_is_only_partial_loses_its_token(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_scan(&rig, "twice 2 well", 0);
    rig_await_text(&rig, "log", "t: gave back session-2");
    sessions_scan(&rig, "well 3 well", 0);
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 2);
    assert_int_equal(sessions_count(&rig, "gave back"), 1);
    sessions_end(&rig);
}

static void a_scan_that_keeps_nothing_took_care_of_what_it_had(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_scan(&rig, "well 0 well", 0);
    sessions_scan(&rig, "well 0 well", 0);
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 2);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_end(&rig);
}

static void hold_database(struct rig *rig, sqlite3 **other)
{
    char path[128];

    snprintf(path, sizeof path, "%s/muster.db", rig->folder);
    assert_int_equal(sqlite3_open(path, other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(*other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

/* Until the run is over, and waits for its commit. */
static void await_no_run(struct rig *rig)
{
    int64_t end = clock_mono_ms(&clock_system) + RIG_PATIENCE_MS;

    do {
        assert_int_equal(rig_muster(rig, "--format", "json", "status", NULL), 0);
        assert_true(clock_mono_ms(&clock_system) < end);
    } while (strstr(rig->out, "\"running\":0") == NULL);
}

static void a_scan_waits_until_the_token_before_is_in_force(void **state)
{
    struct rig rig;
    sqlite3 *other;
    pid_t first, second;

    (void)state;
    sessions_begin(&rig);
    hold_database(&rig, &other);
    sessions_order(&rig, "well 2 well");
    first = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    await_no_run(&rig);
    sessions_order(&rig, "well 3 well");
    second = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: due, and waits until its last scan is stored");
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(rig_end_of(first), 0);
    assert_int_equal(rig_end_of(second), 0);
    rig_await_text(&rig, "log", "t: given session-2");
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 1);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_end(&rig);
}

static void a_doctor_costs_no_token(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    assert_int_equal(rig_muster(&rig, "doctor", "t", NULL), 0);
    sessions_scan(&rig, "well 2 well", 0); /* perhaps not the first since: a doctor is followed by a scan */
    assert_int_equal(sessions_count(&rig, "t: given nothing"), 1);
    assert_int_not_equal(sessions_count(&rig, "t: given session-1"), 0);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_end(&rig);
}

/* ------------------------------------------------------------------------------------------------- the releases ----
 */

/* Neither the target nor its credential is any the worse for it, and no row tells of it. */
static void a_release_that_is_denied_is_a_line_in_the_log(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    sessions_order(&rig, "well 1 deny");
    rig_set_password(&rig, "right");
    rig_configure(&rig,
                  "credentials = ( { name = \"c\"; username = \"u\"; password_file = \"%1$s/word\"; } );\n"
                  "targets = ( { name = \"t\"; plugin = \"session\"; credential = \"c\";"
                  " options = { folder = \"%1$s\"; }; } );\n",
                  rig.folder);
    rig_start(&rig);
    sessions_scan(&rig, "well 1 deny", 0);
    rig_set_password(&rig, "newer");
    sessions_scan(&rig, "fail 0 deny", 1);
    rig_await_text(&rig, "log", "could not be given back: nobody knows it here");
    assert_int_equal(sessions_count(&rig, "t: gave back session-1 of anybody with newer"), 1);
    assert_int_equal(sessions_count(&rig, "is held"), 0);
    sessions_scan(&rig, "well 2 well", 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM journal WHERE result = 'denied'"), 0);
    sessions_end(&rig);
}

static void without_its_secret_a_token_is_not_given_back(void **state)
{
    char path[128];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    sessions_order(&rig, "well 1 well");
    rig_set_password(&rig, "right");
    rig_configure(&rig,
                  "credentials = ( { name = \"c\"; username = \"u\"; password_file = \"%1$s/word\"; } );\n"
                  "targets = ( { name = \"t\"; plugin = \"session\"; credential = \"c\";"
                  " options = { folder = \"%1$s\"; }; } );\n",
                  rig.folder);
    rig_start(&rig);
    sessions_scan(&rig, "well 1 well", 0);
    snprintf(path, sizeof path, "%s/word", rig.folder);
    assert_int_equal(unlink(path), 0);
    sessions_stop(&rig);
    assert_int_equal(sessions_count(&rig, "t: what its token holds on the target could not be given back: "), 1);
    assert_int_equal(sessions_count(&rig, "gave back"), 0);
    sessions_end(&rig);
}

static void a_release_that_dies_harms_nobody(void **state)
{
    struct rig rig;

    (void)state;
    sessions_begin(&rig);
    sessions_scan(&rig, "fail 0 die", 1);
    rig_await_text(&rig, "log", "could not be given back: ");
    sessions_scan(&rig, "well 2 well", 0);
    assert_int_equal(rig_number(&rig, "SELECT deaths FROM target WHERE name = 't'"), 0);
    sessions_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_given_back_when_its_target_goes),
        cmocka_unit_test(a_token_is_given_back_with_the_options_that_made_it),
        cmocka_unit_test(a_target_that_stays_as_it_is_keeps_its_token),
        cmocka_unit_test(a_scan_that_loses_its_target_owes_what_it_had),
        cmocka_unit_test(a_scan_whose_options_are_changed_owes_what_it_had),
        cmocka_unit_test(a_scan_that_fails_loses_its_token),
        cmocka_unit_test(a_scan_that_dies_owes_what_it_kept_last),
        cmocka_unit_test(a_delta_that_is_only_partial_loses_its_token),
        cmocka_unit_test(a_scan_that_keeps_nothing_took_care_of_what_it_had),
        cmocka_unit_test(a_scan_waits_until_the_token_before_is_in_force),
        cmocka_unit_test(a_doctor_costs_no_token),
        cmocka_unit_test(a_release_that_is_denied_is_a_line_in_the_log),
        cmocka_unit_test(without_its_secret_a_token_is_not_given_back),
        cmocka_unit_test(a_release_that_dies_harms_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
