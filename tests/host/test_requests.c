/* What a scan's process is asked: every way in which a request can be wrong, and the modes. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct client client;

static int start_options(void **state)
{
    (void)state;
    trial_start(&client, "options", NULL);
    return 0;
}

static int stop(void **state)
{
    trial_stop(&client);
    return trial_end(state);
}

static struct scan *ask(enum run_mode mode, const struct client_option *options, size_t count)
{
    return client_scan(&client, mode, &usual_order, options, count);
}

static const struct client_option password = { "password", "correct horse" };

/* A scan that is as it should be, after one that was not. */
static void must_go_on(void)
{
    trial_is_good(&client, ask(RUN_SCAN, &password, 1));
}

/* ------------------------------------------------------------------------------------------------------ frames ---- */

static void a_request_that_is_cut_off_is_told(void **state)
{
    struct scan *scan = client_order(&client, &usual_order);

    (void)state;
    assert_true(client_write(scan, "\x40\0\0\0\6n", 6));
    client_cut_off(scan);
    trial_is_bad(&client, scan, ERR_PROTOCOL, "the request was cut off after 6 bytes");
    must_go_on();
}

static void a_request_that_never_comes_ends_at_the_deadline(void **state)
{
    const struct message_order order = { .deadline_ms = 300, .memory_mb = 256, .cpu_s = 60 };

    (void)state;
    trial_is_bad(&client, client_order(&client, &order), ERR_TIMEOUT, "killed at its deadline");
    must_go_on();
}

static void a_stream_without_a_request_is_told(void **state)
{
    struct scan *scan = client_order(&client, &usual_order);

    (void)state;
    client_cut_off(scan);
    trial_is_bad(&client, scan, ERR_PROTOCOL, "the request was cut off after 0 bytes");
    must_go_on();
}

static void garbage_is_no_request(void **state)
{
    struct scan *scan = client_order(&client, &usual_order);

    (void)state;
    assert_true(client_write(scan, "GET / HTTP/1.1\r\n\r\n", 18));
    trial_is_bad(&client, scan, ERR_PROTOCOL, "the request: no frame of ours");
    must_go_on();
}

static void another_message_is_no_request(void **state)
{
    const struct message message = { .type = MESSAGE_GONE, .gone = { .kind = "machine", .key = "host" } };
    struct scan *scan = client_order(&client, &usual_order);

    (void)state;
    assert_true(client_send(scan, &message));
    trial_is_bad(&client, scan, ERR_PROTOCOL, "the request is no request but a message GONE");
    must_go_on();
}

static void a_mode_of_0_is_refused(void **state)
{
    (void)state;
    trial_is_bad(&client, ask((enum run_mode)0, &password, 1), ERR_PROTOCOL,
                 "the request: a message REQUEST is not as it must be: a number is 0");
    must_go_on();
}

static void an_unknown_mode_is_refused(void **state)
{
    (void)state;
    trial_is_bad(&client, ask((enum run_mode)77, &password, 1), ERR_PROTOCOL,
                 "a message REQUEST is not as it must be: a number is over its limit");
    must_go_on();
}

/* As large as a frame can be: sixteen elements of a list, each as long as a text can be, less what the frame takes. */
static void a_request_of_one_megabyte_is_taken(void **state)
{
    static char text[65000 + 1];
    static const char *texts[16];
    const struct option_given given[] = { { "password", &password.value, 1 }, { "hosts", texts, 16 } };
    const struct message message = {
        .type = MESSAGE_REQUEST,
        .request = { .mode = RUN_SCAN, .options = { given, 2 }, .token = { "", 0 } },
    };
    struct scan *scan = client_order(&client, &usual_order);

    (void)state;
    memset(text, 'x', sizeof text - 1);
    for (size_t i = 0; i < 16; i++)
        texts[i] = text;
    assert_true(client_send(scan, &message));
    trial_is_good(&client, scan);
    assert_int_equal(scan->received.items, 1);
}

/* ----------------------------------------------------------------------------------------------------- options ---- */

static const struct {
    struct client_option options[4];
    const char *words[4];
} problems[] = {
    { { { "password", "x" }, { "colour", "x" } }, { "option colour: there is no option of this name" } },
    { { { "password", "x" }, { "hots", "x" } },
      { "option hots: there is no option of this name; the nearest is hosts" } },
    { { { "text", "x" } }, { "option password: it is missing, and the plugin cannot do without it" } },
    { { { "password", "x" }, { "int", "many" } }, { "option int: \"many\" is not a whole number" } },
    { { { "password", "x" }, { "bool", "perhaps" } }, { "option bool: \"perhaps\" is not true or false" } },
    { { { "password", "x" }, { "choice", "blue" } }, { "option choice: \"blue\" is none of red, green" } },
    { { { "password", "x" }, { "path", "here" } }, { "option path: \"here\" is not an absolute path" } },
    { { { "password", "x" }, { "duration", "soon" } }, { "option duration: \"soon\" is not a duration" } },
    { { { "password", "x" }, { "duration", "2h" } }, { "option duration: \"2h\" is out of bounds: 1s to 1m" } },
    { { { "password", "x" }, { "int", "101" } }, { "option int: 101 is out of bounds: 1 to 100 is possible" } },
    { { { "password", "x" }, { "int", "3" }, { "int", "4" } }, { "option int: it is given twice" } },
    { { { "int", "0" }, { "bool", "maybe" }, { "colour", "x" } },
      { "option int: ", "; option bool: ", "; option colour: ", "; option password: it is missing" } },
};

static void each_problem_with_an_option_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        size_t count = 0;
        struct scan *scan;

        while (count < 4 && problems[i].options[count].name != NULL)
            count++;
        scan = ask(RUN_SCAN, problems[i].options, count);
        for (size_t j = 0; j < 4 && problems[i].words[j] != NULL; j++)
            trial_is_bad(&client, scan, ERR_CONFIG, problems[i].words[j]);
    }
    must_go_on();
}

static void a_secret_is_in_no_sentence(void **state)
{
    const struct client_option twice[] = { { "password", "correct horse" }, { "password", "battery staple" } };
    struct scan *scan = ask(RUN_SCAN, twice, 2);

    (void)state;
    trial_is_bad(&client, scan, ERR_CONFIG, "option password: it is given twice");
    assert_null(strstr(scan->outcome.err.text, "horse"));
    assert_null(strstr(scan->outcome.err.text, "staple"));
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    const struct client_option options[] = { { "password", "x" }, { "text", "caf\xE9" } };

    (void)state;
    trial_is_bad(&client, ask(RUN_SCAN, options, 2), ERR_PROTOCOL, "not valid UTF-8");
    must_go_on();
}

/* ------------------------------------------------------------------------------------------------------- modes ---- */

static void a_check_looks_at_the_options_only(void **state)
{
    const struct client_option unlucky[] = { { "password", "x" }, { "int", "13" } };
    struct scan *scan = ask(RUN_CHECK, &password, 1);

    (void)state;
    trial_is_good(&client, scan);
    assert_int_equal(scan->received.items, 0);
    trial_is_bad(&client, ask(RUN_CHECK, unlucky, 2), ERR_CONFIG, "thirteen is never right");
}

static void what_a_check_refuses_is_not_scanned(void **state)
{
    const struct client_option unlucky[] = { { "password", "x" }, { "int", "13" } };

    (void)state;
    trial_is_bad(&client, ask(RUN_SCAN, unlucky, 2), ERR_CONFIG, "thirteen is never right");
    must_go_on();
}

static void a_doctor_takes_steps(void **state)
{
    const struct client_option options[] = { { "password", "x" }, { "bool", "yes" } };
    struct scan *scan = ask(RUN_DOCTOR, options, 2);

    (void)state;
    trial_is_good(&client, scan);
    assert_int_equal(scan->steps, 2);
    assert_string_equal(scan->step, "refused");
}

static void a_mode_that_the_plugin_does_not_have_does_nothing(void **state)
{
    struct scan *scan = ask(RUN_RELEASE, &password, 1);

    (void)state;
    assert_int_equal(client.hello.modes, 1U << RUN_SCAN | 1U << RUN_CHECK | 1U << RUN_DOCTOR);
    trial_is_good(&client, scan);
    assert_int_equal(scan->received.items, 0);
}

/* ------------------------------------------------------------------------------------------------------ tokens ---- */

static int start_token(void **state)
{
    (void)state;
    trial_start(&client, "token", NULL);
    return 0;
}

static struct scan *ask_with_token(enum run_mode mode, const char *token)
{
    const struct message message = {
        .type = MESSAGE_REQUEST,
        .request = { .mode = mode, .token = { token, strlen(token) } },
    };
    struct scan *scan = client_order(&client, &usual_order);

    assert_true(client_send(scan, &message));
    return scan;
}

static void a_first_scan_has_no_token_and_the_last_one_kept_counts(void **state)
{
    struct scan *scan = ask_with_token(RUN_SCAN, "");

    (void)state;
    trial_is_good(&client, scan);
    assert_string_equal(scan->note, "no token");
    assert_string_equal(scan->token, "session-2");
    assert_int_equal(scan->token_size, sizeof "session-2");
}

static void a_token_goes_in_again(void **state)
{
    struct scan *scan = ask_with_token(RUN_SCAN, "session-1");

    (void)state;
    trial_is_good(&client, scan);
    assert_string_equal(scan->note, "session-1");
}

static void a_token_is_released(void **state)
{
    (void)state;
    assert_true((client.hello.modes & 1U << RUN_RELEASE) != 0);
    trial_is_bad(&client, ask_with_token(RUN_RELEASE, "session-1"), ERR_UNREACHABLE, "session-1 is gone already");
}

int main(void)
{
#define OPTIONS(name) cmocka_unit_test_setup_teardown(name, start_options, stop)
#define TOKEN(name) cmocka_unit_test_setup_teardown(name, start_token, stop)
    const struct CMUnitTest tests[] = {
        OPTIONS(a_request_that_is_cut_off_is_told),
        OPTIONS(a_request_that_never_comes_ends_at_the_deadline),
        OPTIONS(a_stream_without_a_request_is_told),
        OPTIONS(garbage_is_no_request),
        OPTIONS(another_message_is_no_request),
        OPTIONS(a_mode_of_0_is_refused),
        OPTIONS(an_unknown_mode_is_refused),
        OPTIONS(a_request_of_one_megabyte_is_taken),
        OPTIONS(each_problem_with_an_option_is_told),
        OPTIONS(a_secret_is_in_no_sentence),
        OPTIONS(text_that_is_not_utf8_is_refused),
        OPTIONS(a_check_looks_at_the_options_only),
        OPTIONS(what_a_check_refuses_is_not_scanned),
        OPTIONS(a_doctor_takes_steps),
        OPTIONS(a_mode_that_the_plugin_does_not_have_does_nothing),
        TOKEN(a_first_scan_has_no_token_and_the_last_one_kept_counts),
        TOKEN(a_token_goes_in_again),
        TOKEN(a_token_is_released),
    };

    return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
