/* The doctor, before a computer that is well, and before those that lack something: which step says so, and what to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "site.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

static const char fleet[] = "{\"hosts\": ["
                            "{\"name\": \"new\", \"version\": \"2016\"}, {\"name\": \"n1\", \"version\": \"2012-r2\"},"
                            "{\"name\": \"basicless\", \"version\": \"2016\", \"basic\": false},"
                            "{\"name\": \"late\", \"version\": \"2016\", \"certificate\": \"expired\"},"
                            "{\"name\": \"other\", \"version\": \"2016\", \"certificate\": \"selfsigned\"}],"
                            "\"clusters\": [{\"name\": \"clu1\", \"nodes\": [\"n1\"]}]}";

static const struct message_step *step(const char *name)
{
    for (size_t i = 0; i < mock_step_count(site.mock); i++)
        if (strcmp(mock_step_at(site.mock, i)->name, name) == 0)
            return mock_step_at(site.mock, i);
    fail_msg("there is no step %s", name);
    return NULL;
}

static void assert_step(const char *name, int state, const char *detail, const char *remedy)
{
    const struct message_step *told = step(name);

    if ((int)told->state != state || strstr(told->detail == NULL ? "" : told->detail, detail) == NULL ||
        strstr(told->remedy == NULL ? "" : told->remedy, remedy) == NULL)
        fail_msg("%s: %d, %s; %s", name, (int)told->state, told->detail == NULL ? "" : told->detail,
                 told->remedy == NULL ? "" : told->remedy);
}

static void a_computer_that_is_well_has_no_failing_step(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        peer_tell(site.peer, "reset");
        site_aim("new", tls == 1);
        assert_true(mock_doctor(site.mock));
        assert_int_equal(mock_step_count(site.mock), 17);
        for (size_t i = 0; i < mock_step_count(site.mock); i++)
            if (mock_step_at(site.mock, i)->state != MUSTER_STEP_OK &&
                mock_step_at(site.mock, i)->state != MUSTER_STEP_SKIPPED)
                fail_msg("%s: %s", mock_step_at(site.mock, i)->name, mock_step_at(site.mock, i)->detail);
        assert_step("trust", MUSTER_STEP_OK, tls ? "TLS" : "no TLS", "");
        assert_step("schemes", MUSTER_STEP_OK, "Negotiate", "");
        assert_step("login", MUSTER_STEP_OK, "NTLM", "");
        assert_step("generation", MUSTER_STEP_OK, "Stack: 3.0", "");
        assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
    }
}

static void a_port_where_nobody_listens_is_told_with_the_command_that_listens(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        site_aim_with("new", tls == 1, "port", "1");
        assert_true(mock_doctor(site.mock));
        assert_step("route", MUSTER_STEP_FAILED, "port 1 ", tls ? "quickconfig -transport:https" : "winrm quickconfig");
        assert_step("route", MUSTER_STEP_FAILED, "", "KB968930");
        assert_step("login", MUSTER_STEP_SKIPPED, "", "");
        assert_step("cluster", MUSTER_STEP_SKIPPED, "", "");
    }
}

static void a_name_that_nobody_knows_ends_it_at_once(void **state)
{
    (void)state;
    site_aim_with("new", true, "host", "no-such-host.invalid");
    assert_true(mock_doctor(site.mock));
    assert_step("name", MUSTER_STEP_FAILED, "no-such-host.invalid", "ipconfig /registerdns");
    assert_step("route", MUSTER_STEP_SKIPPED, "", "");
}

static void a_certificate_that_is_not_trusted_is_told_with_what_to_compare(void **state)
{
    static const char *const hosts[] = { "late", "other" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        peer_tell(site.peer, "reset");
        site_aim(hosts[i], true);
        assert_true(mock_doctor(site.mock));
        assert_step("trust", MUSTER_STEP_FAILED, "certificate", "certutil -store My");
        assert_step("login", MUSTER_STEP_SKIPPED, "", "");
        assert_int_equal(winpeer_count(site.peer, "attempts"), 0);
    }
}

static void a_scheme_that_is_not_offered_is_told_before_anything_is_tried(void **state)
{
    (void)state;
    peer_tell(site.peer, "reset");
    site_aim_with("basicless", true, "auth", "basic");
    assert_true(mock_doctor(site.mock));
    assert_step("schemes", MUSTER_STEP_FAILED, "offered: Negotiate", "@{Basic=\"true\"}");
    assert_step("login", MUSTER_STEP_SKIPPED, "", "");
    assert_int_equal(winpeer_count(site.peer, "attempts"), 0);
}

static void a_login_that_is_refused_counts_as_a_refusal(void **state)
{
    (void)state;
    peer_tell(site.peer, "reset");
    peer_tell(site.peer, "trick new denied");
    site_aim("new", false);
    assert_false(mock_doctor(site.mock));
    peer_tell(site.peer, "trick new honest");
    assert_int_equal(mock_failure(site.mock)->class, ERR_DENIED);
    assert_step("login", MUSTER_STEP_FAILED, "401", "before further attempts lock the account");
    assert_step("wmi", MUSTER_STEP_SKIPPED, "", "");
    assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
}

static void ntlm_in_place_of_kerberos_is_told_with_what_forbids_it(void **state)
{
    (void)state;
    site_aim_with("new", false, "auth", "negotiate");
    assert_true(mock_doctor(site.mock));
    assert_step("login", MUSTER_STEP_OK, "logged in by NTLM", "");
    assert_step("kerberos", MUSTER_STEP_WARNING, "NTLM was used instead: ", "auth = \"kerberos\"");
    site_aim("new", false);
    assert_true(mock_doctor(site.mock));
    assert_step("kerberos", MUSTER_STEP_SKIPPED, "auth does not ask for it", "");
}

/* With Basic the first call is the attempt. */
static void a_password_of_basic_that_is_refused_is_tried_once(void **state)
{
    (void)state;
    peer_tell(site.peer, "reset");
    peer_tell(site.peer, "trick new denied:Basic");
    site_aim_with("new", true, "auth", "basic");
    assert_false(mock_doctor(site.mock));
    peer_tell(site.peer, "trick new honest");
    assert_int_equal(mock_failure(site.mock)->class, ERR_DENIED);
    assert_step("login", MUSTER_STEP_FAILED, "401", "before further attempts lock the account");
    assert_step("wmi", MUSTER_STEP_SKIPPED, "", "");
    assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
}

/* What is denied, and the step that says so. */
static const struct {
    const char *denied, *step, *remedy, *without;
    int state;
} rights[] = {
    { "root/cimv2", "wmi", "wmimgmt.msc", "", MUSTER_STEP_FAILED },
    { "root/cimv2/Win32_ComputerSystemProduct", "computer", "Remote Management Users", "", MUSTER_STEP_FAILED },
    { "root/cimv2/Win32_Volume", "volumes", "Administrators", "R1, R2", MUSTER_STEP_WARNING },
    { "HKLM\\SOFTWARE", "registry", "root\\default", "R5", MUSTER_STEP_WARNING },
    { "root/cimv2/Win32_QuickFixEngineering", "hotfixes", "wmimgmt.msc", "R17", MUSTER_STEP_WARNING },
    { "root/MSCluster", "cluster", "Grant-ClusterAccess", "R18", MUSTER_STEP_WARNING },
};

static void each_right_that_lacks_is_told_with_what_depends_on_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        peer_tell(site.peer, "deny\tn1\t%s", rights[i].denied);
        site_aim("n1", false);
        assert_true(mock_doctor(site.mock));
        peer_tell(site.peer, "allow\tn1");
        assert_step(rights[i].step, rights[i].state, rights[i].without, rights[i].remedy);
        assert_step("clock", MUSTER_STEP_OK, "", "");
    }
}

static void an_empty_answer_is_no_sight(void **state)
{
    (void)state;
    peer_tell(site.peer, "trick new nothing");
    site_aim("new", false);
    assert_true(mock_doctor(site.mock));
    peer_tell(site.peer, "trick new honest");
    assert_step("wmi", MUSTER_STEP_FAILED, "empty", "wmimgmt.msc");
    assert_step("volumes", MUSTER_STEP_WARNING, "empty", "Administrators");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_computer_that_is_well_has_no_failing_step),
        cmocka_unit_test(a_port_where_nobody_listens_is_told_with_the_command_that_listens),
        cmocka_unit_test(a_name_that_nobody_knows_ends_it_at_once),
        cmocka_unit_test(a_certificate_that_is_not_trusted_is_told_with_what_to_compare),
        cmocka_unit_test(a_scheme_that_is_not_offered_is_told_before_anything_is_tried),
        cmocka_unit_test(a_login_that_is_refused_counts_as_a_refusal),
        cmocka_unit_test(ntlm_in_place_of_kerberos_is_told_with_what_forbids_it),
        cmocka_unit_test(a_password_of_basic_that_is_refused_is_tried_once),
        cmocka_unit_test(each_right_that_lacks_is_told_with_what_depends_on_it),
        cmocka_unit_test(an_empty_answer_is_no_sight),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    site_begin(fleet);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    site_end();
    return failed;
}
