/* A vCenter Server that plays tricks (tests/peers/hostile.py), and all of muster around the plugin: what a scan could
 * not see is not gone, and the next one goes on without a restart of anything. */
#include "clock.h"
#include "rig.h"
#include "vcfleet_test.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ITEMS 12 /* of hostile.py: a vCenter Server, a cluster, two hosts, a datastore, a vApp, six machines */

struct site {
    struct rig rig;
    struct vcfleet *fleet;
};

/* more: options of the target besides those that lead there. */
static void begin(struct site *site, const char *more)
{
    struct err err = ERR_EMPTY;

    site->fleet = vcfleet_start_hostile("honest", 3, &err);
    if (site->fleet == NULL)
        fail_msg("%s", err.text);
    rig_set_neighbour(vcfleet_pid(site->fleet));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, vcfleet_fact(site->fleet, VCFLEET_PASSWORD));
    rig_configure(&site->rig,
                  "credentials = ( { name = \"vc\"; username = \"%s\"; password_file = \"word\"; } );\n"
                  "targets = ( { name = \"vc01\"; plugin = \"vmware\"; credential = \"vc\"; every = \"1h\";\n"
                  "  options = { url = \"%s\"; fingerprint = \"%s\"; %s }; } );\n",
                  vcfleet_fact(site->fleet, VCFLEET_USERNAME), vcfleet_fact(site->fleet, VCFLEET_URL),
                  vcfleet_fact(site->fleet, VCFLEET_FINGERPRINT), more);
    rig_start(&site->rig);
}

static void end(struct site *site)
{
    rig_assert_whole(&site->rig);
    rig_stop(&site->rig);
    rig_end(&site->rig);
    rig_set_neighbour(0);
    vcfleet_stop(site->fleet);
}

static void assert_nothing_is_gone(struct site *site)
{
    assert_int_equal(rig_number(&site->rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), ITEMS);
    assert_int_equal(rig_number(&site->rig, "SELECT count(*) FROM item"), ITEMS);
}

/* muster scan, and what it came to ("complete", "delta", "partial", or a class). */
static void scan(struct site *site, const char *trick, const char *result)
{
    vcfleet_tell(site->fleet, "trick %s", trick);
    rig_muster(&site->rig, "scan", "vc01", NULL);
    if (rig_number(&site->rig, "SELECT count(*) FROM target WHERE name = 'vc01' AND result = '%s'", result) != 1)
        fail_msg("%s: not %s: %s%s", trick, result, site->rig.out, site->rig.err);
}

static void whatever_a_scan_fails_of_nothing_is_gone(void **state)
{
    static const struct {
        const char *trick, *result, *words;
    } tricks[] = {
        { "cut-off", "unreachable", "the answer is cut off" },
        { "restart", "unreachable", "the answer is cut off" },
        { "restart-slowly", "unreachable", "the answer is cut off" },
        { "html", "protocol", "a proxy" },
        { "billion-laughs", "protocol", "a DOCTYPE" },
        { "huge-string", "protocol", "more than 1048576 bytes" },
        { "fault-200", "protocol", "NotSupported" },
        { "missing-session", "unreachable", "NotAuthenticated" },
        { "redirect-later", "protocol", "redirects are not followed" },
    };
    struct site site;

    (void)state;
    begin(&site, "incremental = false;");
    scan(&site, "honest", "complete");
    assert_nothing_is_gone(&site);
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        scan(&site, tricks[i].trick, tricks[i].result);
        if (strstr(site.rig.out, tricks[i].words) == NULL)
            fail_msg("%s: no \"%s\" in: %s", tricks[i].trick, tricks[i].words, site.rig.out);
        assert_nothing_is_gone(&site);
        scan(&site, "honest", "complete");
        assert_nothing_is_gone(&site);
    }
    assert_int_equal(vcfleet_sessions(site.fleet), 0);
    end(&site);
}

static void a_session_that_is_lost_is_begun_anew(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "");
    scan(&site, "honest", "complete");
    scan(&site, "honest", "delta");
    scan(&site, "lost-session", "delta");
    assert_int_equal(vcfleet_sessions(site.fleet), 0);
    scan(&site, "honest", "complete");
    assert_int_equal(vcfleet_requests(site.fleet, "Login"), 2);
    scan(&site, "honest", "delta");
    assert_nothing_is_gone(&site);
    end(&site);
}

static void one_bad_object_is_a_warning_in_the_scans_record(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "");
    scan(&site, "honest", "complete");
    scan(&site, "lost-session", "delta");
    scan(&site, "bad-object", "partial");
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM warning WHERE text LIKE '%%vm-102%%'"), 1);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM warning WHERE text LIKE '%%vm-103%%NoPermission%%'"),
                     1);
    assert_nothing_is_gone(&site);
    end(&site);
}

/* Of changes alone it could not be told which of the two is meant. */
static void machines_of_one_identity_are_told_by_each_scan(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "");
    scan(&site, "twins", "partial");
    scan(&site, "twins", "partial");
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM warning WHERE text LIKE '%%twice%%'"), 1);
    scan(&site, "honest", "complete");
    scan(&site, "honest", "delta");
    rig_stop(&site.rig);
    assert_int_equal(vcfleet_sessions(site.fleet), 0);
    rig_start(&site.rig);
    end(&site);
}

static void an_account_that_lost_its_rights_removes_nothing(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "incremental = false;");
    scan(&site, "honest", "complete");
    scan(&site, "deny-view", "partial");
    assert_nothing_is_gone(&site);
    scan(&site, "missing-everywhere", "partial");
    assert_nothing_is_gone(&site);
    scan(&site, "nameless-host", "partial");
    assert_nothing_is_gone(&site);
    end(&site);
}

static void the_daemons_stop_is_not_kept_by_a_server_that_is_silent(void **state)
{
    struct site site;

    (void)state;
    begin(&site, "");
    scan(&site, "honest", "complete");
    vcfleet_tell(site.fleet, "trick no-goodbye");
    end(&site);
}

/* A scan whose process is killed cannot log out by itself. */
static void a_scan_that_is_cut_short_leaves_no_session(void **state)
{
    struct site site;
    int64_t end_of_patience;
    pid_t waiting;

    (void)state;
    begin(&site, "");
    vcfleet_tell(site.fleet, "trick slowloris");
    end_of_patience = clock_mono_ms(&clock_system) + RIG_PATIENCE_MS;
    waiting = rig_scan_in_background(&site.rig);
    while (vcfleet_requests(site.fleet, "WaitForUpdatesEx") == 0)
        assert_true(clock_mono_ms(&clock_system) < end_of_patience);
    assert_int_equal(vcfleet_sessions(site.fleet), 1);
    assert_int_equal(kill(site.rig.daemon, SIGTERM), 0);
    assert_int_equal(rig_end_of(waiting), 1);
    assert_int_equal(rig_wait(&site.rig), 0);
    assert_int_equal(vcfleet_sessions(site.fleet), 0);
    rig_start(&site.rig);
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_scan_fails_of_nothing_is_gone),
        cmocka_unit_test(a_session_that_is_lost_is_begun_anew),
        cmocka_unit_test(one_bad_object_is_a_warning_in_the_scans_record),
        cmocka_unit_test(machines_of_one_identity_are_told_by_each_scan),
        cmocka_unit_test(an_account_that_lost_its_rights_removes_nothing),
        cmocka_unit_test(a_scan_that_is_cut_short_leaves_no_session),
        cmocka_unit_test(the_daemons_stop_is_not_kept_by_a_server_that_is_silent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
