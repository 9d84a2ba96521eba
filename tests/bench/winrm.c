/* Computers over WinRM, many at once, from the daemon's start to its last commit: how long, and what memory their scans
 * take. The peer (tests/peers/winpeer) answers each call late, as over a long line; its own work is told beside. */
#include "bench.h"

#include "clock.h"
#include "peer_child.h"
#include "program.h"
#include "sql.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS 64
#define SAMPLE_MS 250
#define MAX_CHILDREN 256

static const struct scene {
    const char *plugin, *host; /* host: as winpeer takes it, without its name */
    const char *delay_ms;
    int hosts;
    double seconds, megabytes; /* bars; 0: none */
} scenes[] = {
    { "windows", "\"version\": \"2016\"", "50", 1000, 40, 0 },
    { "hyperv", "\"version\": \"2012-r2\", \"hyperv\": {\"vms\": 17}", "200", 300, 60, 96 },
};

static char folder[] = "/tmp/muster-bench-XXXXXX";

static struct peer *start_peer(const struct scene *scene)
{
    struct str fleet = STR_EMPTY;
    struct peer *peer;
    struct err err;

    str_format(&fleet, "{\"hosts\": [{\"name\": \"h\", \"count\": %d, %s}]}", scene->hosts, scene->host);
    const char *const words[] = { "/usr/bin/python3", "-B",         WINPEER,         "--fleet",
                                  str_text(&fleet),   "--delay-ms", scene->delay_ms, NULL };
    peer = peer_start("winpeer", words, &err);
    if (peer == NULL)
        bench_fail("%s", err.text);
    str_finish(&fleet);
    return peer;
}

static FILE *create(const char *name, mode_t mode)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    if (file == NULL || fchmod(fileno(file), mode) != 0)
        bench_fail("%s cannot be written", path);
    return file;
}

static void write_config(const struct scene *scene, const struct peer *peer)
{
    FILE *file = create("word", 0600);

    fputs(peer_fact(peer, "password"), file);
    fclose(file);
    file = create("musterd.conf", 0644);
    fprintf(file,
            "database = \"muster.db\"; control = \"control\"; plugins = \"%s\"; plugin_host = \"%s\";\n"
            "matrix = \"%s/matrix\"; products = \"%s/products.conf\"; slots = { total = %d; };\n"
            "credentials = ( { name = \"w\"; username = \"CORP\\\\scan\"; password_file = \"word\"; } );\n"
            "backup_servers = ( { name = \"mabs01.example\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n"
            "targets = (\n",
            PLUGINS, HOST_PROGRAM, PUBLISHED, PUBLISHED, SLOTS);
    for (int i = 1; i <= scene->hosts; i++) {
        char path[64];

        snprintf(path, sizeof path, "hosts.h%04d.http", i);
        fprintf(file,
                "%s{ name = \"h%04d\"; plugin = \"%s\"; every = \"1d\"; credential = \"w\";\n"
                "  options = { host = \"localhost\"; port = %lld; tls = false; auth = \"ntlm\"; }; }\n",
                i == 1 ? "" : ",", i, scene->plugin, (long long)peer_fact_number(peer, path));
    }
    fputs(");\n", file);
    fclose(file);
}

/* ------------------------------------------------------------------------------------------------------ memory ---- */

struct memory {
    double pss, private; /* KiB; all of the host and its scans together, and the largest scan by itself */
};

static size_t children_of(int pid, int children[MAX_CHILDREN])
{
    char path[64];
    size_t count = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    file = fopen(path, "r");
    while (file != NULL && count < MAX_CHILDREN && fscanf(file, "%d", &children[count]) == 1)
        count++;
    if (file != NULL)
        fclose(file);
    return count;
}

/* A process that has just ended has none. */
static void add_process(int pid, struct memory *sum, double *private)
{
    char path[64], line[256];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    file = fopen(path, "r");
    *private = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Pss:", 4) == 0)
            sum->pss += strtod(line + 4, NULL);
        else if (strncmp(line, "Private_", 8) == 0 && strchr(line, ':') != NULL)
            *private += strtod(strchr(line, ':') + 1, NULL);
    }
    if (file != NULL)
        fclose(file);
}

static void sample(int daemon, struct memory *most)
{
    int hosts[MAX_CHILDREN], scans[MAX_CHILDREN];
    struct memory now = { 0 };
    double private;
    size_t count = children_of(daemon, hosts);

    for (size_t i = 0; i < count; i++) {
        size_t inner = children_of(hosts[i], scans);

        add_process(hosts[i], &now, &private);
        for (size_t j = 0; j < inner; j++) {
            add_process(scans[j], &now, &private);
            most->private = private > most->private ? private : most->private;
        }
    }
    most->pss = now.pss > most->pss ? now.pss : most->pss;
}

/* ---------------------------------------------------------------------------------------------------- the scans ----
 */

static double run(struct memory *most)
{
    char config[80], log[80];
    const char *const words[] = { "musterd", "-c", config, "--once", NULL };
    double begun = bench_now();
    int status;
    pid_t pid;

    snprintf(config, sizeof config, "%s/musterd.conf", folder);
    snprintf(log, sizeof log, "%s/log", folder);
    pid = program_start(DAEMON_PROGRAM, words, log, NULL);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        sample(pid, most);
        usleep(SAMPLE_MS * 1000);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bench_fail("winrm: the daemon failed: see musterd -c %s --once", config);
    return bench_now() - begun;
}

static void assert_all(const struct scene *scene)
{
    char path[80];
    struct sql sql;
    struct err err;
    int64_t number;

    snprintf(path, sizeof path, "%s/muster.db", folder);
    if (!sql_open(&sql, path, SQLITE_OPEN_READONLY, &err) ||
        !sql_number(&sql, "SELECT count(*) FROM target WHERE result = 'complete'", &number, &err))
        bench_fail("winrm: %s", err.text);
    sql_close(&sql);
    if (number != scene->hosts)
        bench_fail("winrm: %lld of %d targets were scanned", (long long)number, scene->hosts);
}

static void report(const struct scene *scene, const struct memory *most, double seconds, double processor,
                   int64_t requests)
{
    static char whats[sizeof scenes / sizeof *scenes][3][64]; /* a row's words must live until the report */
    char(*what)[64] = whats[scene - scenes];
    struct row time = { .what = what[0], .measured = seconds, .unit = "s", .kind = BAR_AT_MOST, .bar = scene->seconds };
    struct row pss = { .what = what[1], .measured = most->pss / 1024, .unit = "MB", .kind = BAR_NONE };
    struct row private = { .what = what[2], .measured = most->private / 1024, .unit = "MB", .kind = BAR_NONE };

    snprintf(what[0], sizeof whats[0][0], "%d %s targets, %s ms a call, %d at once", scene->hosts, scene->plugin,
             scene->delay_ms, SLOTS);
    snprintf(what[1], sizeof whats[0][0], "%s: memory of all scans (PSS)", scene->plugin);
    snprintf(what[2], sizeof whats[0][0], "%s: private memory of the largest scan", scene->plugin);
    snprintf(time.compared, sizeof time.compared, "%.1f calls each; the peer worked %.1f s",
             (double)requests / scene->hosts, processor);
    if (scene->megabytes > 0) {
        pss.kind = private.kind = BAR_AT_MOST;
        pss.bar = scene->megabytes;
        private.bar = 1;
    }
    bench_row(&time);
    bench_row(&pss);
    bench_row(&private);
}

/* Seconds of processor that a process has had. */
static double processor_of(pid_t pid)
{
    char path[64], line[1024];
    unsigned long user = 0, kernel = 0;
    const char *at = NULL;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        at = strrchr(line, ')');
    if (file != NULL)
        fclose(file);
    if (at == NULL || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2)
        return 0;
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void measure(const struct scene *scene)
{
    struct peer *peer = start_peer(scene);
    struct memory most = { 0 };
    double seconds, processor = processor_of(peer_pid(peer));
    struct err err;

    strcpy(folder, "/tmp/muster-bench-XXXXXX");
    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a configuration");
    write_config(scene, peer);
    seconds = run(&most);
    processor = processor_of(peer_pid(peer)) - processor;
    assert_all(scene);
    if (peer_command(peer, "count", &err) == NULL)
        bench_fail("%s", err.text);
    report(scene, &most, seconds, processor, peer_number(peer, "soap"));
    bench_remove(folder);
    peer_stop(peer);
}

void bench_winrm(void)
{
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        measure(&scenes[i]);
}
