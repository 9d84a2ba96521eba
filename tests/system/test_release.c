/* What a token holds on its target is given back: when the target goes or is changed, when a scan with it is not
 * committed, and when the daemon ends. */
#include "rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define AT_ONCE 16 /* releases, as daemon/run/handback.h has it */

static size_t times_in_log(struct rig *rig, const char *text)
{
    char *log = rig_read(rig, "log");
    size_t count = 0;

    for (const char *at = log; (at = strstr(at, text)) != NULL; at += strlen(text))
        count++;
    free(log);
    return count;
}

/* What the next run does: what a scan does, which session it keeps, and what a release does. */
static void order(struct rig *rig, const char *orders)
{
    rig_write(rig, "orders", "%s\n", orders);
}

/* The targets of the next configuration. */
static char targets[16384];

static void add_target(const char *text)
{
    size_t size = strlen(targets);

    snprintf(targets + size, sizeof targets - size, "%s%s", size == 0 ? "" : ",\n", text);
}

static void add_session(const struct rig *rig, const char *name, const char *more)
{
    char text[512];

    snprintf(text, sizeof text, "{ name = \"%s\"; plugin = \"session\"; options = { orders = \"%s/orders\"; %s }; }",
             name, rig->folder, more);
    add_target(text);
}

static void configure(struct rig *rig)
{
    rig_configure(rig, "targets = ( %s );\n", targets);
    targets[0] = '\0';
}

static void reload(struct rig *rig)
{
    configure(rig);
    rig_reload(rig);
}

static void scan(struct rig *rig, const char *orders, int status)
{
    order(rig, orders);
    assert_int_equal(rig_muster(rig, "scan", "t", NULL), status);
}

/* A target t whose scan has kept session 1. */
static void begin(struct rig *rig)
{
    rig_begin(rig);
    order(rig, "well 1 well");
    add_session(rig, "t", "");
    configure(rig);
    rig_start(rig);
    scan(rig, "well 1 well", 0);
    assert_int_equal(times_in_log(rig, "t: given nothing"), 1);
    assert_int_equal(times_in_log(rig, "gave back"), 0);
}

static void stop(struct rig *rig)
{
    assert_int_equal(kill(rig->daemon, SIGTERM), 0);
    assert_int_equal(rig_wait(rig), 0);
}

static void end(struct rig *rig)
{
    assert_int_equal(times_in_log(rig, "something was still open"), 0);
    rig_end(rig);
}

/* ------------------------------------------------------------------------------------------------- the targets ---- */

static void a_token_is_given_back_when_its_target_goes(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    add_target("{ name = \"z\"; plugin = \"ok\"; }");
    reload(&rig);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(times_in_log(&rig, "t: gave back session-1 of anybody"), 1);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "gave back"), 1);
    end(&rig);
}

static void a_token_is_given_back_with_the_options_that_made_it(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    add_session(&rig, "t", "who = \"me\";");
    reload(&rig);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(times_in_log(&rig, "t: gave back session-1 of anybody"), 1);
    scan(&rig, "well 2 well", 0);
    assert_int_equal(times_in_log(&rig, "t: given nothing"), 2);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: gave back session-2 of me"), 1);
    end(&rig);
}

static void a_target_that_stays_as_it_is_keeps_its_token(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    add_session(&rig, "t", "");
    add_target("{ name = \"z\"; plugin = \"ok\"; }");
    reload(&rig);
    assert_int_equal(times_in_log(&rig, "gave back"), 0);
    scan(&rig, "well 2 well", 0);
    assert_int_equal(times_in_log(&rig, "t: given session-1"), 1);
    assert_int_equal(times_in_log(&rig, "gave back"), 0);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: gave back session-2"), 1);
    assert_int_equal(times_in_log(&rig, "gave back"), 1);
    end(&rig);
}

static void a_scan_that_loses_its_target_owes_what_it_had(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    begin(&rig);
    order(&rig, "hang 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    add_target("{ name = \"z\"; plugin = \"ok\"; }");
    reload(&rig);
    assert_int_equal(rig_end_of(waiting), 1);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(times_in_log(&rig, "t: gave back session-2"), 1);
    assert_int_equal(times_in_log(&rig, "gave back"), 1);
    end(&rig);
}

static void a_scan_whose_options_are_changed_owes_what_it_had(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    begin(&rig);
    order(&rig, "hang 0 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: given session-1");
    order(&rig, "well 2 well");
    add_session(&rig, "t", "who = \"me\";");
    reload(&rig);
    assert_int_equal(rig_end_of(waiting), 0);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(times_in_log(&rig, "t: gave back session-1 of anybody"), 1);
    assert_int_equal(times_in_log(&rig, "t: given nothing"), 2);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: gave back session-2 of me"), 1);
    end(&rig);
}

/* --------------------------------------------------------------------------------------------------- the scans ---- */

static void a_scan_that_fails_loses_its_token(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    scan(&rig, "fail 0 well", 1);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(times_in_log(&rig, "t: gave back session-1"), 1);
    scan(&rig, "well 3 well", 0);
    assert_int_equal(times_in_log(&rig, "t: given nothing"), 2);
    end(&rig);
}

static void a_scan_that_dies_owes_what_it_kept_last(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    scan(&rig, "die 2 well", 1);
    rig_await_text(&rig, "log", "t: its token was given back");
    assert_int_equal(times_in_log(&rig, "t: gave back session-2"), 1);
    scan(&rig, "die 3 well", 1);
    rig_await_text(&rig, "log", "t: gave back session-3");
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "gave back"), 2);
    end(&rig);
}

static void a_scan_that_keeps_nothing_took_care_of_what_it_had(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    scan(&rig, "well 0 well", 0);
    scan(&rig, "well 0 well", 0);
    assert_int_equal(times_in_log(&rig, "t: given nothing"), 2);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "gave back"), 0);
    end(&rig);
}

static void a_doctor_costs_no_token(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    assert_int_equal(rig_muster(&rig, "doctor", "t", NULL), 0);
    scan(&rig, "well 2 well", 0); /* perhaps not the first since: a doctor is followed by a scan */
    assert_int_equal(times_in_log(&rig, "t: given nothing"), 1);
    assert_int_not_equal(times_in_log(&rig, "t: given session-1"), 0);
    assert_int_equal(times_in_log(&rig, "gave back"), 0);
    end(&rig);
}

/* ------------------------------------------------------------------------------------------------- the releases ----
 */

/* Neither the target nor its credential is any the worse for it, and no row tells of it. */
static void a_release_that_is_denied_is_a_line_in_the_log(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    order(&rig, "well 1 deny");
    rig_set_password(&rig, "right");
    rig_configure(&rig,
                  "credentials = ( { name = \"c\"; username = \"u\"; password_file = \"%1$s/word\"; } );\n"
                  "targets = ( { name = \"t\"; plugin = \"session\"; credential = \"c\";"
                  " options = { orders = \"%1$s/orders\"; }; } );\n",
                  rig.folder);
    rig_start(&rig);
    scan(&rig, "well 1 deny", 0);
    rig_set_password(&rig, "newer");
    scan(&rig, "fail 0 deny", 1);
    rig_await_text(&rig, "log", "could not be given back: nobody knows it here");
    assert_int_equal(times_in_log(&rig, "t: gave back session-1 of anybody with newer"), 1);
    assert_int_equal(times_in_log(&rig, "is held"), 0);
    scan(&rig, "well 2 well", 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM journal WHERE result = 'denied'"), 0);
    end(&rig);
}

static void without_its_secret_a_token_is_not_given_back(void **state)
{
    char path[128];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    order(&rig, "well 1 well");
    rig_set_password(&rig, "right");
    rig_configure(&rig,
                  "credentials = ( { name = \"c\"; username = \"u\"; password_file = \"%1$s/word\"; } );\n"
                  "targets = ( { name = \"t\"; plugin = \"session\"; credential = \"c\";"
                  " options = { orders = \"%1$s/orders\"; }; } );\n",
                  rig.folder);
    rig_start(&rig);
    scan(&rig, "well 1 well", 0);
    snprintf(path, sizeof path, "%s/word", rig.folder);
    assert_int_equal(unlink(path), 0);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: what its token holds on the target could not be given back: "), 1);
    assert_int_equal(times_in_log(&rig, "gave back"), 0);
    end(&rig);
}

static void a_release_that_dies_harms_nobody(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    scan(&rig, "fail 0 die", 1);
    rig_await_text(&rig, "log", "could not be given back: ");
    scan(&rig, "well 2 well", 0);
    assert_int_equal(rig_number(&rig, "SELECT deaths FROM target WHERE name = 't'"), 0);
    end(&rig);
}

/* ----------------------------------------------------------------------------------------------------- the end ---- */

static void a_stop_gives_all_back(void **state)
{
    enum { MANY = 3 * AT_ONCE };
    char name[16];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    order(&rig, "well 1 well");
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "t%d", i);
        add_session(&rig, name, "");
    }
    configure(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "gave back session-1"), MANY);
    assert_int_equal(times_in_log(&rig, "its token was given back"), MANY);
    end(&rig);
}

static void a_stop_waits_for_no_release_that_hangs(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    order(&rig, "well 1 hang");
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: gave back session-1"), 1);
    assert_int_equal(times_in_log(&rig, "could not be given back: "), 1);
    end(&rig);
}

static void those_that_find_no_room_before_the_end_are_told(void **state)
{
    char name[16];
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    order(&rig, "well 1 well");
    for (int i = 0; i <= AT_ONCE; i++) {
        snprintf(name, sizeof name, "t%d", i);
        add_session(&rig, name, "");
    }
    configure(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    order(&rig, "well 1 hang");
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "could not be given back: the daemon has no more time for it"), 1);
    assert_int_equal(times_in_log(&rig, "could not be given back: "), AT_ONCE + 1);
    end(&rig);
}

static void a_scan_in_flight_is_ended_in_time_to_give_back_what_it_has(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    begin(&rig);
    order(&rig, "hang 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    stop(&rig);
    assert_int_equal(rig_end_of(waiting), 1);
    assert_int_equal(times_in_log(&rig, "t: gave back session-2"), 1);
    assert_int_equal(times_in_log(&rig, "t: its token was given back"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM journal WHERE kind = 'scan'"), 1);
    end(&rig);
}

/* The disk is full: the log of the daemon, which is in a file too, stays below. */
static void what_cannot_be_stored_keeps_no_stop(void **state)
{
    struct rlimit tight = { 16384, 16384 };
    struct rig rig;
    pid_t waiting;

    (void)state;
    begin(&rig);
    assert_int_equal(prlimit(rig.daemon, RLIMIT_FSIZE, &tight, NULL), 0);
    order(&rig, "well 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "muster.db: ");
    stop(&rig);
    assert_int_equal(rig_end_of(waiting), 1);
    assert_int_equal(times_in_log(&rig, "could not be given back: the daemon has no more time for it"), 1);
    assert_int_equal(times_in_log(&rig, "gave back"), 0);
    end(&rig);
}

static void kill_host(struct rig *rig)
{
    const char *pid;

    assert_int_equal(rig_muster(rig, "--format", "json", "status", NULL), 0);
    pid = strstr(rig->out, "\"pid\":");
    assert_non_null(pid);
    /* The first is the daemon's own. */
    pid = strstr(pid + 1, "\"pid\":");
    assert_non_null(pid);
    assert_int_equal(kill((pid_t)strtol(pid + 6, NULL, 10), SIGKILL), 0);
}

static void without_a_host_a_stop_gives_nothing_back(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    kill_host(&rig);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: what its token holds on the target could not be given back: "), 1);
    end(&rig);
}

static void what_a_scan_had_whose_host_died_is_given_back_by_the_next_host(void **state)
{
    struct rig rig;
    pid_t waiting;

    (void)state;
    begin(&rig);
    order(&rig, "hang 2 well");
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "t: kept session-2");
    order(&rig, "well 3 well");
    kill_host(&rig);
    assert_int_equal(rig_end_of(waiting), 0);
    rig_await_text(&rig, "log", "t: gave back session-2");
    assert_int_equal(times_in_log(&rig, "t: given nothing"), 2);
    stop(&rig);
    assert_int_equal(times_in_log(&rig, "t: gave back session-3"), 1);
    end(&rig);
}

static void a_single_pass_gives_back_at_its_end(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    order(&rig, "well 1 well");
    add_session(&rig, "t", "");
    add_session(&rig, "u", "");
    configure(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(times_in_log(&rig, "t: gave back session-1"), 1);
    assert_int_equal(times_in_log(&rig, "u: gave back session-1"), 1);
    assert_int_equal(times_in_log(&rig, "its token was given back"), 2);
    end(&rig);
}

static void a_pass_is_good_whatever_becomes_of_its_releases(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    order(&rig, "well 1 die");
    add_session(&rig, "t", "");
    configure(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(times_in_log(&rig, "could not be given back: "), 1);
    end(&rig);
}

static void a_daemon_that_is_killed_leaves_no_process(void **state)
{
    struct rig rig;

    (void)state;
    begin(&rig);
    scan(&rig, "fail 0 hang", 1);
    rig_await_text(&rig, "log", "t: gave back session-1");
    rig_kill(&rig);
    rig_assert_alone();
    rig_start(&rig);
    scan(&rig, "well 1 well", 0);
    end(&rig);
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
        cmocka_unit_test(a_scan_that_keeps_nothing_took_care_of_what_it_had),
        cmocka_unit_test(a_doctor_costs_no_token),
        cmocka_unit_test(a_release_that_is_denied_is_a_line_in_the_log),
        cmocka_unit_test(without_its_secret_a_token_is_not_given_back),
        cmocka_unit_test(a_release_that_dies_harms_nobody),
        cmocka_unit_test(a_stop_gives_all_back),
        cmocka_unit_test(a_stop_waits_for_no_release_that_hangs),
        cmocka_unit_test(those_that_find_no_room_before_the_end_are_told),
        cmocka_unit_test(a_scan_in_flight_is_ended_in_time_to_give_back_what_it_has),
        cmocka_unit_test(what_cannot_be_stored_keeps_no_stop),
        cmocka_unit_test(without_a_host_a_stop_gives_nothing_back),
        cmocka_unit_test(what_a_scan_had_whose_host_died_is_given_back_by_the_next_host),
        cmocka_unit_test(a_single_pass_gives_back_at_its_end),
        cmocka_unit_test(a_pass_is_good_whatever_becomes_of_its_releases),
        cmocka_unit_test(a_daemon_that_is_killed_leaves_no_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
