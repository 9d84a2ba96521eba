/* Asking a daemon: one that answers, and each way in which it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ask.h"
#include "fake.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], words[CONTROL_MAX_REQUEST];
static struct fake fake;
static struct str answer, heard;
static struct ask_answer got;

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/muster-ask-XXXXXX");
    answer = heard = STR_EMPTY;
    fake = (struct fake){ 0 };
    return mkdtemp(folder) == NULL;
}

static int finish(void **state)
{
    (void)state;
    str_finish(&answer);
    str_finish(&heard);
    return rmdir(folder);
}

static void hear(void *context, const struct control_record *record)
{
    const char *target = control_field(record, "target");

    (void)context;
    str_format(&heard, "%s(%s) ", record->name, target == NULL ? "-" : target);
}

static enum ask_result ask_at(const char *socket, const char *const *arguments, size_t count)
{
    const struct ask ask = {
        .socket = socket, .verb = "scan", .arguments = arguments, .count = count, .silence_ms = 20000, .record = hear
    };

    return ask_daemon(&ask, &got);
}

static enum ask_result ask_fake(enum fake_way way)
{
    static const char *const targets[] = { "vc01", "hv/hv01" };
    enum ask_result result;

    fake_start(&fake, folder, &answer, way);
    result = ask_at(fake.socket, targets, 2);
    fake_finish(&fake, words, sizeof words);
    return result;
}

static void two_records_and_an_end(void)
{
    fake_record(&answer, "begun", "target", "vc01", NULL);
    fake_record(&answer, "ended", "target", NULL, "new_field", "x", NULL);
    fake_done(&answer, 1, "1 of 2 targets failed");
}

static void a_daemon_is_asked_and_its_records_are_heard(void **state)
{
    (void)state;
    two_records_and_an_end();
    assert_int_equal(ask_fake(FAKE_WHOLE), ASK_ANSWERED);
    assert_string_equal(words, "scan vc01 hv/hv01");
    assert_string_equal(str_text(&heard), "begun(vc01) ended(-) ");
    assert_int_equal(got.status, 1);
    assert_string_equal(got.err.text, "1 of 2 targets failed");
}

static void an_answer_in_single_bytes_is_the_same(void **state)
{
    (void)state;
    two_records_and_an_end();
    assert_int_equal(ask_fake(FAKE_BYTES), ASK_ANSWERED);
    assert_string_equal(str_text(&heard), "begun(vc01) ended(-) ");
}

static void what_comes_behind_the_end_does_not_matter(void **state)
{
    (void)state;
    two_records_and_an_end();
    assert_int_equal(ask_fake(FAKE_GARBAGE), ASK_ANSWERED);
}

static void assert_failed(enum fake_way way, const char *said)
{
    assert_int_equal(ask_fake(way), ASK_FAILED);
    if (strstr(got.err.text, said) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", said, got.err.text);
    assert_non_null(strstr(got.err.text, fake.socket));
    assert_int_equal(got.status, 1);
}

static void a_daemon_that_dies_before_its_end_is_told_of(void **state)
{
    (void)state;
    two_records_and_an_end();
    assert_failed(FAKE_CUT, "before it had answered");
    assert_failed(FAKE_DEAF, "before it had answered");
    str_clear(&answer);
    fake_record(&answer, "begun", NULL);
    assert_failed(FAKE_WHOLE, "before it had answered");
}

static void what_is_no_daemon_of_ours_is_told_of(void **state)
{
    (void)state;
    fake_record(&answer, "begun", NULL);
    assert_failed(FAKE_GARBAGE, "no musterd of this release");
}

static void an_answer_with_a_request_in_it_is_refused(void **state)
{
    static const struct control_message request = { .type = CONTROL_REQUEST, .request = { "scan", NULL, 0 } };

    (void)state;
    assert_true(control_write(&answer, &request, NULL));
    assert_failed(FAKE_WHOLE, "a request where an answer belongs");
}

static void a_daemon_that_says_nothing_is_given_up(void **state)
{
    struct ask ask = { .verb = "status", .silence_ms = 30, .record = hear };

    (void)state;
    fake_start(&fake, folder, &answer, FAKE_SILENT);
    ask.socket = fake.socket;
    assert_int_equal(ask_daemon(&ask, &got), ASK_FAILED);
    fake_finish(&fake, words, sizeof words);
    assert_non_null(strstr(got.err.text, "does not answer"));
}

static void a_daemon_that_is_not_there_is_down(void **state)
{
    char path[128], aside[128];

    (void)state;
    snprintf(path, sizeof path, "%s/control", folder);
    snprintf(aside, sizeof aside, "%s/aside", folder);
    assert_int_equal(ask_at(path, NULL, 0), ASK_DOWN);
    assert_non_null(strstr(got.err.text, "no such socket"));
    /* One that died leaves its socket behind. */
    fake_start(&fake, folder, &answer, FAKE_DEAF);
    assert_int_equal(ask_at(path, NULL, 0), ASK_FAILED);
    rename(path, aside);
    fake_finish(&fake, words, sizeof words);
    rename(aside, path);
    assert_int_equal(ask_at(path, NULL, 0), ASK_DOWN);
    assert_non_null(strstr(got.err.text, "old socket"));
    unlink(path);
}

static void a_path_that_cannot_be_a_socket_is_refused(void **state)
{
    char path[300];

    (void)state;
    memset(path, 'x', sizeof path);
    path[299] = '\0';
    assert_int_equal(ask_at(path, NULL, 0), ASK_FAILED);
    assert_non_null(strstr(got.err.text, "at most"));
    snprintf(path, sizeof path, "%s/file", folder);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    assert_int_not_equal(ask_at(path, NULL, 0), ASK_ANSWERED);
    unlink(path);
}

static void a_request_that_is_too_large_is_refused_before_it_is_sent(void **state)
{
    const char *arguments[CONTROL_MAX_ARGUMENTS + 1];

    (void)state;
    for (size_t i = 0; i <= CONTROL_MAX_ARGUMENTS; i++)
        arguments[i] = "a";
    fake_start(&fake, folder, &answer, FAKE_WHOLE);
    assert_int_equal(ask_at(fake.socket, arguments, CONTROL_MAX_ARGUMENTS + 1), ASK_FAILED);
    fake_finish(&fake, words, sizeof words);
    assert_non_null(strstr(got.err.text, "more arguments"));
}

/* Runs in a child that is another user; exits with 0 where it got this result with these words. */
static int ask_as(uid_t user, enum ask_result result, const char *said)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        if (setgid(user) != 0 || setuid(user) != 0)
            _exit(9);
        _exit(ask_at(fake.socket, NULL, 0) == result && strstr(got.err.text, said) != NULL ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void who_may_not_ask_is_told_what_to_do(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    fake_done(&answer, 0, "");
    fake_start(&fake, folder, &answer, FAKE_WHOLE);
    chmod(folder, 0755);
    chmod(fake.socket, 0600);
    assert_int_equal(ask_as(65534, ASK_FAILED, "group"), 0);
    assert_int_equal(ask_at(fake.socket, NULL, 0), ASK_ANSWERED);
    fake_finish(&fake, words, sizeof words);
}

static void a_stranger_behind_the_socket_is_not_believed(void **state)
{
    pid_t pid;
    int status;

    (void)state;
    if (geteuid() != 0)
        skip();
    fake_done(&answer, 0, "");
    chmod(folder, 0777);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        /* The fake belongs to another user, its socket's file to root. */
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(9);
        fake_start(&fake, folder, &answer, FAKE_WHOLE);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    snprintf(fake.socket, sizeof fake.socket, "%s/control", folder);
    assert_int_equal(chown(fake.socket, 0, 0), 0);
    assert_int_equal(ask_at(fake.socket, NULL, 0), ASK_FAILED);
    assert_non_null(strstr(got.err.text, "that is not musterd"));
    unlink(fake.socket);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_daemon_is_asked_and_its_records_are_heard, start, finish),
        cmocka_unit_test_setup_teardown(an_answer_in_single_bytes_is_the_same, start, finish),
        cmocka_unit_test_setup_teardown(what_comes_behind_the_end_does_not_matter, start, finish),
        cmocka_unit_test_setup_teardown(a_daemon_that_dies_before_its_end_is_told_of, start, finish),
        cmocka_unit_test_setup_teardown(what_is_no_daemon_of_ours_is_told_of, start, finish),
        cmocka_unit_test_setup_teardown(an_answer_with_a_request_in_it_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(a_daemon_that_says_nothing_is_given_up, start, finish),
        cmocka_unit_test_setup_teardown(a_daemon_that_is_not_there_is_down, start, finish),
        cmocka_unit_test_setup_teardown(a_path_that_cannot_be_a_socket_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(a_request_that_is_too_large_is_refused_before_it_is_sent, start, finish),
        cmocka_unit_test_setup_teardown(who_may_not_ask_is_told_what_to_do, start, finish),
        cmocka_unit_test_setup_teardown(a_stranger_behind_the_socket_is_not_believed, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
