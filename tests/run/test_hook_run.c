/* Hook scripts that do what they must, and those that do not. Built with less patience than the daemon has. Orphans
 * come to this process, so that nothing can be left behind unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "brood.h"
#include "hook_run.h"
#include "mem.h"
#include "str.h"
#include "utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 90000
#define MANY 20

static struct {
    char folder[64], script[96], settings[96];
    uv_loop_t loop;
    uv_timer_t guard;
    size_t descriptors;
    struct hook hook;
    struct hook_run_input input;
    size_t over, delivered;
    char *message, *output;
} desk;

/* ------------------------------------------------------------------------------------------------------ the desk -- */

static size_t count_descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    size_t count = 0;

    while (readdir(all) != NULL)
        count++;
    closedir(all);
    return count;
}

static void on_late(uv_timer_t *guard)
{
    (void)guard;
    fail_msg("not over after %d s", PATIENCE_MS / 1000);
}

/* A thread pool and what a signal needs stay for the life of the process: they are there before anything is counted. */
static void warm_work(uv_work_t *work)
{
    (void)work;
}

static void warm_signal(uv_signal_t *signal, int number)
{
    (void)signal, (void)number;
}

static int warm(void **state)
{
    uv_loop_t loop;
    uv_work_t work;
    uv_signal_t child;

    (void)state;
    uv_loop_init(&loop);
    uv_queue_work(&loop, &work, warm_work, NULL);
    uv_signal_init(&loop, &child);
    uv_signal_start(&child, warm_signal, SIGCHLD);
    uv_close((uv_handle_t *)&child, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return uv_loop_close(&loop) + prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static int begin(void **state)
{
    (void)state;
    umask(022);
    signal(SIGPIPE, SIG_IGN); /* as the daemon has it */
    desk.descriptors = count_descriptors();
    strcpy(desk.folder, "/tmp/test_hook_run_XXXXXX");
    if (mkdtemp(desk.folder) == NULL)
        return -1;
    snprintf(desk.script, sizeof desk.script, "%s/script", desk.folder);
    snprintf(desk.settings, sizeof desk.settings, "%s/settings", desk.folder);
    desk.hook = (struct hook){ .name = "h", .run = desk.script, .timeout_ms = PATIENCE_MS };
    desk.input = (struct hook_run_input){
        .hook = &desk.hook,
        .payload = "{\"schema\":1}\n",
        .key = "0123456789abcdef0123456789abcdef",
        .what = EVENT_FINDING_OPENED,
        .need = NEED_ACT,
        .count = 3,
    };
    desk.over = desk.delivered = 0;
    desk.message = desk.output = NULL;
    return 0;
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static int end(void **state)
{
    (void)state;
    free(desk.message);
    free(desk.output);
    return nftw(desk.folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_mode(const char *text, mode_t mode)
{
    int file = open(desk.script, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0700);

    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    assert_int_equal(fchmod(file, mode) + close(file), 0);
}

static void on_done(void *context, const struct hook_run_result *result)
{
    (void)context;
    free(desk.message);
    free(desk.output);
    desk.message = mem_text(result->message);
    desk.output = mem_text(result->output);
    desk.delivered += result->delivered;
    assert_true(utf8_valid(result->output, strlen(result->output)));
    assert_true(utf8_valid(result->message, strlen(result->message)));
    assert_null(strchr(result->message, '\n'));
    assert_true(result->delivered == (result->message[0] == '\0'));
    assert_true(result->wall_ms >= 0);
    if (--desk.over == 0)
        uv_close((uv_handle_t *)&desk.guard, NULL);
}

static void begin_loop(void)
{
    uv_loop_init(&desk.loop);
    uv_timer_init(&desk.loop, &desk.guard);
    uv_timer_start(&desk.guard, on_late, PATIENCE_MS, 0);
}

static struct hook_run *start(void)
{
    desk.over++;
    return hook_run_start(&desk.loop, &desk.input, on_done, NULL);
}

/* Nothing is open, and no process is left: an orphan would be a child of this one. */
static void finish_loop(void)
{
    uv_run(&desk.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&desk.loop), 0);
    assert_int_equal(desk.over, 0);
    assert_int_equal(count_descriptors(), desk.descriptors);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void run(void)
{
    begin_loop();
    start();
    finish_loop();
}

static void run_script(const char *text)
{
    write_mode(text, 0755);
    run();
}

static void must_say(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
}

/* ------------------------------------------------------------------------------------------- what a script finds -- */

static void a_script_gets_the_payload_and_what_it_writes_is_kept(void **state)
{
    (void)state;
    run_script("#!/bin/sh\ncat\necho done >&2\n");
    assert_int_equal(desk.delivered, 1);
    assert_string_equal(desk.output, "{\"schema\":1}\ndone\n");
}

static void its_environment_is_what_is_promised_and_no_more(void **state)
{
    (void)state;
    setenv("SECRET_OF_A_UNIT", "x", 1);
    desk.hook.settings = desk.settings;
    desk.input.tries = 4;
    write_mode("", 0600);
    assert_int_equal(rename(desk.script, desk.settings), 0);
    run_script("#!/bin/sh\ntr '\\0' '\\n' </proc/$$/environ\n");
    assert_int_equal(desk.delivered, 1);
    assert_null(strstr(desk.output, "SECRET_OF_A_UNIT"));
    assert_ptr_equal(desk.output, strstr(desk.output, "PATH=/usr/sbin:"));
    must_say(desk.output, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C.UTF-8\nMUSTER_EVENT=finding.opened\n"
                          "MUSTER_CLASS=act\nMUSTER_ID=0123456789abcdef0123456789abcdef\nMUSTER_COUNT=3\n"
                          "MUSTER_TRY=5\nMUSTER_HOOK=h\nMUSTER_SETTINGS=/tmp/test_hook_run_");
}

static void what_is_no_finding_has_an_empty_class_and_no_settings(void **state)
{
    (void)state;
    desk.input.what = EVENT_HOOK_TEST;
    desk.input.need = NEED_NOTHING;
    run_script("#!/bin/sh\necho \"$MUSTER_EVENT($MUSTER_CLASS)($MUSTER_SETTINGS)$MUSTER_TRY\"\n");
    assert_string_equal(desk.output, "hook.test()()1\n");
}

static void its_folder_umask_session_and_descriptors_are_its_own(void **state)
{
    int stray = open("/dev/null", O_RDONLY); /* that somebody forgot to close */

    (void)state;
    desk.descriptors++;
    run_script("#!/bin/sh\npwd; umask; set -- $(cat /proc/$$/stat); [ $5 = $$ ] && [ $6 = $$ ] && echo leads\n"
               "ls /proc/self/fd | tr '\\n' ' '\n"
               "exit 0\n");
    close(stray);
    assert_int_equal(desk.delivered, 1);
    assert_string_equal(desk.output, "/\n0077\nleads\n0 1 2 3 "); /* 3: the folder that ls reads */
}

/* The daemon ignores it; a script whose reader went away would run for ever. */
static void a_broken_pipe_ends_what_is_in_the_script(void **state)
{
    (void)state;
    run_script("#!/bin/sh\nyes | head -1\n");
    assert_int_equal(desk.delivered, 1);
    assert_string_equal(desk.output, "y\n");
}

/* ------------------------------------------------------------------------------------------------------ failures -- */

static void an_exit_status_is_told_with_the_output(void **state)
{
    (void)state;
    run_script("#!/bin/sh\necho no route\nprintf 'to \\033[2Jhost\\n\\n' >&2\nexit 3\n");
    must_say(desk.message, desk.script);
    must_say(desk.message, "/script ended with exit status 3; it wrote: no route\\nto \\x1B[2Jhost");
    run_script("#!/bin/sh\nexit 1\n");
    must_say(desk.message, " ended with exit status 1; it wrote nothing");
    assert_int_equal(desk.delivered, 0);
}

static void a_signal_is_told_by_number_and_name(void **state)
{
    (void)state;
    run_script("#!/bin/sh\nkill -9 $$\n");
    must_say(desk.message, " was ended by signal 9 (Killed)");
    assert_int_equal(desk.delivered, 0);
}

static void of_much_output_the_end_is_kept(void **state)
{
    (void)state;
    run_script("#!/bin/sh\nhead -c 4000 /dev/zero | tr '\\0' x; printf '\\303\\244\\303\\244end'; exit 1\n");
    assert_int_equal(strlen(desk.output), HOOK_RUN_OUTPUT);
    must_say(desk.message, "xxx\303\244\303\244end");
}

static void a_character_that_was_cut_is_left_out(void **state)
{
    (void)state;
    run_script("#!/bin/sh\nprintf '\\303\\244'; head -c 2047 /dev/zero | tr '\\0' x; exit 1\n");
    assert_int_equal(strlen(desk.output), HOOK_RUN_OUTPUT - 1);
    assert_int_equal(desk.output[0], 'x');
}

static void a_flood_is_read_to_its_end(void **state)
{
    (void)state;
    run_script("#!/bin/sh\nhead -c 1073741824 /dev/zero\necho over\n");
    assert_int_equal(desk.delivered, 1);
    assert_string_equal(desk.output + strlen(desk.output) - 5, "over\n");
}

static void a_flood_without_end_is_ended_at_its_timeout(void **state)
{
    (void)state;
    desk.hook.timeout_ms = 300;
    run_script("#!/bin/sh\nyes flood\n");
    must_say(desk.message, " took longer than 300ms and was ended; it wrote: ");
    must_say(desk.message, "flood\\nflood");
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
    desk.hook.timeout_ms = 300;
    for (size_t i = 0; i < sizeof stubborn / sizeof stubborn[0]; i++) {
        str_clear(&text);
        str_format(&text, "#!/bin/sh\n%s\n", stubborn[i].text);
        run_script(str_text(&text));
        must_say(desk.message, stubborn[i].sentence);
    }
    assert_int_equal(desk.delivered, 0);
    str_finish(&text);
}

static void what_a_script_left_running_is_killed_when_it_ends(void **state)
{
    (void)state;
    run_script("#!/bin/sh\nsleep 1000 &\ntimeout 1000 sleep 1000 &\n(sh -c 'sleep 1000 & sleep 1000') &\necho gone\n");
    assert_int_equal(desk.delivered, 1);
    assert_string_equal(desk.output, "gone\n");
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
        write_mode(unfit[i].text, unfit[i].mode);
        run();
        must_say(desk.message, unfit[i].sentence);
        assert_string_equal(desk.output, "");
    }
    assert_int_equal(unlink(desk.script), 0);
    run();
    must_say(desk.message, "/script cannot be looked at: No such file or directory");
    assert_int_equal(mkdir(desk.script, 0755), 0);
    run();
    must_say(desk.message, "/script is not a regular file");
    assert_int_equal(desk.delivered, 0);
}

static void settings_that_others_may_write_are_refused(void **state)
{
    (void)state;
    write_mode("", 0666);
    assert_int_equal(rename(desk.script, desk.settings), 0);
    desk.hook.settings = desk.settings;
    run_script("#!/bin/sh\n");
    must_say(desk.message, "/settings is not trusted: everybody may change it");
    assert_int_equal(unlink(desk.settings), 0);
    run();
    must_say(desk.message, "/settings cannot be looked at: No such file");
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
    desk.input.payload = payload;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        str_clear(&text);
        str_format(&text, "#!/bin/sh\n%s\n", readers[i].text);
        run_script(str_text(&text));
        delivered += readers[i].delivered;
        assert_int_equal(desk.delivered, delivered);
        if (i == 0)
            assert_int_equal(atoi(desk.output), 1 << 20);
    }
    str_finish(&text);
    free(payload);
}

/* ---------------------------------------------------------------------------------------------------- all others -- */

static void what_is_cancelled_ends_now_and_says_so(void **state)
{
    (void)state;
    write_mode("#!/bin/sh\ntrap '' TERM; while :; do sleep 1000; done\n", 0755);
    begin_loop();
    hook_run_cancel(start());
    finish_loop();
    must_say(desk.message, "/script was ended before it was done");
}

static void what_was_refused_may_be_cancelled(void **state)
{
    (void)state;
    begin_loop();
    hook_run_cancel(start());
    finish_loop();
    must_say(desk.message, "/script cannot be looked at");
}

static void many_run_at_once(void **state)
{
    (void)state;
    write_mode("#!/bin/sh\nsleep 1000 &\nread line; sleep 0.0$MUSTER_COUNT; echo \"$line\"\n", 0755);
    begin_loop();
    for (size_t i = 0; i < MANY; i++) {
        desk.input.count = i % 4;
        start();
    }
    finish_loop();
    assert_int_equal(desk.delivered, MANY);
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

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, begin, end)

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

    return cmocka_run_group_tests(tests, warm, NULL);
}
