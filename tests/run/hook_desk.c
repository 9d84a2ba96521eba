#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hook_desk.h"
#include "mem.h"
#include "utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct hook_desk hook_desk;

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
    fail_msg("not over after %d s", HOOK_DESK_PATIENCE_MS / 1000);
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

int hook_desk_warm(void **state)
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

int hook_desk_open(void **state)
{
    (void)state;
    umask(022);
    signal(SIGPIPE, SIG_IGN); /* as the daemon has it */
    hook_desk.descriptors = count_descriptors();
    strcpy(hook_desk.folder, "/tmp/test_hook_run_XXXXXX");
    if (mkdtemp(hook_desk.folder) == NULL)
        return -1;
    snprintf(hook_desk.script, sizeof hook_desk.script, "%s/script", hook_desk.folder);
    snprintf(hook_desk.settings, sizeof hook_desk.settings, "%s/settings", hook_desk.folder);
    hook_desk.hook = (struct hook){ .name = "h", .run = hook_desk.script, .timeout_ms = HOOK_DESK_PATIENCE_MS };
    hook_desk.input = (struct hook_run_input){
        .hook = &hook_desk.hook,
        .payload = "{\"schema\":1}\n",
        .key = "0123456789abcdef0123456789abcdef",
        .what = EVENT_FINDING_OPENED,
        .need = NEED_ACT,
        .count = 3,
    };
    hook_desk.over = hook_desk.delivered = 0;
    hook_desk.message = hook_desk.output = NULL;
    return 0;
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

int hook_desk_close(void **state)
{
    (void)state;
    free(hook_desk.message);
    free(hook_desk.output);
    return nftw(hook_desk.folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

void hook_desk_write(const char *text, mode_t mode)
{
    int file = open(hook_desk.script, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0700);

    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    assert_int_equal(fchmod(file, mode) + close(file), 0);
}

static void on_done(void *context, const struct hook_run_result *result)
{
    (void)context;
    free(hook_desk.message);
    free(hook_desk.output);
    hook_desk.message = mem_text(result->message);
    hook_desk.output = mem_text(result->output);
    hook_desk.delivered += result->delivered;
    assert_true(utf8_valid(result->output, strlen(result->output)));
    assert_true(utf8_valid(result->message, strlen(result->message)));
    assert_null(strchr(result->message, '\n'));
    assert_true(result->delivered == (result->message[0] == '\0'));
    assert_true(result->wall_ms >= 0);
    if (--hook_desk.over == 0)
        uv_close((uv_handle_t *)&hook_desk.guard, NULL);
}

void hook_desk_begin(void)
{
    uv_loop_init(&hook_desk.loop);
    uv_timer_init(&hook_desk.loop, &hook_desk.guard);
    uv_timer_start(&hook_desk.guard, on_late, HOOK_DESK_PATIENCE_MS, 0);
}

struct hook_run *hook_desk_start(void)
{
    hook_desk.over++;
    return hook_run_start(&hook_desk.loop, &hook_desk.input, on_done, NULL);
}

/* Nothing is open, and no process is left: an orphan would be a child of this one. */
void hook_desk_finish(void)
{
    uv_run(&hook_desk.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&hook_desk.loop), 0);
    assert_int_equal(hook_desk.over, 0);
    assert_int_equal(count_descriptors(), hook_desk.descriptors);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

void hook_desk_run_it(void)
{
    hook_desk_begin();
    hook_desk_start();
    hook_desk_finish();
}

void hook_desk_run(const char *text)
{
    hook_desk_write(text, 0755);
    hook_desk_run_it();
}

void hook_desk_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
}
