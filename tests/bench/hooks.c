/* A hook script from its start to its exit accounted, held against the same script and the same input by posix_spawn
 * and waitpid alone. */
#include "bench.h"

#include "hook_run.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS 400 /* of each, in turn */

static char folder[] = "/tmp/muster-bench-XXXXXX";
static char script[64];
static const char payload[] = "{\"schema\":1,\"event\":\"finding.opened\"}\n";

static void write_script(void)
{
    static const char text[] = "#!/bin/sh\nread -r line\necho \"$line\"\n";
    int file;

    snprintf(script, sizeof script, "%s/hook", folder);
    file = open(script, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
    if (file < 0 || write(file, text, sizeof text - 1) != (ssize_t)(sizeof text - 1) || close(file) != 0)
        bench_fail("%s cannot be written", script);
}

static void on_done(void *context, const struct hook_run_result *result)
{
    (void)context;
    if (!result->delivered)
        bench_fail("%s", result->message);
}

static double run_hook(uv_loop_t *loop)
{
    const struct hook hook = { .name = "h", .run = script, .timeout_ms = 60000 };
    const struct hook_run_input input = {
        .hook = &hook, .payload = payload, .key = "k", .what = EVENT_FINDING_OPENED, .count = 1
    };
    double begun = bench_now();

    hook_run_start(loop, &input, on_done, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
    return bench_now() - begun;
}

/* As little as can be done: two pipes, a process, its input, all of its output, its end. */
static double run_bare(void)
{
    char *words[] = { script, NULL }, *variables[] = { "PATH=/usr/bin:/bin", NULL }, text[4096];
    posix_spawn_file_actions_t actions;
    double begun = bench_now();
    int input[2], output[2], status;
    pid_t pid;

    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
        bench_fail("no pipes");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    if (posix_spawn(&pid, script, &actions, NULL, words, variables) != 0)
        bench_fail("%s cannot be started", script);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    if (write(input[1], payload, sizeof payload - 1) < 0)
        bench_fail("the script does not read");
    close(input[1]);
    while (read(output[0], text, sizeof text) > 0)
        ;
    close(output[0]);
    if (waitpid(pid, &status, 0) != pid || status != 0)
        bench_fail("the script fails");
    return bench_now() - begun;
}

void bench_hooks(void)
{
    struct row row = { .what = "hook run, start to exit accounted", .unit = "times", .kind = BAR_AT_MOST, .bar = 1.5 };
    double hooks[RUNS], bares[RUNS], hook, bare;
    uv_loop_t loop;

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder");
    signal(SIGPIPE, SIG_IGN);
    write_script();
    uv_loop_init(&loop);
    run_hook(&loop); /* the pool of threads is made */
    for (int i = 0; i < RUNS; i++) {
        hooks[i] = run_hook(&loop) * 1e3;
        bares[i] = run_bare() * 1e3;
    }
    uv_loop_close(&loop);
    bench_remove(folder);
    hook = bench_median(hooks, RUNS);
    bare = bench_median(bares, RUNS);
    row.measured = hook / bare;
    snprintf(row.compared, sizeof row.compared, "bare posix_spawn of the script; %.2f and %.2f ms", hook, bare);
    bench_row(&row);
}
