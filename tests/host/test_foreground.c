/* muster-plugin-host as a person calls it: --once, --check, --doctor, --describe, and every way to call it wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_SIZE (1 << 20)
#define OPTIONS SPECIMENS "/options.so"
#define OK SPECIMENS "/ok.so"

struct called {
    int status;
    char out[OUTPUT_SIZE], errors[OUTPUT_SIZE];
};

static struct called called;
static char folder[] = "/tmp/muster-foreground-XXXXXX";

static void read_back(int file, char *buffer)
{
    ssize_t size = pread(file, buffer, OUTPUT_SIZE - 1, 0);

    buffer[size < 0 ? 0 : size] = '\0';
    close(file);
}

static int temporary(void)
{
    char path[] = "/tmp/muster-output-XXXXXX";
    int file = mkstemp(path);

    assert_true(file >= 0);
    unlink(path);
    return file;
}

/* Runs the program in a session of its own, so that there is no terminal to ask on. */
static void call_into(int out, const char *const *arguments)
{
    int errors = temporary();
    pid_t pid = fork();

    if (pid == 0) {
        setsid();
        dup2(out, STDOUT_FILENO);
        dup2(errors, STDERR_FILENO);
        execv(HOST_PROGRAM, (char *const *)arguments);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &called.status, 0), pid);
    called.status = WIFEXITED(called.status) ? WEXITSTATUS(called.status) : -WTERMSIG(called.status);
    read_back(out, called.out);
    read_back(errors, called.errors);
}

static void call(const char *const *arguments)
{
    call_into(temporary(), arguments);
}

#define CALL(...) call((const char *const[]){ HOST_PROGRAM, __VA_ARGS__, NULL })

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no \"%s\" in: %s", part, text);
}

static bool landlock_is_missing(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* its version */) < 0;
}

static const char *file_with(const char *name, const char *content, mode_t mode)
{
    static char path[128];
    int file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    assert_int_equal(write(file, content, strlen(content)), (ssize_t)strlen(content));
    fchmod(file, mode);
    close(file);
    return path;
}

static const char *password_option(const char *path)
{
    static char option[160];

    snprintf(option, sizeof option, "password_file=%s", path);
    return option;
}

static void items_come_as_json_lines_with_an_end(void **state)
{
    (void)state;
    CALL("--once", OK, "count=2", "note=\"quoted\"\n");
    assert_int_equal(called.status, 0);
    assert_string_equal(called.out,
                        "{\"kind\":\"machine\",\"key\":\"machine-0\",\"attributes\":{\"note\":\"\\\"quoted\\\"\\n\"}}\n"
                        "{\"kind\":\"machine\",\"key\":\"machine-1\",\"attributes\":{\"note\":\"\\\"quoted\\\"\\n\"}}\n"
                        "{\"end\":{\"completeness\":\"complete\",\"items\":2}}\n");
    assert_has(called.errors, "2 items: 2 machine; 0 warnings; complete");
}

static void a_table_shows_no_control_characters(void **state)
{
    (void)state;
    CALL("--once", OK, "--format", "table", "count=1", "note=a\033[31mb\nc");
    assert_int_equal(called.status, 0);
    assert_has(called.out, "machine-0");
    assert_null(strchr(called.out, '\033'));
    assert_has(called.out, "note=a\\x1B[31mb\\nc");
}

static void what_is_gone_is_shown_by_its_fact(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/gone_by.so");
    assert_int_equal(called.status, 0);
    assert_has(called.out,
               "{\"gone_by\":{\"kind\":\"machine\",\"attribute\":\"id.moref\",\"value\":\"vm-7\"}}\n"
               "{\"gone_by\":{\"kind\":\"machine\",\"attribute\":\"id.moref\",\"value\":\"caf\xEF\xBF\xBD\"}}\n");
    assert_has(called.errors, "1 item: 1 machine; 7 warnings; delta");
    CALL("--once", SPECIMENS "/gone_by.so", "--format", "table");
    assert_has(called.out, "id.moref=vm-7");
}

static void a_refusal_is_shown_beside_the_records_and_fails(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/refused.so");
    assert_int_equal(called.status, 1);
    assert_has(called.out, "{\"refused\":{\"text\":\"login failed for caf\xEF\xBF\xBD 'sa%s'\"}}\n"
                           "{\"kind\":\"machine\",\"key\":\"host\",\"attributes\":{\"note\":\"whole\"}}\n"
                           "{\"end\":{\"completeness\":\"partial\",\"items\":1}}\n");
    assert_has(called.errors, "the credential was refused (denied): login failed for caf");
    CALL("--once", SPECIMENS "/refused.so", "--format", "table");
    assert_int_equal(called.status, 1);
    assert_has(called.out, "note=whole");
    assert_has(called.errors, "the credential was refused (denied): login failed");
    CALL("--doctor", SPECIMENS "/refused.so");
    assert_int_equal(called.status, 1);
    assert_has(called.out, "ok       route: it answers");
    assert_has(called.errors, "the credential was refused (denied): login failed");
    CALL("--once", SPECIMENS "/refused.so", "well=yes");
    assert_int_equal(called.status, 0);
}

/* The specimen's release fails, and says what it was given. */
static void what_a_token_holds_is_given_back_after_the_scan(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/token.so");
    assert_int_equal(called.status, 0);
    assert_has(called.out, "{\"end\":{\"completeness\":\"complete\",\"items\":1}}\n");
    assert_has(called.errors, "could not be given back: the release failed (unreachable): session-2 is gone already");
    CALL("--once", SPECIMENS "/token.so", "--confined");
    assert_has(called.errors, "session-2 is gone already");
}

static void every_option_type_arrives(void **state)
{
    (void)state;
    CALL("--once", OPTIONS, "text=a=b", "int=9", "bool=yes", password_option(file_with("good", "hunter22\n", 0600)),
         "choice=green", "duration=2s", "hosts=a", "hosts=b", "path=README.md");
    assert_int_equal(called.status, 0);
    assert_has(called.out, "\"text\":\"a=b\"");
    assert_has(called.out, "\"int\":9");
    assert_has(called.out, "\"bool\":true");
    assert_has(called.out, "\"secret.size\":8");
    assert_has(called.out, "\"choice\":\"green\"");
    assert_has(called.out, "\"duration\":2000");
    assert_has(called.out, "\"hosts\":[\"a\",\"b\"]");
    assert_has(called.out, "/README.md\"");
    assert_null(strstr(called.out, "hunter22"));
    assert_null(strstr(called.errors, "hunter22"));
}

static void all_wrong_options_are_named_at_once(void **state)
{
    (void)state;
    CALL("--once", OPTIONS, password_option(file_with("good", "x\n", 0600)), "txet=1", "int=101", "bool=perhaps",
         "choice=blue", "duration=1h", "path=");
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "option txet: there is no option of this name; the nearest is text");
    assert_has(called.errors, "option int: 101 is out of bounds: 1 to 100 is possible");
    assert_has(called.errors, "option bool: \"perhaps\" is not true or false");
    assert_has(called.errors, "option choice: \"blue\" is none of red, green");
    assert_has(called.errors, "option duration: \"1h\" is out of bounds: 1s to 1m is possible");
    assert_has(called.errors, "option path: \"\" is not an absolute path");
}

static void a_secret_is_not_taken_from_the_command_line(void **state)
{
    (void)state;
    CALL("--once", OPTIONS, "password=hunter22");
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "option password is a secret");
    assert_has(called.errors, "password_file=FILE");
    assert_null(strstr(called.errors, "hunter22"));
}

static void a_secret_file_that_others_can_read_is_refused(void **state)
{
    (void)state;
    CALL("--once", OPTIONS, password_option(file_with("open", "hunter22\n", 0644)));
    assert_int_not_equal(called.status, 0);
    assert_has(called.errors, "/open");
    assert_has(called.errors, "chmod");
    assert_null(strstr(called.errors, "hunter22"));
}

static void an_empty_secret_file_is_refused(void **state)
{
    (void)state;
    CALL("--once", OPTIONS, password_option(file_with("empty", "\n", 0600)));
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "the secret is empty");
}

static void a_missing_secret_without_a_terminal_says_what_to_give(void **state)
{
    (void)state;
    CALL("--once", OPTIONS);
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "option password: it is needed, and there is no terminal to ask on");
}

static void a_check_tells_what_the_plugin_thinks_of_the_options(void **state)
{
    const char *password = password_option(file_with("good", "x\n", 0600));

    (void)state;
    CALL("--check", OPTIONS, password);
    assert_int_equal(called.status, 0);
    assert_has(called.errors, "the options of plugin options are fine");
    CALL("--check", OPTIONS, password, "int=13");
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "thirteen is never right");
    CALL("--once", OPTIONS, password, "int=13");
    assert_int_equal(called.status, 78);
    assert_has(called.out, "{\"fail\":{\"class\":\"config\",\"text\":\"thirteen is never right\"}}");
}

static void a_doctor_tells_each_step_and_its_remedy(void **state)
{
    const char *password = password_option(file_with("good", "x\n", 0600));

    (void)state;
    CALL("--doctor", OPTIONS, password);
    assert_int_equal(called.status, 0);
    assert_has(called.out, "ok       name: it resolves\n");
    CALL("--doctor", OPTIONS, password, "bool=on");
    assert_int_equal(called.status, 1);
    assert_has(called.out, "FAILED   login: refused\n         to do: give the account the right to log in\n");
    assert_has(called.errors, "1 step failed");
}

static void a_plugin_describes_itself_for_people_and_programs(void **state)
{
    (void)state;
    CALL("--describe", OPTIONS);
    assert_int_equal(called.status, 0);
    assert_has(called.out, "options 1.0: an option of every type");
    assert_has(called.out, "one of: red green");
    assert_has(called.out, "from 1s to 1m");
    CALL("--describe", OPTIONS, "--format", "json");
    assert_int_equal(called.status, 0);
    assert_has(called.out, "{\"name\":\"password\",\"type\":\"secret\",\"required\":true,\"fallback\":null");
}

static void a_plugin_that_sends_too_much_is_stopped(void **state)
{
    (void)state;
    CALL("--once", OK, "count=1000001", "note=x");
    assert_int_equal(called.status, 1);
    assert_has(called.errors, "the plugin is stopped: more than 1000000 items in one scan");
}

static void a_plugin_that_calls_exit_does_not_look_good(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/early_exit.so");
    assert_int_equal(called.status, 1);
    assert_has(called.errors, "the plugin called exit(0) before it was done");
    assert_has(called.out, "{\"fail\":");
}

static void records_that_cannot_be_written_are_an_error(void **state)
{
    int full = open("/dev/full", O_WRONLY);

    (void)state;
    call_into(full, (const char *const[]){ HOST_PROGRAM, "--once", OK, NULL });
    assert_int_equal(called.status, 1);
    assert_has(called.errors, "the records could not all be written");
}

static void what_a_plugin_prints_is_no_record(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/prints.so");
    assert_int_equal(called.status, 0);
    assert_has(called.errors, "this is no record");
    assert_null(strstr(called.out, "this is no record"));
}

static void records_before_a_crash_are_there(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/item_crash.so");
    assert_int_not_equal(called.status, 0);
    assert_has(called.out, "\"key\":\"before\"");
    assert_null(strstr(called.out, "\"end\""));
}

static void a_complete_scan_of_nothing_is_doubted(void **state)
{
    (void)state;
    CALL("--once", OK, "count=0");
    assert_int_equal(called.status, 0);
    assert_has(called.errors, "0 items; 0 warnings; complete");
    assert_has(called.errors, "a complete scan of nothing");
}

static void a_confined_plugin_reads_what_its_options_name_and_nothing_else(void **state)
{
    const char *path = file_with("good", "x\n", 0600);
    char granted[160];

    (void)state;
    snprintf(granted, sizeof granted, "path=%s", path);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* what looks for leaks at the end is a process of its own */
    CALL("--once", SPECIMENS "/reads.so", granted);
    assert_has(called.out, "\"granted\":true,\"other\":true");
    CALL("--once", SPECIMENS "/reads.so", granted, "--confined");
    unsetenv("ASAN_OPTIONS");
    assert_int_equal(called.status, 0);
    if (strstr(called.out, "\"other\":true") != NULL && landlock_is_missing())
        skip();
    assert_has(called.out, "\"granted\":true,\"other\":false");
}

static void a_deadline_stops_a_plugin_that_hangs(void **state)
{
    (void)state;
    CALL("--once", SPECIMENS "/hang.so", "--deadline", "100ms");
    assert_int_equal(called.status, 1);
    assert_has(called.errors, "the deadline has passed");
}

static void wrong_calls_are_usage_errors(void **state)
{
    static const struct {
        const char *arguments[5];
        const char *words;
    } calls[] = {
        { { HOST_PROGRAM, NULL }, "nothing to do; see --help" },
        { { HOST_PROGRAM, "--bogus", NULL }, "unrecognized option" },
        { { HOST_PROGRAM, "--once", NULL }, "requires an argument" },
        { { HOST_PROGRAM, "--once=" OK, "--check=" OK, NULL }, "at a time" },
        { { HOST_PROGRAM, "--once=" OK, "--format=xml", NULL }, "--format takes json or table" },
        { { HOST_PROGRAM, "--once=" OK, "--deadline=soon", NULL }, "--deadline: " },
        { { HOST_PROGRAM, "--serve=" OK, "--seccomp=maybe", NULL }, "--seccomp takes wanted, required or off" },
        { { HOST_PROGRAM, "--serve=" OK, "a=b", NULL }, "take no plugin options" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        call(calls[i].arguments);
        assert_int_equal(called.status, 64);
        assert_has(called.errors, calls[i].words);
    }
}

static void a_word_that_is_no_option_is_named(void **state)
{
    (void)state;
    CALL("--once", OK, "count");
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "\"count\" is not of the form name=value");
}

static void serving_without_a_daemon_is_explained(void **state)
{
    (void)state;
    CALL("--serve", OK);
    assert_int_equal(called.status, 78);
    assert_has(called.errors, "--serve is for the daemon");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = { "good", "open", "empty" };
    char path[128];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_as_json_lines_with_an_end),
        cmocka_unit_test(a_table_shows_no_control_characters),
        cmocka_unit_test(what_is_gone_is_shown_by_its_fact),
        cmocka_unit_test(a_refusal_is_shown_beside_the_records_and_fails),
        cmocka_unit_test(what_a_token_holds_is_given_back_after_the_scan),
        cmocka_unit_test(every_option_type_arrives),
        cmocka_unit_test(all_wrong_options_are_named_at_once),
        cmocka_unit_test(a_secret_is_not_taken_from_the_command_line),
        cmocka_unit_test(a_secret_file_that_others_can_read_is_refused),
        cmocka_unit_test(an_empty_secret_file_is_refused),
        cmocka_unit_test(a_missing_secret_without_a_terminal_says_what_to_give),
        cmocka_unit_test(a_check_tells_what_the_plugin_thinks_of_the_options),
        cmocka_unit_test(a_doctor_tells_each_step_and_its_remedy),
        cmocka_unit_test(a_plugin_describes_itself_for_people_and_programs),
        cmocka_unit_test(a_plugin_that_sends_too_much_is_stopped),
        cmocka_unit_test(a_plugin_that_calls_exit_does_not_look_good),
        cmocka_unit_test(records_that_cannot_be_written_are_an_error),
        cmocka_unit_test(what_a_plugin_prints_is_no_record),
        cmocka_unit_test(records_before_a_crash_are_there),
        cmocka_unit_test(a_complete_scan_of_nothing_is_doubted),
        cmocka_unit_test(a_confined_plugin_reads_what_its_options_name_and_nothing_else),
        cmocka_unit_test(a_deadline_stops_a_plugin_that_hangs),
        cmocka_unit_test(wrong_calls_are_usage_errors),
        cmocka_unit_test(a_word_that_is_no_option_is_named),
        cmocka_unit_test(serving_without_a_daemon_is_explained),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
