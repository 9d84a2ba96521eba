#include "hall.h"

#include "bench.h"
#include "commit.h"
#include "mem.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>

/* A scan, then its commit. */
struct passage {
    struct job job;
    struct hall *hall;
    struct commit commit;
    struct commit_result result;
    struct batch batch;
    struct budget_share *share;
    int64_t target;
};

/* ----------------------------------------------------------------------------------------------------- commits ---- */

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct passage *passage = (struct passage *)(void *)job;

    return commit_run(store, &passage->commit, &passage->result, err);
}

static void done(struct job *job, bool good, const struct err *err)
{
    struct passage *passage = (struct passage *)(void *)job;
    struct hall *hall = passage->hall;

    if (!good)
        bench_fail("a commit failed: %s", err->text);
    hall->in_flight--;
    hall->committed++;
    hall->items += passage->batch.items.count;
    batch_finish(&passage->batch);
    budget_close(passage->share);
    free(passage);
}

static void on_ended(void *context, struct scan *scan, struct scan_end *end)
{
    struct passage *passage = context;
    struct hall *hall = passage->hall;

    (void)scan;
    if (!end->outcome.good)
        bench_fail("a scan failed: %s", end->outcome.err.text);
    passage->batch = *end->batch;
    batch_init(end->batch);
    passage->share = end->share;
    end->share = NULL;
    passage->commit = (struct commit){
        .target = passage->target,
        .good = true,
        .completeness = COMPLETE,
        .batch = &passage->batch,
        .items = end->items,
        .bytes = end->bytes,
        .started_at = hall->now + 1,
        .ended_at = hall->now += 1000,
    };
    passage->job = (struct job){ .run = run, .done = done };
    worker_submit(hall->worker, &passage->job);
}

void hall_scan(struct hall *hall, int64_t target, unsigned items)
{
    static const struct scan_events events = { .ended = on_ended };
    char count[16];
    const char *value = count;
    const struct option_given given = { "count", &value, 1 };
    const struct scan_request request = {
        .mode = RUN_SCAN, .deadline_ms = 600000, .memory_mb = 256, .cpu_s = 600, .options = { &given, 1 }
    };
    struct passage *passage = mem_new(1, sizeof *passage);
    struct err err = ERR_EMPTY;

    snprintf(count, sizeof count, "%u", items);
    passage->hall = hall;
    passage->target = target;
    if (scan_start(hall->host, hall->budget, &request, &events, passage, &err) == NULL)
        bench_fail("a scan cannot begin: %s", err.text);
    hall->in_flight++;
}

void hall_until(struct hall *hall, size_t in_flight)
{
    while (hall->in_flight > in_flight)
        uv_run(&hall->loop, UV_RUN_ONCE);
}

/* ----------------------------------------------------------------------------------------------- begin and end ---- */

static void on_ready(void *context, struct host *host)
{
    (void)context, (void)host;
}

static void on_unready(void *context, struct host *host, const struct err *err, int64_t retry_mono)
{
    (void)context, (void)host, (void)retry_mono;
    bench_fail("%s", err->text);
}

static void add_targets(const char *path, size_t count)
{
    struct err err = ERR_EMPTY;
    struct sql_query query;
    struct sql sql;
    bool good = sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err);

    for (size_t i = 1; i <= count && good; i++) {
        sql_query(&query, &sql, "INSERT INTO scope (id, name) VALUES (?1, ?1)");
        sql_bind_int(&query, 1, (int64_t)i);
        good = sql_done(&query, &err);
        sql_query(&query, &sql,
                  "INSERT INTO target (id, name, plugin, scope, every_ms) VALUES (?1, ?1, 'heavy', ?1, 3600000)");
        sql_bind_int(&query, 1, (int64_t)i);
        good = sql_done(&query, &err) && good;
    }
    if (!good)
        bench_fail("targets: %s", err.text);
    sql_close(&sql);
}

void hall_open(struct hall *hall, size_t targets)
{
    const struct host_options host = { .plugin = "heavy", .program = HOST_PROGRAM, .path = HEAVY };
    const struct host_events events = { .ready = on_ready, .unready = on_unready };
    struct store_options options = { 0 };
    struct err err = ERR_EMPTY;
    char path[64];

    *hall = (struct hall){ .folder = "/tmp/muster-bench-XXXXXX", .targets = targets, .now = INT64_C(1700000000000) };
    if (mkdtemp(hall->folder) == NULL || uv_loop_init(&hall->loop) != 0)
        bench_fail("no folder, or no loop");
    snprintf(path, sizeof path, "%s/muster.db", hall->folder);
    options.path = path;
    hall->store = store_open(&options, &err);
    if (hall->store == NULL)
        bench_fail("%s", err.text);
    add_targets(path, targets);
    hall->budget = budget_create((size_t)256 << 20);
    hall->worker = worker_create(&hall->loop, hall->store, NULL, NULL);
    hall->host = host_create(&hall->loop, &host, &events, hall);
    while (!host_is_ready(hall->host))
        uv_run(&hall->loop, UV_RUN_ONCE);
}

static void on_closed(void *context)
{
    (void)context;
}

void hall_close(struct hall *hall)
{
    host_close(hall->host, 0, on_closed, hall);
    worker_close(hall->worker, on_closed, hall);
    uv_run(&hall->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&hall->loop) != 0)
        bench_fail("something was still open at the end");
    budget_destroy(hall->budget);
    store_close(hall->store);
    bench_remove(hall->folder);
}
