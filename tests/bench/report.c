/* Reports: of a fleet with many findings, of a large fleet, and of a year ago, where a million verdicts have changed.
 */
#include "bench.h"

#include "report.h"
#include "sql.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY INT64_C(86400000)
#define NOW (INT64_C(20500) * DAY)
#define ROUNDS 5

static char folder[] = "/tmp/muster-bench-XXXXXX";
static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("report: %s", err.text);
}

/* ------------------------------------------------------------------------------------------------------- fleet ---- */

/* ?1 protections, ?2 of a hundred that ask for something, ?3 former verdicts, ?4 now, ?5 a day. Every fiftieth verdict
 * is said by itself, the rest by eight hundred. */
static const char *const fleet[] = {
    "INSERT INTO scope VALUES (1, 'hv')",
    "INSERT INTO target (id, name, plugin, scope, every_ms, succeeded_at, result) WITH RECURSIVE n(i) AS (SELECT 1"
    " UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i, printf('hv%02d', i), 'hyperv', 1, 3600000, ?4 - 60000,"
    " 'complete' FROM n",
    "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'00112233445566778899aabbccddeeff', '[]', ?4 - 400 * "
    "?5)",
    "INSERT INTO reasoning WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 800)"
    " SELECT i, CAST(i AS BLOB), json_object('legs', json_array(json_object('edition', 'azure-backup-server', 'page',"
    " 'https://example.com/page', 'date', '2018-08-17', 'rows', json_array(i, i + 1), 'installation_of', 'workload',"
    " 'conditions', json_array(json_object('id', printf('R%d', i % 24), 'state', CASE i % 3 WHEN 0 THEN 'footnote'"
    " ELSE 'met' END, 'text', 'Something is as the page says.', 'name', 'D:')), 'reason',"
    " printf('%.*c', 700, 'x')))) FROM n",
    "INSERT INTO judgement (id, digest, method, server, product, workload, version, installation, verdict, class, "
    "counts,"
    " by_what, reason, step, cause, owner, site, support_end, reasoning, detail)"
    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 800 + ?1 / 50)"
    " SELECT i, CAST(i AS BLOB), 'agent', printf('mabs%02d', i % 4), 'mabs-v2', CASE i % 3 WHEN 0 THEN 'server' WHEN 1"
    " THEN 'sql' ELSE 'vmware-vm' END, printf('Windows Server %d', 2008 + i % 9), 'physical',"
    " CASE WHEN i % 100 >= ?2 THEN 'supported' WHEN i % 3 = 0 THEN 'conditional' ELSE 'unsupported' END, '', 1,"
    " CASE i % 5 WHEN 0 THEN 'dpmdb' ELSE 'any' END,"
    " printf('row %d says so of this version at this installation, and of nothing else that is known of it', i),"
    " 'Upgrade ' || char(26) || ' to Windows Server 2016.', NULL, printf('team %d', i % 20), printf('site %d', i % "
    "12), NULL,"
    " 1 + i % 800, '{\"step\":{\"type\":\"upgrade\"}}' FROM n",
    "INSERT INTO asset (id, kind, name, created_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < ?1) SELECT i, 'vm', printf('vm%06d.corp.example', i * 7919 % ?1), ?4 - 400 * ?5 FROM n",
    "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at) SELECT id, 1, 'vm', name || "
    "id,"
    " id, name, json_object('os.name', printf('%.*c', 900, 'y')), created_at, created_at FROM asset",
    "INSERT INTO sighting SELECT 1 + id % 50, CAST(id AS BLOB), x'00', id, NULL, 0 FROM item",
    "INSERT INTO guard (asset, judgement, basis, since_at) SELECT id, CASE WHEN id % 50 = 0 THEN 800 + id / 50"
    " ELSE 1 + id * 31 % 800 END, 1, ?4 - 40 * ?5 + id FROM asset",
    "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL"
    " SELECT i + 1 FROM n WHERE i + 1 < ?3) SELECT 1 + i % ?1, 1 + i * 17 % 800, 1,"
    " ?4 - (400 - 36 * (i / ?1)) * ?5 + i % ?1, ?4 - (364 - 36 * (i / ?1)) * ?5 + i % ?1 FROM n",
};

static void bind(struct sql_query *query, const char *text, const int64_t values[5])
{
    char place[] = "?1";

    for (int i = 0; i < 5; i++, place[1]++) {
        if (strstr(text, place) != NULL)
            sql_bind_int(query, i + 1, values[i]);
    }
}

static void make(const char *path, int64_t protections, int64_t share, int64_t past)
{
    const int64_t values[5] = { protections, share, past, NOW, DAY };
    const struct store_options options = { .path = path };
    struct store *store = store_open(&options, &err);
    struct sql_query query;
    struct sql sql;

    must(store != NULL);
    store_close(store);
    must(sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err));
    must(sql_run(&sql, "BEGIN", &err));
    for (size_t i = 0; i < sizeof fleet / sizeof *fleet; i++) {
        if (past == 0 && strstr(fleet[i], "guard_past") != NULL)
            continue;
        sql_query(&query, &sql, fleet[i]);
        bind(&query, fleet[i], values);
        must(sql_done(&query, &err));
    }
    must(sql_run(&sql, "COMMIT", &err) && sql_run(&sql, "PRAGMA wal_checkpoint(TRUNCATE)", &err));
    sql_close(&sql);
}

/* ------------------------------------------------------------------------------------------------------ rounds ---- */

struct measured {
    double seconds, processor, grown; /* grown: MiB of memory, at the most */
};

/* Seconds of this process and of the kernel for it: what others do, slows these less. */
static double processor_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static struct measured write_one(const char *path, const struct report_format *format, int64_t at)
{
    const struct query_report_wish wish = { .now = NOW, .at = at };
    double before = bench_proc(getpid(), "status", "VmRSS:"), begun = bench_now();
    FILE *out = fopen("/dev/null", "w");
    struct query *query = query_open(path, &err);
    struct measured measured = { .processor = -processor_now() };

    must(out != NULL && query != NULL);
    must(report_write(query, &wish, format, "Weekly", "1.0", out, &err));
    measured.seconds = bench_now() - begun;
    query_close(query);
    fclose(out);
    measured.processor += processor_now();
    measured.grown = (bench_proc(getpid(), "status", "VmHWM:") - before) / 1024;
    return measured;
}

/* Each in a process of its own, as reports are: what one has taken is not there for the next. */
static struct measured measure(const char *path, const struct report_format *format, int64_t at)
{
    struct measured measured;
    int pipes[2], status;
    pid_t child;

    if (pipe(pipes) != 0 || (child = fork()) < 0)
        bench_fail("report: no process");
    if (child == 0) {
        measured = write_one(path, format, at);
        _exit(write(pipes[1], &measured, sizeof measured) != sizeof measured);
    }
    if (read(pipes[0], &measured, sizeof measured) != sizeof measured || waitpid(child, &status, 0) != child ||
        status != 0)
        bench_fail("report: a process of it failed");
    close(pipes[0]);
    close(pipes[1]);
    return measured;
}

/* They live as long as the rows. */
static char names[24][96];
static size_t name_count;

static void tell(const char *what, const char *path, int64_t at, double bar)
{
    for (const struct report_format *format = report_formats; format->name != NULL; format++) {
        double seconds[ROUNDS], processor[ROUNDS], grown = 0;
        struct row row = { .unit = "ms", .kind = BAR_AT_MOST, .bar = bar };
        char *name = names[name_count++];

        for (int round = 0; round < ROUNDS; round++) {
            struct measured measured = measure(path, format, at);

            seconds[round] = measured.seconds;
            processor[round] = measured.processor;
            grown = measured.grown > grown ? measured.grown : grown;
        }
        snprintf(name, sizeof *names, "report as %s, %s", format->name, what);
        row.what = name;
        row.measured = bench_median(seconds, ROUNDS) * 1e3;
        snprintf(row.compared, sizeof row.compared, "%.0f ms of processor; %.1f MiB more memory at the most",
                 bench_median(processor, ROUNDS) * 1e3, grown);
        bench_row(&row);
    }
}

void bench_report(void)
{
    char path[128];

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a database");
    snprintf(path, sizeof path, "%s/findings.db", folder);
    make(path, 10000, 100, 0);
    tell("10,000 findings", path, 0, 200);
    snprintf(path, sizeof path, "%s/fleet.db", folder);
    make(path, 100000, 30, 1000000);
    tell("100,000 protections", path, 0, 2000);
    tell("a year ago, 1,000,000 changes", path, NOW - 350 * DAY - 1, 3000);
    bench_remove(folder);
}
