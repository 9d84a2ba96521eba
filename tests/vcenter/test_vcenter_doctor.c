/* The doctor against the peer: what is wrong is found at its step, what needs that is skipped, and a remedy is told. */
#include "mock.h"
#include "vcfleet_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WRONG "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

struct trouble {
    const char *command;       /* to the peer; NULL: none */
    const char *option, *text; /* instead of the right one; NULL: none */
    const char *step;          /* that finds it */
    int state;
    const char *words; /* in its detail */
    size_t skipped;    /* steps that are skipped for it */
};

static const struct trouble troubles[] = {
    { NULL, "url", "https://no-such-host.invalid", "name", MUSTER_STEP_FAILED, "no address", 8 },
    { NULL, "url", "https://127.0.0.1:1", "route", MUSTER_STEP_FAILED, "refused", 7 },
    { NULL, "fingerprint", WRONG, "trust", MUSTER_STEP_FAILED, "SHA-256", 6 },
    { "fault RetrieveServiceContent 503", NULL, NULL, "api", MUSTER_STEP_FAILED, "503", 4 },
    { NULL, "password", "wrong", "login", MUSTER_STEP_FAILED, "InvalidLogin", 3 },
    { "deny propagate", NULL, NULL, "sight", MUSTER_STEP_FAILED, "does not propagate", 0 },
    { "deny view", NULL, NULL, "sight", MUSTER_STEP_FAILED, "System.View", 0 },
    { "fault QueryAssignedLicenses NoPermission", NULL, NULL, "licences", MUSTER_STEP_WARNING, "Global.Licenses", 0 },
    { NULL, NULL, NULL, "clock", MUSTER_STEP_OK, "its clock is", 0 },
    { NULL, NULL, NULL, "sessions", MUSTER_STEP_OK, "1 of this account", 0 },
    { NULL, NULL, NULL, "trust", MUSTER_STEP_OK, "until", 0 },
};

static void give(struct mock *mock, const struct trouble *trouble, const char *name, const char *right)
{
    const bool wrong = trouble->option != NULL && strcmp(trouble->option, name) == 0;

    mock_option(mock, name, wrong ? trouble->text : right);
}

static const struct message_step *find_step(const struct mock *mock, const char *name)
{
    for (size_t i = 0; i < mock_step_count(mock); i++)
        if (strcmp(mock_step_at(mock, i)->name, name) == 0)
            return mock_step_at(mock, i);
    fail_msg("no step %s", name);
    return NULL;
}

static size_t count_skipped(const struct mock *mock)
{
    size_t count = 0;

    for (size_t i = 0; i < mock_step_count(mock); i++)
        count += mock_step_at(mock, i)->state == MUSTER_STEP_SKIPPED;
    return count;
}

static void judge(const struct mock *mock, const struct trouble *trouble)
{
    const struct message_step *step = find_step(mock, trouble->step);

    assert_int_equal(mock_step_count(mock), 9);
    assert_int_equal(step->state, trouble->state);
    if (strstr(step->detail, trouble->words) == NULL)
        fail_msg("%s: no '%s' in: %s", trouble->step, trouble->words, step->detail);
    assert_true(trouble->state == MUSTER_STEP_OK || step->remedy[0] != '\0');
    assert_int_equal(count_skipped(mock), trouble->skipped);
}

static void examine(struct vcfleet *fleet, const struct trouble *trouble)
{
    struct mock *mock = mock_create(muster_plugin_entry());
    bool refused = strcmp(trouble->step, "login") == 0;

    if (trouble->command != NULL)
        vcfleet_tell(fleet, "%s", trouble->command);
    give(mock, trouble, "url", vcfleet_fact(fleet, VCFLEET_URL));
    give(mock, trouble, "username", vcfleet_fact(fleet, VCFLEET_USERNAME));
    give(mock, trouble, "password", vcfleet_fact(fleet, VCFLEET_PASSWORD));
    give(mock, trouble, "fingerprint", vcfleet_fact(fleet, VCFLEET_FINGERPRINT));
    mock_deadline(mock, 60000);
    assert_int_equal(mock_doctor(mock), !refused);
    if (refused)
        assert_int_equal(mock_failure(mock)->class, ERR_DENIED);
    judge(mock, trouble);
    vcfleet_tell(fleet, "allow");
    assert_int_equal(vcfleet_sessions(fleet), 0);
    mock_destroy(mock);
}

static void what_is_wrong_is_found_at_its_step(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);

    (void)state;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        examine(fleet, &troubles[i]);
    vcfleet_stop(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_wrong_is_found_at_its_step) };

    return vcfleet_absent() != 0 ? vcfleet_absent() : cmocka_run_group_tests(tests, NULL, NULL);
}
