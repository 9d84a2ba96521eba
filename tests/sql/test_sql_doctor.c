/* The doctor's own steps: each right by name, with the grant that mends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sql_site.h"
#include "sqlpeer.h"

#include <string.h>

static const char fleet[] =
    "{\"hosts\": [{\"name\": \"one\", \"names\": [\"one.corp.example\"], \"address\": \"@.11\", \"instances\":"
    " [{\"version\": \"2016 SP1\"}]},"
    "{\"name\": \"new\", \"names\": [\"new.corp.example\"], \"address\": \"@.12\", \"instances\": [{\"version\": "
    "\"2022\"}]},"
    "{\"name\": \"azure\", \"names\": [\"azure.corp.example\"], \"address\": \"@.13\", \"instances\":"
    " [{\"version\": \"2014\", \"edition\": \"azure\"}]}]}";

static const char *const steps[] = { "databases", "definitions", "state", "backups", "offline" };

static int set_up(void **state)
{
    (void)state;
    sql_site_begin(fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sql_site_end();
    return 0;
}

static const struct message_step *step(const char *name)
{
    for (size_t i = 0; i < mock_step_count(sql_site.mock); i++)
        if (strcmp(mock_step_at(sql_site.mock, i)->name, name) == 0)
            return mock_step_at(sql_site.mock, i);
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

static void one_that_may_read_all_passes(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("one", NULL);
    assert_true(mock_doctor(sql_site.mock));
    assert_step("login", MUSTER_STEP_OK, "SQL", "");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_step(steps[i], MUSTER_STEP_OK, "", "");
    assert_step("offline", MUSTER_STEP_OK, "CREATE ANY DATABASE", "");
    assert_int_equal(sql_site_count("one", "logins"), 1);
}

static void each_right_that_lacks_is_told_with_its_grant(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "add-login\tone\tb]ind\t{\"password\": \"right\", \"rights\": [],"
                             " \"denied\": [\"VIEW ANY DATABASE\"]}");
    sql_site_aim("one", "username", "b]ind", NULL);
    assert_true(mock_doctor(sql_site.mock));
    assert_step("databases", MUSTER_STEP_FAILED, "partial", "GRANT VIEW ANY DATABASE TO [b]]ind]");
    assert_step("definitions", MUSTER_STEP_FAILED, "availability groups", "GRANT VIEW ANY DEFINITION TO [b]]ind]");
    assert_step("state", MUSTER_STEP_WARNING, "nodes", "GRANT VIEW SERVER STATE TO [b]]ind]");
    assert_step("backups", MUSTER_STEP_WARNING, "unread",
                "USE msdb; CREATE USER [b]]ind] FOR LOGIN [b]]ind]; GRANT SELECT ON dbo.backupset TO [b]]ind]");
}

static void since_2022_the_lesser_right_is_asked_for(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "revoke\tnew\tscan\tVIEW SERVER STATE");
    sql_site_aim("new", NULL);
    assert_true(mock_doctor(sql_site.mock));
    assert_step("state", MUSTER_STEP_WARNING, "", "GRANT VIEW SERVER PERFORMANCE STATE TO [scan]");
    peer_tell(sql_site.peer, "grant\tnew\tscan\tVIEW SERVER PERFORMANCE STATE");
    sql_site_aim("new", NULL);
    assert_true(mock_doctor(sql_site.mock));
    assert_step("state", MUSTER_STEP_OK, "", "");
}

static void of_a_service_of_azure_nothing_is_asked(void **state)
{
    (void)state;
    sql_site_aim("azure", NULL);
    assert_true(mock_doctor(sql_site.mock));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_step(steps[i], MUSTER_STEP_SKIPPED, "Azure", "");
}

static void a_refusal_fails_the_doctor_and_skips_the_rights(void **state)
{
    (void)state;
    sql_site_aim("one", "password", "wrong", NULL);
    assert_false(mock_doctor(sql_site.mock));
    assert_int_equal(mock_failure(sql_site.mock)->class, ERR_DENIED);
    assert_step("login", MUSTER_STEP_FAILED, "18456", "");
    assert_step("databases", MUSTER_STEP_SKIPPED, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_may_read_all_passes),
        cmocka_unit_test(each_right_that_lacks_is_told_with_its_grant),
        cmocka_unit_test(since_2022_the_lesser_right_is_asked_for),
        cmocka_unit_test(of_a_service_of_azure_nothing_is_asked),
        cmocka_unit_test(a_refusal_fails_the_doctor_and_skips_the_rights),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
