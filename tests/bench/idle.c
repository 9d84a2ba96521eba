/* The real daemon on the demo fleet, when all of it is scanned and nothing is due: its memory, and that it sleeps. */
#include "bench.h"
#include "program.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WATCHED_S 5 /* long before the first timer, a minute after the start */
#define MANY 100000

static char folder[] = "/tmp/muster-bench-XXXXXX";
static char config[64];

/* The daemon asks everything of its plugins' folder and its configuration: nobody else may write there. */
static void write_config(const char *name, const char *path)
{
    FILE *file;

    snprintf(config, sizeof config, "%s/musterd.conf", folder);
    file = fopen(config, "w");
    if (file == NULL)
        bench_fail("%s cannot be written", config);
    fprintf(file,
            "database = \"%s/muster.db\"; control = \"%s/control\"; plugins = \"%s\"; plugin_host = \"%s\";\n"
            "targets = ( { name = \"%s\"; plugin = \"file\"; every = \"1h\"; options = { path = \"%s\"; }; } );\n",
            folder, folder, PLUGINS, HOST_PROGRAM, name, path);
    fclose(file);
}

static void write_many(const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        bench_fail("%s cannot be written", path);
    for (int i = 0; i < MANY; i++)
        fprintf(file,
                "{\"kind\":\"vm\",\"key\":\"k%06d\",\"attributes\":{\"id.name\":\"vm%06d\","
                "\"guest.name\":\"Microsoft Windows Server 2016 (64-bit)\"}}\n",
                i, i);
    fprintf(file, "{\"end\":{\"completeness\":\"complete\",\"items\":%d}}\n", MANY);
    fclose(file);
}

/* Ready, and all that there is to scan is scanned and committed: the command waits for it. */
static pid_t start_daemon(void)
{
    const char *const words[] = { "musterd", "-c", config, NULL };
    const char *const scan[] = { "muster", "-c", config, "scan", NULL };
    struct program program;
    char log[64];
    pid_t pid;

    snprintf(log, sizeof log, "%s/log", folder);
    pid = program_start_ready(DAEMON_PROGRAM, words, log, folder);
    program_run(&program, COMMAND_PROGRAM, scan);
    if (program.status != 0)
        bench_fail("the daemon does not scan; see %s", log);
    return pid;
}

/* How often the daemon's threads went to sleep: once for each time that one was awake. */
static double sleeps_of(pid_t pid)
{
    char path[64], status[300];
    struct dirent *entry;
    double sleeps = 0;
    DIR *tasks;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    while (tasks != NULL && (entry = readdir(tasks)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(status, sizeof status, "task/%s/status", entry->d_name);
        sleeps += bench_proc(pid, status, "voluntary_ctxt_switches:");
    }
    if (tasks != NULL)
        closedir(tasks);
    return sleeps;
}

/* The command is told before the daemon has tidied up. Asleep for as long as this, it has. */
static void await_sleep(pid_t pid)
{
    double sleeps;

    do {
        sleeps = sleeps_of(pid);
        sleep(1);
    } while (sleeps_of(pid) != sleeps);
}

static void memory_row(const char *what, pid_t pid)
{
    struct row row = { .what = what, .unit = "MiB", .kind = BAR_AT_MOST, .bar = 8 };

    row.measured = bench_proc(pid, "status", "VmRSS:") / 1024;
    snprintf(row.compared, sizeof row.compared, "resident; its own alone: %.1f dirty, %.1f clean",
             bench_proc(pid, "smaps_rollup", "Private_Dirty:") / 1024,
             bench_proc(pid, "smaps_rollup", "Private_Clean:") / 1024);
    bench_row(&row);
}

/* Here time is what is measured. */
static void sleep_row(pid_t pid)
{
    struct row row = { .what = "wake-ups of the idle daemon", .unit = "", .kind = BAR_AT_MOST, .bar = 0 };
    double before;

    before = sleeps_of(pid);
    sleep(WATCHED_S);
    row.measured = sleeps_of(pid) - before;
    snprintf(row.compared, sizeof row.compared, "in %d s, of all its threads, between timers", WATCHED_S);
    bench_row(&row);
}

void bench_idle(void)
{
    char many[64];
    pid_t pid;

    if (mkdtemp(folder) == NULL || chmod(folder, 0755) != 0)
        bench_fail("no folder for a daemon");
    write_config("demo", DEMO "/fleet.jsonl");
    pid = start_daemon();
    await_sleep(pid);
    memory_row("memory of the idle daemon, demo fleet", pid);
    sleep_row(pid);
    program_stop(pid);
    snprintf(many, sizeof many, "%s/many.jsonl", folder);
    write_many(many);
    write_config("many", many);
    pid = start_daemon();
    await_sleep(pid);
    memory_row("memory of the same after a scan of 100,000 items", pid);
    program_stop(pid);
    bench_remove(folder);
}
