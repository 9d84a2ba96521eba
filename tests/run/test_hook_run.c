/* Hook scripts that do what they must, and those that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "brood.h"
#include "hook_desk.h"
#include "mem.h"
#include "program_run.h"
#include "str.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 20

/* ------------------------------------------------------------------------------------------- what a script finds -- */

static void a_script_gets_the_payload_and_what_it_writes_is_kept(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\ncat\necho done >&2\n");
    assert_int_equal(hook_desk.delivered, 1);
    assert_string_equal(hook_desk.output, "{\"schema\":1}\ndone\n");
}

static void its_environment_is_what_is_promised_and_no_more(void **state)
{
    (void)state;
    setenv("SECRET_OF_A_UNIT", "x", 1);
    hook_desk.hook.settings = hook_desk.settings;
    hook_desk.input.tries = 4;
    hook_desk_write("", 0600);
    assert_int_equal(rename(hook_desk.script, hook_desk.settings), 0);
    hook_desk_run("#!/bin/sh\ntr '\\0' '\\n' </proc/$$/environ\n");
    assert_int_equal(hook_desk.delivered, 1);
    assert_null(strstr(hook_desk.output, "SECRET_OF_A_UNIT"));
    assert_ptr_equal(hook_desk.output, strstr(hook_desk.output, "PATH=/usr/sbin:"));
    hook_desk_says(hook_desk.output, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C.UTF-8\nMUSTER_EVENT=finding.opened\n"
                                     "MUSTER_CLASS=act\nMUSTER_ID=0123456789abcdef0123456789abcdef\nMUSTER_COUNT=3\n"
                                     "MUSTER_TRY=5\nMUSTER_HOOK=h\nMUSTER_SETTINGS=/tmp/test_hook_run_");
}

static void what_is_no_finding_has_an_empty_class_and_no_settings(void **state)
{
    (void)state;
    hook_desk.input.what = EVENT_HOOK_TEST;
    hook_desk.input.need = NEED_NOTHING;
    hook_desk_run("#!/bin/sh\necho \"$MUSTER_EVENT($MUSTER_CLASS)($MUSTER_SETTINGS)$MUSTER_TRY\"\n");
    assert_string_equal(hook_desk.output, "hook.test()()1\n");
}

static void its_folder_umask_session_and_descriptors_are_its_own(void **state)
{
    int stray = open("/dev/null", O_RDONLY); /* that somebody forgot to close */

    (void)state;
    hook_desk.descriptors++;
    hook_desk_run("#!/bin/sh\npwd; umask; set -- $(cat /proc/$$/stat); [ $5 = $$ ] && [ $6 = $$ ] && echo leads\n"
                  "ls /proc/self/fd | tr '\\n' ' '\n"
                  "exit 0\n");
    close(stray);
    assert_int_equal(hook_desk.delivered, 1);
    assert_string_equal(hook_desk.output, "/\n0077\nleads\n0 1 2 3 "); /* 3: the folder that ls reads */
}

/* The daemon ignores it; a script whose reader went away would run for ever. */
static void a_broken_pipe_ends_what_is_in_the_script(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\nyes | head -1\n");
    assert_int_equal(hook_desk.delivered, 1);
    assert_string_equal(hook_desk.output, "y\n");
}

/* ------------------------------------------------------------------------------------------------------ failures -- */

static void an_exit_status_is_told_with_the_output(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\necho no route\nprintf 'to \\033[2Jhost\\n\\n' >&2\nexit 3\n");
    hook_desk_says(hook_desk.message, hook_desk.script);
    hook_desk_says(hook_desk.message, "/script ended with exit status 3; it wrote: no route\\nto \\x1B[2Jhost");
    hook_desk_run("#!/bin/sh\nexit 1\n");
    hook_desk_says(hook_desk.message, " ended with exit status 1; it wrote nothing");
    assert_int_equal(hook_desk.delivered, 0);
}

static void a_signal_is_told_by_number_and_name(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\nkill -9 $$\n");
    hook_desk_says(hook_desk.message, " was ended by signal 9 (Killed)");
    assert_int_equal(hook_desk.delivered, 0);
}

static void of_much_output_the_end_is_kept(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\nhead -c 4000 /dev/zero | tr '\\0' x; printf '\\303\\244\\303\\244end'; exit 1\n");
    assert_int_equal(strlen(hook_desk.output), PROGRAM_OUTPUT);
    hook_desk_says(hook_desk.message, "xxx\303\244\303\244end");
}

static void a_character_that_was_cut_is_left_out(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\nprintf '\\303\\244'; head -c 2047 /dev/zero | tr '\\0' x; exit 1\n");
    assert_int_equal(strlen(hook_desk.output), PROGRAM_OUTPUT - 1);
    assert_int_equal(hook_desk.output[0], 'x');
}

static void a_flood_is_read_to_its_end(void **state)
{
    (void)state;
    hook_desk_run("#!/bin/sh\nhead -c 1073741824 /dev/zero\necho over\n");
    assert_int_equal(hook_desk.delivered, 1);
    assert_string_equal(hook_desk.output + strlen(hook_desk.output) - 5, "over\n");
}

static void a_flood_without_end_is_ended_at_its_timeout(void **state)
{
    (void)state;
    hook_desk.hook.timeout_ms = 300;
    hook_desk_run("#!/bin/sh\nyes flood\n");
    hook_desk_says(hook_desk.message, " took longer than 300ms and was ended; it wrote: ");
    hook_desk_says(hook_desk.message, "flood\\nflood");
}

/* Each is to end by its timeout and what follows it; that it does at all is guarded by the loop. */
static const struct {
    const char *text, *sentence;
} stubborn[] = {
    { "exec sleep 1000", " took longer than 300ms and was ended; it wrote nothing" },
    { "trap 'echo asked; exit 0' TERM; sleep 1000 & wait", " took longer than 300ms and was ended; it wrote: asked" },
    { "trap '' TERM; while :; do sleep 1000; done", "took longer than 300ms and was ended" },
    { "trap '' TERM; i=0; while [ $i -lt 50 ]; do sleep 1000 & i=$((i+1)); done; wait", "took longer than 300ms" },
    { "trap '' TERM; setsid sleep 1000 & setsid sh -c 'sleep 1000; :' & wait", "took longer than 300ms" },
    { "trap '' TERM; timeout 1000 sleep 1000 & wait", "took longer than 300ms" },
    { "trap 'exit 0' TERM; (trap '' TERM; exec sleep 1000) & wait", "took longer than 300ms" },
    { "trap 'exit 0' TERM; setsid sh -c \"trap '' TERM; while :; do sleep 1000; done\" & wait", "took longer" },
    { "kill -STOP $$", "took longer than 300ms" },
    { "exec >/dev/null 2>&1; exec <&-; exec sleep 1000", "took longer than 300ms" },
};

static void what_hangs_is_ended_with_all_that_it_started(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    hook_desk.hook.timeout_ms = 300;
    for (size_t i = 0; i < sizeof stubborn / sizeof stubborn[0]; i++) {
        str_clear(&text);
        str_format(&text, "#!/bin/sh\n%s\n", stubborn[i].text);
        hook_desk_run(str_text(&text));
        hook_desk_says(hook_desk.message, stubborn[i].sentence);
    }
    assert_int_equal(hook_desk.delivered, 0);
    str_finish(&text);
}

static void what_a_script_left_running_is_killed_when_it_ends(void **state)
{
    (void)state;
    hook_desk_run(
        "#!/bin/sh\nsleep 1000 &\ntimeout 1000 sleep 1000 &\n(sh -c 'sleep 1000 & sleep 1000') &\necho gone\n");
    assert_int_equal(hook_desk.delivered, 1);
    assert_string_equal(hook_desk.output, "gone\n");
}

static const struct {
    const char *text;
    mode_t mode;
    const char *sentence;
} unfit[] = {
    { "#!/bin/sh\n", 0600, "/script may not be executed; mend it with: chmod +x /tmp/test_hook_run_" },
    { "#!/bin/sh\n", 0777, "/script is not trusted: everybody may change it" },
    { "#!/none/sh\n", 0755, "/script cannot be started: No such file or directory; the program that its first line " },
    { "echo\n", 0755, "/script cannot be started: Exec format error; its first line must name what runs it" },
    { "", 0755, "/script cannot be started: Exec format error" },
    { "#!/tmp\n", 0755, "/script cannot be started: Permission denied; it, or the program that its first line names" },
};

static void what_cannot_be_run_is_told_like_any_failure(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
        hook_desk_write(unfit[i].text, unfit[i].mode);
        hook_desk_run_it();
        hook_desk_says(hook_desk.message, unfit[i].sentence);
        assert_string_equal(hook_desk.output, "");
    }
    assert_int_equal(unlink(hook_desk.script), 0);
    hook_desk_run_it();
    hook_desk_says(hook_desk.message, "/script cannot be looked at: No such file or directory");
    assert_int_equal(mkdir(hook_desk.script, 0755), 0);
    hook_desk_run_it();
    hook_desk_says(hook_desk.message, "/script is not a regular file");
    assert_int_equal(hook_desk.delivered, 0);
}

static void settings_that_others_may_write_are_refused(void **state)
{
    (void)state;
    hook_desk_write("", 0666);
    assert_int_equal(rename(hook_desk.script, hook_desk.settings), 0);
    hook_desk.hook.settings = hook_desk.settings;
    hook_desk_run("#!/bin/sh\n");
    hook_desk_says(hook_desk.message, "/settings is not trusted: everybody may change it");
    assert_int_equal(unlink(hook_desk.settings), 0);
    hook_desk_run_it();
    hook_desk_says(hook_desk.message, "/settings cannot be looked at: No such file");
}

/* ------------------------------------------------------------------------------------------------- a large input -- */

static const struct {
    const char *text;
    bool delivered;
} readers[] = {
    { "wc -c", true },
    { "exit 0", true },
    { "exit 1", false },
    { "exec <&-; sleep 0.01; exit 0", true },
    { "head -c 10 >/dev/null; exec <&-; exit 0", true },
};

static void a_script_need_not_read_its_input(void **state)
{
    char *payload = mem_new(1, (1 << 20) + 1);
    struct str text = STR_EMPTY;
    size_t delivered = 0;

    (void)state;
    memset(payload, 'p', 1 << 20);
    hook_desk.input.payload = payload;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        str_clear(&text);
        str_format(&text, "#!/bin/sh\n%s\n", readers[i].text);
        hook_desk_run(str_text(&text));
        delivered += readers[i].delivered;
        assert_int_equal(hook_desk.delivered, delivered);
        if (i == 0)
            assert_string_equal(hook_desk.output, "1048576\n");
    }
    str_finish(&text);
    free(payload);
}

/* ---------------------------------------------------------------------------------------------------- all others -- */

static void what_is_cancelled_ends_now_and_says_so(void **state)
{
    (void)state;
    hook_desk_write("#!/bin/sh\ntrap '' TERM; while :; do sleep 1000; done\n", 0755);
    hook_desk_begin();
    hook_run_cancel(hook_desk_start());
    hook_desk_finish();
    hook_desk_says(hook_desk.message, "/script was ended before it was done");
}

static void what_was_refused_may_be_cancelled(void **state)
{
    (void)state;
    hook_desk_begin();
    hook_run_cancel(hook_desk_start());
    hook_desk_finish();
    hook_desk_says(hook_desk.message, "/script cannot be looked at");
}

static void many_run_at_once(void **state)
{
    (void)state;
    hook_desk_write("#!/bin/sh\nsleep 1000 &\nread line; sleep 0.0$MUSTER_COUNT; echo \"$line\"\n", 0755);
    hook_desk_begin();
    for (size_t i = 0; i < MANY; i++) {
        hook_desk.input.count = i % 4;
        hook_desk_start();
    }
    hook_desk_finish();
    assert_int_equal(hook_desk.delivered, MANY);
}

static void a_process_alone_has_no_brood(void **state)
{
    pid_t child = fork();
    struct brood brood;

    (void)state;
    if (child == 0) {
        setsid();
        pause();
    }
    while (getsid(child) != child)
        ;
    brood_init(&brood, child);
    assert_int_equal(brood_signal(&brood, 0), 0);
    assert_int_equal(brood_signal(&brood, SIGKILL), 0);
    brood_finish(&brood);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, hook_desk_open, hook_desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(a_script_gets_the_payload_and_what_it_writes_is_kept),
        AT_DESK(its_environment_is_what_is_promised_and_no_more),
        AT_DESK(what_is_no_finding_has_an_empty_class_and_no_settings),
        AT_DESK(its_folder_umask_session_and_descriptors_are_its_own),
        AT_DESK(a_broken_pipe_ends_what_is_in_the_script),
        AT_DESK(an_exit_status_is_told_with_the_output),
        AT_DESK(a_signal_is_told_by_number_and_name),
        AT_DESK(of_much_output_the_end_is_kept),
        AT_DESK(a_character_that_was_cut_is_left_out),
        AT_DESK(a_flood_is_read_to_its_end),
        AT_DESK(a_flood_without_end_is_ended_at_its_timeout),
        AT_DESK(what_hangs_is_ended_with_all_that_it_started),
        AT_DESK(what_a_script_left_running_is_killed_when_it_ends),
        AT_DESK(what_cannot_be_run_is_told_like_any_failure),
        AT_DESK(settings_that_others_may_write_are_refused),
        AT_DESK(a_script_need_not_read_its_input),
        AT_DESK(what_is_cancelled_ends_now_and_says_so),
        AT_DESK(what_was_refused_may_be_cancelled),
        AT_DESK(many_run_at_once),
        AT_DESK(a_process_alone_has_no_brood),
    };

    return cmocka_run_group_tests(tests, hook_desk_warm, NULL);
}
