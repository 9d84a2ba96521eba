/* One wrong password and 300 hosts: an account that is locked after a few attempts must live. */
#include "rig.h"

#include "gate.h"
#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HOSTS 300

/* Nothing begins by itself: who asks comes first. */
#define LEFT_ALONE                                                                                                     \
    "maintenance = ( { name = \"always\"; targets = [ \"all\" ]; from = \"2020-01-01 00:00\";"                         \
    " until = \"2099-12-31 23:59\"; zone = \"UTC\"; } );\n"

#define LEFT_ALONE_TOO                                                                                                 \
    "maintenance = ( { name = \"always\"; targets = [ \"all\", \"dark\" ]; from = \"2020-01-01 00:00\";"               \
    " until = \"2099-12-31 23:59\"; zone = \"UTC\"; } );\n"

/* options: of all targets, besides the port. */
static void configure_with(struct rig *rig, const struct gate *gate, const char *options)
{
    struct str hosts = STR_EMPTY;

    for (int i = 0; i < HOSTS; i++)
        str_format(&hosts, "%s\"127.0.%d.%d\"", i == 0 ? "" : ", ", i / 250, i % 250 + 1);
    rig_configure(rig,
                  "credentials = ( { name = \"scan\"; username = \"u\"; password_file = \"word\"; } );\n"
                  "slots = { total = 32; };\n"
                  "targets = ( { name = \"all\"; plugin = \"login\"; credential = \"scan\"; every = \"1h\";\n"
                  "  hosts = [ %s ]; options = { port = \"%u\"; %s }; } );\n",
                  str_text(&hosts), gate->port, options);
    str_finish(&hosts);
}

static void configure(struct rig *rig, const struct gate *gate)
{
    configure_with(rig, gate, "");
}

static void a_wrong_password_costs_one_attempt_however_it_is_asked_for(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    configure(&rig, &gate);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(gate.admitted, 0);
    /* Held: neither a scan nor a doctor nor a restart nor a single pass may try again. */
    assert_int_equal(rig_muster(&rig, "scan", "all/127.0.0.7", NULL), 1);
    assert_non_null(strstr(rig.out, "held"));
    assert_int_equal(rig_muster(&rig, "doctor", "all/127.0.0.8", NULL), 1);
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    rig_stop(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 1);
    rig_assert_whole(&rig);
    rig_end(&rig);
    gate_close(&gate);
}

static void another_password_frees_them_all(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    configure(&rig, &gate);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(gate.refused, 1);
    rig_set_password(&rig, "right");
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(gate.admitted, HOSTS);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), HOSTS);
    rig_end(&rig);
    gate_close(&gate);
}

static void a_good_password_that_one_host_denies_is_tried_no_more_until_the_wait_is_over(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    rig_set_password(&rig, "right");
    configure(&rig, &gate);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    gate.hater = "127.0.0.5";
    gate.refused = gate.admitted = 0;
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "all/127.0.0.5", NULL), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 1);
    rig_end(&rig);
    gate_close(&gate);
}

/* The plugin sees something without a login: that is kept, in the transaction that holds the credential. */
static void a_refusal_beside_records_costs_one_attempt_too(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    configure_with(&rig, &gate, "blind = false;");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_non_null(strstr(rig.out, ": partial, 1 appeared: "));
    assert_non_null(strstr(rig.out, "the password was refused"));
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held' AND why LIKE '%%refused'"),
                     1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target WHERE result = 'partial' AND attempts = 1 AND"
                                      " message LIKE '%%refused' AND succeeded_at > 0 AND completed_at IS NULL"),
                     1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM event WHERE what = 'credential.held'"), 1);
    assert_int_equal(rig_muster(&rig, "scan", "all/127.0.0.7", NULL), 1);
    assert_non_null(strstr(rig.out, "held"));
    assert_int_equal(rig_muster(&rig, "doctor", "all/127.0.0.8", NULL), 1);
    rig_kill(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    rig_stop(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(gate.refused, 1);
    rig_assert_whole(&rig);
    rig_set_password(&rig, "right");
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), HOSTS);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM target WHERE result = 'complete' AND message = ''"), HOSTS);
    rig_end(&rig);
    gate_close(&gate);
}

/* What can be scanned without a login proves no password: neither a new one, nor one that was refused. */
static void a_scan_without_a_login_lets_nobody_else_try(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    rig_configure(&rig,
                  "credentials = ( { name = \"scan\"; username = \"u\"; password_file = \"word\"; } );\n"
                  "targets = ( { name = \"all\"; plugin = \"login\"; credential = \"scan\"; every = \"1h\";\n"
                  "  hosts = [ \"127.0.0.1\", \"127.0.0.2\", \"127.0.0.3\", \"127.0.0.4\" ];\n"
                  "  options = { port = \"%u\"; blind = false; }; },\n"
                  "  { name = \"dark\"; plugin = \"login\"; credential = \"scan\"; every = \"1h\";\n"
                  "  options = { host = \"127.0.0.9\"; port = \"1\"; blind = false; }; } );\n" LEFT_ALONE_TOO,
                  gate.port);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "dark", NULL), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'good'"), 0);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(gate.admitted, 0);
    rig_assert_whole(&rig);
    rig_end(&rig);
    gate_close(&gate);
}

static void a_single_pass_and_a_doctor_hold_it_as_well(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    configure_with(&rig, &gate, "blind = false;");
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 1);
    rig_set_password(&rig, "wrong again");
    rig_configure(&rig,
                  "credentials = ( { name = \"scan\"; username = \"u\"; password_file = \"word\"; } );\n"
                  "targets = ( { name = \"all\"; plugin = \"login\"; credential = \"scan\"; hosts = [ \"127.0.0.9\", "
                  "\"127.0.0.10\" ];\n"
                  "  options = { port = \"%u\"; blind = false; }; } );\n" LEFT_ALONE,
                  gate.port);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "doctor", "all/127.0.0.9", NULL), 1);
    assert_non_null(strstr(rig.out, "give it the right password"));
    assert_int_equal(gate.refused, 2);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_int_equal(gate.refused, 2);
    rig_stop(&rig); /* a doctor leaves no commit that its answer would wait for; now all is stored */
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 1);
    rig_end(&rig);
    gate_close(&gate);
}

/* Nobody waits with a target that has no credential; but what its scan could not see would never be told again. */
static void the_token_of_a_refused_scan_does_not_come_into_force(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"t\"; plugin = \"refused\"; } );\n");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE json_extract(facts, '$.note') = 'whole'"), 1);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_password_costs_one_attempt_however_it_is_asked_for),
        cmocka_unit_test(another_password_frees_them_all),
        cmocka_unit_test(a_refusal_beside_records_costs_one_attempt_too),
        cmocka_unit_test(a_scan_without_a_login_lets_nobody_else_try),
        cmocka_unit_test(a_single_pass_and_a_doctor_hold_it_as_well),
        cmocka_unit_test(the_token_of_a_refused_scan_does_not_come_into_force),
        cmocka_unit_test(a_good_password_that_one_host_denies_is_tried_no_more_until_the_wait_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
