/* Scans by what changed: after each change the inventory is what a scan of everything would see. */
#include "watcher.h"

#include "clock.h"
#include "pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* With a first scan done, and the requests counted from then on. */
static struct watcher begin(const char *option, const char *value)
{
    struct watcher watcher;

    watcher_begin(&watcher, vcfleet_begin("-vm", "3", option, value, NULL));
    watcher_scan(&watcher, COMPLETE);
    assert_non_null(watcher.token);
    vcfleet_tell(watcher.fleet, "reset");
    return watcher;
}

static void nothing_changed_costs_one_request(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (int i = 0; i < 3; i++) {
        watcher_scan(&watcher, DELTA);
        assert_int_equal(mock_item_count(watcher.mock, NULL), 0);
        assert_int_equal(mock_gone_count(watcher.mock) + mock_gone_by_count(watcher.mock), 0);
    }
    assert_int_equal(vcfleet_requests(watcher.fleet, NULL), 3);
    assert_int_equal(vcfleet_sessions(watcher.fleet), 1);
    watcher_end(&watcher);
}

/* ---------------------------------------------------------------------------------------------------- each change */

struct change {
    const char *command;
    enum completeness completeness; /* of the scan after it */
    size_t machines;                /* that come as items, where it is a delta */
};

static const struct change changes[] = {
    { "add-vm new01", DELTA, 1 },
    { "clone DC0_H0_VM0 new02", DELTA, 1 },
    { "destroy DC0_H0_VM1", DELTA, 0 },
    { "power-on DC0_C0_RP0_VM0", DELTA, 1 },
    { "power-off DC0_C0_RP0_VM0", DELTA, 1 },
    { "rename\tDC0_C0_RP0_VM1\ta name/with %2f and \\", DELTA, 1 },
    { "move-host DC0_C0_RP0_VM2 DC0_C0_H0", DELTA, 1 },
    { "guest DC0_C0_RP0_VM0 windows9Server64Guest", DELTA, 1 },
    { "snapshot DC0_C0_RP0_VM0", DELTA, 1 },
    { "attribute DC0_C0_RP0_VM0 Backup nightly", DELTA, 1 },
    { "maintenance DC0_C0_H1 on", DELTA, 0 },
    { "connection DC0_C0_H1 notResponding", DELTA, 0 },
    { "rename DC0_C0_H2 esx99.corp.example", COMPLETE, 0 },
    { "add-folder vm Prod", DELTA, 0 },
    { "move-folder DC0_C0_RP0_VM0 Prod", DELTA, 1 },
    { "add-folder vm Test", DELTA, 0 },
    { "move-folder Prod Test", COMPLETE, 0 },
    { "rename Test Trial", COMPLETE, 0 },
    { "rename DC0_C0_APP0 shop", COMPLETE, 0 },
    { "rename DC0_C0 east", COMPLETE, 0 },
    { "rename DC0 Vienna", COMPLETE, 0 },
    { "rename LocalDS_0 gold", COMPLETE, 0 },
};

static void each_change_leads_to_what_a_full_scan_sees(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        print_message("%s\n", changes[i].command);
        vcfleet_tell(watcher.fleet, "%s", changes[i].command);
        watcher_scan(&watcher, changes[i].completeness);
        if (changes[i].completeness == DELTA)
            assert_int_equal(mock_item_count(watcher.mock, "vm"), changes[i].machines);
        watcher_compare(&watcher);
    }
    assert_int_equal(vcfleet_sessions(watcher.fleet), 1);
    watcher_end(&watcher);
}

static void who_comes_and_goes_between_two_scans_leaves_nothing(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "add-vm brief");
    vcfleet_tell(watcher.fleet, "power-on brief");
    vcfleet_tell(watcher.fleet, "destroy brief");
    watcher_scan(&watcher, DELTA);
    assert_false(watcher_has(&watcher, "brief"));
    watcher_compare(&watcher);
    watcher_end(&watcher);
}

static void one_that_is_not_chosen_any_more_is_gone(void **state)
{
    struct watcher watcher;

    (void)state;
    watcher_begin(&watcher, vcfleet_begin("-vm", "3", NULL));
    watcher_set(&watcher, "exclude", "old-*");
    watcher_scan(&watcher, COMPLETE);
    vcfleet_tell(watcher.fleet, "rename DC0_H0_VM0 old-1");
    watcher_scan(&watcher, DELTA);
    assert_int_equal(mock_gone_count(watcher.mock), 1);
    watcher_compare(&watcher);
    vcfleet_tell(watcher.fleet, "rename old-1 again");
    watcher_scan(&watcher, DELTA);
    assert_true(watcher_has(&watcher, "again"));
    watcher_compare(&watcher);
    watcher_end(&watcher);
}

/* One that cannot be read now is asked for again each time, whether or not anything tells of it. */
static void a_bad_object_keeps_no_other_from_being_seen(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "deny object DC0_H0_VM1");
    vcfleet_tell(watcher.fleet, "power-on DC0_H0_VM1");
    vcfleet_tell(watcher.fleet, "add-vm new01");
    watcher_scan(&watcher, DELTA);
    assert_true(watcher_warned(&watcher, "NoPermission"));
    assert_true(watcher_has(&watcher, "new01"));
    watcher_scan(&watcher, DELTA);
    assert_true(watcher_warned(&watcher, "NoPermission"));
    vcfleet_tell(watcher.fleet, "allow");
    watcher_scan(&watcher, DELTA);
    assert_int_equal(mock_item_count(watcher.mock, "vm"), 1);
    assert_int_equal(mock_warning_count(watcher.mock), 0);
    watcher_compare(&watcher);
    watcher_end(&watcher);
}

/* ---------------------------------------------------------------------------------------------- everything again */

static void what_the_server_forgot_is_read_again(void **state)
{
    static const char *const commands[] = { "expire-sessions", "restart", "forget-versions" };
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        vcfleet_tell(watcher.fleet, "%s", commands[i]);
        vcfleet_tell(watcher.fleet, "reset");
        watcher_scan(&watcher, COMPLETE);
        assert_int_equal(vcfleet_requests(watcher.fleet, "Login"), 1);
        assert_int_equal(vcfleet_sessions(watcher.fleet), 1);
        watcher_scan(&watcher, DELTA);
    }
    watcher_end(&watcher);
}

/* Writes the token anew, as it would be where something in it were otherwise. */
static void alter(struct watcher *watcher, void (*change)(struct pass *pass))
{
    static unsigned char bytes[MUSTER_MAX_TOKEN];
    static struct pass pass;

    assert_true(pass_read(&pass, watcher->token, watcher->token_size));
    change(&pass);
    watcher->token_size = pass_write(&pass, bytes, sizeof bytes);
    watcher->token = realloc(watcher->token, watcher->token_size);
    memcpy(watcher->token, bytes, watcher->token_size);
}

static void age(struct pass *pass)
{
    pass->full_at_ms -= 86400000;
}

static void come_from_the_future(struct pass *pass)
{
    pass->full_at_ms += 3600000;
}

static void show_another_certificate(struct pass *pass)
{
    pass->fingerprint[0] = pass->fingerprint[0] == 'A' ? 'B' : 'A';
}

static void lose_the_version(struct pass *pass)
{
    strcpy(pass->version, "another");
}

static void a_pass_that_is_not_believed_leads_to_everything(void **state)
{
    static void (*const ways[])(struct pass * pass) = { age, come_from_the_future, show_another_certificate,
                                                        lose_the_version };
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        alter(&watcher, ways[i]);
        vcfleet_tell(watcher.fleet, "reset");
        watcher_scan(&watcher, COMPLETE);
        assert_int_equal(vcfleet_requests(watcher.fleet, "Login"), 1);
        assert_int_equal(vcfleet_requests(watcher.fleet, "Logout"), 1);
        assert_int_equal(vcfleet_sessions(watcher.fleet), 1);
        watcher_compare(&watcher);
    }
    watcher_end(&watcher);
}

static void change_one_that_never_was(struct pass *pass)
{
    strcpy(pass->changes, "+vm-that-never-was\n");
}

/* It went between the update that tells of it and its reading. */
static void a_machine_that_went_meanwhile_is_passed_over(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    alter(&watcher, change_one_that_never_was);
    watcher_scan(&watcher, DELTA);
    watcher_compare(&watcher);
    watcher_end(&watcher);
}

static void a_token_of_another_form_is_none(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_release(&watcher);
    watcher.token = calloc(1, 4);
    watcher.token_size = 4;
    watcher_scan(&watcher, COMPLETE);
    watcher_end(&watcher);
}

/* ----------------------------------------------------------------------------------------------- sight, failures */

static void a_machine_that_is_only_out_of_sight_is_not_gone(void **state)
{
    static const char *const lacks[] = { "view", "propagate" };

    (void)state;
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        struct watcher watcher = begin(NULL, NULL);

        vcfleet_tell(watcher.fleet, "destroy DC0_H0_VM1");
        vcfleet_tell(watcher.fleet, "deny %s", lacks[i]);
        watcher_scan(&watcher, PARTIAL);
        assert_int_equal(mock_gone_by_count(watcher.mock), 0);
        assert_true(watcher_has(&watcher, "DC0_H0_VM1"));
        vcfleet_tell(watcher.fleet, "allow");
        watcher_scan(&watcher, COMPLETE);
        assert_false(watcher_has(&watcher, "DC0_H0_VM1"));
        watcher_end(&watcher);
    }
}

static void a_restart_in_the_middle_loses_nothing(void **state)
{
    static const char *const cuts[] = { "WaitForUpdatesEx", "RetrievePropertiesEx 2" };
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        vcfleet_tell(watcher.fleet, "add-vm new0%zu", i);
        vcfleet_tell(watcher.fleet, "cut %s", cuts[i]);
        watcher_fails(&watcher, ERR_UNREACHABLE, NULL);
        watcher_scan(&watcher, COMPLETE);
        watcher_compare(&watcher);
    }
    watcher_end(&watcher);
}

static void a_release_ends_the_session(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_release(&watcher);
    assert_int_equal(vcfleet_requests(watcher.fleet, "DestroyView"), 1);
    assert_int_equal(vcfleet_requests(watcher.fleet, "Logout"), 1);
    assert_int_equal(vcfleet_requests(watcher.fleet, "Login"), 0);
    watcher_end(&watcher);
}

static void a_release_of_a_session_that_is_over_is_no_failure(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "expire-sessions");
    watcher_release(&watcher);
    watcher_end(&watcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_costs_one_request),
        cmocka_unit_test(each_change_leads_to_what_a_full_scan_sees),
        cmocka_unit_test(who_comes_and_goes_between_two_scans_leaves_nothing),
        cmocka_unit_test(one_that_is_not_chosen_any_more_is_gone),
        cmocka_unit_test(a_bad_object_keeps_no_other_from_being_seen),
        cmocka_unit_test(what_the_server_forgot_is_read_again),
        cmocka_unit_test(a_pass_that_is_not_believed_leads_to_everything),
        cmocka_unit_test(a_machine_that_went_meanwhile_is_passed_over),
        cmocka_unit_test(a_token_of_another_form_is_none),
        cmocka_unit_test(a_machine_that_is_only_out_of_sight_is_not_gone),
        cmocka_unit_test(a_restart_in_the_middle_loses_nothing),
        cmocka_unit_test(a_release_ends_the_session),
        cmocka_unit_test(a_release_of_a_session_that_is_over_is_no_failure),
    };

    return vcfleet_absent() != 0 ? vcfleet_absent() : cmocka_run_group_tests(tests, NULL, NULL);
}
