/* Full scans of the peer: everything there is, and every way in which that does not come about. */
#include "watcher.h"

#include "pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct watcher begin(const char *option, const char *value)
{
    struct watcher watcher;

    watcher_begin(&watcher, vcfleet_begin("-vm", "3", option, value, NULL));
    return watcher;
}

/* --------------------------------------------------------------------------------------------------- what is there */

static void everything_there_is_comes(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_scan(&watcher, COMPLETE);
    assert_int_equal(mock_item_count(watcher.mock, "vm"), vcfleet_machines(watcher.fleet));
    assert_int_equal(mock_item_count(watcher.mock, "esxi_host"), 4);
    assert_int_equal(mock_item_count(watcher.mock, "cluster"), 1);
    assert_int_equal(mock_item_count(watcher.mock, "datastore"), 3);
    assert_int_equal(mock_item_count(watcher.mock, "vapp"), 1);
    assert_int_equal(mock_item_count(watcher.mock, "vcenter"), 1);
    assert_int_equal(mock_warning_count(watcher.mock), 0);
    watcher_end(&watcher);
}

static void one_session_one_login_one_view(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_scan(&watcher, COMPLETE);
    assert_int_equal(vcfleet_requests(watcher.fleet, "Login"), 1);
    assert_int_equal(vcfleet_requests(watcher.fleet, "CreateContainerView"), 1);
    assert_int_equal(vcfleet_requests(watcher.fleet, "Logout"), 0);
    assert_int_equal(vcfleet_sessions(watcher.fleet), 1);
    watcher_end(&watcher);
}

static void a_session_that_is_not_kept_is_ended(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_set(&watcher, "incremental", "false");
    watcher_scan(&watcher, COMPLETE);
    assert_null(watcher.token);
    assert_int_equal(vcfleet_requests(watcher.fleet, "DestroyView"), 1);
    assert_int_equal(vcfleet_requests(watcher.fleet, "Logout"), 1);
    watcher_end(&watcher);
}

static void pages_of_any_size_bring_the_same(void **state)
{
    static const char *const sizes[] = { "1", "2", "7", "1000" };
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        watcher_set(&watcher, "page_size", sizes[i]);
        watcher_release(&watcher);
        watcher_scan(&watcher, COMPLETE);
        watcher_compare(&watcher);
    }
    watcher_end(&watcher);
}

static void a_server_may_page_where_nobody_asked(void **state)
{
    struct watcher watcher;

    (void)state;
    watcher_begin(&watcher, vcfleet_begin("-vm", "5", "-max-objects", "2", "-max-updates", "3", NULL));
    watcher_scan(&watcher, COMPLETE);
    assert_int_equal(mock_item_count(watcher.mock, "vm"), vcfleet_machines(watcher.fleet));
    assert_true(vcfleet_requests(watcher.fleet, "ContinueRetrievePropertiesEx") > 1);
    assert_true(vcfleet_requests(watcher.fleet, "WaitForUpdatesEx") > 2);
    watcher_compare(&watcher);
    watcher_end(&watcher);
}

static void a_host_that_stands_alone_answers_for_itself(void **state)
{
    struct watcher watcher;

    (void)state;
    watcher_begin(&watcher, vcfleet_begin("-esx", "-vm", "4", NULL));
    watcher_scan(&watcher, COMPLETE);
    assert_int_equal(mock_item_count(watcher.mock, "esxi_host"), 1);
    assert_int_equal(mock_item_count(watcher.mock, "vcenter"), 0);
    assert_int_equal(mock_item_count(watcher.mock, "vm"), vcfleet_machines(watcher.fleet));
    watcher_scan(&watcher, DELTA);
    watcher_compare(&watcher);
    watcher_end(&watcher);
}

static void include_and_exclude_choose(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_set(&watcher, "include", "DC0_H0_*");
    watcher_set(&watcher, "exclude", "*_VM1");
    watcher_scan(&watcher, COMPLETE);
    assert_true(watcher_has(&watcher, "DC0_H0_VM0"));
    assert_false(watcher_has(&watcher, "DC0_H0_VM1"));
    assert_false(watcher_has(&watcher, "DC0_C0_RP0_VM0"));
    watcher_end(&watcher);
}

/* ------------------------------------------------------------------------------------------- what may not be seen */

static void without_proof_of_sight_it_is_partial(void **state)
{
    static const char *const lacks[] = { "view", "read", "propagate", "group" };
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        vcfleet_tell(watcher.fleet, "deny %s", lacks[i]);
        watcher_scan(&watcher, PARTIAL);
        assert_true(watcher_warned(&watcher, "Read-only"));
        assert_null(watcher.token);
        assert_int_equal(vcfleet_sessions(watcher.fleet), 0);
        vcfleet_tell(watcher.fleet, "allow");
    }
    watcher_end(&watcher);
}

static void one_bad_object_is_skipped_and_named(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "inaccessible DC0_H0_VM1");
    watcher_scan(&watcher, PARTIAL);
    assert_true(watcher_warned(&watcher, "DC0_H0_VM1"));
    assert_false(watcher_has(&watcher, "DC0_H0_VM1"));
    assert_int_equal(mock_item_count(watcher.mock, "vm"), vcfleet_machines(watcher.fleet) - 1);
    watcher_scan(&watcher, DELTA);
    assert_true(watcher_warned(&watcher, "DC0_H0_VM1"));
    watcher_end(&watcher);
}

static void a_bad_object_that_is_excluded_is_no_matter(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "inaccessible DC0_H0_VM1");
    watcher_set(&watcher, "exclude", "DC0_H0_VM1");
    watcher_scan(&watcher, COMPLETE);
    watcher_end(&watcher);
}

static void an_object_that_is_denied_makes_it_partial(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "deny object DC0_C0_RP0_VM2");
    watcher_scan(&watcher, PARTIAL);
    assert_true(watcher_warned(&watcher, "NoPermission"));
    watcher_end(&watcher);
}

static void licences_that_cannot_be_read_are_unread(void **state)
{
    struct watcher watcher = begin(NULL, NULL);
    const struct item *host;

    (void)state;
    vcfleet_tell(watcher.fleet, "fault QueryAssignedLicenses NoPermission");
    watcher_scan(&watcher, COMPLETE);
    host = mock_item_at(watcher.mock, mock_item_count(watcher.mock, NULL) - 1);
    for (size_t i = 0; strcmp(host->kind, "esxi_host") != 0; i++)
        host = mock_item_at(watcher.mock, i);
    assert_non_null(
        strstr(mock_unread(watcher.mock, "esxi_host", host->key, "vsphere.license_edition"), "Global.Licenses"));
    watcher_end(&watcher);
}

/* -------------------------------------------------------------------------------------------------------- failures */

static void a_wrong_password_costs_one_attempt(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    watcher_set(&watcher, "password", "another");
    watcher_fails(&watcher, ERR_DENIED, "check username and password");
    assert_null(strstr(mock_failure(watcher.mock)->text, "another"));
    assert_int_equal(vcfleet_requests(watcher.fleet, "Login"), 1);
    watcher_end(&watcher);
}

static void a_certificate_that_is_not_trusted_is_shown(void **state)
{
    struct watcher watcher = begin(NULL, NULL);
    char other[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    (void)state;
    watcher_set(&watcher, "fingerprint", other);
    watcher_fails(&watcher, ERR_PROTOCOL, vcfleet_fact(watcher.fleet, VCFLEET_FINGERPRINT));
    assert_int_equal(vcfleet_requests(watcher.fleet, NULL), 0);
    watcher_end(&watcher);
}

static void a_ca_file_is_trusted(void **state)
{
    struct watcher watcher;
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);

    (void)state;
    watcher_begin(&watcher, fleet);
    for (size_t i = 0; i < WATCHER_OPTIONS; i++)
        if (watcher.options[i].name != NULL && strcmp(watcher.options[i].name, "fingerprint") == 0)
            watcher.options[i] = (struct watcher_option){ "ca_file", vcfleet_fact(fleet, VCFLEET_CA_FILE) };
    watcher_scan(&watcher, COMPLETE);
    watcher_end(&watcher);
}

static void a_server_that_is_not_ready_is_unreachable(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "fault RetrieveServiceContent 503");
    watcher_fails(&watcher, ERR_UNREACHABLE, "503");
    vcfleet_tell(watcher.fleet, "allow");
    watcher_scan(&watcher, COMPLETE);
    watcher_end(&watcher);
}

/* The method, and which request of it, whose reply is cut off and the sessions with it: a vCenter Server that restarts
 * there. */
static void a_restart_anywhere_fails_the_scan_and_the_next_recovers(void **state)
{
    static const char *const cuts[] = {
        "CreateContainerView", "HasPrivilegeOnEntity", "RetrievePropertiesEx", "RetrievePropertiesEx 2",
        "CreateFilter",        "WaitForUpdatesEx",     "WaitForUpdatesEx 2",
    };
    struct watcher watcher;

    (void)state;
    watcher_begin(&watcher, vcfleet_begin("-vm", "3", "-max-updates", "4", NULL));
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        watcher_release(&watcher);
        vcfleet_tell(watcher.fleet, "cut %s", cuts[i]);
        assert_null(watcher.token);
        watcher_fails(&watcher, ERR_UNREACHABLE, NULL);
        watcher_scan(&watcher, COMPLETE);
        watcher_compare(&watcher);
    }
    watcher_end(&watcher);
}

static void a_fault_names_itself_and_ends_the_session(void **state)
{
    struct watcher watcher = begin(NULL, NULL);

    (void)state;
    vcfleet_tell(watcher.fleet, "fault\tCreateFilter\tSystemError\tout of order");
    watcher_fails(&watcher, ERR_PROTOCOL, "SystemError");
    assert_non_null(strstr(mock_failure(watcher.mock)->text, "out of order"));
    vcfleet_tell(watcher.fleet, "allow");
    watcher_end(&watcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_there_is_comes),
        cmocka_unit_test(one_session_one_login_one_view),
        cmocka_unit_test(a_session_that_is_not_kept_is_ended),
        cmocka_unit_test(pages_of_any_size_bring_the_same),
        cmocka_unit_test(a_server_may_page_where_nobody_asked),
        cmocka_unit_test(a_host_that_stands_alone_answers_for_itself),
        cmocka_unit_test(include_and_exclude_choose),
        cmocka_unit_test(without_proof_of_sight_it_is_partial),
        cmocka_unit_test(one_bad_object_is_skipped_and_named),
        cmocka_unit_test(a_bad_object_that_is_excluded_is_no_matter),
        cmocka_unit_test(an_object_that_is_denied_makes_it_partial),
        cmocka_unit_test(licences_that_cannot_be_read_are_unread),
        cmocka_unit_test(a_wrong_password_costs_one_attempt),
        cmocka_unit_test(a_certificate_that_is_not_trusted_is_shown),
        cmocka_unit_test(a_ca_file_is_trusted),
        cmocka_unit_test(a_server_that_is_not_ready_is_unreachable),
        cmocka_unit_test(a_restart_anywhere_fails_the_scan_and_the_next_recovers),
        cmocka_unit_test(a_fault_names_itself_and_ends_the_session),
    };

    return vcfleet_absent() != 0 ? vcfleet_absent() : cmocka_run_group_tests(tests, NULL, NULL);
}
