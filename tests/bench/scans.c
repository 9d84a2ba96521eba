/* What a scan costs: a fork of the prepared host against a program started for each, and its private memory. The scan
 * sends one item and talks to nobody: what is measured is what each scan costs before it does its own work. The host's
 * share and the run's are added; that of whoever orders is not. */
#include "bench.h"
#include "client.h"
#include "libraries.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 7
#define FORKS 200 /* in a round */
#define EXECS 20
#define MEMORY_SCANS 21

extern char **environ;

struct cost {
    double cpu_ms[ROUNDS], wall_ms[ROUNDS]; /* of one scan, by round */
};

static void start(struct client *client)
{
    struct err err = ERR_EMPTY;

    if (!client_start(client, HEAVY, NULL, &err))
        bench_fail("%s", err.text);
}

static void stop(struct client *client)
{
    const char *wrong = client_stop(client);

    if (wrong != NULL)
        bench_fail("%s", wrong);
}

static void wait_good(struct client *client, struct scan *scan)
{
    if (!client_wait(client, scan) || !scan->outcome.good)
        bench_fail("a scan failed: %s", scan->outcome.err.text);
}

/* The processor time of a process without threads, in nanoseconds. */
static double cpu_of(pid_t pid)
{
    unsigned long long ran = 0;
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    file = fopen(path, "r");
    /* A kernel without these statistics says 0, which would make the host cost nothing. */
    if (file == NULL || fscanf(file, "%llu", &ran) != 1 || ran == 0)
        bench_fail("%s cannot be read", path);
    fclose(file);
    return (double)ran;
}

static void fork_round(struct cost *cost, int round)
{
    struct client client;
    double host, begun, children = 0;

    start(&client);
    host = cpu_of(client.pid);
    begun = bench_now();
    for (int i = 0; i < FORKS; i++) {
        struct scan *scan = client_scan(&client, RUN_SCAN, &usual_order, NULL, 0);

        wait_good(&client, scan);
        children += (double)scan->exit.cpu_us;
    }
    cost->wall_ms[round] = (bench_now() - begun) * 1e3 / FORKS;
    cost->cpu_ms[round] = ((cpu_of(client.pid) - host) / 1e6 + children / 1e3) / FORKS;
    stop(&client);
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* One scan as a program of its own, which confines nothing: that is in its favour. Returns its processor seconds. */
static double run_program(void)
{
    const char *const arguments[] = { HOST_PROGRAM, "--once", HEAVY, NULL };
    posix_spawn_file_actions_t actions;
    struct rusage used;
    int status = -1;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&pid, HOST_PROGRAM, &actions, NULL, (char *const *)arguments, environ) == 0)
        wait4(pid, &status, 0, &used);
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0)
        bench_fail("%s --once does not work", HOST_PROGRAM);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

static void exec_round(struct cost *cost, int round)
{
    double begun = bench_now(), cpu = 0;

    for (int i = 0; i < EXECS; i++)
        cpu += run_program();
    cost->wall_ms[round] = (bench_now() - begun) * 1e3 / EXECS;
    cost->cpu_ms[round] = cpu * 1e3 / EXECS;
}

/* In a process with the same libraries: forks that do nothing but end. Returns the processor seconds of one, 0
 * where it did not work. */
static double skeleton(void)
{
    double begun = cpu_of(getpid()), children = 0;
    struct rusage used;

    for (int i = 0; i < FORKS; i++) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(EXIT_SUCCESS);
        if (pid < 0 || wait4(pid, NULL, 0, &used) != pid)
            return 0;
        children += seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    }
    return ((cpu_of(getpid()) - begun) / 1e9 + children) / FORKS;
}

static double skeleton_round(void)
{
    int ends[2];
    double cpu = 0;
    pid_t pid;

    if (pipe(ends) != 0 || (pid = fork()) < 0)
        bench_fail("no process for the bare fork");
    if (pid == 0) {
        const char *wrong = libraries_prepare();

        cpu = wrong == NULL ? skeleton() : 0;
        _exit(write(ends[1], &cpu, sizeof cpu) == (ssize_t)sizeof cpu ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    if (read(ends[0], &cpu, sizeof cpu) != (ssize_t)sizeof cpu || cpu == 0)
        bench_fail("the bare fork does not work");
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return cpu * 1e3;
}

static void add_costs(struct cost *by_fork, struct cost *by_exec, double *bare)
{
    struct row cpu = { .what = "processor time of a scan, forked", .unit = "ms", .kind = BAR_AT_MOST, .bar = 1 };
    struct row wall = { .what = "order to EXIT of a scan, forked", .unit = "ms" };
    struct row least = { .what = "processor time of a bare fork with the same libraries", .unit = "ms" };
    double exec = bench_median(by_exec->cpu_ms, ROUNDS), exec_wall = bench_median(by_exec->wall_ms, ROUNDS);

    cpu.measured = bench_median(by_fork->cpu_ms, ROUNDS);
    wall.measured = bench_median(by_fork->wall_ms, ROUNDS);
    least.measured = bench_median(bare, ROUNDS);
    snprintf(cpu.compared, sizeof cpu.compared,
             "a program for each scan, unconfined: %.1f ms, %.0f times as much (least %.2f, %.1f)", exec,
             exec / cpu.measured, by_fork->cpu_ms[0], by_exec->cpu_ms[0]);
    snprintf(wall.compared, sizeof wall.compared, "a program for each scan: %.1f ms (least %.2f, %.1f)", exec_wall,
             by_fork->wall_ms[0], by_exec->wall_ms[0]);
    snprintf(least.compared, sizeof least.compared, "a scan is %.2f times as much (least %.2f)",
             cpu.measured / least.measured, bare[0]);
    bench_row(&cpu);
    bench_row(&least);
    bench_row(&wall);
}

/* Rounds of all take turns, so that a slow minute of the machine meets all. */
static void measure_cost(void)
{
    struct cost by_fork, by_exec;
    double bare[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        fork_round(&by_fork, round);
        exec_round(&by_exec, round);
        bare[round] = skeleton_round();
    }
    add_costs(&by_fork, &by_exec, bare);
}

/* The scan tells its own figures: its process is closed to others. */
static void measure_memory(void)
{
    static const struct client_option options[] = { { "memory", "yes" } };
    double dirty[MEMORY_SCANS], clean[MEMORY_SCANS];
    struct row row = { .what = "private memory of a scan, forked", .unit = "KiB", .kind = BAR_AT_MOST, .bar = 100 };
    struct client client;

    start(&client);
    for (int i = 0; i < MEMORY_SCANS; i++) {
        struct scan *scan = client_scan(&client, RUN_SCAN, &usual_order, options, 1);

        wait_good(&client, scan);
        if (sscanf(scan->note, "%lf %lf", &dirty[i], &clean[i]) != 2)
            bench_fail("the scan cannot read /proc/self/smaps_rollup");
    }
    stop(&client);
    row.measured = bench_median(dirty, MEMORY_SCANS);
    snprintf(row.compared, sizeof row.compared,
             "dirty, by smaps_rollup; least %.0f, most %.0f; clean and private besides: %.0f", dirty[0],
             dirty[MEMORY_SCANS - 1], bench_median(clean, MEMORY_SCANS));
    bench_row(&row);
}

void bench_scans(void)
{
    measure_cost();
    measure_memory();
}
